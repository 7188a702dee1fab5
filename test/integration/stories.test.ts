import { Day, type StoryId } from '@throughline/core';
import { catalogueStore, changeStore, collectionStore, storyStore, type Database } from '@throughline/db';
import { beginAnew, enrichBehind, tagBehind, threadBehind, type Context } from '@throughline/pipeline';
import { testDatabase } from '@throughline/test';
import { portalPage, reader } from '@throughline/test/record';
import { stationOn } from '@throughline/test/station';
import { sql } from 'kysely';
import { afterAll, describe, expect, it } from 'vitest';

const ended: (() => Promise<unknown>)[] = [];
afterAll(async () => {
  for (const end of ended.toReversed()) await end();
});

async function archive() {
  const { db, drop } = await testDatabase();
  ended.push(drop);
  const { context, close } = await stationOn(db);
  ended.push(close);
  return { db, context, read: reader(db) };
}

const day = (number: number) => Day.parse(`2021-03-${String(number).padStart(2, '0')}`);

/** Four days of a ferry, a strike and what goes on nowhere, without headers. */
const PAGES = [
  [
    'The ferry MV Sandpiper sinks in the Bay of Reeds off Larnholm with 80 people on board. [http://news.example/mv-sandpiper-sinks-bay-of-reeds (A)]',
    'A comet passes.',
  ],
  [
    'Divers reach the wreck of the ferry MV Sandpiper in the Bay of Reeds off Larnholm. [http://news.example/divers-reach-mv-sandpiper-bay-of-reeds (A)]',
    'Railway workers of Norland walk out. [http://news.example/norland-railway-workers-strike (B)]',
  ],
  [
    'The captain of the ferry MV Sandpiper is arrested in Larnholm over the sinking in the Bay of Reeds. [http://news.example/captain-mv-sandpiper-arrested (A)]',
    'Railway workers of Norland go on with their strike. [http://news.example/norland-railway-workers-strike-goes-on (B)]',
  ],
].map((items) =>
  items.map((item) =>
    item
      .replaceAll('MV Sandpiper', '[[MV Sandpiper]]')
      .replaceAll('Larnholm', '[[Larnholm]]')
      .replaceAll('Bay of Reeds', '[[Bay of Reeds]]')
      .replaceAll('Railway workers of Norland', '[[Norland Railways|Railway workers]] of [[Norland]]'),
  ),
);
const headed = (topic: string, ...items: string[]) => `[[${topic}]]\n${items.map((item) => `**${item}`).join('\n')}`;

/** Enriches what is behind, as an import does. */
const catchUp = (context: Context) => enrichBehind(context);

interface Told {
  id: StoryId;
  slug: string;
  topic: string | null;
  into: string | null;
  events: string[];
}

async function stories(db: Database): Promise<Told[]> {
  const { rows } = await sql<Told>`select s.id, s.slug, s.topic, i.slug as into,
      coalesce((select json_agg(left(e.text, 24) order by e.day, e.text) from story_event se join event e on e.id = se.event_id
        where se.story_id = s.id), '[]') as events
    from story s left join story i on i.id = s.merged_into order by s.slug`.execute(db);
  return rows;
}

/** Who is with whom, without ids. */
const groups = (told: readonly Told[]) => told.map(({ events, topic }) => JSON.stringify([topic, events])).sort();

describe('stories', () => {
  it('are what stands under one header, on whatever day, and what goes on by itself', async () => {
    const { db, context, read } = await archive();
    await read(
      {
        day: day(1),
        wikitext: portalPage([headed('Norland floods', 'A dam breaks in [[Norland]].'), ...(PAGES[0] ?? [])]),
      },
      { day: day(2), wikitext: portalPage([headed('Norland floods', 'The water falls.'), ...(PAGES[1] ?? [])]) },
    );
    await catchUp(context);

    const told = await stories(db);
    expect(told.map(({ topic, events }) => [topic, events.length])).toEqual([
      ['Norland floods', 2],
      [null, 2],
    ]);
    const { rows } = await sql`select title, first_day, last_day, events from story where topic is not null`.execute(
      db,
    );
    expect(rows).toEqual([{ title: 'Norland floods', firstDay: day(1), lastDay: day(2), events: 2 }]);
    expect(await collectionStore(db).story('norland-floods')).toMatchObject({
      title: 'Norland floods',
      events: [{ day: day(1) }, { day: day(2) }],
      entities: expect.arrayContaining([expect.objectContaining({ label: 'Norland' })]),
    });
  });

  it('keep their ids and addresses, and tell nobody anything, when all is computed anew', async () => {
    const { db, context, read } = await archive();
    await read(...PAGES.map((items, at) => ({ day: day(at + 1), wikitext: portalPage(items) })));
    await catchUp(context);
    const before = await stories(db);
    expect(before.length).toBeGreaterThan(0);

    const changes = changeStore(db);
    const since = await changes.latest();
    await beginAnew(context);
    await catchUp(context);

    expect(await stories(db)).toEqual(before);
    expect(await changes.after(since, 100)).toEqual([]);
  });

  it('are the same whether days come one at a time, all at once, or out of order', async () => {
    const pages = PAGES.map((items, at) => ({ day: day(at + 1), wikitext: portalPage(items) }));
    const outcomes = [];
    for (const order of [[[0], [1], [2]], [[0, 1, 2]], [[2], [0], [1]]]) {
      const { db, context, read } = await archive();
      for (const some of order) {
        await read(...some.flatMap((at) => pages[at] ?? []));
        await catchUp(context);
      }
      outcomes.push(groups((await stories(db)).filter(({ into }) => into === null)));
    }
    expect(outcomes[0]?.length).toBeGreaterThan(0);
    expect(outcomes[1]).toEqual(outcomes[0]);
    expect(outcomes[2]).toEqual(outcomes[0]);
  });

  it('lead on to the story that they were joined with, and say so', async () => {
    const { db, context, read } = await archive();
    const first = headed('Larnholm ferry accident', 'A ferry sinks off [[Larnholm]].');
    const second = headed('Sinking of MV Sandpiper', 'Divers reach the wreck.');
    await read({ day: day(1), wikitext: portalPage([first]) }, { day: day(2), wikitext: portalPage([second]) });
    await catchUp(context);
    const since = await changeStore(db).latest();

    const renamed = first.replace('Larnholm ferry accident', 'Sinking of MV Sandpiper');
    await read({ day: day(1), wikitext: portalPage([renamed]), at: Date.parse('2021-03-05') });
    await catchUp(context);

    expect(await stories(db)).toMatchObject([
      { slug: 'larnholm-ferry-accident', into: 'sinking-of-mv-sandpiper', events: [] },
      { slug: 'sinking-of-mv-sandpiper', into: null, events: [expect.any(String), expect.any(String)] },
    ]);
    expect(await collectionStore(db).story('larnholm-ferry-accident')).toEqual({ movedTo: 'sinking-of-mv-sandpiper' });
    const told = (await changeStore(db).after(since, 100)).filter(({ noun }) => noun === 'story');
    expect(told.map(({ kind, path }) => `${kind} ${path}`)).toEqual(
      expect.arrayContaining(['merged /stories/larnholm-ferry-accident', 'updated /stories/sinking-of-mv-sandpiper']),
    );
  });

  it('are called by the header that they get, under the address that they have, and say so', async () => {
    const { db, context, read } = await archive();
    const days = PAGES.map((items, at) => ({ day: day(at + 1), items }));
    await read(...days.map((one) => ({ day: one.day, wikitext: portalPage(one.items) })));
    await catchUp(context);
    const ferry = (await stories(db)).find(({ events }) => events.length === 3);
    expect(ferry).toMatchObject({ topic: null, slug: expect.stringMatching(/^the-ferry-mv-sandpiper-sinks/) });
    const since = await changeStore(db).latest();

    const under = days.map((one) => ({
      day: one.day,
      wikitext: portalPage([headed('Sinking of MV Sandpiper', one.items[0] ?? ''), ...one.items.slice(1)]),
      at: Date.parse('2021-03-09'),
    }));
    await read(...under);
    await catchUp(context);

    const now = (await stories(db)).find(({ topic }) => topic === 'Sinking of MV Sandpiper');
    expect(now).toEqual({ ...ferry, topic: 'Sinking of MV Sandpiper' });
    const { rows } = await sql`select title from story where id = ${ferry?.id}`.execute(db);
    expect(rows).toEqual([{ title: 'Sinking of MV Sandpiper' }]);
    const told = (await changeStore(db).after(since, 100)).filter(({ noun }) => noun === 'story');
    expect(told.map(({ kind, path }) => `${kind} ${path}`)).toContain(`updated /stories/${ferry?.slug}`);
  });

  it('keep their address when part of them is cut off, and say where the part comes from', async () => {
    const { db, context, read } = await archive();
    const flood = (topic: string, text: string) => portalPage([headed(topic, text)]);
    await read(
      { day: day(1), wikitext: flood('Floods', 'Rain falls on [[Norland]].') },
      { day: day(2), wikitext: flood('Floods', 'A dam breaks in [[Norland]].') },
      { day: day(3), wikitext: flood('Floods', 'Snow falls on [[Sudland]].') },
    );
    await catchUp(context);
    const [whole] = await stories(db);

    await read({
      day: day(3),
      wikitext: flood('Sudland snow', 'Snow falls on [[Sudland]].'),
      at: Date.parse('2021-03-09'),
    });
    await catchUp(context);

    const after = await stories(db);
    expect(after).toMatchObject([
      { id: whole?.id, topic: 'Floods', into: null, events: [expect.any(String), expect.any(String)] },
      { topic: 'Sudland snow', into: null },
    ]);
    const { rows } = await sql<{
      splitFrom: string;
    }>`select split_from from story where topic = 'Sudland snow'`.execute(db);
    expect(rows).toEqual([{ splitFrom: whole?.id }]);
    expect(await collectionStore(db).story('sudland-snow')).toMatchObject({
      splitFrom: { slug: whole?.slug, title: 'Floods' },
    });
    const id = after[1]?.id as StoryId;
    expect(await catalogueStore(db).story(id)).toMatchObject({
      id,
      members: [{ text: 'Snow falls on Sudland.' }],
      splitFrom: { id: whole?.id, slug: whole?.slug, title: 'Floods' },
    });
  });

  it('are gone, not unknown, when the last of their events is', async () => {
    const { db, context, read } = await archive();
    const snow = (text: string) => portalPage([headed('Sudland snow', text), 'The [[Bank of Larn]] opens.']);
    await read({ day: day(1), wikitext: snow('Snow falls on [[Sudland]].') });
    await catchUp(context);
    const [story] = await stories(db);
    await read({
      day: day(1),
      wikitext: portalPage(['The [[Bank of Larn]] opens.']),
      at: Date.parse('2021-03-09'),
    });
    await catchUp(context);
    expect(await collectionStore(db).story('sudland-snow')).toEqual({
      title: 'Sudland snow',
      goneAt: expect.stringMatching(/^20\d\d-/),
    });
    expect(await catalogueStore(db).story(story?.id as StoryId)).toMatchObject({ members: [] });
    expect((await catalogueStore(db).stories({}, { limit: 10 })).items).toEqual([]);
    expect(await catalogueStore(db).storyNamed('sudland-snow')).toBeUndefined();
  });

  it('go on where threading was broken off', async () => {
    const { db, context, read } = await archive();
    const flood = (text: string) => portalPage([headed('Floods', text)]);
    await read(
      { day: Day.parse('2020-01-01'), wikitext: flood('Rain falls on [[Norland]].') },
      { day: Day.parse('2021-01-01'), wikitext: flood('A dam breaks in [[Norland]].') },
    );
    await tagBehind(context);
    expect(await threadBehind(context, { spans: 1 })).toEqual({ changed: [expect.any(String)], finished: false });
    expect(await storyStore(db).unthreaded()).toMatchObject({ from: '2021-01-01' });

    expect(await threadBehind(context)).toEqual({ changed: [expect.any(String)], finished: true });
    expect(await stories(db)).toMatchObject([{ topic: 'Floods', events: [expect.any(String), expect.any(String)] }]);
    expect(await threadBehind(context)).toEqual({ changed: [], finished: true });
  });
});
