import { migrate, openDatabase, type Database } from '@throughline/db';
import { startEmbeddedPostgres } from '@throughline/runtime';
import { createHash, randomUUID } from 'node:crypto';
import { chmod, readdir, readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { inject } from 'vitest';

let server: Promise<string> | undefined;

/**
 * The URL of a Postgres in which databases can be made: `TEST_DATABASE_URL`,
 * or the embedded one that all files of a test run share.
 */
export function testServer(): Promise<string> {
  return (server ??= startServer());
}

async function startServer(): Promise<string> {
  const given = process.env['TEST_DATABASE_URL'];
  if (given) return given;
  const dataDirectory = inject('postgresDirectory');
  await chmod(dataDirectory, 0o755); // as root, Postgres runs as another user
  const { url } = await startEmbeddedPostgres({ dataDirectory, log: { info() {} }, durable: false });
  return url; // never stopped from here: other files use it; the end of the run stops it
}

/** An empty database of its own. */
export async function createDatabase(template = 'template1'): Promise<{ url: string; drop: () => Promise<void> }> {
  const name = `throughline_test_${randomUUID().replaceAll('-', '')}`;
  await admin((client) => copyDatabase(client, name, template));
  return { url: await urlOf(name), drop: () => admin((client) => dropDatabase(client, name)) };
}

export interface TestDatabase extends AsyncDisposable {
  db: Database;
  url: string;
  /** Closes the pool and drops the database. */
  drop: () => Promise<void>;
}

/** A migrated database of its own, for one test file. `await using` drops it. */
export async function testDatabase(): Promise<TestDatabase> {
  const { url, drop } = await createDatabase(await migratedTemplate());
  const db = openDatabase(url, { maxConnections: 5 });
  const end = async () => {
    await db.destroy();
    await drop();
  };
  return { db, url, drop: end, [Symbol.asyncDispose]: end };
}

let template: Promise<string> | undefined;

/** Copying a migrated database is quicker than migrating one; it is made once for each state of the migrations. */
function migratedTemplate(): Promise<string> {
  return (template ??= makeTemplate());
}

async function makeTemplate(): Promise<string> {
  const name = `throughline_template_${await migrationsHash()}`;
  await admin(async (client) => {
    await client.query('select pg_advisory_lock(8400)'); // until this client ends
    const { rowCount } = await client.query('select from pg_database where datname = $1', [name]);
    if (rowCount) return;
    const unfinished = `${name}_unfinished`;
    await dropDatabase(client, unfinished);
    await copyDatabase(client, unfinished, 'template1');
    const db = openDatabase(await urlOf(unfinished));
    await migrate(db).finally(() => db.destroy());
    await onceUnused(() => client.query(`alter database ${unfinished} rename to ${name}`));
  });
  return name;
}

async function migrationsHash(): Promise<string> {
  const source = new URL('../../packages/db/src/', import.meta.url);
  const names = (await readdir(source, { recursive: true })).filter((name) => /\.(ts|sql)$/.test(name)).sort();
  const hash = createHash('sha256');
  for (const name of names) hash.update(name).update(await readFile(new URL(name, source)));
  return hash.digest('hex').slice(0, 16);
}

async function urlOf(database: string): Promise<string> {
  const url = new URL(await testServer());
  url.pathname = `/${database}`;
  return url.href;
}

async function admin<T>(use: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: await urlOf('postgres') });
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}

const copyDatabase = (client: pg.Client, name: string, from: string) =>
  onceUnused(() => client.query(`create database ${name} template ${from}`));

async function dropDatabase(client: pg.Client, name: string): Promise<void> {
  await client.query(`drop database if exists ${name} with (force)`);
}

/** A database cannot be copied or renamed while anybody is in it, and a closed connection lingers for a moment. */
async function onceUnused<T>(call: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await call();
    } catch (error) {
      if ((error as { code?: string }).code !== '55006' || tries === 50) throw error;
      await sleep(50);
    }
  }
}
