import { addDays, Day, dayOfNumber, type EventId, type Mention, type Relation } from '@throughline/core';
import { changeStore, eventStore, openDatabase, relationStore, siteStore, type TaggedChange } from '@throughline/db';
import { testDatabase } from '@throughline/test';
import { endOf, portalPage, reader, tagsOf } from '@throughline/test/record';
import { sql } from 'kysely';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';

const database = await testDatabase();
const { db } = database;
afterAll(() => database.drop());

const store = eventStore(db);
const read = reader(db);
const DAY = Day.parse('2026-03-10');

beforeEach(async () => {
  await sql`truncate page, event, change, heading, article, host, entity, topic restart identity cascade`.execute(db);
});

/** Makes public events without links of their own, in page order. */
async function makeEvents(count: number, day = DAY): Promise<EventId[]> {
  const items = Array.from(
    { length: count },
    (_, i) => `Plain sentence ${i} of ${day}. [http://example.org/${day}/${i} (A)]`,
  );
  await read({ day, wikitext: portalPage(items) });
  const rows = await db.selectFrom('event').select('id').where('day', '=', day).orderBy('position').execute();
  return rows.map(({ id }) => id);
}

const mention = (title: string, surface = title): Mention => ({
  title,
  surface,
  tagger: 'wikilink',
  score: 1,
  origin: 'sentence',
});
const relation = (to: EventId, ...weights: number[]): Relation => ({
  to,
  score: weights.reduce((sum, weight) => sum + weight, 0),
  evidence: weights.map((weight, i) => ({ signal: `signal-${i}`, about: 'X', weight })),
});
const entities = async () =>
  (
    await sql<{ title: string; label: string; slug: string; events: number }>`
    select title, label, slug, events from entity order by title`.execute(db)
  ).rows;
const aliases = async () =>
  (
    await sql<{ title: string; surface: string; count: number }>`select e.title, a.surface, a.count from entity_alias a
    join entity e on e.id = a.entity_id where a.count <> 0 order by 1, 2`.execute(db)
  ).rows;

describe('what is behind', () => {
  it('is every public event that was not enriched at its version, oldest day first', async () => {
    const [later] = await makeEvents(1, addDays(DAY, 5));
    const [earlier] = await makeEvents(1);
    expect(await store.behind(10)).toEqual([earlier, later]);
    expect(await store.behindCount()).toBe(2);
    await store.relate([], [{ id: earlier as EventId, version: 1 }]);
    expect(await store.behind(10)).toEqual([later]);
  });

  it('stays behind when an event changed while it was enriched', async () => {
    const [id] = (await makeEvents(1)) as [EventId];
    await read({
      day: DAY,
      wikitext: portalPage(['Plain sentence 0 of Mars. [http://example.org/2026-03-10/0 (A)]']),
      at: endOf(DAY) + 1,
    });
    await store.relate([{ from: id, relations: [] }], [{ id, version: 1 }]);
    expect(await store.behind(10)).toEqual([id]);
    await store.relate([], [{ id, version: 2 }]);
    expect(await store.behind(10)).toEqual([]);
  });

  it('can be put behind as a whole', async () => {
    const ids = await makeEvents(3);
    await store.relate(
      [],
      ids.map((id) => ({ id, version: 1 })),
    );
    await store.outdateAll();
    await store.outdateAll();
    expect((await store.read(ids)).map(({ version }) => version)).toEqual([2, 2, 2]);
  });
});

describe('tag', () => {
  it('gives events their entities in the order of their telling', async () => {
    const [a, b] = (await makeEvents(2)) as [EventId, EventId];
    await store.tag([
      tagsOf(a, [
        mention('Syria'),
        mention('Islamic State of Iraq and the Levant', 'ISIL'),
        mention('Syria', 'Syrian'),
      ]),
      tagsOf(b, [mention('Syria')]),
    ]);
    const [first] = await store.read([a]);
    expect(first?.entities).toEqual(['Syria', 'Islamic State of Iraq and the Levant', 'Syria']);
    expect(await entities()).toMatchObject([
      { title: 'Islamic State of Iraq and the Levant', events: 1 },
      { title: 'Syria', events: 2 },
    ]);
    expect(await aliases()).toEqual([
      { title: 'Islamic State of Iraq and the Levant', surface: 'ISIL', count: 1 },
      { title: 'Syria', surface: 'Syria', count: 2 },
      { title: 'Syria', surface: 'Syrian', count: 1 },
    ]);
  });

  it('counts by difference: twice the same is the same, and what is no longer said is taken off', async () => {
    const [a, b] = (await makeEvents(2)) as [EventId, EventId];
    const tagged = [tagsOf(a, [mention('Syria'), mention('Russia')]), tagsOf(b, [mention('Syria', 'Syrian')])];
    await store.tag(tagged);
    const before = [await entities(), await aliases()];
    await store.tag(tagged);
    expect([await entities(), await aliases()]).toEqual(before);

    await store.tag([tagsOf(a, [mention('Russia')])]);
    expect(await entities()).toMatchObject([
      { title: 'Russia', events: 1 },
      { title: 'Syria', events: 1 },
    ]);
    expect(await aliases()).toEqual([
      { title: 'Russia', surface: 'Russia', count: 1 },
      { title: 'Syria', surface: 'Syrian', count: 1 },
    ]);
  });

  it('labels an entity as editors mostly write it', async () => {
    const ids = await makeEvents(3);
    await store.tag(
      ids.map((eventId) =>
        tagsOf(eventId, [
          mention('Ministry of Defence (Russia)', 'Russian Defence Ministry'),
          mention('Mercury (planet)', 'Mercury'),
        ]),
      ),
    );
    expect((await entities()).map(({ label }) => label)).toEqual(['Mercury', 'Russian Defence Ministry']);
  });

  it('gives titles that fold to one slug a slug each, even when two workers meet them at once', async () => {
    const ids = await makeEvents(8);
    const titles = ['C', 'C++', 'C#', 'C!', 'C?', 'C*', 'C+', 'C='];
    await Promise.all(ids.map((eventId, i) => store.tag([tagsOf(eventId, [mention(titles[i] as string)])])));
    const made = await entities();
    expect(made).toHaveLength(8);
    expect(new Set(made.map(({ slug }) => slug)).size).toBe(8);
    expect(made.map(({ slug }) => slug)).toContain('c');
  });

  it('counts right when many workers name the same entities at once', async () => {
    const ids = await makeEvents(24);
    const titles = ['A', 'B', 'D', 'E', 'F'];
    await Promise.all(
      ids.map((eventId, i) =>
        store.tag([
          tagsOf(
            eventId,
            titles.map((_, k) => mention(titles[(i + k) % titles.length] as string)),
          ),
        ]),
      ),
    );
    expect((await entities()).map(({ events }) => events)).toEqual([24, 24, 24, 24, 24]);
    expect((await aliases()).map(({ count }) => count)).toEqual([24, 24, 24, 24, 24]);
  });
});

describe('taggedAfter', () => {
  it('tells in commit order: who follows while others write misses nothing', async () => {
    const ids = await makeEvents(60);
    let finished = false;
    const seen = new Map<EventId, number>();
    const follow = async () => {
      let last = 0;
      for (let once = false; !once;) {
        once = finished;
        for (const change of await store.taggedAfter(last, 7)) {
          expect(change.seq).toBeGreaterThan(last);
          last = change.seq;
          seen.set(idOf(change), change.seq);
          once = false;
        }
      }
    };
    const others = openDatabase(database.url, { maxConnections: 6 });
    const writing = Promise.all(
      ids.map((eventId, i) => eventStore(others).tag([tagsOf(eventId, [mention(`Entity ${i % 5}`)])])),
    ).then(() => (finished = true));
    await Promise.all([follow(), writing]).finally(() => others.destroy());
    expect([...seen.keys()].toSorted(byText)).toEqual(ids.toSorted(byText));
  });
});

describe('relate', () => {
  it('keeps relations with their evidence, and replaces those of an event whole', async () => {
    const [a, b, c] = (await makeEvents(3)) as [EventId, EventId, EventId];
    const first = [relation(b, 0.5, 0.25), relation(c, 0.25)];
    expect(await store.relate([{ from: a, relations: first }], [])).toBe(3);
    expect(await relationStore(db).of(a)).toEqual(first);
    expect(await store.relate([{ from: a, relations: first }], [])).toBe(0);
    expect(await store.relate([{ from: a, relations: [relation(c, 1)] }], [])).toBe(2);
    expect(await relationStore(db).of(a)).toEqual([relation(c, 1)]);
    expect(await store.relate([{ from: a, relations: [] }], [])).toBe(2);
    expect(await relationStore(db).of(a)).toEqual([]);
  });

  it('shows a relation with both events, the strongest ten of each', async () => {
    const [hub, ...spokes] = (await makeEvents(13)) as [EventId, ...EventId[]];
    const [inward, outward] = [spokes.slice(0, 6), spokes.slice(6)];
    await store.relate(
      [
        { from: hub, relations: outward.map((to, at) => relation(to, 1 + at)) },
        ...inward.map((from, at) => ({ from, relations: [relation(hub, 1.5 + at)] })),
      ],
      [],
    );
    const all = [
      ...outward.map((id, at) => ({ id, score: 1 + at })),
      ...inward.map((id, at) => ({ id, score: 1.5 + at })),
    ];
    const strongest = all.toSorted((x, y) => y.score - x.score).slice(0, 10);

    expect((await relationStore(db).of(hub)).map(({ to, score }) => ({ id: to, score }))).toEqual(strongest);
    expect(await relationStore(db).of(inward[0] as EventId)).toEqual([relation(hub, 1.5)]);
    const { rows } =
      await sql`select related_id as id, score, ordinal from v_related where event_id = ${hub} order by ordinal`.execute(
        db,
      );
    expect(rows).toEqual(strongest.map((one, ordinal) => ({ ...one, ordinal })));
    expect(await store.leaningOn([hub])).toEqual(inward.toSorted(byText));
    expect(await store.keptRelations([hub, outward[0] as EventId])).toEqual(new Map([[hub, { count: 6, least: 1 }]]));
  });

  it('tells the change feed only of lists that are other than before, at either end', async () => {
    const [a, b, c] = (await makeEvents(3)) as [EventId, EventId, EventId];
    const since = await changeStore(db).latest();
    const lists = [
      { from: a, relations: [relation(b, 1)] },
      { from: c, relations: [] },
    ];
    await store.relate(lists, []);
    await store.relate(lists, []);
    expect(await changeStore(db).after(since, 10)).toMatchObject(
      [a, b].toSorted(byText).map((id) => ({ noun: 'event', kind: 'updated', id, day: DAY })),
    );
  });

  it('leaves out relations to events that do not exist', async () => {
    const [a] = (await makeEvents(1)) as [EventId];
    await store.relate([{ from: a, relations: [relation('00000000-0000-4000-8000-000000000000' as EventId, 1)] }], []);
    expect(await relationStore(db).of(a)).toEqual([]);
  });
});

it('lets reading, tagging and relating go on beside one another, whatever order they take things in', async () => {
  const days = Array.from({ length: 4 }, (_, i) => dayOfNumber(20_000 + i));
  const ids: EventId[] = [];
  for (const day of days) ids.push(...(await makeEvents(10, day)));
  const list = (from: EventId) => ({ from, relations: ids.filter((to) => to !== from).map((to) => relation(to, 1)) });
  const others = openDatabase(database.url, { maxConnections: 12 });
  const writer = eventStore(others);
  const revise = reader(others);
  const pageOf = (day: Day, round: number) =>
    portalPage(
      Array.from({ length: 10 }, (_, i) => i)
        .filter((i) => (i + round) % 3 > 0)
        .map((i) => `Plain sentence ${i} of ${day}. [http://example.org/${day}/${i} (A)]`),
    );
  await Promise.all([
    ...[1, 2, 3, 4].flatMap((round) =>
      days.map((day) => revise({ day, wikitext: pageOf(day, round), at: endOf(days[3] as Day) + round * 60_000 })),
    ),
    ...[ids, ids.toReversed(), ids, ids.toReversed()].map((order) =>
      writer.tag(order.map((eventId) => tagsOf(eventId, []))),
    ),
    ...[ids, ids.toReversed(), ids, ids.toReversed()].map((order) => writer.relate(order.map(list), [])),
  ]).finally(() => others.destroy());
  const gone =
    await sql`select 1 from relation r join event e on e.id in (r.from_id, r.to_id) where e.state = 'withdrawn'`.execute(
      db,
    );
  expect(gone.rows).toEqual([]);
});

describe('the read-only views', () => {
  it('show public events with path and topics, their sources, entities and related events', async () => {
    const items = [
      '[[2026 Iberian floods]]',
      '*A flood in [[Lisbon]]. [http://example.org/flood (Example)]',
      '*More rain in [[Porto]]. [http://example.org/rain (Example)]',
    ];
    await read({ day: DAY, wikitext: portalPage(items) });
    const [a, b] = (await db.selectFrom('event').select('id').orderBy('position').execute()).map(({ id }) => id) as [
      EventId,
      EventId,
    ];
    await store.tag([tagsOf(a, [mention('Lisbon'), mention('Lisbon', 'Lisboa')])]);
    await store.relate([{ from: a, relations: [relation(b, 0.5, 0.5)] }], []);

    const rows = async (view: string) =>
      (await sql<Record<string, unknown>>`select * from ${sql.table(view)} order by 1, 2`.execute(db)).rows;
    const event = (await rows('v_event')).find(({ id }) => id === a);
    expect(event).toMatchObject({
      day: DAY,
      category: 'politics-and-elections',
      topics: ['2026 Iberian floods'],
      path: '/news/2026/03/10/a-flood-in-lisbon.html',
      storyId: null,
    });
    const { evidence } = relation(b, 0.5, 0.5);
    const shown = [
      { eventId: a, relatedId: b, ordinal: 0, score: 1, relatedDay: DAY, evidence },
      { eventId: b, relatedId: a, ordinal: 0, score: 1, relatedDay: DAY, evidence },
    ];
    expect(await rows('v_related')).toMatchObject(shown.toSorted((x, y) => byText(x.eventId, y.eventId)));
    expect(await rows('v_source')).toHaveLength(2);
    expect(await rows('v_entity')).toMatchObject([{ eventId: a, title: 'Lisbon', ordinal: 0, score: 1 }]);
    expect(await siteStore(db).event(DAY, String(event?.['slug']))).toMatchObject({ kind: 'found' });

    await read({ day: DAY, wikitext: portalPage(items.slice(0, 2)), at: endOf(DAY) + 1 });
    expect((await rows('v_event')).map(({ id }) => id)).toEqual([a]);
    expect(await rows('v_related')).toEqual([]);
    expect(await rows('v_source')).toHaveLength(1);
  });
});

const idOf = (change: TaggedChange): EventId => ('gone' in change ? change.gone : change.event.id);
const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
