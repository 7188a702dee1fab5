import { sql, type Kysely } from 'kysely';

/** All that an article's page says is kept: what disagrees with a field's winner, pictures in the text, bounds of an inexact date, direction. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table article
    add column rivals jsonb,
    add column images jsonb,
    add column published_bounds jsonb,
    add column direction text check (direction in ('ltr', 'rtl'))`.execute(db);
}
