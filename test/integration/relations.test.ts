import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addDays, Day, MOST_RELATED, type EventId, type Evidence } from '@throughline/core';
import { eventStore, relationStore, type StoredEvent } from '@throughline/db';
import { background } from '@throughline/enrich';
import { beginAnew, enrichBehind, indexed, openArchive } from '@throughline/pipeline';
import { testDatabase } from '@throughline/test';
import { endOf, portalPage, reader } from '@throughline/test/record';
import { stationOn } from '@throughline/test/station';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { labRelate } from '../../services/cli/src/lab/relate.ts';

/** An archive is enriched many times over. */
const PATIENCE_MS = 240_000;

const FIRST = Day.parse('2026-03-01');
/** Days in the order in which they come in: none more than three days late. */
const ARRIVAL = [2, 0, 1, 4, 3, 6, 5, 8, 9, 7, 10, 13, 11, 12, 14];
const PLACES = ['Lisbon', 'Porto', 'Braga', 'Faro', 'Coimbra'];

/** Sentences of one day that share places and words with those of others. */
const sentences = (day: number): string[] =>
  Array.from({ length: 6 }, (_, at) => {
    const [place, other] = [PLACES[(day + at) % PLACES.length], PLACES[(day * at) % PLACES.length]];
    return `A ${at % 2 === 0 ? 'flood' : 'strike'} number ${day * 6 + at} reaches [[${place}]] from [[${other}]]. [http://example.org/${day}/${at} (A)]`;
  });

describe('relations of events that come in one day after another', () => {
  let database: Awaited<ReturnType<typeof testDatabase>>;
  let station: Awaited<ReturnType<typeof stationOn>>;
  const atEnd = endOf(addDays(FIRST, ARRIVAL.length));
  beforeAll(async () => {
    database = await testDatabase();
    station = await stationOn(database.db);
    const read = reader(database.db);
    for (const day of ARRIVAL) {
      await read({ day: addDays(FIRST, day), wikitext: portalPage(sentences(day)), at: atEnd });
      await enrichBehind(station.context);
    }
    const changed = sentences(12).map((text, at) => (at === 2 ? text.replace('reaches', 'is feared in') : text));
    await read({ day: addDays(FIRST, 12), wikitext: portalPage(changed.slice(0, 5)), at: atEnd + 60_000 });
    await enrichBehind(station.context);
  }, PATIENCE_MS);
  afterAll(async () => {
    await station.close();
    await database.drop();
  });

  const kept = async () =>
    (
      await sql`select from_id, to_id, ordinal, score, evidence from relation order by from_id, ordinal`.execute(
        database.db,
      )
    ).rows;

  it(
    'are those that relating all of them at once gives',
    async () => {
      const grown = await kept();
      await beginAnew(station.context);
      await enrichBehind(station.context);

      expect(grown.length).toBeGreaterThan(300);
      expect(await kept()).toEqual(grown);
    },
    PATIENCE_MS,
  );

  it('are shown by Postgres as an index in memory would list them', async () => {
    const store = eventStore(database.db);
    const archive = openArchive(store);
    await archive.catchUp();
    const { rows } = await sql<{ id: EventId }>`select id from event where state = 'stable' order by day, id`.execute(
      database.db,
    );
    const events = await store.read(rows.map(({ id }) => id));
    const days = new Map(events.map(({ id, day }) => [id, Date.parse(day)]));
    const lists = new Map(events.map(({ id }) => [id, [] as { id: EventId; score: number; apart: number }[]]));
    for (const event of events) {
      for (const { to, score } of background(archive.index, indexed(event))) {
        const apart = Math.abs((days.get(event.id) ?? 0) - (days.get(to) ?? 0));
        lists.get(event.id)?.push({ id: to, score, apart });
        lists.get(to)?.push({ id: event.id, score, apart });
      }
    }
    for (const [id, list] of lists) {
      list.sort((a, b) => b.score - a.score || a.apart - b.apart || (a.id < b.id ? -1 : 1));
      const shown = await relationStore(database.db).of(id);
      expect(shown.map(({ to }) => to)).toEqual(list.slice(0, MOST_RELATED).map((one) => one.id));
    }
    expect(Math.max(...[...lists.values()].map(({ length }) => length))).toBeGreaterThan(MOST_RELATED);
  });
});

/** Sentences about a few people and places, of which editors link some here and some there, and stories that go on. */
function partlyLinked(day: number): string[] {
  const people = ['Ada Quist', 'Ivo Marrane', 'Noor Haldane', 'Pell Ostrander'];
  const places = ['Talca', 'Norland', 'Larnholm', 'Oskel', 'Brevik'];
  const name = (title: string, seed: number) => (seed % 3 === 0 ? title : `[[${title}]]`);
  return Array.from({ length: 6 }, (_, at) => {
    const seed = day * 7 + at * 3;
    const [person, place] = [people[seed % 4] ?? '', places[(seed + at) % 5] ?? ''];
    const what = ['opens the port', 'meets miners on strike', 'visits the flooded harbour'][seed % 3];
    const other = name(places[(seed + 1) % 5] ?? '', seed + 1);
    return `${name(person, seed)} ${what} of ${name(place, day + at)} on behalf of ${other}. [http://news.example/${day}/${at} (A)]`;
  });
}

describe('the relations of a whole archive', () => {
  const directory = mkdtempSync(join(tmpdir(), 'throughline-relations-'));
  let database: Awaited<ReturnType<typeof testDatabase>>;
  let station: Awaited<ReturnType<typeof stationOn>>;
  let events: StoredEvent[];
  beforeAll(async () => {
    database = await testDatabase();
    station = await stationOn(database.db);
    const read = reader(database.db);
    for (let day = 0; day < 30; day++) {
      await read({ day: addDays(FIRST, day), wikitext: portalPage(partlyLinked(day)), at: endOf(addDays(FIRST, 40)) });
    }
    await enrichBehind(station.context);
    const { rows } = await sql<{ id: EventId }>`select id from event order by day, position`.execute(database.db);
    const store = eventStore(database.db);
    const byId = new Map((await store.read(rows.map(({ id }) => id))).map((event) => [event.id, event]));
    events = rows.flatMap(({ id }) => byId.get(id) ?? []);
  }, PATIENCE_MS);
  afterAll(async () => {
    rmSync(directory, { recursive: true });
    await station.close();
    await database.drop();
  });

  const fileOf = (name: string, lines: readonly object[]) => {
    const path = join(directory, name);
    writeFileSync(path, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    return path;
  };

  /** What a story is called is another thing in a file than in Postgres. */
  const unnamed = (evidence: readonly Evidence[]) =>
    evidence.map(({ signal, weight, about }) => [signal, weight, signal === 'same-story' ? '' : about]);

  it(
    'are those that the lab finds among the same events: entities that the linker found, implied ones and stories included',
    async () => {
      const linesOf = ({ id, day, category, section, text, links, sources }: StoredEvent) => {
        return { id, date: day, section: category ?? section, text, links, sources: sources.map((url) => ({ url })) };
      };
      const found = new Map<string, unknown>();
      await labRelate(
        {
          events: fileOf('events.jsonl', events.map(linesOf)),
          queries: fileOf(
            'queries.jsonl',
            events.map(({ id }) => ({ id, query: true })),
          ),
          variant: 'before',
          explainable: false,
          why: true,
        },
        (line) => {
          const { id, related, why } = JSON.parse(line) as {
            id: string;
            related: string[];
            why: { score: number; evidence: Evidence[] }[];
          };
          const told = related.map((to, at) => [to, why[at]?.score, unnamed(why[at]?.evidence ?? [])]);
          found.set(id, told.slice(0, MOST_RELATED));
        },
      );
      const { rows } = await sql<{ from: EventId; to: EventId; score: number; evidence: Evidence[] }>`
      select from_id as from, to_id as to, score, evidence from relation order by from_id, ordinal`.execute(
        database.db,
      );
      const kept = new Map<string, unknown[]>(events.map(({ id }) => [id, []]));
      for (const { from, to, score, evidence } of rows) kept.get(from)?.push([to, score, unnamed(evidence)]);

      expect(kept).toEqual(found);
      const signals = new Set(rows.flatMap(({ evidence }) => evidence.map(({ signal }) => signal)));
      expect([...signals]).toEqual(expect.arrayContaining(['shared-entity', 'same-story', 'similar-text']));
      const byLinker = await sql<{
        count: number;
      }>`select count(*)::int as count from mention where tagger = 'alias'`.execute(database.db);
      expect(byLinker.rows[0]?.count).toBeGreaterThan(50);
    },
    PATIENCE_MS,
  );

  it('lose what a name that is taken out of a sentence was the reason for', async () => {
    const { rows } = await sql<{ from: EventId; evidence: Evidence[] }>`select from_id as from, evidence from relation
      where evidence @> '[{"signal": "shared-entity"}]' order by from_id, to_id limit 1`.execute(database.db);
    const from = rows[0]?.from;
    if (!from) throw new Error('no relation by an entity');
    await sql`update event set text = 'Nobody says anything.', links = '[]', version = version + 1 where id = ${from}`.execute(
      database.db,
    );
    await enrichBehind(station.context);

    const shared = await sql<{
      count: number;
    }>`select count(*)::int as count from relation r, jsonb_array_elements(r.evidence) p
      where ${from} in (r.from_id, r.to_id) and p ->> 'signal' in ('shared-entity', 'same-story')`.execute(database.db);
    expect(shared.rows).toEqual([{ count: 0 }]);
  });
});
