import { Day, settle, type EventId } from '@throughline/core';
import { eventRecord, eventStore, pageStore, siteStore } from '@throughline/db';
import { readUrl } from '@throughline/pipeline';
import { testDatabase } from '@throughline/test';
import { sql } from 'kysely';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { endOf, portalPage, reader, tagsOf } from '@throughline/test/record';

const HOUR = 3_600_000;

const database = await testDatabase();
const { db } = database;
afterAll(() => database.drop());

const read = reader(db);
const site = siteStore(db);
const DAY = Day.parse('2026-03-10');
const NEXT = Day.parse('2026-03-11');

const FLOOD = 'A flood in [[Lisbon]] leaves [[Alfama]] without power. [http://example.org/flood (Example)]';
const VOTE = '[[Iceland]] votes on joining the [[European Union]]. [http://example.com/vote (Other)]';

beforeEach(async () => {
  await sql`truncate page, event, change, heading, article, host, entity, topic restart identity cascade`.execute(db);
});

const events = async () =>
  (
    await sql<{ id: EventId; day: Day; state: string; slug: string; text: string; version: number }>`
    select id, day, state, slug, text, version from event order by day, position, id`.execute(db)
  ).rows;
const changes = async () =>
  (await sql<{ kind: string; id: string; path: string }>`select kind, id, path from change order by seq`.execute(db))
    .rows;
const only = async () => {
  const [event, ...others] = await events();
  if (!event || others.length > 0) throw new Error('there is not exactly one event');
  return event;
};

const both = async () => {
  const [first, second, ...others] = await events();
  if (!first || !second || others.length > 0) throw new Error('there are not exactly two events');
  return [first, second] as const;
};

describe('revise', () => {
  it('keeps a new page whole: events, topics, links, sources with their articles, headings, changes', async () => {
    const wikitext = portalPage(['[[2026 Iberian floods]]', `*${FLOOD}`, VOTE]);
    const revised = await read({ day: DAY, wikitext, revision: 7 });

    expect(revised).toMatchObject({ pages: 1, unchanged: 0, changes: 2, alarms: [] });
    const [flood, vote] = await events();
    expect(new Set(revised.behind)).toEqual(new Set([flood?.id, vote?.id]));
    expect(flood).toMatchObject({
      state: 'stable',
      text: 'A flood in Lisbon leaves Alfama without power.',
      version: 1,
    });
    const record = await eventRecord(db, flood?.id as EventId);
    expect(record?.reading).toMatchObject({
      category: 'politics-and-elections',
      topics: [{ title: '2026 Iberian floods', text: '2026 Iberian floods' }],
      sources: [{ url: 'http://example.org/flood', label: 'Example' }],
    });
    expect(record?.reading.links.map(({ title }) => title)).toEqual(['Lisbon', 'Alfama']);
    expect((await sql`select url, cited_url, host, state from article order by url`.execute(db)).rows).toEqual([
      { url: 'https://example.com/vote', citedUrl: 'http://example.com/vote', host: 'example.com', state: 'waiting' },
      { url: 'https://example.org/flood', citedUrl: 'http://example.org/flood', host: 'example.org', state: 'waiting' },
    ]);
    expect((await sql`select raw, category from heading`.execute(db)).rows).toEqual([
      { raw: 'Politics and elections', category: 'politics-and-elections' },
    ]);
    expect(await changes()).toEqual(
      [flood, vote].map((event) => ({ kind: 'created', id: event?.id, path: `/news/2026/03/10/${event?.slug}` })),
    );
    expect((await sql`select wikitext, revision from page_revision`.execute(db)).rows).toEqual([
      { wikitext, revision: 7 },
    ]);
  });

  it('changes no row but the stamp of its reading for a page that is as before', async () => {
    await read({ day: DAY, wikitext: portalPage([FLOOD, VOTE]) });
    const before = await contents();
    const revised = await read({ day: DAY, wikitext: portalPage([FLOOD, VOTE]), at: endOf(DAY) + HOUR });

    expect(revised).toEqual({ pages: 0, unchanged: 1, behind: [], fresh: [], changes: 0, alarms: [] });
    expect(await contents()).toEqual(before);
    expect((await pageStore(db).readTimes('portal', DAY, DAY)).get(DAY)).toBe(endOf(DAY) + HOUR);
  });

  it('takes no news from a revision that it has kept, however late it is shown again', async () => {
    const first = { day: DAY, wikitext: portalPage([FLOOD]) };
    const second = {
      day: DAY,
      wikitext: portalPage([FLOOD.replace('A flood', 'Heavy rain and a flood'), VOTE]),
      at: endOf(DAY) + HOUR,
    };
    await read(first);
    await read(second);
    const before = [await events(), await changes()];

    expect(await read(first)).toMatchObject({ unchanged: 1, changes: 0 });
    expect(await read(second)).toMatchObject({ unchanged: 1, changes: 0 });
    expect([await events(), await changes()]).toEqual(before);
  });

  it('keeps the id of a reworded event, and lets the old path lead to the new', async () => {
    await read({ day: DAY, wikitext: portalPage([FLOOD]) });
    const before = await only();
    const reworded = FLOOD.replace('A flood', 'Heavy rain and a flood');
    const { behind } = await read({ day: DAY, wikitext: portalPage([reworded]), at: endOf(DAY) + HOUR });
    const after = await only();

    expect(behind).toEqual([before.id]);
    expect(after).toMatchObject({ id: before.id, version: 2 });
    expect(after.slug).toMatch(/^heavy-rain-and-a-flood/);
    expect(await site.event(DAY, before.slug)).toEqual({ kind: 'moved', day: DAY, slug: after.slug });
    const found = await site.event(DAY, after.slug);
    expect(found).toMatchObject({ kind: 'found', page: { wordings: [{ slug: before.slug }, { slug: after.slug }] } });
    expect((await changes()).map(({ kind }) => kind)).toEqual(['created', 'updated']);
  });

  it('never gives the path of one event to another', async () => {
    await read({ day: DAY, wikitext: portalPage([FLOOD]) });
    const { slug } = await only();
    const other = FLOOD.replace('example.org/flood', 'elsewhere.example/another').replace('(Example)', '(Elsewhere)');
    await read({ day: DAY, wikitext: portalPage([FLOOD, other]), at: endOf(DAY) + HOUR });
    expect((await events()).map((event) => event.slug)).toEqual([slug, `${slug}-2`]);
  });

  it('leaves a tombstone for a withdrawn event, and relates anew what leaned on it', async () => {
    await read({ day: DAY, wikitext: portalPage([FLOOD, VOTE]) });
    const [flood, vote] = await both();
    await relateBoth(flood.id, vote.id);
    expect(await eventStore(db).behind(10)).toEqual([]);

    await read({ day: DAY, wikitext: portalPage([FLOOD]), at: endOf(DAY) + HOUR });

    expect(await site.event(DAY, vote.slug)).toMatchObject({
      kind: 'gone',
      at: new Date(endOf(DAY) + HOUR).toISOString(),
      page: { text: 'Iceland votes on joining the European Union.' },
    });
    expect((await sql`select from_id from relation`.execute(db)).rows).toEqual([]);
    expect(await eventStore(db).behind(10)).toEqual([flood.id]);
    expect((await changes()).at(-1)).toMatchObject({ kind: 'withdrawn', id: vote.id });
    expect((await eventStore(db).taggedAfter(0, 100)).at(-1)).toMatchObject({ gone: vote.id });
  });

  it('restores a withdrawn event under its id and path', async () => {
    await read({ day: DAY, wikitext: portalPage([FLOOD, VOTE]) });
    const before = await events();
    await read({ day: DAY, wikitext: portalPage([FLOOD]), at: endOf(DAY) + HOUR });
    await read({ day: DAY, wikitext: portalPage([FLOOD, VOTE]), at: endOf(DAY) + 2 * HOUR });
    expect((await events()).map(({ id, slug, state }) => ({ id, slug, state }))).toEqual(
      before.map(({ id, slug }) => ({ id, slug, state: 'stable' })),
    );
    expect((await changes()).map(({ kind }) => kind)).toEqual(['created', 'created', 'withdrawn', 'restored']);
  });

  it.each([
    ['first taken away, then added', false],
    ['first added, then taken away', true],
  ])('keeps the id of an event that moves to the page beside it: %s', async (_, addedFirst) => {
    await read({ day: DAY, wikitext: portalPage([FLOOD, VOTE]) }, { day: NEXT, wikitext: portalPage([]) });
    const vote = (await events()).find(({ text }) => text.startsWith('Iceland'));
    const away = { day: DAY, wikitext: portalPage([FLOOD]) };
    const added = { day: NEXT, wikitext: portalPage([VOTE]) };
    for (const [i, step] of (addedFirst ? [added, away] : [away, added]).entries())
      await read({ ...step, at: endOf(NEXT) + (i + 1) * HOUR });

    const stable = (await events()).filter(({ state }) => state === 'stable');
    expect(stable.map(({ id, day }) => [id, day])).toContainEqual([vote?.id, NEXT]);
    expect(stable).toHaveLength(2);
    expect(await site.event(DAY, vote?.slug ?? '')).toEqual({ kind: 'moved', day: NEXT, slug: vote?.slug });
  });

  it('holds on to the events of a page that reads as nothing, however often, and says so', async () => {
    const items = Array.from(
      { length: 6 },
      (_, i) => `Event number ${i} of [[Town ${i}]]. [http://example.org/${i} (A)]`,
    );
    await read({ day: DAY, wikitext: portalPage(items) });
    for (const [i, text] of ['', '<!-- once more -->'].entries()) {
      const { alarms } = await read({ day: DAY, wikitext: text, at: endOf(DAY) + (i + 1) * HOUR });
      expect(alarms).toHaveLength(1);
      expect((await events()).filter(({ state }) => state === 'stable')).toHaveLength(6);
    }
    expect(await pageStore(db).alarms(5)).toMatchObject([{ day: DAY, alarm: expect.stringMatching(/layout drift/) }]);

    await read({ day: DAY, wikitext: portalPage(items), at: endOf(DAY) + 4 * HOUR });
    expect(await pageStore(db).alarms(5)).toEqual([]);
    expect(await events()).toHaveLength(6);
  });

  it('notes a page that has gone or could not be read, and forgets it when the page is back as it was', async () => {
    const store = pageStore(db);
    await read({ day: DAY, wikitext: portalPage([FLOOD]) });
    await store.missing('portal', DAY, 'title');
    expect(await store.alarms(5)).toMatchObject([{ alarm: 'the page is gone: its 1 events are kept' }]);
    await store.failed('portal', DAY, 'title', 'no answer');
    expect(await store.alarms(5)).toMatchObject([{ failure: 'no answer' }]);
    await read({ day: DAY, wikitext: portalPage([FLOOD]), at: endOf(DAY) + HOUR });
    expect(await store.alarms(5)).toEqual([]);
  });

  it('records a heading that it does not know, with the first day of it', async () => {
    await read({ day: NEXT, wikitext: portalPage([FLOOD], 'Weather on Mars') });
    await read({ day: DAY, wikitext: portalPage([VOTE], 'Weather on Mars') });
    expect((await sql`select raw, category, first_day from heading`.execute(db)).rows).toEqual([
      { raw: 'Weather on Mars', category: null, firstDay: DAY },
    ]);
  });

  it('stores NUL and lone surrogates as replacement characters', async () => {
    await read({
      day: DAY,
      wikitext: portalPage(['A \0 nul and a \ud800 half in [[Pa\0ris]]. [http://example.org/\ud800 (L\0)]']),
    });
    const { text } = await only();
    expect(text).not.toMatch(/[\0\p{Surrogate}]/u);
    expect(text).toMatch(/^A .* nul and a .* half in/);
    const again = await read({
      day: DAY,
      wikitext: portalPage(['A \0 nul and a \ud800 half in [[Pa\0ris]]. [http://example.org/\ud800 (L\0)]']),
    });
    expect(again.unchanged).toBe(1);
  });

  it('knows two hundred events of one page again', async () => {
    const items = Array.from(
      { length: 200 },
      (_, i) => `Town ${i} elects [[Mayor ${i}]]. [http://example.org/${i} (A)]`,
    );
    await read({ day: DAY, wikitext: portalPage(items) });
    const before = await events();
    expect(before).toHaveLength(200);
    const { behind } = await read({ day: DAY, wikitext: portalPage(items.toReversed()), at: endOf(DAY) + HOUR });
    expect((await events()).map(({ id }) => id)).toEqual(before.map(({ id }) => id).toReversed());
    expect(await eventStore(db).behind(300)).toHaveLength(200); // of the first reading; their place is no cause to relate anew
    expect((await events()).every(({ version }) => version === 1)).toBe(true);
    expect(behind.length).toBeLessThanOrEqual(200);
  });

  it('lets neighbouring days be revised at once, again and again', async () => {
    const days = ['2026-04-01', '2026-04-02', '2026-04-03', '2026-04-04'].map((day) => Day.parse(day));
    const pageOf = (day: Day, round: number) =>
      portalPage(
        Array.from(
          { length: 8 },
          (_, i) => `Item ${i} of ${day}, round ${round}, in [[City ${i}]]. [http://example.org/${i} (A)]`,
        ),
      );
    for (let round = 0; round < 4; round++) {
      const at = endOf(days[3] as Day) + round * HOUR;
      await Promise.all(days.map((day) => read({ day, wikitext: pageOf(day, round), at })));
    }
    expect((await events()).filter(({ state }) => state === 'stable')).toHaveLength(32);
    expect((await sql`select 1 from article`.execute(db)).rows).toHaveLength(8);
  });
});

describe('settle', () => {
  it('makes public what has stood for the settling time, once', async () => {
    const settling = reader(db, { settleMs: 3 * HOUR });
    const at = endOf(DAY);
    await settling({ day: DAY, wikitext: portalPage([FLOOD]), at });
    const settleAt = (now: number) =>
      pageStore(db).settle('portal', now, 3 * HOUR, { decide: (state) => settle(state, now, 3 * HOUR), readUrl });

    expect((await settleAt(at + 2 * HOUR)).changes).toBe(0);
    expect(await only()).toMatchObject({ state: 'unsettled', slug: null });
    expect(await changes()).toEqual([]);
    expect(await settleAt(at + 3 * HOUR)).toMatchObject({ pages: 1, changes: 1 });
    expect(await only()).toMatchObject({ state: 'stable' });
    expect(await settleAt(at + 4 * HOUR)).toMatchObject({ pages: 0, changes: 0 });
    expect((await changes()).map(({ kind }) => kind)).toEqual(['created']);
  });
});

async function relateBoth(a: EventId, b: EventId): Promise<void> {
  const store = eventStore(db);
  await store.tag([a, b].map((eventId) => tagsOf(eventId, [])));
  const evidence = [{ signal: 'shared-entity', weight: 1 }];
  const read = await store.read([a, b]);
  await store.relate(
    [
      { from: a, relations: [{ to: b, score: 1, evidence }] },
      { from: b, relations: [{ to: a, score: 1, evidence }] },
    ],
    read.map(({ id, version }) => ({ id, version })),
  );
}

/** Every row that a reading writes, but the stamp of the reading itself. */
const contents = async () =>
  (
    await sql`select (select jsonb_agg(to_jsonb(p) - 'read_at' order by id) from page p) as page,
    (select jsonb_agg(to_jsonb(e) order by id) from event e) as event, (select jsonb_agg(to_jsonb(s) order by event_id, ordinal) from event_source s) as source,
    (select count(*) from change) as changes, (select count(*) from page_revision) as revisions, (select jsonb_agg(to_jsonb(a) order by id) from article a) as article`.execute(
      db,
    )
  ).rows;
