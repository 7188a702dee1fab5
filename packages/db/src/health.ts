import type { HealthFacts } from '@throughline/core';
import { sql, type Kysely } from 'kysely';
import type { Database } from './database.ts';
import { failureStore } from './failures.ts';
import type { Schema } from './schema.ts';

/** What the database knows of how the system is. */
export type StoredHealth = Pick<
  HealthFacts,
  'sources' | 'pages' | 'workers' | 'hosts' | 'runs' | 'subscriptions' | 'schedules' | 'failures'
> & { skewMs: number; stages: StageBacklog[] };

export interface StageBacklog {
  stage: string;
  behind: number;
  doneLastHour: number;
  failedLastHour: number;
  pausedAt: number | null;
}

/** No look at the system may slow it: a query that takes longer is given up. */
const TIMEOUT_MS = 2_000;

const HOUR_MS = 3_600_000;
/** The portal is edited every few hours around the clock; a feed may rest over a weekend. */
const QUIET_MS: Record<string, number> = { portal: 12 * HOUR_MS };
const USUAL_QUIET_MS = 72 * HOUR_MS;

/** Hosts count as failing after so many tries without one that worked. */
const FAILED_TRIES = 5;

/** A site whose robots.txt forbids so much, within so long and with nothing allowed between, has closed or made a mistake. */
const CLOSED_ARTICLES = 3;
const CLOSED_DAYS = 7;

/** Reads what the lights need, in one short transaction that never writes. */
export function healthStore(db: Database) {
  return {
    async facts(now: number): Promise<StoredHealth> {
      return db
        .transaction()
        .setAccessMode('read only')
        .execute(async (trx) => {
          await sql`set local statement_timeout = ${sql.lit(TIMEOUT_MS)}`.execute(trx);
          return {
            skewMs: await skewOf(trx, now),
            stages: await stagesOf(trx),
            sources: await sourcesOf(trx),
            pages: await pagesOf(trx),
            workers: await workersOf(trx),
            hosts: await hostsOf(trx),
            runs: await runsOf(trx),
            subscriptions: await subscriptionsOf(trx),
            schedules: await schedulesOf(trx),
            failures: await failureStore(trx).counts(),
          };
        });
    },
  };
}

export type HealthStore = ReturnType<typeof healthStore>;

type Reading = Kysely<Schema>;

const ms = (date: Date | null): number | null => date?.getTime() ?? null;

async function skewOf(db: Reading, now: number): Promise<number> {
  const { rows } = await sql<{ at: Date }>`select clock_timestamp() as at`.execute(db);
  return (rows[0]?.at.getTime() ?? now) - now;
}

async function stagesOf(db: Reading): Promise<StageBacklog[]> {
  const { rows } = await sql<Omit<StageBacklog, 'pausedAt'> & { pausedAt: Date | null }>`
    with backlog (stage, behind) as (values
      ('submit', 0::bigint),
      ('discover', 0::bigint),
      ('capture', (select count(*) from article where next_try_at <= now())),
      ('enrich', (select count(*) from event where state = 'stable' and enriched_version < version)),
      ('thread', (select count(*) from event where state = 'stable' and threaded_version < tagged_version)),
      ('identify', 0::bigint),
      ('deliver', (select coalesce(max((select coalesce(max(seq), 0) from change) - after_seq), 0) from subscription)),
      ('export', 0::bigint),
      ('sweep', 0::bigint)),
    ended as (select stage,
        coalesce(sum(jobs) filter (where outcome in ('done', 'skipped', 'snoozed')), 0)::int as done,
        coalesce(sum(jobs) filter (where outcome in ('failed', 'rejected')), 0)::int as failed
      from throughput where at > now() - interval '1 hour' group by stage)
    select b.stage, b.behind::int as behind, coalesce(e.done, 0) as done_last_hour, coalesce(e.failed, 0) as failed_last_hour, c.paused_at
    from backlog b left join ended e using (stage) left join stage_control c using (stage)`.execute(db);
  return rows.map(({ pausedAt, ...row }) => ({ ...row, pausedAt: ms(pausedAt) }));
}

async function sourcesOf(db: Reading): Promise<HealthFacts['sources']> {
  const { rows } = await sql<{
    source: string;
    newestContentAt: Date | null;
    readAt: Date | null;
    failedAt: Date | null;
    failure: string | null;
    newestDay: HealthFacts['sources'][number]['newestDay'];
  }>`select source, max(content_at) as newest_content_at, max(read_at) as read_at, max(failed_at) as failed_at,
      (array_agg(failure order by failed_at desc nulls last))[1] as failure,
      max(day) filter (where event_count > 0)::text as newest_day
    from page group by source order by source`.execute(db);
  return rows.map((row) => ({
    ...row,
    newestContentAt: ms(row.newestContentAt),
    readAt: ms(row.readAt),
    failedAt: ms(row.failedAt),
    quietMs: QUIET_MS[row.source] ?? USUAL_QUIET_MS,
  }));
}

async function pagesOf(db: Reading): Promise<HealthFacts['pages']> {
  const drifted = await sql<HealthFacts['pages']['drifted'][number]>`
    select day::text as day, alarm from page where alarm is not null order by day desc limit 20`.execute(db);
  const empty = await sql<{ day: HealthFacts['pages']['empty'][number] }>`
    select p.day::text as day from page p, (select (now() at time zone 'utc')::date as day) t
    where p.event_count = 0 and p.read_at is not null and p.day > t.day - 60 and p.day < t.day - 1
      and exists (select from page o where o.source = p.source and o.event_count > 0 and o.day > p.day)
      and exists (select from page o where o.source = p.source and o.event_count > 0 and o.day between p.day - 7 and p.day)
    order by p.day desc limit 20`.execute(db);
  return { drifted: drifted.rows, empty: empty.rows.map(({ day }) => day) };
}

async function workersOf(db: Reading): Promise<HealthFacts['workers']> {
  const rows = await db
    .selectFrom('worker')
    .select(['name', 'version', 'heartbeatAt', 'inHand', 'quiet'])
    .orderBy('name')
    .execute();
  return rows.map(({ name, version, heartbeatAt, inHand, quiet }) => ({
    worker: name,
    version,
    heartbeatAt: heartbeatAt.getTime(),
    inHand,
    quiet,
  }));
}

async function hostsOf(db: Reading): Promise<HealthFacts['hosts']> {
  const failing = await sql<HealthFacts['hosts']['newlyFailing'][number]>`
    select name as host, coalesce(last_failure, 'no answer') as failure,
      (select count(*)::int from article a where a.host = h.name and a.next_try_at is not null) as articles
    from host h
    where backoff >= ${FAILED_TRIES} and last_ok_at > now() - interval '30 days' and not blocked
    order by last_ok_at desc limit 100`.execute(db);
  const turnedAway = await sql<HealthFacts['hosts']['newlyFailing'][number]>`
    with refused as (select host, count(*)::int as articles, min(tried_at) as since from article
      where state = 'refused' and reason like 'robots%' and tried_at > now() - ${CLOSED_DAYS} * interval '1 day'
      group by host having count(*) >= ${CLOSED_ARTICLES})
    select r.host, 'robots.txt turns us away' as failure, r.articles from refused r
    where exists (select from article a where a.host = r.host and a.state = 'ok' and a.captured_at > now() - interval '30 days')
      and not exists (select from article a where a.host = r.host and a.state = 'ok' and a.captured_at > r.since)
    order by r.articles desc, r.host limit 100`.execute(db);
  const closed = await sql<HealthFacts['hosts']['closed'][number]>`
    select host, count(*)::int as articles from article
    where state = 'refused' and reason like 'robots%' group by host order by count(*) desc, host limit 100`.execute(db);
  return { newlyFailing: [...failing.rows, ...turnedAway.rows], closed: closed.rows };
}

async function runsOf(db: Reading): Promise<HealthFacts['runs']> {
  const rows = await db
    .selectFrom('run')
    .select(['id', 'kind', 'state', 'heartbeatAt', 'endedAt', 'failure'])
    .orderBy('id', 'desc')
    .limit(50)
    .execute();
  return rows.map((row) => ({ ...row, heartbeatAt: row.heartbeatAt.getTime(), endedAt: ms(row.endedAt) }));
}

async function subscriptionsOf(db: Reading): Promise<HealthFacts['subscriptions']> {
  const { rows } = await sql<HealthFacts['subscriptions'][number]>`
    select id, url, attempts, failure,
      ((select coalesce(max(seq), 0) from change) - after_seq)::int as lag,
      (select count(*)::int from dead_letter d where d.subscription_id = s.id) as dead_letters
    from subscription s order by id limit 200`.execute(db);
  return rows;
}

async function schedulesOf(db: Reading): Promise<HealthFacts['schedules']> {
  const rows = await db.selectFrom('schedule').selectAll().orderBy('name').execute();
  return rows.map(({ name, everyMs, enabled, lastAt, optional }) => ({
    name,
    isOptional: optional,
    everyMs: everyMs ?? 0,
    enabled,
    lastAt: ms(lastAt),
  }));
}
