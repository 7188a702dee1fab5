/**
 * How fast portal days are read, beside wtf_wikipedia reading the same days in
 * the same run, and that the time grows no faster than the page.
 *
 *   npx tsx --conditions=source test/bench/portal.ts [directory of YYYY-MM-DD.wiki]
 *
 * Without a directory the days are generated. Both readers get decoded text;
 * both give every bullet with its links (wtf_wikipedia's `json()`). Each is
 * timed by its best of several rounds, in CPU time, so that a busy machine
 * tells the same.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Day } from '@throughline/core';
import { decodePage, parseDay } from '@throughline/portal';
import fc from 'fast-check';
import wtf from 'wtf_wikipedia';
import { HOSTILE_PAGES } from '../golden/hostile-pages.ts';
import { aDay, FRAMES, wikitextBody } from '../golden/portal-days.ts';

interface Page {
  day: Day;
  wikitext: string;
}

const ROUNDS = 7;
/** wtf_wikipedia reads every so many pages: its rate needs no more. */
const SAMPLE_OF = 5;

function readPages(directory: string | undefined): Page[] {
  if (directory === undefined) return generatedPages();
  return readdirSync(directory)
    .filter((file) => /^\d{4}-\d\d-\d\d\.wiki$/.test(file))
    .toSorted()
    .map((file) => ({ day: file.slice(0, 10) as Day, wikitext: decodePage(readFileSync(join(directory, file))) }));
}

const generatedPages = (): Page[] =>
  fc.sample(aDay, { numRuns: 1_500, seed: 1 }).flatMap((model) =>
    Object.values(FRAMES).map(({ frame }) => ({
      day: model.day,
      wikitext: frame(model.day, wikitextBody(model, 'semicolon')),
    })),
  );

/** Seconds of CPU that `work` takes at best. */
function best(rounds: number, work: () => void): number {
  let least = Infinity;
  for (let round = 0; round < rounds; round++) {
    const before = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(before);
    least = Math.min(least, (user + system) / 1e6);
  }
  return least;
}

const megabytes = (pages: readonly Page[]): number =>
  pages.reduce((sum, { wikitext }) => sum + Buffer.byteLength(wikitext), 0) / 1e6;

interface Rate {
  days: number;
  daysPerSecond: number;
  megabytesPerSecond: number;
}

function rate(pages: readonly Page[], rounds: number, read: (page: Page) => void): Rate {
  const seconds = best(rounds, () => pages.forEach(read));
  return {
    days: pages.length,
    daysPerSecond: Math.round(pages.length / seconds),
    megabytesPerSecond: Number((megabytes(pages) / seconds).toFixed(1)),
  };
}

const LADDER_BYTES = [625_000, 1_250_000, 2_500_000, 5_000_000];

/** CPU milliseconds for hostile pages of doubling size. */
const ladder = (): Record<string, number[]> =>
  Object.fromEntries(
    Object.entries(HOSTILE_PAGES).map(([name, make]) => [
      name,
      LADDER_BYTES.map((bytes) => {
        const page = make(bytes);
        return Math.round(best(2, () => parseDay('2021-06-01' as Day, page)) * 1_000);
      }),
    ]),
  );

/** Reads all days, and some of them with wtf_wikipedia too; tells both rates, their ratio, and the times of hostile pages. */
export function benchPortal(directory?: string) {
  const pages = readPages(directory);
  const sample = pages.filter((_, index) => index % SAMPLE_OF === 0);
  const read = ({ day, wikitext }: Page) => parseDay(day, wikitext);
  const all = rate(pages, ROUNDS, read);
  const ours = rate(sample, ROUNDS, read);
  const wtfWikipedia = rate(sample, 2, ({ wikitext }) => wtf(wikitext).json());
  const ratio = Number((ours.megabytesPerSecond / wtfWikipedia.megabytesPerSecond).toFixed(1));
  return { all, sample: { throughline: ours, wtfWikipedia, ratio }, hostileMs: { bytes: LADDER_BYTES, ...ladder() } };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(benchPortal(process.argv[2]));
