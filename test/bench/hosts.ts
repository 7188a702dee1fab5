/**
 * How soon half of a mixed backlog is captured: one job a host, as the capture
 * stage does it, beside workers that take page after page from one line and
 * wait in their slot until its host may be asked. Same pages, same pace of a
 * second a host, same number of slots, real requests to a server on loopback.
 *
 *   npm run bench -- hosts
 */
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Day, hostOf } from '@throughline/core';
import { migrate, openDatabase, pageStore } from '@throughline/db';
import { createFetcher } from '@throughline/fetch';
import { capture, captureJob, ingest, jobs } from '@throughline/pipeline';
import { openQueue, request } from '@throughline/queue';
import { startEmbeddedPostgres } from '@throughline/runtime';
import { openContext } from '@throughline/worker';

const SLOTS = 8;
const PACE_MS = 1_000;
/** The portal cites one agency for every seventh page; a fresh day, or a feed, more of one. */
const LARGE = 45;
const SMALL_HOSTS = 45;
const PAGES_EACH = 2;

const large = Array.from({ length: LARGE }, (_, i) => `http://large.example/${i}`);
const small = Array.from(
  { length: SMALL_HOSTS * PAGES_EACH },
  (_, i) => `http://small-${i % SMALL_HOSTS}.example/${i}`,
);
/** In an order that has no favourites, and the same each time. */
const urls = [...large, ...small]
  .map((url, i) => ({ url, key: (i * 7_919) % 10_007 }))
  .toSorted((a, b) => a.key - b.key)
  .map(({ url }) => url);
const HALF = Math.ceil(urls.length / 2);

/** When each page was asked for, since the start. */
const asked: number[] = [];
let startedAt = 0;
const server = createServer((incoming, response) => {
  if (incoming.url === '/robots.txt') return void response.writeHead(404).end();
  asked.push(performance.now() - startedAt);
  response.writeHead(200, { 'content-type': 'text/html' }).end('<title>Story</title><h1>Story</h1>');
});
await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done));
const replay = {
  origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  hosts: new Set(urls.map((url) => hostOf(url) ?? '')),
};

function begin(): void {
  asked.length = 0;
  startedAt = performance.now();
}

/** One line for all; whoever comes to a page waits for its host. */
async function waitingWorkers(): Promise<void> {
  const fetcher = createFetcher({ userAgent: 'bench', replay });
  const turns = new Map<string, Promise<unknown>>();
  const line = [...urls];
  begin();
  const worker = async () => {
    for (let url = line.shift(); url !== undefined; url = line.shift()) {
      const host = hostOf(url) ?? '';
      const page = url;
      const fetched = (turns.get(host) ?? Promise.resolve()).then(() => fetcher.get(page));
      turns.set(
        host,
        fetched.then(() => sleep(PACE_MS)),
      );
      await fetched;
    }
  };
  await Promise.all(Array.from({ length: SLOTS }, worker));
  fetcher.close();
}

/** The capture stage, a queue, and Postgres. */
async function oneJobAHost(): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'throughline-bench-'));
  await chmod(directory, 0o755);
  const postgres = await startEmbeddedPostgres({ dataDirectory: directory, log: { info() {} }, durable: false });
  const db = openDatabase(postgres.url);
  await migrate(db);
  const opened = openContext({
    db,
    dataDirectory: directory,
    settleHours: 0,
    sources: [],
    contact: 'ops@example.org',
    replay,
    version: '0.0.0',
  });
  const context = { ...opened, replayed: () => false };
  const wikitext = [
    '{{Current events|content=',
    ';Bench',
    ...urls.map((url, i) => `*Item ${i}. [${url} (A)]`),
    '}}',
  ].join('\n');
  await ingest('portal', [{ day: Day.parse('2026-03-10'), title: 'Bench', wikitext }], {
    pages: pageStore(db),
    now: Date.now,
    settleMs: 0,
  });
  const queue = await openQueue({ url: 'memory:', jobs, log: { warn() {}, error() {} } });
  begin();
  await queue.enqueue([...replay.hosts].map((host) => request(captureJob, { host })));
  await queue.work(capture, context, () => {}, { concurrency: SLOTS });
  while (asked.length < urls.length) await sleep(50);
  await queue.close();
  context.fetcher.close();
  await db.destroy();
  await postgres.stop();
  await rm(directory, { recursive: true, force: true });
}

const seconds = (index: number) => Number(((asked[index - 1] ?? 0) / 1_000).toFixed(1));
const figures = () => ({ 'half done, s': seconds(HALF), 'all done, s': seconds(urls.length) });

await waitingWorkers();
const waiting = figures();
await oneJobAHost();
const ours = figures();
server.close();
console.log(
  `${urls.length} pages, ${LARGE} of them of one host, ${SLOTS} slots, a second between two requests to a host`,
);
console.table({ 'one job a host': ours, 'waiting workers': waiting });
console.log(`half of it ${(waiting['half done, s'] / ours['half done, s']).toFixed(1)}x sooner`);
