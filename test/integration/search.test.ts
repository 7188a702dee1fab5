import { Day, type EventId, type SearchPage, type SearchQuery, type StoryId } from '@throughline/core';
import { collectionStore, eventStore, pageStore, searchStore, siteStore } from '@throughline/db';
import { ingest } from '@throughline/pipeline';
import { pageTitle } from '@throughline/portal';
import { testDatabase, type TestDatabase } from '@throughline/test';
import { tagsOf } from '@throughline/test/record';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const FIRST = Day.parse('2017-06-01');
const SECOND = Day.parse('2017-06-02');

let database: TestDatabase;
let search: (query: Partial<SearchQuery>, limit?: number) => Promise<SearchPage>;

beforeAll(async () => {
  database = await testDatabase();
  const { db } = database;
  await read(FIRST, ';Politics and elections', [
    'Voters in [[Lesotho]] go to the polls early. [http://example.org/vote (Gazette)]',
    'The prime minister of [[Lesotho]] resigns; bombings follow. [http://www.herald.example/a (The Herald)]',
  ]);
  await read(SECOND, ';Sports', [
    '[[Floods in Maseru]]',
    'A flood stops the cup final in [[Maseru]]. [http://example.org/cup (Gazette)]',
    `A sentence with a \uE000mark\uE001 of its own and <b>markup</b> ${'and words '.repeat(3_000)}at its end.`,
  ]);
  const mention = (title: string, surface = title) => ({ title, surface, tagger: 'wikilinks', score: 1 });
  const mentions: [string, string[]][] = [
    ['Voters%', ['Lesotho']],
    ['The prime%', ['Lesotho']],
    ['A flood%', ['Maseru', 'Lesotho']],
  ];
  const tagged = await Promise.all(
    mentions.map(async ([text, titles]) =>
      tagsOf(
        await idOf(text),
        titles.map((title) => mention(title)),
      ),
    ),
  );
  await eventStore(db).tag(tagged);
  const store = searchStore(db);
  search = (query, limit = 10) => store.search({ order: 'newest', ...query }, limit);
});
afterAll(() => database.drop());

async function read(day: Day, heading: string, lines: string[]): Promise<void> {
  const items = lines.map((line) => (line.startsWith('[[') && line.endsWith(']]') ? `*${line}` : line));
  const topic = items.some((item) => item.startsWith('*'));
  const body = items.map((item) => (item.startsWith('*') ? item : `${topic ? '**' : '*'}${item}`)).join('\n');
  const wikitext = `{{Current events|year=2017|month=06|day=${day.slice(8)}|content=\n${heading}\n${body}\n}}`;
  await ingest('portal', [{ day, title: pageTitle(day), wikitext }], {
    pages: pageStore(database.db),
    settleMs: 0,
    now: () => Date.parse('2017-07-01'),
  });
}

async function idOf(like: string): Promise<EventId> {
  const row = await database.db.selectFrom('event').select('id').where('text', 'like', like).executeTakeFirstOrThrow();
  return row.id;
}

const beginnings = ({ hits }: SearchPage): string[] => hits.map(({ text }) => text.split(' ').slice(0, 2).join(' '));

describe('a search', () => {
  it('finds words in all their forms, and marks them where they stand', async () => {
    const page = await search({ text: 'bomb resigned' });
    expect(beginnings(page)).toEqual(['The prime']);
    const [hit] = page.hits;
    expect(hit?.marks.map(([start, end]) => hit.text.slice(start, end))).toEqual(['resigns', 'bombings']);
  });

  it('understands phrases, alternatives and what is not wanted', async () => {
    expect(beginnings(await search({ text: '"prime minister"' }))).toEqual(['The prime']);
    expect(beginnings(await search({ text: '"minister prime"' }))).toEqual([]);
    expect(beginnings(await search({ text: 'flood or voters' }))).toEqual(['A flood', 'Voters in']);
    expect(beginnings(await search({ text: 'lesotho -polls' }))).toEqual(['The prime']);
  });

  it.each([
    [{ entity: 'lesotho' }, ['A flood', 'Voters in', 'The prime']],
    [{ entity: 'lesotho', text: 'cup' }, ['A flood']],
    [{ entity: 'nobody' }, []],
    [{ category: 'politics-and-elections' }, ['Voters in', 'The prime']],
    [{ from: FIRST, to: FIRST }, ['Voters in', 'The prime']],
    [{ from: SECOND }, ['A flood', 'A sentence']],
    [{ outlet: 'gazette' }, ['A flood', 'Voters in']],
    [{ outlet: 'herald.example' }, ['The prime']],
    [{ order: 'oldest', entity: 'lesotho' }, ['Voters in', 'The prime', 'A flood']],
  ] satisfies [Partial<SearchQuery>, string[]][])('finds what is asked for: %o', async (query, expected) => {
    const page = await search(query);
    expect(beginnings(page)).toEqual(expected);
    expect(page.count).toBe(expected.length);
  });

  it('finds an event by the title of an article that it cites, and shows that title', async () => {
    await sql`update article set title = 'Early ballots in the mountain kingdom' where url like '%example.org/vote%'`.execute(
      database.db,
    );
    const { hits, count } = await search({ text: 'ballot kingdoms' });
    expect([count, hits.length, hits[0]?.text.slice(0, 6), hits[0]?.marks]).toEqual([1, 1, 'Voters', []]);
    const titled = hits[0]?.titled;
    expect(titled?.marks.map(([start, end]) => titled.text.slice(start, end))).toEqual(['ballots', 'kingdom']);
    expect((await search({ text: 'ballot', category: 'sports' })).count).toBe(0);
    expect((await search({ text: 'voters' })).hits[0]?.titled).toBeUndefined();
  });

  it('leads through every event once, in either order', async () => {
    for (const order of ['newest', 'oldest'] as const) {
      const seen: string[] = [];
      let after: EventId | undefined;
      do {
        const page = await search({ order, ...(after && { after }) }, 1);
        seen.push(...beginnings(page));
        after = page.next;
      } while (after);
      expect(seen.toSorted()).toEqual(['A flood', 'A sentence', 'The prime', 'Voters in']);
    }
  });

  it.each(['the of and', '-', '"', '((', "'; drop table event; --", '%', '\\', 'a'.repeat(300), '😀', '&|!', ':*'])(
    'takes whatever people type: %s',
    async (text) => expect((await search({ text })).hits.length).toBeGreaterThanOrEqual(0),
  );

  it('says of stop words alone that they ask for nothing', async () => {
    expect(await search({ text: 'the of and' })).toMatchObject({ isEmptyText: true, count: 4 });
    expect(await search({ text: 'flood' })).toMatchObject({ isEmptyText: false, count: 1 });
  });

  it('shows the beginning of a long sentence, without marks of its own', async () => {
    const [hit] = (await search({ text: 'markup' })).hits;
    expect(hit?.text.length).toBeLessThanOrEqual(5_000);
    expect(hit?.text).toContain('a mark of its own and markup');
    expect(hit?.marks.map(([start, end]) => hit.text.slice(start, end))).toEqual(['markup']);
  });

  it('knows entities by name, by the beginning of it, and misspelled where the server has trigrams', async () => {
    const names = async (text: string) =>
      (await search({ text })).names.map(({ label, events }) => `${label} ${events}`);
    expect(await names('lesotho')).toEqual(['Lesotho 3']);
    expect(await names('Mas')).toEqual(['Maseru 1']);
    expect(await names('100%_')).toEqual([]);
    const { rows } = await sql<{ has: boolean }>`select to_regclass('entity_alias_trigram') is not null as has`.execute(
      database.db,
    );
    expect(await names('Lesoto')).toEqual(rows[0]?.has ? ['Lesotho 3'] : []);
  });

  it('works without trigrams', async () => {
    await using bare = await testDatabase();
    await sql`drop index if exists entity_alias_trigram`.execute(bare.db);
    await sql`drop extension if exists pg_trgm`.execute(bare.db);
    expect(await searchStore(bare.db).search({ text: 'Lesoto', order: 'newest' }, 10)).toMatchObject({
      hits: [],
      names: [],
    });
  });
});

describe('a sentence of any length', () => {
  it('can be kept and found by its beginning', async () => {
    const { db } = database;
    const words = Array.from({ length: 300_000 }, (_, index) => `word${index}`).join(' ');
    const { pageId } = await db.selectFrom('event').select('pageId').executeTakeFirstOrThrow();
    await sql`insert into event (id, page_id, day, position, text, section, links, state, slug, first_seen_at, present_since)
      values (gen_random_uuid(), ${pageId}, '2016-01-01', 1, ${`Endless ${words}`}, '', '[]', 'stable', 'endless', now(), now())`.execute(
      db,
    );
    const page = await search({ text: 'endless word7' });
    expect(beginnings(page)).toEqual(['Endless word0']);
    await sql`delete from event where slug = 'endless'`.execute(db);
  });
});

describe('collections', () => {
  it('of an entity have its events, its activity and what is named beside it', async () => {
    const collections = collectionStore(database.db);
    expect(await collections.entity('lesotho')).toMatchObject({
      subject: { kind: 'entity', entity: { label: 'Lesotho' } },
      count: 3,
      firstDay: FIRST,
      lastDay: SECOND,
      months: [{ month: '2017-06', events: 3 }],
      items: [{ day: SECOND }, { day: FIRST }, { day: FIRST }],
      beside: [{ label: 'Maseru', events: 1 }],
    });
    expect(await collections.entity('nobody')).toBeUndefined();
  });

  it('of an entity that is somewhere say where', async () => {
    const { db } = database;
    await sql`update entity set latitude = -29.3, longitude = 27.5 where slug = 'maseru'`.execute(db);
    const place = { latitude: -29.3, longitude: 27.5 };
    expect(await collectionStore(db).entity('maseru')).toMatchObject({ subject: { entity: { place } } });
    const page = await siteStore(db).page(await idOf('A flood%'));
    expect(page?.entities).toMatchObject([{ label: 'Maseru', place }, { label: 'Lesotho' }]);
    expect(page?.entities[1]).not.toHaveProperty('place');
  });

  it('of an entity that was merged lead to what it was merged into', async () => {
    const { db } = database;
    await sql`insert into entity (title, label, slug, merged_into) select 'Basutoland', 'Basutoland', 'basutoland', id from entity where slug = 'lesotho'`.execute(
      db,
    );
    expect(await collectionStore(db).entity('basutoland')).toEqual({ movedTo: 'lesotho' });
  });

  it('of a topic are the same by every header of its title', async () => {
    const { db } = database;
    const collections = collectionStore(db);
    const topic = await db
      .selectFrom('topic')
      .select('id')
      .where('title', '=', 'Floods in Maseru')
      .executeTakeFirstOrThrow();
    const other = await db
      .insertInto('topic')
      .values({ title: 'Floods in Maseru', text: 'The floods' })
      .returning('id')
      .executeTakeFirstOrThrow();
    const page = await collections.topic(topic.id);
    expect(page).toMatchObject({ subject: { kind: 'topic', topic: { id: topic.id } }, count: 2 });
    expect(await collections.topic(other.id)).toEqual(page);
    expect(beginnings(await search({ topic: other.id }))).toEqual(['A flood', 'A sentence']);
    expect(await collections.topic(999_999)).toBeUndefined();
  });

  it('of a category are there even when they are empty', async () => {
    const collections = collectionStore(database.db);
    expect(await collections.category('sports')).toMatchObject({ count: 2 });
    expect(await collections.category('deaths')).toMatchObject({ count: 0, items: [], months: [] });
  });

  it('of a story are its events from the first on, and a merged story leads to the other', async () => {
    const { db } = database;
    const ids = ['11111111-1111-4111-8111-111111111111', '22222222-2222-4222-8222-222222222222'] as StoryId[];
    const row = (id: StoryId, slug: string) => ({
      id,
      slug,
      title: 'Lesotho votes',
      firstDay: FIRST,
      lastDay: SECOND,
      events: 2,
    });
    await db
      .insertInto('story')
      .values([row(ids[0]!, 'lesotho-votes'), row(ids[1]!, 'lesotho-polls')])
      .execute();
    await db.updateTable('story').set({ mergedInto: ids[0]! }).where('id', '=', ids[1]!).execute();
    for (const like of ['A flood%', 'Voters%'])
      await db
        .insertInto('storyEvent')
        .values({ eventId: await idOf(like), storyId: ids[0]! })
        .execute();
    const collections = collectionStore(db);
    expect(await collections.story('lesotho-votes')).toMatchObject({
      title: 'Lesotho votes',
      count: 2,
      events: [
        { day: FIRST, outlets: ['Gazette'] },
        { day: SECOND, outlets: ['Gazette'] },
      ],
      entities: [{ label: 'Lesotho', events: 2 }, { label: 'Maseru' }],
    });
    expect(await collections.story('lesotho-polls')).toEqual({ movedTo: 'lesotho-votes' });
    expect(await collections.story('none')).toBeUndefined();
  });

  it('are all listed for sitemaps, and days are counted', async () => {
    const collections = collectionStore(database.db);
    expect(await collections.all()).toMatchObject({
      entities: ['lesotho', 'maseru'],
      topics: [{ label: 'Floods in Maseru' }],
      stories: ['lesotho-votes'],
    });
    expect((await collections.addresses('2017')).map(({ day, slug }) => `${day} ${slug.slice(0, 7)}`)).toEqual([
      `${FIRST} voters-`,
      `${FIRST} the-pri`,
      `${SECOND} a-flood`,
      `${SECOND} a-sente`,
    ]);
    expect(await collections.addresses('2018')).toEqual([]);
    expect((await collections.calendar()).days).toEqual([
      { day: FIRST, events: 2 },
      { day: SECOND, events: 2 },
    ]);
  });
});
