import { Day } from '@throughline/core';
import { pageStore } from '@throughline/db';
import { asOf, ingest } from '@throughline/pipeline';
import { pageTitle } from '@throughline/portal';
import { testDatabase, type TestDatabase } from '@throughline/test';
import { afterAll, beforeAll, expect, it } from 'vitest';

const DAY = Day.parse('2017-06-01');
const HOUR = 3_600_000;
const SETTLE = 3 * HOUR;
const START = Date.parse('2017-06-01T00:00Z');

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

const page = (...sentences: string[]) =>
  `{{Current events|year=2017|month=06|day=01|content=\n;Politics and elections\n${sentences.map((sentence) => `*${sentence}`).join('\n')}\n}}`;

it('shows a day as readers saw it at any earlier instant', async () => {
  const pages = pageStore(database.db);
  const read = (hours: number, ...sentences: string[]) =>
    ingest('portal', [{ day: DAY, title: pageTitle(DAY), wikitext: page(...sentences), at: START + hours * HOUR }], {
      pages,
      settleMs: SETTLE,
      now: () => START + hours * HOUR,
    });
  const vote = 'Voters in [[Lesotho]] go to the polls early. [http://example.org/vote (Gazette)]';
  const count = 'Voters in [[Lesotho]] go to the polls two years early. [http://example.org/vote (Gazette)]';
  await read(0, vote);
  await read(1, vote, 'A passing remark that nobody will keep for long at all.');
  await read(2, vote);
  await read(10, count);

  const seen = async (hours: number) =>
    (await asOf('portal', DAY, START + hours * HOUR, { pages })).map(({ reading }) => reading.text);
  expect(await seen(2)).toEqual([]);
  expect(await seen(4)).toEqual(['Voters in Lesotho go to the polls early.']);
  expect(await seen(12)).toEqual(['Voters in Lesotho go to the polls early.']);
  expect(await seen(14)).toEqual(['Voters in Lesotho go to the polls two years early.']);
});
