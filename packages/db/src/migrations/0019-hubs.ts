import { sql, type Kysely } from 'kysely';

/** A subscriber may be a WebSub hub, which is told of feeds, not of changes. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table subscription add column hub_of text`.execute(db);
}
