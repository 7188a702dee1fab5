import { Day } from '@throughline/core';
import { changeStore, collectionStore } from '@throughline/db';
import { enrichBehind, joinEntities, lookUpEntities, typeEntities } from '@throughline/pipeline';
import { wikiConcepts } from '@throughline/sources';
import { testDatabase } from '@throughline/test';
import { serveOnLoopback } from '@throughline/test/loopback';
import { portalPage, reader } from '@throughline/test/record';
import { stationOn } from '@throughline/test/station';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ended: (() => Promise<unknown>)[] = [];
afterAll(async () => {
  for (const end of ended.toReversed()) await end();
});

const GROUP = 'Islamic State of Iraq and the Levant';
const SEED_DAY = Day.parse('2017-01-30');
/** How editors linked the group in the weeks before the seed's day: mostly piped to its page, now and then by a redirect's name. */
const BEFORE = [
  ...Array.from({ length: 8 }, (_, i) => `[[${GROUP}|ISIL]] fires on town ${i} in [[Syria]] and [[Iraq]].`),
  ...Array.from({ length: 6 }, (_, i) => `[[${GROUP}|ISIS]] leaves village ${i} of [[Syria]] near [[Raqqa]].`),
  ...Array.from({ length: 6 }, (_, i) => `[[${GROUP}|Islamic State]] loses bridge ${i} in [[Iraq]] at [[Mosul]].`),
  '[[ISIL]] shells [[Mosul]] in [[Iraq]].',
  '[[Islamic State]] is driven from a dam in [[Syria]].',
];
const ON_THE_DAY = [
  `Six bombers attack [[${GROUP}|ISIL]] in [[Syria]].`,
  '[[ISIS]] claims an attack in [[Mosul]], [[Iraq]].',
  '[[Islamic State in Iraq and the Levant|Islamic State]] retreats in [[Syria]].',
  '[[ISIL]] is attacked near [[Raqqa]], [[Syria]].',
];

describe('one concept under several titles', () => {
  let database: Awaited<ReturnType<typeof testDatabase>>;
  let context: Awaited<ReturnType<typeof stationOn>>['context'];
  beforeAll(async () => {
    database = await testDatabase();
    ended.push(database.drop);
    const station = await stationOn(database.db);
    ended.push(station.close);
    ({ context } = station);
    const read = reader(database.db);
    await read({ day: Day.parse('2017-01-20'), wikitext: portalPage(BEFORE, 'Armed conflicts and attacks') });
    await read({ day: SEED_DAY, wikitext: portalPage(ON_THE_DAY, 'Armed conflicts and attacks') });
    await enrichBehind(context);
  });

  it('is one entity with one label on the day, whatever the links say', async () => {
    const { rows } = await sql`select distinct n.title, n.label from event e join mention m on m.event_id = e.id
      join entity n on n.id = m.entity_id where e.day = ${SEED_DAY} and n.title not in ('Syria', 'Iraq', 'Mosul', 'Raqqa')`.execute(
      database.db,
    );
    expect(rows).toEqual([{ title: GROUP, label: GROUP }]);
  });

  it('counts the events and spellings of all its titles, and leads from their addresses', async () => {
    const { rows } = await sql<{ events: number; mentions: number; aliases: string[] }>`select n.events,
        (select count(distinct m.event_id)::int from mention m where m.entity_id = n.id) as mentions,
        (select json_agg(a.surface order by a.surface) from entity_alias a where a.entity_id = n.id and a.count > 0) as aliases
      from entity n where n.title = ${GROUP}`.execute(database.db);
    expect(rows).toEqual([{ events: 26, mentions: 26, aliases: ['ISIL', 'ISIS', 'Islamic State'] }]);
    const gone = await sql<{
      title: string;
      into: string;
      events: number;
    }>`select a.title, b.title as into, a.events from entity a
      join entity b on b.id = a.merged_into order by a.title`.execute(database.db);
    expect(gone.rows).toEqual(
      ['ISIL', 'ISIS', 'Islamic State', 'Islamic State in Iraq and the Levant'].map((title) => ({
        title,
        into: GROUP,
        events: 0,
      })),
    );
  });

  it('says so once, and joins nothing more', async () => {
    const changes = await changeStore(database.db).after(0, 1_000);
    const joined = changes.filter(({ noun, kind }) => noun === 'entity' && kind === 'merged').map(({ path }) => path);
    expect(joined.length).toBe(4);
    expect(joined).toContain('/entities/isil');
    expect(await joinEntities(context)).toBe(0);
  });

  it('stays one when its events are tagged anew and others come in', async () => {
    await reader(database.db)({
      day: Day.parse('2017-01-31'),
      wikitext: portalPage(['[[ISIS]] is seen in [[Raqqa]].'], 'Armed conflicts and attacks'),
    });
    await context.events.outdateAll();
    await enrichBehind(context);
    const page = await collectionStore(database.db).entity('islamic-state-of-iraq-and-the-levant');
    expect(page).toMatchObject({ count: 27 });
    const { rows } =
      await sql`select 1 from mention m join entity n on n.id = m.entity_id where n.merged_into is not null`.execute(
        database.db,
      );
    expect(rows).toEqual([]);
  });
});

describe('entities that the wiki was not asked about', () => {
  it('have the type that their use tells, judged again when twice as many events name them', async () => {
    const { db, drop } = await testDatabase();
    ended.push(drop);
    const { context, close } = await stationOn(db);
    ended.push(close);
    const read = reader(db);
    const typeOf = async (title: string) => {
      const { rows } = await sql<{
        type: string;
        typedFrom: number;
      }>`select type, typed_from from entity where title = ${title}`.execute(db);
      return rows[0];
    };
    const first = ['[[Vardhus]] is mentioned.', '[[Norway]] signs.', 'An [[oil spill]] is seen.'];
    await read({ day: Day.parse('2017-01-20'), wikitext: portalPage(first, 'Armed conflicts and attacks') });
    await enrichBehind(context);
    expect(await typeOf('Vardhus')).toEqual({ type: 'other', typedFrom: 1 });
    expect(await typeOf('Norway')).toEqual({ type: 'place', typedFrom: 1 });
    expect(await typeOf('Oil spill')).toEqual({ type: 'other', typedFrom: 1 });
    const later = [
      'Nine people are killed in [[Vardhus]], [[Iraq]], by a car bomb.',
      'Troops enter the town of [[Vardhus]] after a week.',
      'Rockets hit houses in [[Vardhus]].',
      'A blast in [[Vardhus]], [[Iraq]], kills two.',
    ];
    await read({ day: Day.parse('2017-01-21'), wikitext: portalPage(later, 'Armed conflicts and attacks') });
    await enrichBehind(context);
    expect(await typeOf('Vardhus')).toEqual({ type: 'place', typedFrom: 5 });
    expect(await typeEntities(context)).toBe(0);
  });
});

describe('entities that the wiki was asked about', () => {
  const claim = (value: unknown) => ({ mainsnak: { datavalue: { value } }, rank: 'normal' });
  const wiki = {
    query: {
      redirects: [
        { from: 'Norlandia', to: 'Norland' },
        { from: 'Larn', to: 'List of towns in Norland', tofragment: 'Larn' },
      ],
      pages: [
        { title: 'Norland', pageprops: { wikibase_item: 'Q900' } },
        { title: 'Port Reed', pageprops: { wikibase_item: 'Q901' } },
        { title: 'List of towns in Norland', pageprops: { wikibase_item: 'Q902' } },
      ],
    },
  };
  const items = {
    entities: {
      Q900: {
        claims: {
          P31: [claim({ id: 'Q6256' })],
          P625: [claim({ latitude: 60, longitude: 5 })],
          P17: [claim({ id: 'Q900' })],
        },
      },
      Q901: {
        claims: {
          P31: [claim({ id: 'Q515' })],
          P625: [claim({ latitude: 61, longitude: 6 })],
          P17: [claim({ id: 'Q900' })],
        },
      },
    },
  };
  const titles = { entities: { Q900: { sitelinks: { enwiki: { title: 'Norland' } } } } };

  it('have the title that theirs redirects to, a type, a place and a country, and are not asked about again', async () => {
    const asked: string[] = [];
    await using server = await serveOnLoopback({
      '*': (incoming, response) => {
        const parameters = new URL(incoming.url ?? '', 'http://wiki').searchParams;
        asked.push(parameters.get('titles') ?? parameters.get('ids') ?? '');
        const answer =
          parameters.get('action') === 'query' ? wiki : parameters.get('props') === 'claims' ? items : titles;
        response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
      },
    });
    const { db, drop } = await testDatabase();
    ended.push(drop);
    const concepts = wikiConcepts({
      contact: 'editor@example.org',
      version: '0.0.0',
      endpoint: `${server.origin}/wiki`,
      wikidataEndpoint: `${server.origin}/data`,
    });
    const { context, close } = await stationOn(db, { concepts });
    ended.push(close);
    const items1 = [
      '[[Norlandia|Norland]] votes.',
      'Rain falls on [[Port Reed]] in [[Norlandia]].',
      '[[Larn]] is cut off.',
    ];
    await reader(db)({ day: SEED_DAY, wikitext: portalPage(items1) });
    await enrichBehind(context);

    const looked = await lookUpEntities(context, { calls: 3, signal: AbortSignal.timeout(10_000) });
    expect(looked).toEqual({ lookedUp: 3, joined: 1 });
    const { rows } =
      await sql`select e.title, e.type, e.latitude, e.longitude, e.country, e.wikidata, e.events, b.title as into
      from entity e left join entity b on b.id = e.merged_into order by e.title`.execute(db);
    const nowhere = { latitude: null, longitude: null, country: null, wikidata: null, into: null };
    expect(rows).toMatchObject([
      { ...nowhere, title: 'Larn', events: 1 },
      {
        title: 'Norland',
        type: 'place',
        latitude: 60,
        longitude: 5,
        country: null,
        wikidata: 'Q900',
        events: 2,
        into: null,
      },
      { title: 'Norlandia', events: 0, into: 'Norland' },
      { title: 'Port Reed', type: 'place', latitude: 61, longitude: 6, country: 'Norland', events: 1 },
    ]);
    expect(await context.events.behindCount()).toBe(2);

    const calls = asked.length;
    expect(await lookUpEntities(context, { calls: 3, signal: AbortSignal.timeout(10_000) })).toEqual({
      lookedUp: 0,
      joined: 0,
    });
    expect(asked.length).toBe(calls);
  });

  it('are none where nobody may be asked', async () => {
    const { db, drop } = await testDatabase();
    ended.push(drop);
    const { context, close } = await stationOn(db);
    ended.push(close);
    expect(await lookUpEntities(context, { calls: 1, signal: AbortSignal.timeout(1_000) })).toEqual({
      lookedUp: 0,
      joined: 0,
    });
  });
});

describe('a name that was never seen before', () => {
  it('is a provisional entity until a link says what it is', async () => {
    const { db, drop } = await testDatabase();
    ended.push(drop);
    const { context, close } = await stationOn(db);
    ended.push(close);
    const read = reader(db);
    const named = () =>
      sql`select n.title, n.linked, n.events from entity n where n.events > 0 and n.title like 'Ada Quill%'`.execute(
        db,
      );
    await read({ day: Day.parse('2017-01-20'), wikitext: portalPage(['Ada Quill resigns.']) });
    await enrichBehind(context);
    expect((await named()).rows).toEqual([{ title: 'Ada Quill', linked: false, events: 1 }]);

    const linked = '[[Ada Quill (politician)|Ada Quill]] is elected in [[Norland]].';
    await read({ day: Day.parse('2017-01-25'), wikitext: portalPage([linked]) });
    await enrichBehind(context);
    expect((await named()).rows).toEqual([{ title: 'Ada Quill (politician)', linked: true, events: 2 }]);
  });
});
