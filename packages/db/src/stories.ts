import { randomUUID } from 'node:crypto';
import {
  planStories,
  slugOf,
  storyTitle,
  type Category,
  type Day,
  type EventId,
  type Placement,
  type StoryId,
  type StoryPart,
} from '@throughline/core';
import { sql } from 'kysely';
import { appendChanges, type NewChange } from './changes.ts';
import { transact, type Database, type DatabaseTransaction } from './database.ts';
import { markTagged } from './pages.ts';
import { eventPathOf } from './paths.ts';
import { listOf, toJson } from './rows.ts';
import { refreshStories } from './story-counts.ts';

/** An event as threading reads it. */
export interface ThreadedEvent {
  id: EventId;
  day: Day;
  text: string;
  section: string;
  category: Category | null;
  /** Title of the innermost linked header above it; null where there is none. */
  topic: string | null;
  /** Titles of what it names, in the order of the sentence, headers left out. */
  entities: string[];
  implied: string[];
  sources: string[];
  /** The thread it is on: `topic:<title>` or `story:<id>` of its story, `event:<id>` where it has none. */
  thread: string;
  taggedVersion: number;
}

/** Says where each event of `span` belongs, `before` being the events of the window before it with their threads. */
export type Thread = (before: readonly ThreadedEvent[], span: readonly ThreadedEvent[]) => Placement[];

export interface StoryRevision {
  /** Events in the span. */
  events: number;
  /** Those that are in another story than before, or in one for the first time. */
  moved: EventId[];
}

const STORY_LOCK = 7_201_515;

export function storyStore(db: Database) {
  return {
    /** The first and last day with events that were tagged, but not put into stories since. */
    async unthreaded(): Promise<{ from: Day; to: Day } | undefined> {
      const { rows } = await sql<{
        from: Day | null;
        to: Day | null;
      }>`select min(day) as from, max(day) as to from event
        where state = 'stable' and threaded_version < tagged_version`.execute(db);
      const [row] = rows;
      return row?.from && row.to ? { from: row.from, to: row.to } : undefined;
    },

    /** The last day that has a public event. */
    async lastDay(): Promise<Day | undefined> {
      const row = await db
        .selectFrom('event')
        .select('day')
        .where('state', '=', 'stable')
        .orderBy('day', 'desc')
        .limit(1)
        .executeTakeFirst();
      return row?.day;
    },

    /**
     * Threads the events of the days `from` to `to` anew, `windowDays` of days
     * before them being known, and keeps what comes of it: in one transaction,
     * one at a time, with a change for everything that readers see differently.
     */
    revise: (span: { from: Day; to: Day; windowDays: number }, thread: Thread): Promise<StoryRevision> =>
      transact(db, async (trx) => {
        await sql`select pg_advisory_xact_lock(${STORY_LOCK})`.execute(trx);
        const events = await threadedEvents(trx, span);
        const firstOfSpan = events.findIndex(({ day }) => day >= span.from);
        const own = firstOfSpan < 0 ? [] : events.slice(firstOfSpan);
        if (own.length === 0) return { events: 0, moved: [] };
        const placements = thread(events.slice(0, firstOfSpan), own);
        const moved = await keep(trx, span, own, placements);
        return { events: own.length, moved };
      }),
  };
}

export type StoryStore = ReturnType<typeof storyStore>;

async function threadedEvents(
  trx: DatabaseTransaction,
  { from, to, windowDays }: { from: Day; to: Day; windowDays: number },
): Promise<ThreadedEvent[]> {
  const { rows } = await sql<ThreadedEvent>`select e.id, e.day, e.text, e.section, e.category, e.tagged_version,
      (select coalesce(root.title, n.title, t.title) from event_topic et join topic t on t.id = et.topic_id
        left join entity n on n.title = t.title left join entity root on root.id = n.merged_into
        where et.event_id = e.id and t.title <> '' order by et.ordinal desc limit 1) as topic,
      coalesce((select json_agg(n.title order by m.ordinal) from mention m join entity n on n.id = m.entity_id
        where m.event_id = e.id and m.tagger <> 'topic-header'), '[]') as entities,
      coalesce((select json_agg(n.title order by i.ordinal) from implied i join entity n on n.id = i.entity_id
        where i.event_id = e.id), '[]') as implied,
      coalesce((select json_agg(s.url order by s.ordinal) from event_source s where s.event_id = e.id), '[]') as sources,
      coalesce('topic:' || st.topic, 'story:' || st.id, 'event:' || e.id) as thread
    from event e left join story_event se on se.event_id = e.id left join story st on st.id = se.story_id
    where e.state = 'stable' and e.day between ${from}::date - ${windowDays}::integer and ${to}::date
    order by e.day, e.text collate "C", e.id`.execute(trx);
  return rows;
}

async function keep(
  trx: DatabaseTransaction,
  { from }: { from: Day },
  events: readonly ThreadedEvent[],
  placements: readonly Placement[],
): Promise<EventId[]> {
  const ids = toJson([...new Set([...events.map(({ id }) => id), ...placements.map(({ eventId }) => eventId)])]);
  const { rows: held } = await sql<{ eventId: EventId; storyId: StoryId }>`select event_id, story_id from story_event
    where event_id in (select value::uuid from json_array_elements_text(${ids}::json))`.execute(trx);
  const of = new Map(held.map(({ eventId, storyId }) => [eventId, storyId]));
  const plan = planStories(
    placements,
    {
      of,
      byTopic: await storiesOfTopics(trx, placements),
      owned: await ownedBefore(trx, from, [...new Set(of.values())]),
    },
    () => randomUUID() as StoryId,
  );
  const titles = await titlesOf(trx, plan.parts);
  await insertStories(trx, plan.parts, titles);
  const renamed = await takeHeaders(trx, plan.parts, titles);
  const moved = await replaceMembers(trx, ids, plan.parts, of);
  await sql`update event set threaded_version = v.version
    from json_to_recordset(${toJson(events.map(({ id, taggedVersion }) => ({ id, version: taggedVersion })))}::json)
      as v(id uuid, version integer) where event.id = v.id`.execute(trx);
  await putBehind(
    trx,
    moved.map(({ eventId }) => eventId),
  );
  await tell(trx, plan.parts, moved, renamed);
  return moved.map(({ eventId }) => eventId);
}

/** That events are of one story is a reason to relate them: those that moved are to be related again. */
async function putBehind(trx: DatabaseTransaction, ids: readonly EventId[]): Promise<void> {
  await sql`update event set enriched_version = least(enriched_version, version - 1)
    where id in ${listOf(ids)} and state = 'stable'`.execute(trx);
  await markTagged(trx, ids);
}

async function storiesOfTopics(
  trx: DatabaseTransaction,
  placements: readonly Placement[],
): Promise<Map<string, StoryId>> {
  const topics = placements.flatMap(({ thread }) => (thread.startsWith('topic:') ? [thread.slice(6)] : []));
  const { rows } = await sql<{ topic: string; id: StoryId }>`select distinct on (topic) topic, id from story
    where topic in (select value from json_array_elements_text(${toJson([...new Set(topics)])}::json))
    order by topic, merged_into nulls first, updated_at desc, id`.execute(trx);
  return new Map(rows.map(({ topic, id }) => [topic, id]));
}

/** Of these stories, those with events of days before `from`. */
async function ownedBefore(trx: DatabaseTransaction, from: Day, ids: readonly StoryId[]): Promise<Set<StoryId>> {
  const { rows } = await sql<{ id: StoryId }>`select s.id from story s
    where s.id in (select value::uuid from json_array_elements_text(${toJson(ids)}::json))
      and exists (select from story_event se join event e on e.id = se.event_id where se.story_id = s.id and e.day < ${from})`.execute(
    trx,
  );
  return new Set(rows.map(({ id }) => id));
}

/** What each story is called that is new or has a header: by that, or by its first sentence. */
async function titlesOf(trx: DatabaseTransaction, parts: readonly StoryPart[]): Promise<Map<StoryId, string>> {
  const asked = parts.filter(({ isNew, topic }) => isNew || topic !== undefined);
  const rows = asked.map(({ id, topic, events }) => ({ id, topic, events: events.map(({ eventId }) => eventId) }));
  const { rows: found } = await sql<{ id: StoryId; topic: string | null; text: string }>`
    select p.id, coalesce((select coalesce(nullif(t.text, ''), t.title) from topic t where t.title = p.topic order by t.id limit 1), p.topic) as topic,
      (select e.text from event e where e.id in (select value::uuid from json_array_elements_text(p.events)) order by e.day, e.position, e.id limit 1) as text
    from json_to_recordset(${toJson(rows)}::json) as p(id uuid, topic text, events json)`.execute(trx);
  return new Map(found.map(({ id, topic, text }) => [id, topic ?? storyTitle(text)]));
}

async function insertStories(
  trx: DatabaseTransaction,
  parts: readonly StoryPart[],
  titles: ReadonlyMap<StoryId, string>,
): Promise<void> {
  const fresh = parts.filter(({ isNew }) => isNew);
  const rows = fresh.map(({ id, topic, splitFrom }) => {
    const title = titles.get(id) ?? topic ?? '';
    return { id, title, slug: slugOf(title), topic: topic ?? null, from: splitFrom ?? null };
  });
  // Two stories of one name: the later one is told apart by the beginning of its id.
  await sql`insert into story (id, slug, title, first_day, last_day, events, topic, split_from)
    select id, case when taken then slug || '-' || left(id::text, 8) else slug end, title, '-infinity', '-infinity', 0, topic, "from"
    from (select n.*, row_number() over (partition by slug order by id) > 1 or exists (select from story s where s.slug = n.slug) as taken
      from json_to_recordset(${toJson(rows)}::json) as n(id uuid, title text, slug text, topic text, "from" uuid)) named`.execute(
    trx,
  );
}

/**
 * Stories that were there before and have a header now are called by it; their
 * address stays. One that was joined with another is itself again when events
 * come under its header. Returns those that readers see under another name.
 */
async function takeHeaders(
  trx: DatabaseTransaction,
  parts: readonly StoryPart[],
  titles: ReadonlyMap<StoryId, string>,
): Promise<StoryId[]> {
  const seeded = parts.flatMap(({ id, topic, isNew }) =>
    topic !== undefined && !isNew ? [{ id, topic, title: titles.get(id) ?? topic }] : [],
  );
  const { rows } = await sql<{ id: StoryId }>`update story set merged_into = null, topic = t.topic, title = t.title
    from json_to_recordset(${toJson(seeded)}::json) as t(id uuid, topic text, title text)
    where story.id = t.id and (merged_into is not null or story.topic is distinct from t.topic)
    returning story.id`.execute(trx);
  return rows.map(({ id }) => id);
}

interface Moved {
  eventId: EventId;
  from: StoryId | undefined;
  to: StoryId | undefined;
}

/** Puts the events into their stories. Returns those that are in another one than before. */
async function replaceMembers(
  trx: DatabaseTransaction,
  ids: string,
  parts: readonly StoryPart[],
  of: ReadonlyMap<EventId, StoryId>,
): Promise<Moved[]> {
  const rows = parts.flatMap(({ id, events }) =>
    events.map(({ eventId, how, score }) => ({ e: eventId, s: id, h: how, c: how === 'header' ? null : score })),
  );
  await sql`delete from story_event where event_id in (select value::uuid from json_array_elements_text(${ids}::json))`.execute(
    trx,
  );
  await sql`insert into story_event (event_id, story_id, how, score)
    select e, s, h, c from json_to_recordset(${toJson(rows)}::json) as r(e uuid, s uuid, h text, c real)`.execute(trx);
  const now = new Map(rows.map(({ e, s }) => [e, s]));
  return [...new Set([...of.keys(), ...now.keys()])]
    .map((eventId) => ({ eventId, from: of.get(eventId), to: now.get(eventId) }))
    .filter(({ from, to }) => from !== to)
    .sort((a, b) => (a.eventId < b.eventId ? -1 : 1));
}

/** Brings the stories' own rows up to date, leads from those that have lost all their events to where most went, and appends the changes. */
async function tell(
  trx: DatabaseTransaction,
  parts: readonly StoryPart[],
  moved: readonly Moved[],
  renamed: readonly StoryId[],
): Promise<void> {
  const fresh = new Set(parts.filter(({ isNew }) => isNew).map(({ id }) => id));
  const touched = [...new Set([...moved.flatMap(({ from, to }) => [from, to]), ...renamed])].filter(
    (id) => id !== undefined,
  );
  const stories = await refreshStories(trx, touched);
  const heirs = heirsOf(moved);
  const joined = stories.filter(({ id, events }) => events === 0 && heirs.has(id));
  await sql`with heir as (select * from json_to_recordset(${toJson(joined.map(({ id }) => ({ id, into: heirs.get(id) })))}::json) as h(id uuid, "into" uuid))
    update story s set merged_into = h."into" from heir h where s.id = h.id or s.merged_into = h.id`.execute(trx);
  const merged = new Set(joined.map(({ id }) => id));
  const kindOf = ({ id, events }: { id: StoryId; events: number }) =>
    fresh.has(id) ? 'created' : merged.has(id) ? 'merged' : events === 0 ? 'withdrawn' : 'updated';
  const changes = stories.map((story): NewChange => ({
    noun: 'story',
    id: story.id,
    kind: kindOf(story),
    day: null,
    path: `/stories/${story.slug}`,
  }));
  await appendChanges(trx, [...(await updatedEvents(trx, moved)), ...changes]);
}

/** Where most events of each story went. */
function heirsOf(moved: readonly Moved[]): Map<StoryId, StoryId> {
  const counts = new Map<StoryId, Map<StoryId, number>>();
  for (const { from, to } of moved) {
    if (from === undefined || to === undefined) continue;
    const of = counts.get(from) ?? new Map<StoryId, number>();
    of.set(to, (of.get(to) ?? 0) + 1);
    counts.set(from, of);
  }
  return new Map(
    [...counts].flatMap(([from, of]) => {
      const [heir] = [...of].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
      return heir ? [[from, heir[0]]] : [];
    }),
  );
}

async function updatedEvents(trx: DatabaseTransaction, moved: readonly Moved[]): Promise<NewChange[]> {
  const { rows } = await sql<{ id: EventId; day: Day; slug: string }>`update event set updated_at = now()
    where id in (select value::uuid from json_array_elements_text(${toJson(moved.map(({ eventId }) => eventId))}::json))
      and slug is not null and state = 'stable' returning id, day, slug`.execute(trx);
  return rows
    .map(({ id, day, slug }): NewChange => ({ noun: 'event', id, kind: 'updated', day, path: eventPathOf(day, slug) }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}
