import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { jobs, submit } from '@throughline/pipeline';
import { openQueue, type Backend, type Finished } from '@throughline/queue';
import { testDatabase, testRedis } from '@throughline/test';
import { serveOnLoopback } from '@throughline/test/loopback';
import { stationOn } from '@throughline/test/station';
import { startWorker, type Worker } from '@throughline/worker';
import { sql } from 'kysely';
import { Queue } from 'bullmq';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

const PRODUCER = fileURLToPath(new URL('../../examples/produce/produce.mjs', import.meta.url));
const PATIENT = { timeout: 30_000, interval: 50 };
const silent = { warn() {}, error() {} };

const page = `<!doctype html><html lang="en"><head><title>A bridge opens over the Ald</title>
  <meta property="og:type" content="article"><meta property="og:title" content="A bridge opens over the Ald">
  <meta property="article:published_time" content="2026-03-09T10:00:00Z"></head>
  <body><article><h1>A bridge opens over the Ald</h1>${'<p>The council of the town opened the bridge over the river on Monday, two years after it voted for it.</p>'.repeat(4)}</article></body></html>`;

const database = await testDatabase();
const redis = await testRedis();
afterAll(async () => {
  await database.drop();
  await redis?.stop();
});

describe('a URL from another program', () => {
  it('is refused with the reason where it cannot be fetched, and a known one makes nothing new', async () => {
    const { context, close } = await stationOn(database.db);
    const run = (url: string) =>
      submit.run({ version: 1, url }, context, AbortSignal.timeout(5_000), AbortSignal.timeout(5_000));
    try {
      expect(await run('ftp://a.example/x')).toMatchObject({ kind: 'rejected', reason: expect.stringMatching(/http/) });
      expect(await run('http://127.0.0.1/x')).toMatchObject({ kind: 'rejected' });
      const first = await run('https://b.example/one?utm_source=feed');
      expect(first).toMatchObject({ kind: 'done', next: [{ job: 'capture', payload: { host: 'b.example' } }] });
      await run('https://b.example/one');
      const { rows } = await sql`select url from article where host = 'b.example'`.execute(database.db);
      expect(rows).toHaveLength(1);
    } finally {
      await close();
    }
  });
});

describe('the example producer', () => {
  if (!redis) {
    const missing = 'NOT RUN: the example producer, for want of a server: install redis-server or set TEST_REDIS_URL';
    if (process.env['REQUIRE_ALL']) it('has a Redis', () => expect.fail(missing));
    else {
      console.warn(`\n${missing}\n`);
      it.skip(missing, () => {});
    }
    return;
  }

  const produce = (...urls: string[]) =>
    promisify(execFile)(process.execPath, [PRODUCER, ...urls], { env: { ...process.env, REDIS_URL: redis.url } });
  const ended: (() => Promise<unknown>)[] = [];
  const finished: Finished[] = [];
  let queue: Backend;

  beforeAll(async () => {
    const web = await serveOnLoopback({
      '*'(request, response) {
        const { pathname } = new URL(String(request.headers['x-replay-url']));
        if (pathname === '/robots.txt') return void response.writeHead(404).end();
        response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(page);
      },
    });
    const replay = { origin: web.origin, hosts: new Set(['a.example']) };
    const { context, close } = await stationOn(database.db, { replay });
    queue = await openQueue({ url: redis.url, jobs, log: silent });
    const worker: Worker = await startWorker({ queue, context, report: (one) => void finished.push(one) });
    ended.push(
      async () => web[Symbol.asyncDispose](),
      close,
      () => worker.close({ timeoutMs: 5_000 }),
    );
  }, 60_000);
  afterAll(async () => {
    for (const end of ended.toReversed()) await end();
  });

  it('has its article captured, and made an event', async () => {
    const url = 'https://a.example/2026/03/a-bridge-opens';
    const { stdout } = await produce(url);
    expect(stdout).toContain(url);
    await vi.waitFor(async () => {
      const { rows } = await sql<{ sentence: string }>`
        select e.text as sentence from event e join event_source s on s.event_id = e.id join article a on a.id = s.article_id
        where a.url = ${url}`.execute(database.db);
      expect(rows).toMatchObject([{ sentence: expect.stringContaining('A bridge opens over the Ald') }]);
    }, PATIENT);
  });

  it('is told what it did wrong where operators look, and the next job is done all the same', async () => {
    const raw = new Queue('submit', { connection: { url: redis.url }, prefix: 'throughline' });
    await raw.add('submit', { version: 2, url: 'https://a.example/later' });
    await raw.add('submit', { link: 'https://a.example/x' });
    await raw.close();
    await produce('https://a.example/2026/03/a-second-bridge');
    await vi.waitFor(async () => {
      const failed = await queue.failed('submit');
      expect(failed.map(({ error }) => error)).toEqual([
        expect.stringContaining('bad payload'),
        expect.stringContaining('bad payload'),
      ]);
      expect(finished).toContainEqual(
        expect.objectContaining({
          stage: 'submit',
          key: 'https://a.example/2026/03/a-second-bridge',
          outcome: expect.objectContaining({ kind: 'done' }),
        }),
      );
    }, PATIENT);
  });

  it('says what is missing', async () => {
    await expect(produce()).rejects.toMatchObject({ code: 2, stderr: expect.stringContaining('usage:') });
  });
});
