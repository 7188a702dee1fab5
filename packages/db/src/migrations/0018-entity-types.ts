import { sql, type Kysely } from 'kysely';

/** By how many of its events an entity's type was judged last: with twice as many it is judged again. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table entity add column typed_from integer not null default 0`.execute(db);
}
