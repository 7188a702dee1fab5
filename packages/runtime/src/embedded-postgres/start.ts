import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { makeDirectory, usableDirectory } from '../disk.ts';
import { barrierFor, postgresAccount } from './account.ts';
import { findBinaries } from './binaries.ts';
import { diskFull, ensureCluster, readPassword, USER, type Cluster } from './cluster.ts';
import { serverState, startServer, stopServer } from './server.ts';
import { joinUsers } from './users.ts';

export interface EmbeddedPostgres {
  /** For clients on this machine, with the password. */
  url: string;
  /** The server was running already. */
  adopted: boolean;
  /** Leaves the server; it stops when no other process uses it. May be called more than once. */
  stop: () => Promise<void>;
}

export interface EmbeddedPostgresOptions {
  /** Its files are kept in `postgres` below this directory. */
  dataDirectory: string;
  log: { info(facts: object, message: string): void };
  /** `false` trades what a power cut leaves for speed: for tests only. */
  durable?: boolean;
}

/**
 * Starts the Postgres that comes from npm, or joins the one that runs on the
 * same files: of an earlier process that was killed, or of another that still
 * runs. Several processes may call this at once. As root the server runs as
 * the account `postgres`. Throws an `Error` with one clear line.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { log, durable = true } = options;
  const cluster = await prepare(options);
  const users = await joinUsers(join(cluster.home, 'users'));
  let stopped: Promise<void> | undefined;
  const stop = () => (stopped ??= users.leave(() => stopServer(cluster)));
  try {
    const { port, adopted } = await serve(cluster, durable);
    const url = `postgres://${USER}:${await readPassword(cluster)}@127.0.0.1:${port}/${USER}`;
    await ensureDatabase(url);
    log.info({ port, data: cluster.data, adopted }, adopted ? 'joined the running Postgres' : 'started Postgres');
    return { url, adopted, stop };
  } catch (error) {
    await stop().catch(() => {});
    throw error;
  }
}

async function prepare({ dataDirectory }: EmbeddedPostgresOptions): Promise<Cluster> {
  const account = await postgresAccount();
  const home = join(await usableDirectory(resolve(dataDirectory)), 'postgres');
  await makeDirectory(home);
  const barrier = account && (await barrierFor(account, home));
  if (barrier) {
    throw new Error(
      `Postgres does not run as root but as "${account.name}", who may not enter ${barrier}. Set THROUGHLINE_DATA to a directory elsewhere, such as /var/lib/throughline, start as another user, or set DATABASE_URL`,
    );
  }
  return { home, data: join(home, 'data'), account, binaries: await findBinaries(account) };
}

/** Long enough for a server that was killed in the middle of an import to read its log again. */
const PATIENCE_MS = 300_000;
const STARTS = 5;

async function serve(cluster: Cluster, durable: boolean): Promise<{ port: number; adopted: boolean }> {
  const until = Date.now() + PATIENCE_MS;
  for (let starts = 0; ;) {
    const state = await serverState(cluster);
    if (state.kind === 'ready') return { port: state.port, adopted: true };
    if (state.kind === 'none') {
      await ensureCluster(cluster, durable);
      const started = await startServer(cluster, durable);
      if ('port' in started) return { port: started.port, adopted: false };
      // Another process may have been faster, or somebody took the port: look again.
      starts += 1;
      const now = await serverState(cluster);
      if (starts >= STARTS && now.kind === 'none') throw new Error(`Postgres does not start: ${started.failed}`);
      if (now.kind === 'none' && !/Address already in use|lock file/.test(started.failed)) starts = STARTS - 1;
    }
    if (Date.now() > until) throw new Error(`Postgres in ${cluster.data} is neither up nor down after 5 minutes`);
    await sleep(100);
  }
}

async function ensureDatabase(url: string): Promise<void> {
  try {
    await createDatabase(url);
  } catch (error) {
    const { message } = error as Error;
    const why = message.includes('No space left on device') ? diskFull(message) : message;
    throw new Error(`Postgres runs, but its database cannot be opened: ${why}`, { cause: error });
  }
}

async function createDatabase(url: string): Promise<void> {
  const admin = new URL(url);
  admin.pathname = '/postgres';
  const client = new pg.Client({ connectionString: admin.href, connectionTimeoutMillis: 10_000 });
  client.on('error', () => {}); // cut off by a stop: the query below says so
  await client.connect();
  try {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [USER]);
    if (rowCount === 0) await client.query(`create database ${USER}`);
  } catch (error) {
    if (!['42P04', '23505'].includes((error as { code?: string }).code ?? '')) throw error; // else another was faster
  } finally {
    await client.end();
  }
}
