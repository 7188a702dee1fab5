import { sql, type Kysely } from 'kysely';

/** What a story is known by through recomputation, and what makes two page titles one entity. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}

const STORIES = [
  // Seeded by this header, under which editors put its events; null where its events' likeness made it.
  `alter table story add column topic text`,
  `alter table story add column split_from uuid references story`,
  `create unique index story_topic on story (topic) where merged_into is null`,
  `create index story_last_day on story (last_day) where merged_into is null`,
  `alter table story_event add column how text not null default 'header' check (how in ('header', 'likeness'))`,
  `alter table story_event add column score real`,
  // The enriched version that was last put into stories.
  `alter table event add column threaded_version integer not null default 0`,
  `create index event_unthreaded on event (day) where state = 'stable' and threaded_version < enriched_version`,
];

const ENTITIES = [
  `alter table entity add column merged_into integer references entity`,
  `alter table entity add column wikidata text`,
  `alter table entity add column latitude double precision`,
  `alter table entity add column longitude double precision`,
  `alter table entity add column country text`,
  // When the wiki was last asked about it; null where it never was.
  `alter table entity add column looked_up_at timestamptz`,
  `create index entity_merged on entity (merged_into) where merged_into is not null`,
  `create index entity_wikidata on entity (wikidata) where wikidata is not null`,
];

const STATEMENTS = [...STORIES, ...ENTITIES];
