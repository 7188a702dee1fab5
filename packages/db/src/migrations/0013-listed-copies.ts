import { sql, type Kysely } from 'kysely';

/** Which articles were looked for in a list of their host's copies already. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(`alter table article add column copy_listed boolean not null default false`).execute(db);
}
