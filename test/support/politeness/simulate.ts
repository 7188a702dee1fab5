import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Day } from '@throughline/core';
import type { Database } from '@throughline/db';
import { jobs, sweepJob } from '@throughline/pipeline';
import { openQueue, request, type Backend } from '@throughline/queue';
import { sql } from 'kysely';
import { portalPage, reader } from '../record.ts';
import { scene, type Cited } from './hosts.ts';
import { simulateNet, type SimulatedNet } from './net.ts';

export interface SimulationOptions {
  db: Database;
  databaseUrl: string;
  queueUrl: string;
  workers: number;
  short?: boolean;
}

/** What a simulation saw. */
export interface Simulation {
  hosts: number;
  requests: number;
  /** Requests that went over a limit, in words. */
  violations: string[];
  /** Connections to the forbidden address. */
  intrusions: number;
  /** Articles that ended otherwise than they have to, or not at all. */
  wrong: string[];
  /** Jobs that failed. */
  failures: string[];
  /** The most memory that each worker took, in megabytes. */
  megabytes: number[];
  simulatedDays: number;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/**
 * Lets real worker processes capture what a few dozen hosts of every kind
 * serve, until every article has its verdict, which takes weeks: while nothing
 * is due, time leaps by moving every instant that the database keeps. The hosts
 * themselves say what went over a limit.
 */
export async function simulate(options: SimulationOptions): Promise<Simulation> {
  const { db, databaseUrl, queueUrl, workers, short = false } = options;
  const late = monitorEventLoopDelay({ resolution: 10 });
  late.enable();
  await using net = await simulateNet(() => late.max / 1e6);
  const { hosts, cited } = scene(net.forbiddenPort, { short });
  net.open(hosts);
  await cite(db, cited);

  const dataDirectory = await mkdtemp(join(tmpdir(), 'throughline-politeness-'));
  const names = hosts.map(({ name }) => name).join();
  const queue = await openQueue({ url: queueUrl, jobs, log: { warn() {}, error() {} } });
  const args = [databaseUrl, queueUrl, dataDirectory, net.origin, names, String(net.forbiddenPort)];
  const crew = Array.from({ length: workers }, () => startWorker(args));
  try {
    await Promise.all(crew.map(({ ready }) => ready));
    const leapt = await liveThrough(db, queue, net);
    return {
      hosts: hosts.length,
      requests: net.requests(),
      violations: net.violations,
      intrusions: net.intrusions(),
      wrong: await wrongEndings(db, cited),
      failures: crew.flatMap(({ failures }) => failures),
      megabytes: crew.map(({ most }) => Math.round(most() / 1e6)),
      simulatedDays: Math.round(leapt / 864e5),
    };
  } finally {
    await Promise.all(crew.map((worker) => worker.stop()));
    await queue.close();
    await rm(dataDirectory, { recursive: true, force: true });
  }
}

/** One event for each URL, of one day. */
async function cite(db: Database, cited: readonly Cited[]): Promise<void> {
  const items = cited.map(({ url }, i) => `Item ${i} of [[Town ${i}]]. [${url} (A)]`);
  await reader(db)({ day: Day.parse('2026-03-10'), wikitext: portalPage(items) });
}

function startWorker(args: readonly string[]) {
  const script = fileURLToPath(new URL('worker.ts', import.meta.url));
  const child: ChildProcess = fork(script, [...args], { execArgv: ['--import', 'tsx', '--conditions=source'] });
  const failures: string[] = [];
  let most = 0;
  const ready = new Promise<void>((done, fail) => {
    child.on('message', (message: { ready?: true; rss?: number; failed?: string }) => {
      if (message.ready) done();
      if (message.rss !== undefined) most = message.rss;
      if (message.failed !== undefined) failures.push(message.failed);
    });
    child.once('exit', (code) => fail(new Error(`a worker ended with ${code}`)));
  });
  ready.catch(() => {});
  return {
    ready,
    failures,
    most: () => most,
    async stop() {
      if (child.exitCode !== null) return;
      child.send('stop');
      await once(child, 'exit');
    },
  };
}

/** Nothing is due for longer than this: time leaps. */
const IDLE_MS = 1_500;
/** Until then no leap goes beyond the very next turn, so that none hides one that came too early. */
const EXACT_MS = 10 * MINUTE;
/** A leap ends so long before what is due next. */
const BEFORE_MS = 300;

/** Goes on until no article has another try before it. Resolves with the simulated time in milliseconds. */
async function liveThrough(db: Database, queue: Backend, net: SimulatedNet): Promise<number> {
  const startedAt = Date.now();
  let leapt = 0;
  for (;;) {
    await queue.enqueue([request(sweepJob, {})]);
    await sleep(250);
    const { wait, isBusy } = await outlook(db);
    if (wait === null && !isBusy) return leapt + Date.now() - startedAt;
    if (wait === null || isBusy || wait < IDLE_MS) continue;
    const elapsed = leapt + Date.now() - startedAt;
    const leap = Math.max(wait - BEFORE_MS, elapsed > EXACT_MS ? Math.max(6 * HOUR, elapsed / 3) : 0);
    net.leap(leap);
    leapt += leap;
    await moveBack(db, leap);
  }
}

/** How long until the next turn of a host with something due, in milliseconds, and whether somebody is at work. */
async function outlook(db: Database): Promise<{ wait: number | null; isBusy: boolean }> {
  const { rows } = await sql<{ wait: number | null; isBusy: boolean }>`
    with due as (
      select a.host as name, min(a.next_try_at) as at from article a where a.next_try_at is not null group by a.host
      union all select 'web.archive.org', min(copy_try_at) from article where copy_try_at is not null)
    select extract(epoch from min(greatest(d.at, h.next_turn_at)) - now())::float8 * 1000 as wait,
      exists (select from host where lease_until > now() and next_turn_at <= now() + interval '2 seconds') as is_busy
    from due d join host h on h.name = d.name where d.at is not null`.execute(db);
  return rows[0] ?? { wait: null, isBusy: false };
}

/** As if so many milliseconds had gone by: everything that is to come, and robots.txt, is that much older. */
async function moveBack(db: Database, ms: number): Promise<void> {
  const back = sql`${ms} * interval '1 millisecond'`;
  await db.transaction().execute(async (trx) => {
    await sql`update article set next_try_at = next_try_at - ${back}, copy_try_at = copy_try_at - ${back}`.execute(trx);
    await sql`update host set next_turn_at = next_turn_at - ${back}, robots_at = robots_at - ${back}, retry_after_at = retry_after_at - ${back}`.execute(
      trx,
    );
  });
}

async function wrongEndings(db: Database, cited: readonly Cited[]): Promise<string[]> {
  const { rows } = await sql<{ url: string; state: string; reason: string | null; isOver: boolean }>`
    select s.url, a.state, a.reason, a.next_try_at is null as is_over from event_source s join article a on a.id = s.article_id`.execute(
    db,
  );
  const endings = new Map(rows.map((row) => [row.url, row]));
  return cited.flatMap(({ url, state, reason }) => {
    const ending = endings.get(url);
    const fits =
      ending?.isOver &&
      ending.state === state &&
      (reason === null ? ending.reason === null : reason.test(ending.reason ?? ''));
    return fits ? [] : [`${url}: ${ending?.state} (${ending?.reason}) instead of ${state} (${String(reason)})`];
  });
}
