import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addDays, dayOfInstant, lightsOf, worstOf, type Level } from '@throughline/core';
import {
  appendChanges,
  controlStore,
  failureStore,
  openDatabase,
  pageStore,
  runStore,
  subscriptionStore,
  throughputStore,
  workerStore,
  type Database,
} from '@throughline/db';
import {
  capture,
  deliver,
  discover,
  enrichJob,
  healthFacts,
  ingest,
  jobs,
  scheduledJobs,
  type Operation,
} from '@throughline/pipeline';
import { pageTitle } from '@throughline/portal';
import { defineStage, openQueue, request, type Backend } from '@throughline/queue';
import { portalSource } from '@throughline/sources';
import { createDatabase, freePort, testDatabase } from '@throughline/test';
import { serveOnLoopback } from '@throughline/test/loopback';
import { portalPage } from '@throughline/test/record';
import { stationOn, workOn } from '@throughline/test/station';
import { sql } from 'kysely';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { beat } from '../../services/worker/src/heartbeat.ts';
import { createTracker } from '../../services/worker/src/tracker.ts';

const HOUR = 3_600_000;
const HOST = 'a.example';
const log = { warn() {}, error() {} };

const database = await testDatabase();
const { db } = database;
const queue = await openQueue({ url: 'memory:', jobs, log });
const well: Operation = { db, queue, live: true, dataDirectory: process.cwd(), now: Date.now };
const ends: (() => unknown)[] = [];
afterAll(async () => {
  await queue.close();
  await database.drop();
});

const today = () => dayOfInstant(Date.now());
const items = (count: number) => Array.from({ length: count }, (_, i) => `Thing ${i} happens in [[Town ${i}]].`);
const signal = () => AbortSignal.timeout(30_000);

/** Reads a page of so many days ago as a source gives it. */
function readPage(daysAgo: number, wikitext: string, at = Date.now() - HOUR) {
  const day = addDays(today(), -daysAgo);
  const page = { day, title: pageTitle(day), wikitext, at };
  return ingest('portal', [page], { pages: pageStore(db), now: Date.now, settleMs: 0 });
}

/** A system that is well: a fresh source, a worker alive, schedules that keep their time. */
beforeEach(async () => {
  await sql`truncate worker, throughput, failure, stage_control, schedule, alarm, run, page, event, article, change, subscription, dead_letter, host
    cascade`.execute(db);
  for (const stage of ['enrich', 'capture']) await queue.resume(stage);
  await readPage(0, portalPage(items(3)));
  await workerStore(db).beat('test:1', '1', []);
  await controlStore(db).know(scheduledJobs());
  await controlStore(db).worked(scheduledJobs().map(({ name }) => name));
  return async () => {
    for (const end of ends.splice(0).toReversed()) await end();
  };
});

/** Articles of one host, some of which were read before, and the stage that asks for the rest. */
async function hostThat(answers: (path: string, response: ServerResponse) => void) {
  const web = await serveOnLoopback({
    '*': (asked, response) => answers(new URL(String(asked.headers['x-replay-url'])).pathname, response),
  });
  const cited = Array.from({ length: 6 }, (_, i) => `It was said in [[Town ${i}]]. [http://${HOST}/${i} (A)]`);
  await readPage(1, portalPage(cited));
  const station = await stationOn(db, { replay: { origin: web.origin, hosts: new Set([HOST]) } });
  ends.push(() => web[Symbol.asyncDispose](), station.close);
  const work = () => capture.run({ host: HOST }, station.context, signal(), signal());
  await sql`update host set last_ok_at = now() - interval '1 day' where name = ${HOST}`.execute(db);
  await sql`update article set captured_at = now() - interval '1 day', state = 'ok', next_try_at = null
    where id = (select min(id) from article)`.execute(db);
  return { work };
}

/** A subscriber that answers 500, and what there is to tell. */
async function brokenSubscriber() {
  const hook = await serveOnLoopback({ '/hook': (_, response) => void response.writeHead(500).end() });
  const { context, close } = await stationOn(db);
  ends.push(() => hook[Symbol.asyncDispose](), close);
  await subscriptionStore(db).ensure(`${hook.origin}/hook`, 'a secret of twenty-four letters');
  const change = { noun: 'event', id: '1', kind: 'updated', day: null, path: '/news/1' } as const;
  await db.transaction().execute((trx) => appendChanges(trx, [change]));
  const { rows } = await sql<{ id: number }>`select id from subscription`.execute(db);
  const subscriptionId = rows[0]?.id ?? expect.unreachable();
  return { deliverOnce: () => deliver.run({ subscriptionId }, context, signal(), signal()) };
}

/** A wiki that refuses every call. */
async function refusedByWiki() {
  const wiki = await serveOnLoopback({ '*': (_, response) => void response.writeHead(403).end('who are you?') });
  const source = portalSource({ contact: 'gone@example.org', version: '1', endpoint: `${wiki.origin}/w/api.php` });
  const { context, close } = await stationOn(db, { sources: [source] });
  ends.push(() => wiki[Symbol.asyncDispose](), close);
  await discover.run({ source: 'portal', days: [today()] }, context, signal(), signal());
}

/** A worker of its own whose jobs of one stage do as told; it tells Postgres once. */
async function workerWhere(run: () => Promise<never>, until: (inHand: number, ended: number) => boolean) {
  const own = await openQueue({ url: 'memory:', jobs, log });
  const tracker = createTracker(Date.now);
  const stage = defineStage({ ...enrichJob, timeoutMs: 20, attempts: 1 }, run);
  let ended = 0;
  await own.work(tracker.watched(stage), {}, (finished) => {
    tracker.ended(finished);
    ended++;
  });
  ends.push(() => own.close({ timeoutMs: 0 }));
  await own.enqueue([request(enrichJob, { eventIds: ['00000000-0000-4000-8000-000000000001' as never] })]);
  await expect.poll(() => until(tracker.inHand().length, ended), { timeout: 10_000 }).toBe(true);
  const stop = new AbortController();
  const stores = { workers: workerStore(db), throughput: throughputStore(db), failures: failureStore(db) };
  const told = { ...stores, controls: controlStore(db), worker: 'stuck:1', version: '1' };
  const beating = beat(told, tracker, stop.signal, (error) => expect.unreachable(String(error)));
  await expect.poll(async () => (await stores.workers.all()).length).toBe(2);
  ends.push(async () => {
    stop.abort();
    await beating;
  });
}

const aged = async (statement: ReturnType<typeof sql>) => void (await statement.execute(db));

interface Fault {
  name: string;
  light: string;
  level: Level;
  says: RegExp;
  /** Injects it; what it returns replaces a part of the healthy system. */
  inject: () => Promise<Partial<Operation> | void>;
}

const faults: Fault[] = [
  {
    name: 'a frozen feed: every read answers the same old page',
    light: 'sources',
    level: 'bad',
    says: /Stale: the newest of portal was written 3 days ago/,
    async inject() {
      await aged(sql`truncate page, event cascade`);
      for (let n = 0; n < 3; n++) await readPage(3, portalPage(items(3)), Date.now() - 72 * HOUR);
    },
  },
  {
    name: 'a 200 with an empty body between days that have events',
    light: 'layout',
    level: 'bad',
    says: /No event at all on \d{4}-\d\d-\d\d|0 events where|frame/,
    async inject() {
      await readPage(5, portalPage(items(3)));
      await readPage(4, '');
      await readPage(3, portalPage(items(3)));
    },
  },
  {
    name: 'a day that is silently zero in a frame that is known',
    light: 'layout',
    level: 'bad',
    says: /No event at all on \d{4}-\d\d-\d\d/,
    async inject() {
      await readPage(5, portalPage(items(3)));
      await readPage(4, portalPage([]));
      await readPage(3, portalPage(items(3)));
    },
  },
  {
    name: 'a new wrapper',
    light: 'layout',
    level: 'bad',
    says: /layout drift: the page's frame is not one we know/,
    inject: async () => void (await readPage(2, '{{New shiny frame 2030|rows=\n* A thing happens.\n}}')),
  },
  {
    name: 'a page that reads as a fraction of what it was',
    light: 'layout',
    level: 'bad',
    says: /layout drift: 1 events where 9 were read before/,
    async inject() {
      await readPage(2, portalPage(items(9)), Date.now() - 2 * HOUR);
      await readPage(2, portalPage(items(1)));
    },
  },
  {
    name: 'an expired contact: the wiki answers 403',
    light: 'sources',
    level: 'bad',
    says: /portal cannot be read for 5 h: .*403/,
    async inject() {
      await aged(
        sql`update page set read_at = now() - interval '5 hours', content_at = now() - interval '5 hours 10 minutes'`,
      );
      await refusedByWiki();
    },
  },
  {
    name: 'a stuck worker',
    light: 'workers',
    level: 'bad',
    says: /stuck:1 hangs in enrich 00000000-.* restart it/,
    inject: () =>
      workerWhere(
        () => new Promise<never>(() => {}),
        (inHand, ended) => inHand === 1 && ended === 1,
      ),
  },
  {
    name: 'a worker that was killed',
    light: 'workers',
    level: 'bad',
    says: /No worker is running: start one/,
    inject: () => aged(sql`update worker set heartbeat_at = now() - interval '3 minutes'`),
  },
  {
    name: 'a page that breaks the stage',
    light: 'failures',
    level: 'watch',
    says: /1 job failed for good, 1 in the last hour; most of them: cannot read this page/,
    inject: () =>
      workerWhere(
        async () => {
          throw new Error('cannot read this page');
        },
        (_, ended) => ended === 1,
      ),
  },
  {
    name: 'a poisoned payload',
    light: 'failures',
    level: 'watch',
    says: /1 job failed for good/,
    async inject() {
      const { context, close } = await stationOn(db);
      const { queue: own, worker, finished } = await workOn(context);
      await own.enqueue([{ job: 'enrich', key: 'poison', payload: { eventIds: 'all' } }]);
      await expect.poll(() => finished.some(({ stage }) => stage === 'enrich'), { timeout: 10_000 }).toBe(true);
      await worker.close({ timeoutMs: 0 });
      await close();
    },
  },
  {
    name: 'clock skew',
    light: 'database',
    level: 'bad',
    says: /clock is (90|91) s ahead of this machine’s: set both by NTP/,
    inject: async () => ({ now: () => Date.now() - 90_000 }),
  },
  {
    name: 'Postgres gone',
    light: 'database',
    level: 'bad',
    says: /Postgres cannot be reached: .*ECONNREFUSED/,
    async inject() {
      const dead: Database = openDatabase(`postgres://127.0.0.1:${await freePort()}/d`);
      ends.push(() => dead.destroy());
      return { db: dead };
    },
  },
  {
    name: 'the queue gone',
    light: 'stages',
    level: 'bad',
    says: /The queue cannot be reached: \S+/,
    async inject() {
      const other = await createDatabase();
      const own: Backend = await openQueue({ url: other.url, jobs, log });
      ends.push(() => own.close({ timeoutMs: 0 }).catch(() => {}));
      await other.drop();
      return { queue: own };
    },
  },
  {
    name: 'a paused queue that was forgotten',
    light: 'stages',
    level: 'bad',
    says: /capture is paused since 3 h; 1 job waits\. Resume it/,
    async inject() {
      await queue.pause('capture');
      await controlStore(db).paused('capture', 'somebody');
      await aged(sql`update stage_control set paused_at = now() - interval '3 hours'`);
      await queue.enqueue([{ job: 'capture', key: HOST, payload: { host: HOST } }]);
      ends.push(() => queue.resume('capture'));
    },
  },
  {
    name: 'a quiet worker that was forgotten',
    light: 'workers',
    level: 'bad',
    says: /test:1 is quiet: 0 of 1 take jobs/,
    async inject() {
      await workerStore(db).setQuiet('test:1', true);
    },
  },
  {
    name: 'a data directory that cannot be used',
    light: 'disk',
    level: 'bad',
    says: /The data directory cannot be used: .*ENOTDIR/,
    async inject() {
      const directory = await mkdtemp(join(tmpdir(), 'throughline-fault-'));
      ends.push(() => rm(directory, { recursive: true }));
      await writeFile(join(directory, 'file'), '');
      return { dataDirectory: join(directory, 'file', 'data') };
    },
  },
  {
    name: 'a disk without room',
    light: 'disk',
    level: 'bad',
    says: /The disk is nearly full: 0\.0 GB free/,
    inject: async () => ({ dataDirectory: '/proc' }), // the one file system of every Linux that has no room at all
  },
  {
    name: 'a host turned bot-walled',
    light: 'hosts',
    level: 'watch',
    says: /1 host stopped answering as before: a\.example \(.*\S.*\)/,
    async inject() {
      const { work } = await hostThat(
        (path, response) => void response.writeHead(path === '/robots.txt' ? 404 : 403).end(),
      );
      await work();
    },
  },
  {
    name: 'a robots.txt that suddenly forbids all',
    light: 'hosts',
    level: 'watch',
    says: /1 host stopped answering as before: a\.example \(robots\.txt turns us away\)/,
    async inject() {
      const { work } = await hostThat((path, response) => {
        response.writeHead(200, { 'content-type': 'text/plain' });
        response.end(path === '/robots.txt' ? 'User-agent: *\nDisallow: /\n' : 'never asked');
      });
      await work();
    },
  },
  {
    name: 'an import that was killed',
    light: 'runs',
    level: 'bad',
    says: /import \d+ has said nothing for 60 min: its process died/,
    async inject() {
      await runStore(db).hold('import', {}, 9, async () => {});
      await aged(sql`update run set heartbeat_at = now() - interval '1 hour'`);
    },
  },
  {
    name: 'an import that failed',
    light: 'runs',
    level: 'bad',
    says: /import \d+ failed: the archive is damaged/,
    async inject() {
      const runs = runStore(db);
      await runs.hold('import', {}, 9, (id) => runs.end(id, 'failed', {}, 'the archive is damaged'));
    },
  },
  {
    name: 'schedules that stand still',
    light: 'schedules',
    level: 'bad',
    says: /sweep missed its turns: last 60 min ago/,
    inject: () => aged(sql`update schedule set last_at = now() - interval '1 hour' where name = 'sweep'`),
  },
  {
    name: 'a schedule that somebody switched off',
    light: 'schedules',
    level: 'watch',
    says: /Switched off: sweep/,
    inject: async () => void (await controlStore(db).setSchedule('sweep', { enabled: false })),
  },
  {
    name: 'a webhook that answers 500',
    light: 'webhooks',
    level: 'watch',
    says: /\/hook does not take changes: .*500/,
    inject: async () => void (await (await brokenSubscriber()).deliverOnce()),
  },
  {
    name: 'dead letters',
    light: 'webhooks',
    level: 'bad',
    says: /1 dead letter for .*\/hook: replay or drop/,
    async inject() {
      const { deliverOnce } = await brokenSubscriber();
      for (let tries = 0; tries < 12; tries++) await deliverOnce();
    },
  },
];

const alight = async (operation: Operation) =>
  lightsOf(await healthFacts(operation)).filter(({ level }) => level === 'bad' || level === 'watch');

describe('a fault that is really there', () => {
  it('comes in at least twenty kinds, on a system that is well without them', async () => {
    expect(new Set(faults.map(({ name }) => name)).size).toBeGreaterThanOrEqual(20);
    expect(await alight(well)).toEqual([]);
    expect(worstOf(lightsOf(await healthFacts(well)))).toBe('good');
  });

  it.each(faults)('turns its light and names itself: $name', async ({ light, level, says, inject }) => {
    const operation = { ...well, ...(await inject()) };
    const looks = [await alight(operation), await alight(operation)]; // two polls
    for (const look of looks) {
      expect(look.find(({ name }) => name === light)).toMatchObject({ level, says: expect.stringMatching(says) });
    }
  });
});
