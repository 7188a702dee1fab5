import { sql, type Kysely } from 'kysely';

/** A schedule that is off until somebody wants it: that it is off is no news. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table schedule add column optional boolean not null default false`.execute(db);
}
