import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '@throughline/db';
import { jobs, type Context } from '@throughline/pipeline';
import { openQueue, type Backend, type Finished, type JobRequest } from '@throughline/queue';
import { openContext, startWorker, type ContextOptions, type Worker } from '@throughline/worker';

const silent = { warn() {}, error() {} };

/** A context over a database, as a worker has it, with a directory of its own for snapshots. */
export async function stationOn(
  db: Database,
  options: Partial<Omit<ContextOptions, 'db'>> = {},
): Promise<{ context: Context; close: () => Promise<void> }> {
  const dataDirectory = await mkdtemp(join(tmpdir(), 'throughline-data-'));
  const context = openContext({ db, dataDirectory, settleHours: 3, sources: [], version: '0.0.0', ...options });
  const close = async () => {
    context.fetcher.close();
    await rm(dataDirectory, { recursive: true, force: true });
  };
  return { context, close };
}

/** A worker on a queue in memory. */
export async function workOn(context: Context): Promise<{ queue: Backend; worker: Worker; finished: Finished[] }> {
  const queue = await openQueue({ url: 'memory:', jobs, log: silent });
  const finished: Finished[] = [];
  const worker = await startWorker({ queue, context, report: (one) => void finished.push(one) });
  return { queue, worker, finished };
}

/** Asks for jobs and waits until nothing of all the pipeline is queued, due or behind. */
export async function untilDone(
  queue: Backend,
  { events, hosts, reach }: Context,
  requests: readonly JobRequest[] = [],
): Promise<void> {
  await queue.enqueue(requests);
  const isDone = async () => {
    const counts = Object.values(await queue.counts());
    if (counts.some(({ waiting, active }) => waiting + active > 0)) return false;
    return (await events.behindCount()) === 0 && (await hosts.due(1, reach)).length === 0;
  };
  for (let quiet = 0; quiet < 2; await sleep(20)) quiet = (await isDone()) ? quiet + 1 : 0;
}

const STAMPS = new Set(
  `read_at updated_at enriched_at captured_at tried_at copy_try_at heartbeat_at started_at ended_at next_turn_at robots_at lease_until lease_by
   last_ok_at at first_seen_at present_since`.split(/\s+/),
);

/** Tables about work, which differ each time it is done. */
const OF_WORK = ['run', 'host', 'worker', 'throughput', 'schedule', 'kysely_migration', 'kysely_migration_lock'];

/** Every row of every table but the ones about time and work done, to be compared with a later look. */
export async function everything(db: Database, without: readonly string[] = []): Promise<Record<string, string[]>> {
  const tables = (await db.introspection.getTables()).filter(({ isView, schema }) => !isView && schema === 'public');
  const left = new Set([...OF_WORK, ...without]);
  const dump: Record<string, string[]> = {};
  for (const { name } of tables.filter((table) => !left.has(table.name))) {
    const rows = await db
      .withoutPlugins()
      .selectFrom(name as never)
      .selectAll()
      .execute();
    dump[name] = rows
      .map((row) => JSON.stringify(Object.entries(row).filter(([column]) => !STAMPS.has(column))))
      .toSorted((a, b) => (a < b ? -1 : 1));
  }
  return dump;
}

/** The rows that only one of two dumps has, a few of them. */
export function difference(before: Record<string, string[]>, after: Record<string, string[]>): string[] {
  const tables = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const only = (sign: string, these: Record<string, string[]>, those: Record<string, string[]>) =>
    tables.flatMap((table) => {
      const known = new Set(those[table]);
      return (these[table] ?? []).filter((row) => !known.has(row)).map((row) => `${sign} ${table} ${row}`);
    });
  return [...only('-', before, after), ...only('+', after, before)].slice(0, 20);
}
