import { sql, type Kysely } from 'kysely';

/** Every event is tagged by the linker too: what it found and why, what is implied, and which version of an event that was. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}

const MENTIONS = [
  `alter table mention add column origin text not null default 'sentence'
    check (origin in ('header', 'sentence', 'description', 'body'))`,
  // How the linker came to think of it, and what else it thought of: [{title, chance}, …].
  `alter table mention add column reason text`,
  `alter table mention add column rivals jsonb`,
  `update mention set origin = 'header' where tagger = 'topic-header'`,
  // What an event is about without naming it, most telling first.
  `create table implied (
    event_id uuid not null references event on delete cascade,
    ordinal smallint not null,
    entity_id integer not null references entity,
    primary key (event_id, ordinal)
  )`,
  `create index implied_entity on implied (entity_id)`,
];

/** How often editors wrote an entity so is one thing, how often the linker took such a name for it another. */
const ALIASES = [
  `alter table entity_alias add column found integer not null default 0`,
  `with read as (select entity_id, surface, count(*)::integer as count from mention where tagger = 'alias' group by 1, 2)
    update entity_alias a set count = a.count - read.count, found = read.count
    from read where read.entity_id = a.entity_id and read.surface = a.surface`,
];

const STAMPS = [
  // The version that its mentions were last read from; relations come after, and have their own.
  `alter table event add column tagged_version integer not null default 0`,
  // The first day that the linker had not learnt when it read the event.
  `alter table event add column taught_until date not null default '-infinity'`,
  `update event set tagged_version = enriched_version, taught_until = day where enriched_version > 0`,
  `create index event_untagged on event (day) where state = 'stable' and tagged_version < version`,
  `create index event_young on event (day) where state = 'stable' and taught_until < day`,
  `drop index event_unthreaded`,
  `create index event_unthreaded on event (day) where state = 'stable' and threaded_version < tagged_version`,
];

const STATEMENTS = [...MENTIONS, ...ALIASES, ...STAMPS];
