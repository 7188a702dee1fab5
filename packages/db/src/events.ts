import type { Category, Day, EventId, Link, Topic } from '@throughline/core';
import { sql } from 'kysely';
import { appendChanges } from './changes.ts';
import { transact, type Database, type DatabaseTransaction } from './database.ts';
import { replaceMentions, type TaggedMentions } from './entities.ts';
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
  /** The version that its entities and relations were last computed from. */
  enrichedVersion: number;
  taggedSeq: number | null;
}

/** A change of what is tagged: an event to put into an index, or one to take out of it. */
export type TaggedChange = { seq: number; event: StoredEvent } | { seq: number; gone: EventId };

const COLUMNS = sql`e.id, e.day, e.text, e.section, e.category, e.links, e.version, e.enriched_version, e.tagged_seq, e.state,
  coalesce((select json_agg(json_build_object('title', t.title, 'text', t.text) order by et.ordinal)
    from event_topic et join topic t on t.id = et.topic_id where et.event_id = e.id), '[]') as topics,
  coalesce((select json_agg(a.url order by s.ordinal) from event_source s join article a on a.id = s.article_id where s.event_id = e.id), '[]') as sources,
  coalesce((select json_agg(n.title order by m.ordinal) from mention m join entity n on n.id = m.entity_id
    where m.event_id = e.id and m.tagger <> 'implied'), '[]') as entities,
  coalesce((select json_agg(n.title order by m.ordinal) from mention m join entity n on n.id = m.entity_id
    where m.event_id = e.id and m.tagger = 'implied'), '[]') as implied`;

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

    /** Replaces the mentions of events, and puts them into the order that indexes follow. */
    async tag(tagged: readonly TaggedMentions[]): Promise<void> {
      await transact(db, async (trx) => {
        await lockEvents(
          trx,
          tagged.map(({ eventId }) => eventId),
        );
        await replaceMentions(trx, tagged);
        await markTagged(
          trx,
          tagged.map(({ eventId }) => eventId),
        );
      });
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
