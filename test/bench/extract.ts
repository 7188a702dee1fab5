import { fork } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { gunzipSync } from 'node:zlib';
import { extract } from '@throughline/extract';
import { decodeHtml } from '@throughline/fetch';
import { aLadder } from './extract/ladder.ts';
import { syntheticPages } from './extract/pages.ts';

const USAGE = `usage: npm run bench -- extract [--articles DIR] [--metascraper DIR] [--rounds N]

Reads the same article pages with our extractor, without and with the main text, and with metascraper's usual
rules, each in a process of its own with the heap's growth set as the program sets it; tells pages a second of CPU
time, their ratios, the slowest page and the peak memory. Then a ladder of sizes: time must grow as the page does.

--articles DIR     gold.jsonl and pages/ of real pages; without it, pages made for the purpose
--metascraper DIR  a directory in which metascraper is installed. It brings some 130 packages and a native one,
                   so it is no dependency here:
                     mkdir DIR && cd DIR && npm init -y && npm install --ignore-scripts metascraper@5.49.24 \\
                       ${['author', 'date', 'description', 'image', 'lang', 'publisher', 'title', 'url', 'logo'].map((rule) => `metascraper-${rule}@5.49.24`).join(' ')}`;

interface Sample {
  url: string;
  html: string;
}

interface Measured {
  pages: number;
  bytes: number;
  cpuMs: number;
  slowestMs: number;
  /** Before the first page, with all loaded that reads it, and at most. */
  startMb: number;
  peakMb: number;
}

type Way = 'metadata' | 'text' | 'metascraper';

interface Settings {
  articles: string | undefined;
  metascraper: string | undefined;
  rounds: number;
}

function settingsOf(args: readonly string[]): Settings {
  const valueOf = (name: string) => (args.includes(name) ? args[args.indexOf(name) + 1] : undefined);
  return {
    articles: valueOf('--articles'),
    metascraper: valueOf('--metascraper'),
    rounds: Number(valueOf('--rounds') ?? 1),
  };
}

interface Stored {
  id: string;
  url: string;
  charset?: string;
}

const manifestOf = (articles: string): Stored[] =>
  readFileSync(join(articles, 'gold.jsonl'), 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as Stored)
    .map(({ id, url, charset }) => ({ id, url, ...(charset !== undefined && { charset }) }));

/** Pages one after another, so that no more than one is in memory. */
function* samples({ articles }: Settings): Generator<Sample> {
  if (articles === undefined) return yield* syntheticPages();
  for (const { id, url, charset } of manifestOf(articles)) {
    const bytes = gunzipSync(readFileSync(join(articles, 'pages', `${id}.html.gz`)));
    yield { url, html: decodeHtml(bytes, { contentType: `text/html; charset=${charset ?? 'utf-8'}` }).text };
  }
}

const RULES = ['author', 'date', 'description', 'image', 'lang', 'logo', 'publisher', 'title', 'url'];

async function readerOf(way: Way, { metascraper }: Settings): Promise<(page: Sample) => unknown> {
  if (way !== 'metascraper') return ({ html, url }) => extract(html, { url, wantBody: way === 'text' });
  const beside = createRequire(pathToFileURL(join(resolve(metascraper!), 'package.json')));
  const load = async (name: string) =>
    ((await import(pathToFileURL(beside.resolve(name)).href)) as { default: (rules?: unknown) => unknown }).default;
  const rules = await Promise.all(RULES.map(async (rule) => (await load(`metascraper-${rule}`))()));
  return (await load('metascraper'))(rules) as (page: Sample) => unknown;
}

/** Where a rule fails, metascraper rejects; the page counts all the same. */
const settled = async (read: (page: Sample) => unknown, page: Sample): Promise<unknown> => {
  try {
    return await read(page);
  } catch (error) {
    return error;
  }
};

const WARM_UP = 60;

/** The most memory that this process has had. */
const megabytes = (): number => process.resourceUsage().maxRSS / 1_024;

async function measure(way: Way, settings: Settings): Promise<Measured> {
  setFlagsFromString('--heap-growing-percent=100'); // as services/cli/src/main.ts
  const read = await readerOf(way, settings);
  const total: Measured = { pages: 0, bytes: 0, cpuMs: 0, slowestMs: 0, startMb: megabytes(), peakMb: 0 };
  let warm = 0;
  for (const page of samples(settings)) {
    if (warm++ >= WARM_UP) break;
    await settled(read, page);
  }
  for (let round = 0; round < settings.rounds; round++) {
    for (const page of samples(settings)) {
      const before = process.cpuUsage();
      await settled(read, page);
      const { user, system } = process.cpuUsage(before);
      const ms = (user + system) / 1_000;
      total.pages++;
      total.bytes += page.html.length;
      total.cpuMs += ms;
      total.slowestMs = Math.max(total.slowestMs, ms);
    }
  }
  total.peakMb = megabytes();
  return total;
}

const here = fileURLToPath(import.meta.url);

/** Measures a way in a process of its own, so that none pays for another's garbage. */
const apart = (way: Way, args: readonly string[]): Promise<Measured> =>
  new Promise((done, fail) => {
    const child = fork(here, ['measure', way, ...args]);
    child.once('message', (measured) => done(measured as Measured));
    child.once('exit', (code) => fail(new Error(`${way} ended with ${code}`)));
  });

function tell(way: Way, { pages, bytes, cpuMs, slowestMs, startMb, peakMb }: Measured, baseline: Measured | undefined) {
  const rate = (pages * 1_000) / cpuMs;
  const ratio = baseline && way !== 'metascraper' ? (rate * baseline.cpuMs) / (baseline.pages * 1_000) : undefined;
  const facts = [
    `${pages} pages of ${Math.round(bytes / pages / 1_000)} kB`,
    `${rate.toFixed(1)} pages/s of CPU`,
    ...(ratio === undefined ? [] : [`${ratio.toFixed(1)}x metascraper`]),
    `slowest ${Math.round(slowestMs)} ms`,
    `peak ${Math.round(peakMb)} MB (${Math.round(startMb)} MB before the first page)`,
  ];
  console.log(`${way.padEnd(12)} ${facts.join(', ')}`);
}

async function main(args: readonly string[]) {
  const settings = settingsOf(args);
  const isInstalled =
    settings.metascraper !== undefined && existsSync(join(settings.metascraper, 'node_modules', 'metascraper'));
  if (!isInstalled) console.log(`NO BASELINE: metascraper is not installed beside; no ratio is told.\n\n${USAGE}\n`);
  if (settings.articles !== undefined) readdirSync(settings.articles);
  const baseline = isInstalled ? await apart('metascraper', args) : undefined;
  if (baseline) tell('metascraper', baseline, undefined);
  for (const way of ['metadata', 'text'] as const) tell(way, await apart(way, args), baseline);
  for (const line of aLadder()) console.log(line);
}

const [mode, ...rest] = process.argv.slice(2);
if (mode === '--help') console.log(USAGE);
else if (mode === 'measure') process.send?.(await measure(rest[0] as Way, settingsOf(rest.slice(1))));
else await main(process.argv.slice(2));
