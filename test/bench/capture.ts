/**
 * How fast pages are fetched and read, beside Crawlee's CheerioCrawler with the
 * same pages from the same local servers, each answered after 50 ms: pages a
 * second, CPU time, and peak memory, each in a process of its own, in turns.
 * Both read title, description, authors, dates, site, address, image, language,
 * section, keywords and the main text. No host is waited for.
 *
 *   npm install --prefix BESIDE @crawlee/cheerio@3.18.1
 *   npm run bench -- capture BESIDE [directory of <id>.html.gz]
 *
 * Crawlee brings 143 packages, so it is installed beside and not with the
 * project; without it our own figures are told alone. Without a directory:
 * synthetic pages of 74 kB, then the development pages where they are at hand.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { createRequire } from 'node:module';
import type { CheerioAPI } from 'cheerio';
import { createFetcher, PAGE_TYPES } from '@throughline/fetch';
import { openPageReader } from '@throughline/pipeline';

const LATENCY_MS = 50;
const AT_ONCE = 32;
const ROUNDS = 3;
const PAGES = 1_200;
/** As many hosts as pages are asked for at once, so that connections are kept as in a crawl of many hosts. */
const HOSTS = AT_ONCE;
const DEVELOPMENT = fileURLToPath(new URL('../../../shared/data/articles/pages', import.meta.url));
/** What the server keeps in memory. */
const MOST_PAGES = 300;

interface Rate {
  pages: number;
  /** Pages in which a title was found: both must have read them. */
  titled: number;
  pagesPerSecond: number;
  cpuMsPerPage: number;
  megabytes: number;
}

/** A page of the usual size, 74 kB: a head, fifty paragraphs, and lists of links and scripts around them. */
function synthetic(): Buffer {
  const words = (from: number, count: number) =>
    Array.from({ length: count }, (_, i) => WORDS[(from * 31 + i * 7 + ((i * i) % 11)) % WORDS.length]).join(' ');
  const times = (count: number, piece: (index: number) => string) =>
    Array.from({ length: count }, (_, i) => piece(i)).join('\n');
  const head = `<title>Council votes for a bridge - The News</title><meta property="og:title" content="Council votes for a bridge"><meta property="og:type" content="article"><meta property="og:site_name" content="The News"><meta property="og:description" content="The council met on Monday."><meta property="og:image" content="https://news.example/bridge.jpg"><link rel="canonical" href="https://news.example/bridge"><meta name="author" content="Ada Lovelace"><meta property="article:published_time" content="2026-03-09T10:00:00Z"><script type="application/ld+json">{"@type":"NewsArticle","headline":"Council votes for a bridge","author":{"@type":"Person","name":"Ada Lovelace"},"datePublished":"2026-03-09T10:00:00Z"}</script>`;
  const links = (name: string, count: number) =>
    `<ul class="${name}">${times(count, (i) => `<li class="item"><a href="/${name}/${i}/${i * 7919}">${words(i, 6)}</a></li>`)}</ul>`;
  return Buffer.from(
    `<!doctype html><html lang="en"><head>${head}${times(38, (i) => `<script>window.q=window.q||[];q.push({id:${i},slot:"${words(i, 12)}"});</script>`)}</head><body><nav>${links('section', 150)}</nav><article><h1>Council votes for a bridge</h1>${times(50, (i) => `<p>${words(i, 70)}, officials said on Monday.</p>`)}</article><aside>${links('more', 188)}</aside><footer>${links('about', 125)}</footer></body></html>`,
  );
}

const WORDS =
  `council town river bridge vote spring minister report people water night north party court city week border police union harbour budget school storm winter election judge train market island valley`.split(
    ' ',
  );

/** Serves the pages in a process of its own, as hosts that differ in their port, so that only the client's time is counted. */
async function serve(directory: string | undefined): Promise<void> {
  const packed = directory
    ? readdirSync(directory)
        .filter((name) => name.endsWith('.html.gz'))
        .slice(0, MOST_PAGES)
        .map((name) => readFileSync(join(directory, name)))
    : [gzipSync(synthetic())];
  const answer: RequestListener = (request, response) => {
    const index = Number(new URL(request.url ?? '/', 'http://x').searchParams.get('n')) % packed.length;
    setTimeout(() => {
      response
        .writeHead(200, {
          'content-type': 'text/html',
          'content-encoding': 'gzip',
          'content-length': packed[index]?.length,
        })
        .end(packed[index]);
    }, LATENCY_MS);
  };
  const origins = Array.from({ length: HOSTS }, async () => {
    const server = createServer({ keepAliveTimeout: 60_000 }, answer);
    await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  process.send?.(await Promise.all(origins));
}

const urlsOf = (origins: readonly string[], count: number) =>
  Array.from({ length: count }, (_, n) => `${origins[n % origins.length]}/?n=${n}`);

async function ours(urls: readonly string[]): Promise<number> {
  const fetcher = createFetcher({ userAgent: 'bench', guard: { allowLoopback: true } });
  const readPage = openPageReader();
  let titled = 0;
  let next = 0;
  const lane = async () => {
    for (let url = urls[next++]; url !== undefined; url = urls[next++]) {
      const fetched = await fetcher.get(url, { accept: PAGE_TYPES });
      if (fetched.kind === 'ok' && isTitled(await readPage(fetched))) titled++;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  fetcher.close();
  return titled;
}

const isTitled = (read: Awaited<ReturnType<ReturnType<typeof openPageReader>>>): boolean =>
  read.kind === 'read' && read.article.fields.title !== undefined;

type Way = 'ours' | 'crawlee';

/** What is used of Crawlee. */
interface Crawlee {
  CheerioCrawler: new (options: object, configuration: object) => { run: (urls: string[]) => Promise<unknown> };
  Configuration: new (options: object) => object;
  log: { setLevel: (level: number) => void };
  LogLevel: { OFF: number };
}

const fromBeside = (beside: string) => createRequire(join(resolve(beside), 'package.json'));

async function crawlee(urls: readonly string[], beside: string): Promise<number> {
  const { CheerioCrawler, Configuration, log, LogLevel } = fromBeside(beside)('@crawlee/cheerio') as Crawlee;
  log.setLevel(LogLevel.OFF);
  let titled = 0;
  const crawler = new CheerioCrawler(
    {
      minConcurrency: AT_ONCE,
      maxConcurrency: AT_ONCE,
      maxRequestRetries: 0,
      useSessionPool: false,
      persistCookiesPerSession: false,
      additionalMimeTypes: ['application/octet-stream'],
      requestHandler({ $ }: { $: CheerioAPI }) {
        if (readWithCheerio($).title) titled++;
      },
    },
    new Configuration({ persistStorage: false, purgeOnStart: false, availableMemoryRatio: 0.5 }),
  );
  await crawler.run([...urls]);
  return titled;
}

/** The fields as a careful user of Crawlee reads them. */
function readWithCheerio($: CheerioAPI) {
  const meta = (...names: string[]) =>
    names.map((name) => $(`meta[property="${name}"], meta[name="${name}"]`).attr('content')).find(Boolean);
  const linked: Record<string, unknown>[] = [];
  $('script[type="application/ld+json"]').each((_, script) => {
    try {
      const data: unknown = JSON.parse($(script).text());
      linked.push(...([data].flat() as Record<string, unknown>[]));
    } catch {
      // many pages have broken ones
    }
  });
  const article = linked.find((one) => /Article/.test(String(one['@type'])));
  return {
    title: meta('og:title', 'twitter:title') ?? article?.['headline'] ?? ($('h1').first().text() || $('title').text()),
    description: meta('og:description', 'description'),
    authors: meta('author') ?? article?.['author'],
    published: meta('article:published_time') ?? article?.['datePublished'] ?? $('time').attr('datetime'),
    modified: meta('article:modified_time') ?? article?.['dateModified'],
    siteName: meta('og:site_name'),
    canonicalUrl: $('link[rel="canonical"]').attr('href'),
    image: meta('og:image'),
    language: $('html').attr('lang'),
    section: meta('article:section'),
    keywords: meta('keywords', 'news_keywords'),
    body: $('article p, main p, p')
      .map((_, paragraph) => $(paragraph).text().trim())
      .get()
      .join('\n\n'),
  };
}

async function measure(way: Way, origins: readonly string[], pages: number, beside: string): Promise<void> {
  const work = way === 'ours' ? ours : (urls: readonly string[]) => crawlee(urls, beside);
  await work(urlsOf(origins, AT_ONCE * 4)); // warms up
  const started = performance.now();
  const cpu = process.cpuUsage();
  const titled = await work(urlsOf(origins, pages));
  const seconds = (performance.now() - started) / 1_000;
  const { user, system } = process.cpuUsage(cpu);
  const rate: Rate = {
    pages,
    titled,
    pagesPerSecond: pages / seconds,
    cpuMsPerPage: (user + system) / 1_000 / pages,
    megabytes: process.resourceUsage().maxRSS / 1_000,
  };
  process.send?.(rate, () => process.exit());
}

/** Without the condition `source`, so that what is measured is what is built. */
const self = (...args: string[]): ChildProcess =>
  fork(fileURLToPath(import.meta.url), args, { execArgv: ['--import', 'tsx'] });
const message = <T>(child: ChildProcess) =>
  new Promise<T>((done, fail) => {
    child.once('message', (value) => done(value as T));
    child.once('exit', (code) => fail(new Error(`a process ended with ${code}`)));
  });

async function compare(name: string, beside: string | undefined, directory: string | undefined): Promise<void> {
  const server = self('serve', ...(directory === undefined ? [] : [directory]));
  const origins = (await message<string[]>(server)).join(' ');
  const rates: Record<Way, Rate[]> = { ours: [], crawlee: [] };
  for (let round = 0; round < ROUNDS; round++) {
    if (beside !== undefined) rates.crawlee.push(await message<Rate>(self('crawlee', origins, String(PAGES), beside)));
    rates.ours.push(await message<Rate>(self('ours', origins, String(PAGES))));
  }
  server.kill();
  console.log(`\n${name}: ${PAGES} pages, ${AT_ONCE} at once, ${LATENCY_MS} ms each`);
  const us = figures(rates.ours);
  if (beside === undefined) return console.table({ throughline: us });
  const them = figures(rates.crawlee);
  console.table({ throughline: us, crawlee: them });
  console.log(
    `${(us['pages/s'] / them['pages/s']).toFixed(1)}x the pages/s, ${(them['CPU ms a page'] / us['CPU ms a page']).toFixed(1)}x the pages for a second of CPU, ${(us['peak MB'] / them['peak MB']).toFixed(2)}x the memory`,
  );
}

const best = (way: Rate[], of: (rate: Rate) => number) => way.map(of).reduce((one, other) => Math.min(one, other));

const figures = (way: Rate[]) => ({
  'pages/s': Math.round(1 / best(way, ({ pagesPerSecond }) => 1 / pagesPerSecond)),
  'CPU ms a page': Number(best(way, ({ cpuMsPerPage }) => cpuMsPerPage).toFixed(2)),
  'peak MB': Math.round(best(way, ({ megabytes }) => megabytes)),
  titled: way[0]?.titled,
});

const USAGE = 'NO BASELINE: npm install --prefix BESIDE @crawlee/cheerio@3.18.1; npm run bench -- capture BESIDE';

async function main(given: string | undefined, directory: string | undefined): Promise<void> {
  const beside =
    given !== undefined && existsSync(join(given, 'node_modules', '@crawlee', 'cheerio')) ? given : undefined;
  if (beside === undefined) console.log(USAGE);
  if (directory !== undefined) return compare(directory, beside, directory);
  await compare('synthetic pages of 74 kB', beside, undefined);
  if (existsSync(DEVELOPMENT)) await compare('real pages', beside, DEVELOPMENT);
  else console.log('\nreal pages: left out, as the development pages are not at hand');
}

const [role, given, count, beside] = process.argv.slice(2);
if (role === 'serve') await serve(given);
else if (role === 'ours' || role === 'crawlee')
  await measure(role, (given ?? '').split(' '), Number(count), beside ?? '');
else await main(role, given);
