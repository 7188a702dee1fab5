import { Day, type EventId } from '@throughline/core';
import { siteStore } from '@throughline/db';
import type { Linker } from '@throughline/enrich';
import { enrichBehind, openSchool, type Lesson, type School } from '@throughline/pipeline';
import { testDatabase } from '@throughline/test';
import { portalPage, reader } from '@throughline/test/record';
import { stationOn } from '@throughline/test/station';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const day = (n: number) => Day.parse(`2026-03-${String(n).padStart(2, '0')}`);

/** Days on which editors linked these names, and one on which they linked nothing. */
const LINKED = [
  ['The [[Chile|Chilean]] senate votes for a new port in [[Talca]], [[Chile]].'],
  ['A storm leaves [[Talca]], [[Chile]], without power.', '[[Ada Quist]] wins the election in [[Norland]].'],
  ['[[Ada Quist]] is sworn in as head of government of [[Norland]].'],
  ['Miners strike in [[Talca]], [[Chile]].', 'The parliament of [[Norland]] meets.'],
  ['The [[Chile|Chilean]] navy rescues nine sailors off [[Norland]].'],
];
const UNLINKED = 'Ada Quist visits Talca, Chile, after the storm.';

let station: Awaited<ReturnType<typeof stationOn>>;
let test: Awaited<ReturnType<typeof testDatabase>>;

beforeAll(async () => {
  test = await testDatabase();
  station = await stationOn(test.db, {});
  const read = reader(test.db);
  for (const [at, items] of LINKED.entries()) {
    await read({ day: day(at + 1), wikitext: page(items, at) });
  }
  await enrichBehind(station.context);
  await read({ day: day(9), wikitext: page([UNLINKED, 'The navy of [[Norland]] leaves Talca.'], 9) });
  await enrichBehind(station.context);
});
afterAll(async () => {
  await station.close();
  await test.drop();
});

const page = (items: readonly string[], at: number) =>
  portalPage(items.map((item, n) => `${item} [http://news.example/${at}/${n} (News)]`));

const pageWith = async (text: string) => {
  const { rows } = await sql<{ id: EventId }>`select id from event where text like ${text}`.execute(test.db);
  const page = await siteStore(test.db).page(rows[0]?.id as EventId);
  if (!page) throw new Error(`no event ${text}`);
  return page;
};
const titlesImplied = async (text: string) =>
  (
    await sql<{ title: string }>`select n.title from implied i join entity n on n.id = i.entity_id
      join event e on e.id = i.event_id where e.text like ${text} order by i.ordinal`.execute(test.db)
  ).rows.map(({ title }) => title);

describe('text that nobody linked', () => {
  it('is about what the archive links so, each name with its place, a score and the reason', async () => {
    const { entities } = await pageWith('Ada Quist visits%');
    expect(entities.map(({ label }) => label)).toEqual(expect.arrayContaining(['Ada Quist', 'Talca', 'Chile']));
    for (const { by, mentions } of entities) {
      expect(by).toBe('linker');
      for (const { surface, start, end, score, origin, reason } of mentions) {
        expect(UNLINKED.slice(start, end)).toBe(surface);
        expect(origin).toBe('sentence');
        expect(score).toBeGreaterThan(0);
        expect(score).toBeLessThanOrEqual(1);
        expect(reason).toEqual(expect.any(String));
      }
    }
  });

  it('does not count as a way in which editors write a name', async () => {
    const { rows } =
      await sql`select a.surface, a.count, a.found from entity_alias a join entity n on n.id = a.entity_id
      where n.title = 'Talca' and a.surface = 'Talca'`.execute(test.db);
    expect(rows).toEqual([{ surface: 'Talca', count: 3, found: 2 }]);
  });
});

describe('text that editors linked', () => {
  it('is about what they linked, and about the names they left, which are told apart', async () => {
    const { entities } = await pageWith('The navy of Norland%');
    expect(new Map(entities.map(({ label, by }) => [label, by]))).toEqual(
      new Map([
        ['Norland', 'link'],
        ['Talca', 'linker'],
      ]),
    );
    const linked = entities.find(({ by }) => by === 'link');
    expect(linked?.mentions).toEqual([{ surface: 'Norland', start: 12, end: 19, origin: 'sentence', score: 1 }]);
  });

  it('is related by what it implies, which is no context of its own', async () => {
    const page = await pageWith('The navy of Norland%');
    const implied = await titlesImplied('The navy of Norland%');
    expect(implied).toContain('Chile');
    expect(page.entities.map(({ label }) => label)).not.toContain('Chile');
    const reasons = page.related.flatMap(({ evidence }) => evidence.map(({ about }) => about));
    expect(reasons).toContain('Chile');
  });
});

const asked = { text: UNLINKED, day: day(10), links: [], topics: [] };
const lessonsOf = (events: readonly Lesson[]): School =>
  openSchool(async function* (from, before) {
    const due = events.filter((event) => (from === undefined || event.day >= from) && event.day < before);
    if (due.length > 0) yield due;
  });
const lesson = (n: number, at: number): Lesson => {
  const id = `00000000-0000-4000-8000-0000000000${n}${at}` as EventId;
  const text = 'A school in Oskel is closed.';
  return { id, day: day(n), text, links: [{ start: 12, end: 17, surface: 'Oskel', title: 'Oskel' }], topics: [] };
};
const scoreOf = (linker: Linker) =>
  linker.read({ ...asked, text: 'Rain floods Oskel.' }).mentions.find(({ surface }) => surface === 'Oskel')?.score ?? 0;

describe('a school', () => {
  it('has learnt the days before the one that is asked for, and none twice', async () => {
    const school = lessonsOf([lesson(1, 0), lesson(2, 0), lesson(3, 0), lesson(4, 0)]);
    const none = scoreOf(await school.linkerBefore(day(1)));
    const some = scoreOf(await school.linkerBefore(day(3)));
    const again = scoreOf(await school.linkerBefore(day(3)));
    const all = scoreOf(await school.linkerBefore(day(9)));

    expect(some).toBeGreaterThan(none);
    expect(again).toBe(some);
    expect(all).toBeGreaterThan(some);
    expect(scoreOf(await lessonsOf([lesson(1, 0), lesson(2, 0)]).linkerBefore(day(3)))).toBe(some);
  });

  it('learns what comes in for a day that is learnt already, once', async () => {
    const school = lessonsOf([lesson(1, 0)]);
    const before = scoreOf(await school.linkerBefore(day(5)));
    school.late(lesson(1, 0)); // was learnt
    school.late(lesson(7, 0)); // its day has not come
    expect(scoreOf(await school.linkerBefore(day(5)))).toBe(before);
    school.late(lesson(2, 1));
    const later = scoreOf(await school.linkerBefore(day(5)));
    school.late(lesson(2, 1));

    expect(later).toBeGreaterThan(before);
    expect(scoreOf(await school.linkerBefore(day(5)))).toBe(later);
  });
});
