import { createPostgresBackend, Queue, runMigrations, Worker, type PgPool } from 'bullmq';
import pg from 'pg';
import type { Backend, BackendKind, BackendOptions } from '../backend.ts';
import { redacted } from '../redacted.ts';
import { loggable } from '../well-formed.ts';
import { overStore, type Store } from './bullmq.ts';

/** BullMQ's tables live in a schema of their own, beside ours. */
const SCHEMA = 'bullmq';

/** Queues in the same Postgres as everything else: no Redis to keep. Needs Postgres 15 or later. */
export const postgres: BackendKind = {
  name: 'postgres',
  protocols: ['postgres:', 'postgresql:'],
  durable: true,
  open: openPostgresQueue,
};

async function openPostgresQueue(options: BackendOptions): Promise<Backend> {
  const pool = openPool(options);
  try {
    await migrate(pool, options.url);
    return await overPool(pool, options);
  } catch (error) {
    await pool.end().catch(() => {});
    throw error;
  }
}

/** Without workers: a page that counts, or a command that asks for jobs. */
const CONNECTIONS = 4;
/** One that it listens on all the time, and one to work with. */
const CONNECTIONS_A_WORKER = 2;

/**
 * One pool for all queues and workers. It grows with each worker: were there
 * not more connections than workers, they would wait for each other for ever.
 * What the last moments before a power cut lose here is asked for again by the
 * sweep, so commits need not wait for the disk.
 */
function openPool({ url, log }: BackendOptions): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max: CONNECTIONS,
    keepAlive: true,
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: 30_000,
    options: `-c search_path=${SCHEMA} -c synchronous_commit=off`,
    application_name: 'throughline queue',
  });
  pool.setMaxListeners(0); // every queue and worker listens to it
  pool.on('error', (error) => {
    if (!pool.ending) log.warn({ err: loggable(error) }, 'the queue lost a connection to Postgres');
  });
  return pool;
}

async function migrate(pool: pg.Pool, url: string): Promise<void> {
  const client = await pool.connect().catch((error: unknown) => {
    throw new Error(
      `cannot reach Postgres for the queue at ${redacted(url)}: ${messageOf(error)}. Is it running, and is DATABASE_URL right?`,
      { cause: error },
    );
  });
  try {
    await runMigrations(client, SCHEMA);
  } catch (error) {
    throw new Error(`cannot make the queue's tables in ${redacted(url)}: ${messageOf(error)}`, { cause: error });
  } finally {
    client.release();
  }
}

/** A refused connection to several addresses has an empty message, and the reasons inside. */
function messageOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(messageOf).join(', ');
  return error instanceof Error ? error.message : String(error);
}

function overPool(pool: pg.Pool, options: BackendOptions): Promise<Backend> {
  const { prefix } = options;
  const named = (job: string) => (prefix === undefined ? job : `${prefix}.${job}`);
  const connection = pool as unknown as PgPool; // its `on` is typed with other overloads
  const store: Store = {
    name: 'postgres',
    queue(job) {
      const queue = new Queue(named(job), { connection }, createPostgresBackend);
      return queue; // in two steps: the expected type would choose the overload for Redis
    },
    worker(job, process, tuning) {
      pool.options.max += CONNECTIONS_A_WORKER;
      const worker = new Worker(named(job), process, { connection, ...tuning }, createPostgresBackend);
      return worker;
    },
    isTransient: (error) => ['40P01', '40001'].includes((error as { code?: string }).code ?? ''),
    close: () => pool.end(),
  };
  return overStore(store, options);
}
