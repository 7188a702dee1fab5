import { sql, type Kysely } from 'kysely';

/** What a search looks through beside the sentences of now: titles of articles, and what events said before. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}

const STATEMENTS = [
  `create index article_title_words on article using gin (to_tsvector('english', left(title, 2000))) where title is not null`,
  `create index event_wording_words on event_wording using gin (to_tsvector('english', left(text, 20000))) where public_at is not null`,
];
