import { dayOfInstant, lightsOf, type Day } from '@throughline/core';
import {
  alarmStore,
  controlStore,
  failureStore,
  openDatabase,
  pageStore,
  runStore,
  subscriptionStore,
  throughputStore,
  workerStore,
  type AlarmNews,
  type Database,
} from '@throughline/db';
import { healthFacts, ingest, jobs, scheduledJobs } from '@throughline/pipeline';
import { pageTitle } from '@throughline/portal';
import { openQueue } from '@throughline/queue';
import { testDatabase } from '@throughline/test';
import { portalPage } from '@throughline/test/record';
import { sql } from 'kysely';
import { afterAll, describe, expect, it } from 'vitest';
import { look } from '../../services/worker/src/watch.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const STEP_MS = HOUR_MS;
/** A worker tells of itself every 10 s and sweeps every 15 s: so old is what a look may find. */
const LOOK_AFTER_MS = 25_000;

const database = await testDatabase();
await setClocks(database.db);
const db = openDatabase(database.url, { maxConnections: 5 });
const queue = await openQueue({ url: 'memory:', jobs, log: { warn() {}, error() {} } });
afterAll(async () => {
  await queue.close();
  await db.destroy();
  await database.drop();
});

/** From now on `now()` is what the table says, for whoever connects: in statements and in the defaults of columns. */
async function setClocks(before: Database): Promise<void> {
  const statements = [
    `create table clock (at timestamptz not null)`,
    `insert into clock values (pg_catalog.now())`,
    `create function public.now() returns timestamptz stable language sql as 'select at from public.clock'`,
    `create function public.clock_timestamp() returns timestamptz stable language sql as 'select at from public.clock'`,
    `do $$ declare found record; begin
      for found in select adrelid::regclass as relation, attname from pg_attrdef d join pg_attribute a on attrelid = adrelid and attnum = adnum
        where pg_get_expr(adbin, adrelid) = 'now()' loop
        execute format('alter table %s alter column %I set default public.now()', found.relation, found.attname);
      end loop;
      execute format('alter database %I set search_path = public, pg_catalog', current_database());
    end $$`,
  ];
  for (const statement of statements) await sql.raw(statement).execute(before);
}

let now = 0;
const setClock = async (at: number) => {
  now = at;
  await sql`update clock set at = ${new Date(at)}`.execute(db);
};

const pages = pageStore(db);
const runs = runStore(db);
const failures = failureStore(db);
const operation = { db, queue, live: true, dataDirectory: process.cwd(), now: () => now };
const told: AlarmNews[] = [];
const watching = {
  operation,
  alarms: alarmStore(db),
  tellers: [async (news: AlarmNews) => void told.push(news)],
  onError: (error: unknown) => expect.unreachable(String(error)),
};

/** Editors sleep for nine hours; the first of them begins the page of the day. */
const EDITED = { fromHour: 5, toHour: 20 };

async function readPortal(at: number): Promise<void> {
  const day: Day = dayOfInstant(at);
  const hour = new Date(at).getUTCHours();
  if (hour < EDITED.fromHour) return pages.missing('portal', day, pageTitle(day));
  const items = Array.from({ length: Math.min(hour, EDITED.toHour) - 3 }, (_, n) => `Thing ${n} happens in [[Town]].`);
  const edited = Math.min(at, Date.parse(`${day}T${EDITED.toHour}:00:00Z`));
  const page = { day, title: pageTitle(day), wikitext: portalPage(items), at: edited };
  await ingest('portal', [page], { pages, now: () => at, settleMs: 3 * HOUR_MS });
}

/** What a worker writes down while all is well. */
async function work(at: number): Promise<void> {
  const counted = { outcome: 'done', jobs: 20, totalMs: 900, buckets: [0, 20, 0, 0, 0, 0, 0, 0, 0, 0] };
  await workerStore(db).beat('quiet:1', '1', [{ stage: 'capture', key: 'a.example', since: at, timeoutMs: MINUTE_MS }]);
  await controlStore(db).worked(scheduledJobs().map(({ name }) => name));
  await throughputStore(db).add([{ at: new Date(at), stage: 'capture', ...counted }]);
}

const write = (statement: ReturnType<typeof sql>) => () => statement.execute(db);

/** What goes wrong in any week and mends itself, by the hour of the week at which it happens. */
const troubles: Readonly<Record<number, () => Promise<unknown>>> = {
  10: () => pages.failed('portal', dayOfInstant(now), pageTitle(dayOfInstant(now)), 'status 503'),
  30: write(
    sql`insert into host (name, backoff, last_failure, last_ok_at) values ('slow.example', 4, 'timeout', now())`,
  ),
  33: write(sql`update host set backoff = 0, last_ok_at = now()`),
  40: () => failures.add({ stage: 'enrich', key: 'a', payload: {}, host: null, error: 'deadlock', attempts: 5 }),
  41: () => failures.resolve([{ stage: 'enrich', key: 'a' }]),
  60: () => subscriptionStore(db).ensure('https://subscriber.example/hook', 'a secret of twenty-four letters'),
  61: write(sql`update subscription set attempts = 2, failure = 'status 502'`),
  62: write(sql`update subscription set attempts = 0, failure = null`),
  80: write(sql`insert into run (kind) values ('import')`),
  84: write(sql`update run set state = 'done', ended_at = now()`),
  100: async () => expect(await controlStore(db).setSchedule('identify', { enabled: false })).toBe(true),
  101: () => controlStore(db).setSchedule('identify', { enabled: true }),
  120: () => controlStore(db).paused('capture', 'somebody'),
  121: () => controlStore(db).resumed('capture'),
};

/** One step: what goes wrong, the work, a reading unless the wiki is away, and a look at the lights a little later. */
async function live(at: number, start: number): Promise<void> {
  await setClock(at);
  const hour = Math.round((at - start) / HOUR_MS);
  await work(at);
  await readPortal(at);
  await troubles[hour]?.();
  await sql`update run set heartbeat_at = now() where ended_at is null`.execute(db);
  await setClock(at + LOOK_AFTER_MS);
  await look(watching, 90_000);
}

describe('seven days in which nothing is wrong that does not mend itself', () => {
  it('raise no alarm, and the eighth, on which nothing is written any more, does', async () => {
    const start = Math.floor(Date.now() / DAY_MS) * DAY_MS - 8 * DAY_MS + EDITED.fromHour * HOUR_MS;
    await controlStore(db).know(scheduledJobs());
    for (let at = start; at < start + 7 * DAY_MS; at += STEP_MS) await live(at, start);
    expect(await watching.alarms.recent(9)).toEqual([]);
    expect(told).toEqual([]);
    const lights = lightsOf(await healthFacts(operation));
    expect(lights.filter(({ level }) => level === 'watch' || level === 'bad')).toEqual([]);
    expect(lights.find(({ name }) => name === 'sources')?.says).toMatch(/^Fresh: the newest of portal/);
    expect(await runs.recent(9)).toHaveLength(1);

    for (let at = now + STEP_MS; at < start + 8 * DAY_MS; at += STEP_MS) {
      await setClock(at);
      await work(at);
      await look(watching, 90_000);
    }
    expect(told.flatMap(({ raised }) => raised.map(({ light }) => light))).toEqual(['sources']);
  }, 300_000);
});
