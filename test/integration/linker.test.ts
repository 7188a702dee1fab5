import { Day } from '@throughline/core';
import { enrichBehind } from '@throughline/pipeline';
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
  await read({ day: day(9), wikitext: page([UNLINKED], 9) });
  await enrichBehind(station.context);
});
afterAll(async () => {
  await station.close();
  await test.drop();
});

const page = (items: readonly string[], at: number) =>
  portalPage(items.map((item, n) => `${item} [http://news.example/${at}/${n} (News)]`));

const mentionsOf = async (text: string) =>
  (
    await sql<{ title: string; surface: string; start: number; end: number; tagger: string; score: number }>`
      select n.title, m.surface, m.span_start as start, m.span_end as end, m.tagger, m.score
      from mention m join entity n on n.id = m.entity_id join event e on e.id = m.event_id
      where e.text like ${text} order by m.ordinal`.execute(test.db)
  ).rows;

describe('text that nobody linked', () => {
  it('is about what the archive links so, each name with its place and a score', async () => {
    const mentions = await mentionsOf('Ada Quist visits%');
    expect(mentions.map(({ title }) => title)).toEqual(expect.arrayContaining(['Ada Quist', 'Talca', 'Chile']));
    for (const { surface, start, end, tagger, score } of mentions) {
      expect(UNLINKED.slice(start, end)).toBe(surface);
      expect(tagger).toBe('alias');
      expect(score).toBeGreaterThan(0);
      expect(score).toBeLessThanOrEqual(1);
    }
  });

  it('leaves text that editors linked as they wanted it', async () => {
    const mentions = await mentionsOf('The parliament of Norland%');
    expect(mentions).toMatchObject([{ title: 'Norland', tagger: 'wikilink', score: 1 }]);
  });
});

describe("the archive's linker", () => {
  const asked = { text: UNLINKED, day: day(10), links: [], topics: [] };

  it('learns an event once, though it is tagged again, reworded or withdrawn', async () => {
    const { archive, events } = station.context;
    const before = (await archive.linker()).read(asked);
    await events.outdateAll();
    await enrichBehind(station.context);
    await reader(test.db)({
      day: day(4),
      wikitext: page(['Miners in [[Talca]], [[Chile]], go on with their strike.'], 3),
    });
    await enrichBehind(station.context);

    expect((await archive.linker()).read(asked)).toEqual(before);
  });

  it('says the same in a process that starts now, and learns what came since', async () => {
    const later = await stationOn(test.db, {});
    try {
      const names = async () => (await later.context.archive.linker()).read(asked).mentions.map(({ title }) => title);
      expect(await names()).toEqual(expect.arrayContaining(['Ada Quist', 'Talca', 'Chile']));

      const fresh = { ...asked, text: 'Rain floods Oskel.' };
      const score = async () =>
        (await later.context.archive.linker()).read(fresh).mentions.find(({ surface }) => surface === 'Oskel')?.score ??
        0;
      const before = await score();
      await reader(test.db)({
        day: day(11),
        wikitext: page(['A fire in [[Oskel]] is put out.', 'A school in [[Oskel]] is closed.'], 11),
      });
      await enrichBehind(later.context);
      expect(await score()).toBeGreaterThan(before);
    } finally {
      await later.close();
    }
  });
});
