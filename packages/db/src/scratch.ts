import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { migrate, openDatabase, type Database } from './database.ts';

/** Makes an empty, migrated database beside the one of `url`, and drops it when `work` has ended. */
export async function withScratchDatabase<T>(url: string, work: (db: Database) => Promise<T>): Promise<T> {
  const name = `throughline_scratch_${randomUUID().replaceAll('-', '')}`;
  const home = openDatabase(url, { maxConnections: 1 });
  try {
    await sql`create database ${sql.ref(name)}`.execute(home);
    try {
      const beside = new URL(url);
      beside.pathname = `/${name}`;
      const db = openDatabase(beside.href);
      try {
        await migrate(db);
        return await work(db);
      } finally {
        await db.destroy();
      }
    } finally {
      await sql`drop database if exists ${sql.ref(name)} with (force)`.execute(home);
    }
  } finally {
    await home.destroy();
  }
}
