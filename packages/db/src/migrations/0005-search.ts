import { sql, type Kysely } from 'kysely';

/** What readers look for: words of sentences, names, categories, outlets. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}

const STATEMENTS = [
  // No more than a beginning: a tsvector holds at most 1 MB, and a sentence may be longer.
  `alter table event add column words tsvector generated always as (to_tsvector('english', left(text, 20000))) stored`,
  `create index event_words on event using gin (words)`,
  // Lists of events in their order, and how many there are of a day, without a look at the rows.
  `create index event_public on event (day, position, id) where state = 'stable' and slug is not null`,
  `create index event_category on event (category, day) where state = 'stable'`,
  `create index event_source_outlet on event_source (lower(coalesce(outlet, label)))`,
  `create index article_host on article (host)`,
  `create index entity_alias_name on entity_alias (lower(surface) text_pattern_ops)`,
  // Trigrams find names that are misspelled. Where the server has not got them, names are found by their beginning.
  `do $$ begin
    create extension if not exists pg_trgm;
    create index entity_alias_trigram on entity_alias using gin (lower(surface) gin_trgm_ops);
  exception when others then
    raise notice 'no pg_trgm here (%): names are found by their beginning only', sqlerrm;
  end $$`,
];
