import { addDays, Day, MOST_RELATED, type EventId } from '@throughline/core';
import { eventStore, relationStore } from '@throughline/db';
import { background } from '@throughline/enrich';
import { enrichBehind, indexed, openArchive } from '@throughline/pipeline';
import { testDatabase } from '@throughline/test';
import { endOf, portalPage, reader } from '@throughline/test/record';
import { stationOn } from '@throughline/test/station';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

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
  });
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

  it('are those that relating all of them at once gives', async () => {
    const grown = await kept();
    await eventStore(database.db).outdateAll();
    await enrichBehind(station.context);

    expect(grown.length).toBeGreaterThan(300);
    expect(await kept()).toEqual(grown);
  });

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
