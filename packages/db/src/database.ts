import { CATEGORIES, CATEGORY_LABELS } from '@throughline/core';
import { CamelCasePlugin, Kysely, Migrator, PostgresDialect, sql, type Transaction } from 'kysely';
import pg from 'pg';
import { migrations } from './migrations/index.ts';
import { insertRows } from './rows.ts';
import type { Schema } from './schema.ts';

export type Database = Kysely<Schema>;
export type DatabaseTransaction = Transaction<Schema>;

const DATE = 1082;
const INT8 = 20;

export interface DatabaseOptions {
  maxConnections?: number;
  /** Told of connections that break (a restarted server); that is not fatal: the pool reconnects. */
  onError?: (error: Error) => void;
}

/** Opens a pool; nothing is connected until the first query. */
export function openDatabase(url: string, { maxConnections = 10, onError = () => {} }: DatabaseOptions = {}): Database {
  const types = {
    getTypeParser: (oid: number, format?: 'text' | 'binary') => {
      if (oid === DATE) return (day: string) => day; // a `Day` is a string; pg's default makes it a local-time Date
      if (oid === INT8) return Number; // revisions and sequences stay far below 2^53
      return pg.types.getTypeParser(oid, format);
    },
  };
  const pool = new pg.Pool({
    connectionString: url,
    max: maxConnections,
    types: types,
    connectionTimeoutMillis: 15_000,
    application_name: 'throughline',
  });
  // On each connection, not on the pool: one that is held for long, as under a lock, may break between two queries.
  pool.on('connect', (client) => {
    client.on('error', onError);
    prepareNamed(client);
  });
  pool.on('error', () => {});
  return new Kysely<Schema>({
    dialect: new PostgresDialect({ pool }),
    plugins: [new CamelCasePlugin({ maintainNestedObjectKeys: true })],
  });
}

/**
 * A statement that begins with a comment, as in `/* event *\/ select …`, is
 * planned once a connection and not every time: planning the query of a whole
 * page takes longer than running it. Its text must not depend on its parameters.
 */
function prepareNamed(client: pg.PoolClient): void {
  const query = client.query.bind(client) as (text: unknown, values?: unknown, callback?: unknown) => unknown;
  const named = (text: unknown, values?: unknown, callback?: unknown): unknown => {
    const name = typeof text === 'string' ? NAMED.exec(text)?.[1] : undefined;
    return name === undefined ? query(text, values, callback) : query({ name, text, values }, callback);
  };
  client.query = named as typeof client.query;
}

const NAMED = /^\/\* ([a-z -]{1,50}) \*\//;

const DEADLOCK = '40P01';
const TRIES = 6;

/**
 * Runs `work` in a transaction. Writers lock what they touch in one order as
 * far as they know it beforehand; where two wait for each other nevertheless,
 * Postgres ends one, and that one is done again: `work` may run several times.
 */
export async function transact<T>(db: Database, work: (trx: DatabaseTransaction) => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await db.transaction().execute(work);
    } catch (error) {
      if ((error as { code?: string }).code !== DEADLOCK || tries === TRIES) throw error;
    }
  }
}

const OLDEST = 150_000;

/** Rejects with one clear line where the server cannot be reached, or is older than Postgres 15. */
export async function checkServer(db: Database): Promise<void> {
  const { rows } = await sql<{ version: string }>`select current_setting('server_version_num') as version`.execute(db);
  const version = Number(rows[0]?.version);
  if (version < OLDEST) throw new Error(`Postgres ${Math.floor(version / 10_000)} is too old: 15 or later is needed`);
}

/** Brings the database up to the newest migration; safe to call from several processes at once. Returns what it ran. */
export async function migrate(db: Database): Promise<string[]> {
  // Without the plugin: the migrator's own tables are snake case already.
  const migrator = new Migrator({ db: db.withoutPlugins(), provider: { getMigrations: async () => migrations } });
  const { error, results = [] } = await migrator.migrateToLatest();
  if (error) throw error instanceof Error ? error : new Error('a migration failed', { cause: error });
  await writeCategories(db);
  return results.map((result) => result.migrationName);
}

/** The code's list of categories is the truth; the table lets SQL readers join their labels. */
async function writeCategories(db: Database): Promise<void> {
  const rows = CATEGORIES.map((slug, position) => ({ slug, label: CATEGORY_LABELS[slug], position }));
  const update = sql`on conflict (slug) do update set label = excluded.label, position = excluded.position`;
  await insertRows('category', ['slug', 'label', 'position'], rows, update).execute(db);
}
