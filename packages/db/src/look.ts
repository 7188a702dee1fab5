import { sql, type Kysely } from 'kysely';
import type { Database } from './database.ts';
import type { Schema } from './schema.ts';

/** A look at the system never slows it: what takes longer is given up, with an error that says so. */
const TIMEOUT_MS = 5_000;

/** One short transaction that writes nothing, with a statement timeout: what the dashboard's views read by. */
export const look = <T>(db: Database, read: (trx: Kysely<Schema>) => Promise<T>): Promise<T> =>
  db
    .transaction()
    .setAccessMode('read only')
    .execute(async (trx) => {
      await sql`set local statement_timeout = ${sql.lit(TIMEOUT_MS)}`.execute(trx);
      return read(trx);
    });
