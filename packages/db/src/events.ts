import type { Category, Day, EventId, Link, StoryId, Topic } from '@throughline/core';
import { sql } from 'kysely';
import { appendChanges } from './changes.ts';
import { transact, type Database, type DatabaseTransaction } from './database.ts';
import { replaceTags, type EventTags } from './entities.ts';
import { markTagged } from './pages.ts';
import { keptRelations, leaningOn, replaceRelations, type RelationList } from './relations.ts';
import { listOf, toJson } from './rows.ts';
import { updatedEvents } from './updated-events.ts';

/** An event as tagging and relating see it. */
export interface StoredEvent {
  id: EventId;
  day: Day;
  text: string;
  section: string;
  category: Category | null;
  links: Link[];
  topics: Topic[];
  /** Canonical URLs of its sources. */
  sources: string[];
  /** Titles of the entities it names, most telling first; empty before it is tagged. */
  entities: string[];
  /** Titles of those it is about without naming them. */
  implied: string[];
  version: number;
  /** The version that its entities were last read from. */
  taggedVersion: number;
  /** The version that its relations were last computed from. */
  enrichedVersion: number;
  /** The story that it is in; null where it stands alone. */
  story: StoryId | null;
  taggedSeq: number | null;
}

/** What was read of an event: which version of it, and the first day that the linker had not learnt by then. */
export interface NewTags extends EventTags {
  version: number;
  taughtUntil: Day;
}

/** An event whose links teach a linker. */
export type EventLesson = Pick<StoredEvent, 'id' | 'day' | 'text' | 'section' | 'links' | 'topics'>;

/** What an article says of itself, up to where readers of names stop. */
export interface ArticleText {
  description: string | null;
  body: string | null;
}

/** Characters of a text that are read: some 500 words. */
const MOST_READ = 4_000;

/** The source under which events are kept that were made of an article. */
const SUBMITTED = 'url';

/** A change of what is tagged: an event to put into an index, or one to take out of it. */
export type TaggedChange = { seq: number; event: StoredEvent } | { seq: number; gone: EventId };

const TOPICS_OF_E = sql`coalesce((select json_agg(json_build_object('title', t.title, 'text', t.text) order by et.ordinal)
    from event_topic et join topic t on t.id = et.topic_id where et.event_id = e.id), '[]')`;

const COLUMNS = sql`e.id, e.day, e.text, e.section, e.category, e.links, e.version, e.tagged_version, e.enriched_version, e.tagged_seq, e.state,
  (select s.story_id from story_event s where s.event_id = e.id) as story,
  ${TOPICS_OF_E} as topics,
  coalesce((select json_agg(a.url order by s.ordinal) from event_source s join article a on a.id = s.article_id where s.event_id = e.id), '[]') as sources,
  coalesce((select json_agg(n.title order by m.ordinal) from mention m join entity n on n.id = m.entity_id
    where m.event_id = e.id), '[]') as entities,
  coalesce((select json_agg(n.title order by i.ordinal) from implied i join entity n on n.id = i.entity_id
    where i.event_id = e.id), '[]') as implied`;

type Row = StoredEvent & { state: string; taggedSeq: number };

export function eventStore(db: Database) {
  return {
    /** Stable events whose entities and relations are behind, in order of day; `after` continues a walk. */
    async behind(limit: number): Promise<EventId[]> {
      const rows = await db
        .selectFrom('event')
        .select('id')
        .where('state', '=', 'stable')
        .whereRef('enrichedVersion', '<', 'version')
        .orderBy('day')
        .orderBy('id')
        .limit(limit)
        .execute();
      return rows.map((row) => row.id);
    },

    /** How many are behind. */
    async behindCount(): Promise<number> {
      const row = await db
        .selectFrom('event')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .where('state', '=', 'stable')
        .whereRef('enrichedVersion', '<', 'version')
        .executeTakeFirstOrThrow();
      return row.count;
    },

    /** Puts every public event behind, so that all are enriched anew. */
    async outdateAll(): Promise<void> {
      await sql`update event set version = version + 1 where state = 'stable' and enriched_version >= version`.execute(
        db,
      );
    },

    /** The stable ones among `ids`, in the order of their ids. */
    async read(ids: readonly EventId[]): Promise<StoredEvent[]> {
      const { rows } =
        await sql<Row>`select ${COLUMNS} from event e where e.id in ${listOf(ids)} and e.state = 'stable' order by e.id`.execute(
          db,
        );
      return rows;
    },

    /**
     * Replaces the tags of events, stamps them as read from the version they
     * were read with, and puts what is new or other than before into the order
     * that indexes follow; that is to be related. Returns its ids.
     */
    async tag(tagged: readonly NewTags[]): Promise<EventId[]> {
      return transact(db, async (trx) => {
        const ids = tagged.map(({ eventId }) => eventId);
        await lockEvents(trx, ids);
        const changed = await replaceTags(trx, tagged);
        const stamps = tagged.map(({ eventId, version, taughtUntil }) => ({ eventId, version, taughtUntil }));
        const { rows } = await sql<{ id: EventId }>`
          with read as (select * from json_to_recordset(${toJson(stamps)}::json)
              as r("eventId" uuid, version integer, "taughtUntil" date)),
            before as (select e.id, e.tagged_version, e.id in ${listOf([...changed])} as changed
              from event e join read on read."eventId" = e.id)
          update event e set tagged_version = read.version, taught_until = read."taughtUntil",
            threaded_version = case when before.changed then least(e.threaded_version, read.version - 1) else e.threaded_version end,
            enriched_version = case when before.changed then least(e.enriched_version, e.version - 1) else e.enriched_version end
          from read, before where e.id = read."eventId" and before.id = e.id
          returning case when before.tagged_version < read.version then e.id end as id`.execute(trx);
        const fresh = [...new Set([...changed, ...rows.map(({ id }) => id).filter((id) => id !== null)])].sort();
        await markTagged(trx, fresh);
        return fresh;
      });
    },

    /** The first and the last day that have a public event. */
    async span(): Promise<{ first: Day; last: Day } | undefined> {
      const { rows } = await sql<{ first: Day | null; last: Day | null }>`select min(day) as first, max(day) as last
        from event where state = 'stable'`.execute(db);
      const [row] = rows;
      return row?.first && row.last ? { first: row.first, last: row.last } : undefined;
    },

    /** Stable events whose entities were read from an older version, in order of day. */
    async untagged(): Promise<EventId[]> {
      const { rows } = await sql<{ id: EventId }>`select id from event
        where state = 'stable' and tagged_version < version order by day, id`.execute(db);
      return rows.map(({ id }) => id);
    },

    /** Stable events that were read by a linker that had learnt less than all days before theirs, and before `until`; in order of day. */
    async readTooEarly(until: Day): Promise<EventId[]> {
      const { rows } = await sql<{ id: EventId }>`select id from event
        where state = 'stable' and taught_until < day and taught_until < ${until} and tagged_version > 0 order by day, id`.execute(
        db,
      );
      return rows.map(({ id }) => id);
    },

    /** Stable events with links of the days `from` to the last before `before`, in order of days and pages. */
    async lessons(from: Day, before: Day): Promise<EventLesson[]> {
      const { rows } =
        await sql<EventLesson>`select e.id, e.day, e.text, coalesce(e.category, e.section) as section, e.links,
          ${TOPICS_OF_E} as topics
        from event e where e.state = 'stable' and e.day >= ${from} and e.day < ${before} and e.links <> '[]'
        order by e.day, e.position, e.id`.execute(db);
      return rows;
    },

    /** What the articles say of themselves that events were made of: `ids` that were not are left out. */
    async articleTexts(ids: readonly EventId[]): Promise<Map<EventId, ArticleText>> {
      const { rows } = await sql<{ id: EventId } & ArticleText>`
        select distinct on (e.id) e.id, left(a.description, ${MOST_READ}) as description, left(a.body, ${MOST_READ}) as body
        from event e join page p on p.id = e.page_id join event_source s on s.event_id = e.id join article a on a.id = s.article_id
        where e.id in ${listOf(ids)} and p.source = ${SUBMITTED} order by e.id, s.ordinal`.execute(db);
      return new Map(rows.map(({ id, ...text }) => [id, text]));
    },

    /**
     * Replaces the relations of each event and stamps those of `versions` as
     * enriched at the version they were read with, so that an event that changed
     * meanwhile stays behind. Returns of how many events the list of related
     * events is other than before.
     */
    async relate(
      lists: readonly RelationList[],
      versions: readonly { id: EventId; version: number }[],
    ): Promise<number> {
      return transact(db, async (trx) => {
        await lockEvents(trx, [
          ...lists.flatMap(({ from, relations }) => [from, ...relations.map(({ to }) => to)]),
          ...versions.map(({ id }) => id),
        ]);
        const changed = await replaceRelations(trx, lists);
        await sql`update event e set enriched_version = v.version, enriched_at = now()
          from json_to_recordset(${toJson(versions)}::json) as v(id uuid, version integer) where e.id = v.id`.execute(
          trx,
        );
        await appendChanges(trx, await updatedEvents(trx, [...changed]));
        return changed.size;
      });
    },

    /** The events that have a relation to one of `ids`. */
    leaningOn: (ids: readonly EventId[]) => leaningOn(db, ids),

    /** Of each of `ids` that has relations: how many, and how strong the weakest is. */
    keptRelations: (ids: readonly EventId[]) => keptRelations(db, ids),

    /** What was tagged or withdrawn after `seq`, in commit order, at most `limit`. */
    async taggedAfter(seq: number, limit: number): Promise<TaggedChange[]> {
      const { rows } =
        await sql<Row>`select ${COLUMNS} from event e where e.tagged_seq > ${seq} order by e.tagged_seq limit ${limit}`.execute(
          db,
        );
      return rows.map((row) =>
        row.state === 'stable' ? { seq: row.taggedSeq, event: row } : { seq: row.taggedSeq, gone: row.id },
      );
    },

    async counts(): Promise<{ stable: number; unsettled: number; withdrawn: number }> {
      const rows = await db
        .selectFrom('event')
        .select(['state', ({ fn }) => fn.countAll<number>().as('count')])
        .groupBy('state')
        .execute();
      const count = (state: string) => rows.find((row) => row.state === state)?.count ?? 0;
      return { stable: count('stable'), unsettled: count('unsettled'), withdrawn: count('withdrawn') };
    },
  };
}

export type EventStore = ReturnType<typeof eventStore>;

/** One writer at a time replaces what hangs on an event; locked in one order, and not against rows that refer to it. */
async function lockEvents(trx: DatabaseTransaction, ids: readonly EventId[]): Promise<void> {
  await sql`select from event where id in ${listOf(ids)} order by id for no key update`.execute(trx);
}
