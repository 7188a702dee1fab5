import { fork, type ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { Agent, createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { loadavg, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { dayPath, eventPath, searchPath, type Site } from '@throughline/publish';
import { openDatabase, type Database } from '@throughline/db';
import { addApi, postgresReader, startWeb } from '@throughline/web';
import type { Hono } from 'hono';
import { sql } from 'kysely';
import { anArchive } from './web/archive.ts';

const AT_ONCE = 50;
const SAMPLE = 2_000;

/** Runs in a process of its own, so that client, service and database share the machine as they would. */
async function serveSite(databaseUrl: string): Promise<void> {
  const db = openDatabase(databaseUrl, { maxConnections: 10 });
  const extend = (app: Hono, site: Site): void => {
    const queue = { enqueue: async () => {} };
    addApi(app, site, {
      db,
      queue,
      version: 'bench',
      now: Date.now,
      ending: new AbortController().signal,
      loopback: true,
    });
  };
  const { url } = await startWeb({ reader: postgresReader(db), extend, host: '127.0.0.1', port: 0 });
  tellCpu();
  process.send?.(url);
}

/** Says, whenever it is asked, how much CPU time this process has had, in ms. */
function tellCpu(): void {
  process.on('message', () => {
    const { user, system } = process.cpuUsage();
    process.send?.((user + system) / 1_000);
  });
}

const cpuOf = (child: ChildProcess): Promise<number> =>
  new Promise((resolve) => {
    child.once('message', (ms) => resolve(ms as number));
    child.send('cpu');
  });

/** The plainest server of files there is: each request reads its file and sends it. */
function serveFiles(directory: string): void {
  const server = createServer((incoming, response) => {
    readFile(join(directory, new URL(incoming.url ?? '/', 'http://localhost').pathname)).then(
      (bytes) =>
        response
          .writeHead(200, {
            'Content-Type': 'text/html; charset=utf-8',
            'Content-Encoding': 'br',
            'Content-Length': bytes.length,
          })
          .end(bytes),
      () => response.writeHead(404).end(),
    );
  });
  tellCpu();
  server.listen(0, '127.0.0.1', () => process.send?.(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
}

interface Started {
  url: string;
  child: ChildProcess;
}

async function started(...args: string[]): Promise<Started> {
  const child = fork(fileURLToPath(import.meta.url), args);
  const url = await new Promise<string>((resolve, reject) => {
    child.once('message', (message) => resolve(message as string));
    child.once('exit', () => reject(new Error(`${args[0]} ended before it was up`)));
  });
  return { url, child };
}

interface Timing {
  p50: number;
  p95: number;
  perSecond: number;
  /** CPU time of the server for each request, in ms: what a busy machine does not change much. */
  cpuMs: number;
}

/** Asks for each path once, so many at once on connections that are kept. Times in ms. */
async function timed(
  { url: base, child }: Started,
  paths: readonly string[],
  keep?: (path: string, bytes: Buffer) => Promise<void>,
): Promise<Timing> {
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
  const times: number[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let path = paths[next++]; path !== undefined; path = paths[next++]) {
      const asked = performance.now();
      const bytes = await get(agent, base + path);
      times.push(performance.now() - asked);
      await keep?.(path, bytes);
    }
  };
  const cpuBefore = await cpuOf(child);
  const start = performance.now();
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  const seconds = (performance.now() - start) / 1_000;
  agent.destroy();
  const cpuMs = ((await cpuOf(child)) - cpuBefore) / paths.length;
  times.sort((a, b) => a - b);
  const at = (share: number): number => times[Math.floor(times.length * share)] ?? 0;
  return { p50: at(0.5), p95: at(0.95), perSecond: paths.length / seconds, cpuMs };
}

function get(agent: Agent, url: string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    request(url, { agent, headers: { 'Accept-Encoding': 'br' } }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        if (response.statusCode === 200) resolve(Buffer.concat(chunks));
        else reject(new Error(`${response.statusCode} ${url}`));
      });
      response.on('error', reject);
    })
      .on('error', reject)
      .end();
  });
}

type Sort = 'event' | 'day' | 'search' | 'lookup';

/** Paths of every sort, none twice, drawn evenly from the whole archive. */
async function paths(db: Database): Promise<Record<Sort, string[]>> {
  const { rows } = await sql<{ day: Parameters<typeof dayPath>[0]; slug: string; text: string }>`
    select day, slug, text from event where state = 'stable' and slug is not null order by md5(id::text) limit ${SAMPLE}`.execute(
    db,
  );
  const { rows: cited } = await sql<{
    url: string;
  }>`select url from event_source order by md5(url), url limit ${SAMPLE}`.execute(db);
  const words = new Set(
    rows.flatMap(
      ({ text }) =>
        text
          .match(/\p{Lu}?\p{L}{4,}/gu)
          ?.slice(-3, -1)
          .join(' ') ?? [],
    ),
  );
  return {
    event: rows.map(({ day, slug }) => eventPath(day, slug)),
    day: [...new Set(rows.map(({ day }) => dayPath(day)))].slice(0, SAMPLE / 2),
    search: [...words].slice(0, SAMPLE / 2).map((text) => searchPath({ text })),
    lookup: cited.map(({ url }) => `/v1/lookup?url=${encodeURIComponent(url)}`),
  };
}

/**
 * The site's pages at 50 requests at once, the first time each is asked for
 * and again, beside the same bytes from a server of files. Measures the archive
 * of `DATABASE_URL`, else one that it makes of the day files of a directory
 * (`npm run bench -- web DIR`), else a small one. Says how busy the machine was.
 */
export async function benchWeb(): Promise<void> {
  await using archive = await anArchive(process.env['DATABASE_URL'], process.argv[2]);
  const db = openDatabase(archive.url, { maxConnections: 2 });
  const asked = await paths(db);
  await db.destroy();
  const directory = await mkdtemp(join(tmpdir(), 'throughline-bench-'));
  const site = await started('site', archive.url);
  const files = await started('files', directory);
  const keep = async (path: string, bytes: Buffer): Promise<void> => {
    const file = join(directory, decodeURIComponent(path));
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, bytes);
  };
  try {
    await timed(site, asked.event.slice(-200)); // warms up code, connections and the database's cache
    for (const [kind, all] of Object.entries(asked)) {
      const list = kind === 'event' ? all.slice(0, -200) : all;
      const first = await timed(site, list);
      const again = list.slice(0, 500);
      // A path with a query is no file, but its bytes are: they are asked for under a number.
      const names = new Map(again.map((path, index) => [path, path.includes('?') ? `/${kind}/${index}` : path]));
      await timed(site, again, (path, bytes) => keep(names.get(path) ?? path, bytes));
      const repeated = Array.from({ length: 8 }, () => again).flat();
      const ours = await timed(site, repeated);
      await timed(files, [...names.values()]);
      const theirs = await timed(files, Array.from({ length: 8 }, () => [...names.values()]).flat());
      tell(`${kind}, asked for the first time`, first, theirs);
      tell(`${kind}, asked for again`, ours, theirs);
      tell(`${kind}, from files`, theirs);
    }
    console.log(`load of the machine meanwhile: ${loadavg()[0]?.toFixed(1)}`);
  } finally {
    site.child.kill();
    files.child.kill();
    await rm(directory, { recursive: true, force: true });
  }
}

function tell(what: string, { p50, p95, perSecond, cpuMs }: Timing, baseline?: Timing): void {
  const ratio = baseline
    ? `, ${(p95 / baseline.p95).toFixed(1)} times the files’ p95 and ${(cpuMs / baseline.cpuMs).toFixed(1)} times their CPU time`
    : '';
  console.log(
    `${what}: p50 ${p50.toFixed(1)} ms, p95 ${p95.toFixed(1)} ms, ${Math.round(perSecond)} a second, ${cpuMs.toFixed(2)} ms of CPU each${ratio}`,
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [, , what, where = ''] = process.argv;
  if (what === 'site') await serveSite(where);
  else if (what === 'files') serveFiles(where);
  else await benchWeb();
}
