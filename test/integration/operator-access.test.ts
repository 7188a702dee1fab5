import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Day } from '@throughline/core';
import { auditStore, migrate, openDatabase, throughputStore, type Database } from '@throughline/db';
import { jobs } from '@throughline/pipeline';
import { openQueue, type Backend } from '@throughline/queue';
import { createDatabase, freePort, startRedis, testDatabase } from '@throughline/test';
import { portalPage, reader } from '@throughline/test/record';
import { addOps, startWeb, type Web } from '@throughline/web';
import { sql } from 'kysely';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { actions } from '../../services/web/src/ops/actions.ts';
import { siteInMemory } from '../support/site-reader.ts';

const TOKEN = 'open-sesame-open-sesame';
const VIEWER = 'only-looking-only-looking';
const HEADER = 'x-signed-in-as';
const log = { warn() {}, error() {} };
const actionPaths = Object.keys(actions);

const database = await testDatabase();
afterAll(() => database.drop());

const open: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close();
});

/** A dashboard as it is served away from loopback: nobody is known by where they sit. */
async function aDashboard({
  header,
  db = database.db,
  queue,
}: { header?: string; db?: Database; queue?: Backend } = {}) {
  const ending = new AbortController();
  const used = queue ?? (await openQueue({ url: 'memory:', jobs, log }));
  if (!queue) open.push(() => used.close());
  const operation = { db, queue: used, live: true, dataDirectory: process.cwd(), now: Date.now };
  const web: Web = await startWeb({
    reader: siteInMemory({ events: [], days: [] }),
    host: '127.0.0.1',
    port: 0,
    extend: (app, site) => {
      const who = { loopback: false, token: TOKEN, viewerToken: VIEWER, ...(header && { header }) };
      addOps(app, site, { operation, ending: ending.signal, ...who });
    },
  });
  open.push(async () => {
    ending.abort();
    await web.close(0);
  });
  const ask = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
    fetch(web.url + path, {
      method,
      redirect: 'manual',
      headers: { ...(method === 'POST' && { 'content-type': 'application/x-www-form-urlencoded' }), ...headers },
      ...(method === 'POST' && { body: 'stage=enrich' }),
    });
  return { ask, url: web.url, queue: used };
}

const written = async () => (await auditStore(database.db).recent(50)).length;

describe('somebody with the token of viewers', () => {
  it('reads everything, and has every action refused', async () => {
    const { ask, url } = await aDashboard();
    const before = await written();
    expect((await ask('/ops')).status).toBe(401);
    for (const path of ['/ops', '/ops/failures', '/ops/queues', '/metrics']) {
      expect((await ask(path, { authorization: `Bearer ${VIEWER}` })).status, path).toBe(200);
    }
    expect(actionPaths.length).toBeGreaterThan(20);
    for (const path of [...actionPaths, '/ops/no-such-action', '/ops/jobs/api/queues/capture/pause']) {
      expect((await ask(path, { authorization: `Bearer ${VIEWER}`, origin: url }, 'POST')).status, path).toBe(401);
    }
    expect(await written()).toBe(before);
  });

  it('signs in with it and still acts on nothing', async () => {
    const { ask, url } = await aDashboard();
    const signedIn = await fetch(`${url}/ops/sign-in`, {
      method: 'POST',
      redirect: 'manual',
      body: new URLSearchParams({ token: VIEWER }),
      headers: { origin: url },
    });
    const cookie = signedIn.headers.get('set-cookie')?.split(';')[0] ?? '';
    expect((await ask('/ops', { cookie })).status).toBe(200);
    expect((await ask('/ops/queues/pause', { cookie, origin: url }, 'POST')).status).toBe(401);
    expect(await (await ask('/ops/queues', { cookie })).text()).not.toContain('queues/pause');
  });
});

describe('somebody signed in by a proxy', () => {
  it('reads and acts under the name that the proxy gives', async () => {
    const { ask, url, queue } = await aDashboard({ header: HEADER });
    const named = { [HEADER]: 'ada@example.org' };
    expect((await ask('/ops')).status).toBe(401);
    expect((await ask('/ops', { [HEADER]: '' })).status).toBe(401);
    expect((await ask('/ops', named)).status).toBe(200);
    expect((await ask('/ops/queues/pause', { ...named, origin: url }, 'POST')).status).toBe(303);
    expect(await queue.counts()).toMatchObject({ enrich: { paused: true } });
    const [latest] = await auditStore(database.db).recent(1);
    expect(latest).toMatchObject({ operator: 'ada@example.org', action: 'queues/pause' });
  });

  it('is not made to act by a page elsewhere, for which the proxy signs in as well', async () => {
    const { ask } = await aDashboard({ header: HEADER });
    const named = { [HEADER]: 'ada@example.org' };
    const before = await written();
    expect((await ask('/ops/queues/pause', named, 'POST')).status).toBe(403);
    expect((await ask('/ops/queues/pause', { ...named, origin: 'https://evil.example' }, 'POST')).status).toBe(403);
    expect(await written()).toBe(before);
  });

  it('is nobody where no header is believed', async () => {
    const { ask, url } = await aDashboard();
    expect((await ask('/ops', { [HEADER]: 'ada@example.org' })).status).toBe(401);
    expect((await ask('/ops/queues/pause', { [HEADER]: 'ada@example.org', origin: url }, 'POST')).status).toBe(401);
  });
});

describe('/readyz', () => {
  const ready = async (ask: (path: string) => Promise<Response>) => (await ask('/readyz')).status;

  it('says 503 once the database is away', async () => {
    const own = await createDatabase();
    const db = openDatabase(own.url, { maxConnections: 3 });
    open.push(() => db.destroy());
    await migrate(db);
    const { ask } = await aDashboard({ db });
    expect(await ready(ask)).toBe(200);
    await own.drop();
    await expect.poll(() => ready(ask), { timeout: 30_000 }).toBe(503);
  });

  it('says 503 while the queue is away', async (test) => {
    const directory = await mkdtemp(join(tmpdir(), 'throughline-redis-'));
    const port = await freePort();
    const first = await startRedis(directory, port);
    if (!first) return process.env['REQUIRE_ALL'] ? expect.fail('no redis-server') : test.skip('no redis-server');
    const queue = await openQueue({ url: first.url, jobs, log });
    const { ask } = await aDashboard({ queue });
    expect(await ready(ask)).toBe(200);
    await first.stop();
    await expect.poll(() => ready(ask), { timeout: 40_000 }).toBe(503);
    const second = await startRedis(directory, port);
    await expect.poll(() => ready(ask), { timeout: 40_000 }).toBe(200);
    await queue.close();
    await second?.stop();
    await rm(directory, { recursive: true, force: true });
  });
});

describe('/ops/queues', () => {
  it('draws what each stage did in 24 hours and in 30 days, well and not, from our own counts', async () => {
    const buckets = [1, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    const daysAgo = (days: number) => new Date(Date.now() - days * 24 * 3_600_000);
    const counted = (days: number, outcome: string, count: number) => ({
      at: daysAgo(days),
      stage: 'capture',
      outcome,
      jobs: count,
      totalMs: 9,
      buckets,
    });
    await throughputStore(database.db).add([
      counted(0.1, 'done', 4),
      counted(3, 'rejected', 2),
      counted(20, 'failed', 3),
      counted(28, 'done', 7),
      counted(31, 'done', 100),
    ]);
    const { ask } = await aDashboard();
    const page = await (await ask('/ops/queues', { authorization: `Bearer ${VIEWER}` })).text();
    expect(page).toContain('capture, last 24 hours: 4 jobs went well, 0 failed');
    expect(page).toContain('capture, last 30 days: 11 jobs went well, 5 failed');
    expect(page).toContain('sweep, last 30 days: 0 jobs went well, 0 failed');
  });
});

describe('/ops/extraction', () => {
  it('says of all hosts and of one which rule finds a field, and on which hosts none does', async () => {
    const article = (host: string, at: number, rules: object) =>
      sql`insert into article
      (url, cited_url, host, state, captured_at, rules) values (${`${host}/${at}`}, ${`https://${host}/${at}`}, ${host}, 'ok',
        now(), ${JSON.stringify(rules)}::jsonb)`.execute(database.db);
    await sql`insert into host (name) values ('whole.example'), ('half.example')`.execute(database.db);
    await article('whole.example', 1, { title: 'og', published: 'json-ld' });
    await article('half.example', 1, { title: 'h1' });
    await article('half.example', 2, { title: 'og', published: 'time' });
    const { ask } = await aDashboard();
    const words = async (query: string) => {
      const answer = await ask(`/ops/extraction${query}`, { authorization: `Bearer ${VIEWER}` });
      return (await answer.text()).replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');
    };
    expect(await words('')).toContain('published json-ld 1 33% time 1 33% no rule 1 33%');
    expect(await words('?host=half.example')).toMatch(/of half\.example.*published time 1 50% no rule 1 50%/);
    const unfound = await words('?field=published');
    expect(unfound).toContain('Hosts without published half.example 1 of 2 50%');
    expect(unfound).not.toContain('whole.example');
  });
});

describe('a day that came out wrong', () => {
  it('is cleared by an operator: its articles are captured again, then its events tagged and related', async () => {
    const day = Day.parse('2026-03-10');
    await reader(database.db)({
      day,
      wikitext: portalPage([
        'A mill burns in [[Norway]]. [https://paper.example/1 (Paper)]',
        'A bridge opens in [[Peru]]. [https://paper.example/2 (Paper)]',
      ]),
    });
    await sql`update article set state = 'ok', attempts = 3, next_try_at = null`.execute(database.db);
    await sql`update event set enriched_version = version`.execute(database.db);
    const { url, queue } = await aDashboard();
    const act = async (path: string, fields: Record<string, string>) =>
      (
        await fetch(url + path, {
          method: 'POST',
          headers: { Authorization: `Bearer ${TOKEN}` },
          body: new URLSearchParams(fields),
        })
      ).text();
    const left = async () =>
      (
        await sql<{ behind: number; due: number }>`select
          (select count(*)::int from event where enriched_version < version) as behind,
          (select count(*)::int from article where next_try_at <= now() and attempts = 0) as due`.execute(database.db)
      ).rows[0];
    const { rows } = await sql<{ id: string }>`select id from event order by position limit 1`.execute(database.db);

    expect(await act('/ops/events/clear', { id: rows[0]?.id ?? '' })).toContain(
      'One event is done once more: 1 articles',
    );
    expect(await left()).toEqual({ behind: 1, due: 1 });
    expect(await act('/ops/days/clear', { day })).toContain('2 events are done once more: 2 articles');
    expect(await left()).toEqual({ behind: 2, due: 2 });
    expect((await queue.counts())['sweep']?.waiting).toBe(1);
    expect(await act('/ops/days/clear', { day: '2026-03-11' })).toContain('there is no such public event');
  });
});
