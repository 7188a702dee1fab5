import type {
  CalendarPage,
  Category,
  Collected,
  CollectionPage,
  Day,
  EntityCount,
  MonthCount,
  GoneStory,
  StoryPage,
  TopicReference,
} from '@throughline/core';
import { sql, type RawBuilder } from 'kysely';
import type { Database } from './database.ts';
import { ITEM, itemOf, latestOf, PUBLIC, type ItemRow } from './day-items.ts';
import { TIMES_WRITTEN } from './entities.ts';
import { sameTopic } from './event-conditions.ts';
import { toJson } from './rows.ts';

const ITEMS = 25;
const BESIDE = 12;
/** What is named beside something is counted in this many of its newest events. */
const BESIDE_EVENTS = 1_000;
const ALIASES = 12;
const STORY_EVENTS = 500;
const ONCE_AMONG = 100;

export function collectionStore(db: Database) {
  return {
    /** The page of the entity of that slug, or where that was merged into; undefined where no public event has it. */
    async entity(slug: string): Promise<CollectionPage | { movedTo: string } | undefined> {
      const found = await db
        .selectFrom('entity as e')
        .leftJoin('entity as i', 'i.id', 'e.mergedInto')
        .select(['e.id', 'e.title', 'e.label', 'e.slug', 'e.type', 'e.latitude', 'e.longitude', 'i.slug as into'])
        .where('e.slug', '=', slug)
        .executeTakeFirst();
      if (!found) return undefined;
      const { latitude, longitude, into, ...entity } = found;
      if (into !== null) return { movedTo: into };
      // A spelling that was used once among hundreds is a slip.
      const { rows: aliases } = await sql<{ surface: string }>`select surface from (
          select a.surface, n.label, ${TIMES_WRITTEN} as times, sum(${TIMES_WRITTEN}) over () as every
          from entity_alias a join entity n on n.id = a.entity_id where n.id = ${entity.id}) w
        where times > 0 and surface <> label and (times > 1 or every < ${ONCE_AMONG})
        order by times desc, surface limit ${ALIASES}`.execute(db);
      const subject: Collected = {
        kind: 'entity',
        entity: { ...entity, ...(latitude !== null && longitude !== null && { place: { latitude, longitude } }) },
        aliases: aliases.map(({ surface }) => surface),
      };
      return collection(
        db,
        subject,
        sql`select m.event_id as id from mention m where m.entity_id = ${entity.id}`,
        entity.id,
      );
    },

    /** The page of a topic, by the number of any header of its title. */
    async topic(id: number): Promise<CollectionPage | undefined> {
      const { rows } = await sql<{ id: number; title: string; label: string }>`
        select t.id, t.title, coalesce(nullif(t.text, ''), t.title) as label from topic t
        where t.id in (${sameTopic(id)}) order by t.id limit 1`.execute(db);
      const [topic] = rows;
      if (!topic) return undefined;
      const events = sql`select et.event_id as id from event_topic et where et.topic_id in (${sameTopic(topic.id)})`;
      return collection(db, { kind: 'topic', topic }, events);
    },

    /** A category has a page whether or not it has events. */
    async category(category: Category): Promise<CollectionPage> {
      const subject: Collected = { kind: 'category', category };
      const found = await collection(db, subject, sql`select id from event where category = ${category}`);
      return found ?? { subject, count: 0, months: [], items: [], beside: [], updatedAt: latestOf([]) };
    },

    /** The page of the story of that slug, or where it has gone; undefined where there never was one. */
    story: (slug: string): Promise<StoryPage | GoneStory | { movedTo: string } | undefined> => storyPage(db, slug),

    async calendar(): Promise<CalendarPage> {
      const { rows } = await sql<{ day: Day; events: number }>`/* calendar */ select e.day, count(*)::int as events
        from event e where ${PUBLIC} group by e.day order by e.day`.execute(db);
      return { days: rows, updatedAt: await lastUpdate(db) };
    },

    /** Where every public event of a year is, for sitemaps. */
    async addresses(year: string): Promise<{ day: Day; slug: string; updatedAt: string }[]> {
      const { rows } = await sql<{
        day: Day;
        slug: string;
        updatedAt: Date;
      }>`select e.day, e.slug, e.updated_at from event e
        where e.day between ${`${year}-01-01`}::date and ${`${year}-12-31`}::date and ${PUBLIC} order by e.day, e.position`.execute(
        db,
      );
      return rows.map((row) => ({ ...row, updatedAt: row.updatedAt.toISOString() }));
    },

    /** The slug or number of every collection that has a public event, for sitemaps and exports. */
    async all(): Promise<{ entities: string[]; topics: { id: number; label: string }[]; stories: string[] }> {
      const [entities, topics, stories] = await Promise.all([
        db.selectFrom('entity').select('slug').where('events', '>', 0).orderBy('id').execute(),
        sql<{ id: number; label: string }>`select distinct on (coalesce(nullif(t.title, ''), t.id::text)) t.id,
            coalesce(nullif(t.text, ''), t.title) as label from topic t
          where exists (select from event_topic et join event e on e.id = et.event_id where et.topic_id = t.id and ${PUBLIC})
          order by coalesce(nullif(t.title, ''), t.id::text), t.id`.execute(db),
        db
          .selectFrom('story')
          .select('slug')
          .where('mergedInto', 'is', null)
          .where('events', '>', 0)
          .orderBy('slug')
          .execute(),
      ]);
      return {
        entities: entities.map(({ slug }) => slug),
        topics: topics.rows,
        stories: stories.map(({ slug }) => slug),
      };
    },

    /** Every entity, topic and story that events are known of, and whether an event of one of these days is of it. */
    async listed(days: readonly Day[]): Promise<ListedCollection[]> {
      const of = sql`e.day in (select value::date from json_array_elements_text(${toJson(days)}::json))`;
      const [entities, topics, stories] = await Promise.all([
        sql<Listed & { slug: string }>`select n.slug, n.events, n.id in (
            select m.entity_id from mention m join event e on e.id = m.event_id where ${of}) as is_touched
          from entity n where n.events > 0 order by n.id`.execute(db),
        sql<Listed & { id: number; label: string }>`with headed as (
            select coalesce(nullif(t.title, ''), t.id::text) as key, t.id, coalesce(nullif(t.text, ''), t.title) as label from topic t),
          counted as (select h.key, count(*) filter (where ${PUBLIC})::int as events, bool_or(${of}) as is_touched
            from headed h join event_topic et on et.topic_id = h.id join event e on e.id = et.event_id group by h.key)
          select distinct on (c.key) h.id, h.label, c.events, c.is_touched from counted c join headed h on h.key = c.key
          where c.events > 0 order by c.key, h.id`.execute(db),
        sql<Listed & { slug: string }>`select s.slug, s.events, s.id in (
            select se.story_id from story_event se join event e on e.id = se.event_id where ${of}) as is_touched
          from story s where s.merged_into is null and s.events > 0 order by s.slug`.execute(db),
      ]);
      return [
        ...entities.rows.map(({ slug, ...rest }) => ({ kind: 'entity' as const, slug, ...rest })),
        ...topics.rows.map(({ id, label, ...rest }) => ({ kind: 'topic' as const, topic: { id, label }, ...rest })),
        ...stories.rows.map(({ slug, ...rest }) => ({ kind: 'story' as const, slug, ...rest })),
      ];
    },
  };
}

interface Listed {
  /** How many events it has: another number than before means that its page is another. */
  events: number;
  isTouched: boolean;
}

/** A collection as an export finds it. */
export type ListedCollection = Listed &
  ({ kind: 'entity' | 'story'; slug: string } | { kind: 'topic'; topic: TopicReference });

export type CollectionStore = ReturnType<typeof collectionStore>;

async function lastUpdate(db: Database): Promise<string> {
  const { rows } = await sql<{ at: Date | null }>`select max(at) as at from change`.execute(db);
  return (rows[0]?.at ?? new Date(0)).toISOString();
}

interface CollectionRow {
  count: number;
  firstDay: Day | null;
  lastDay: Day | null;
  updatedAt: Date | null;
  months: MonthCount[] | null;
  beside: EntityCount[] | null;
}

/** What the events of the query `ids` have in common. `own` is the entity that is not to be named beside itself. */
async function collection(
  db: Database,
  subject: Collected,
  ids: RawBuilder<unknown>,
  own = 0,
): Promise<CollectionPage | undefined> {
  const [facts, items] = await Promise.all([
    sql<CollectionRow>`with member as materialized (
        select e.id, e.day, e.updated_at from event e where e.id in (${ids}) and ${PUBLIC})
      select (select count(*)::int from member) as count, (select min(day) from member) as first_day, (select max(day) from member) as last_day,
        (select max(updated_at) from member) as updated_at,
        (select json_agg(json_build_object('month', month, 'events', events) order by month)
          from (select to_char(day, 'YYYY-MM') as month, count(*)::int as events from member group by 1) m) as months,
        ${beside(sql`(select id from member order by day desc limit ${BESIDE_EVENTS})`, own)} as beside`.execute(db),
    sql<ItemRow>`select ${ITEM} from event e where e.id in (
        select e.id from event e where e.id in (${ids}) and ${PUBLIC} order by e.day desc, e.position, e.id limit ${ITEMS})
      order by e.day desc, e.position, e.id`.execute(db),
  ]);
  const [row] = facts.rows;
  if (!row?.firstDay || !row.lastDay || !row.updatedAt) return undefined;
  return {
    subject,
    count: row.count,
    firstDay: row.firstDay,
    lastDay: row.lastDay,
    months: row.months ?? [],
    items: items.rows.map(itemOf),
    beside: row.beside ?? [],
    updatedAt: row.updatedAt.toISOString(),
  };
}

/** The entities named most often in these events, each with in how many of them. */
const beside = (
  events: RawBuilder<unknown>,
  own = 0,
) => sql`(select json_agg(json_build_object('id', n.id, 'label', n.label, 'slug', n.slug,
    'type', n.type, 'events', c.events) order by c.events desc, n.events, n.label)
  from (select m.entity_id, count(distinct m.event_id)::int as events from mention m where m.event_id in ${events} and m.entity_id <> ${own}
    group by 1 order by 2 desc, 1 limit ${BESIDE}) c join entity n on n.id = c.entity_id)`;

type StoryRow = Omit<StoryPage, 'updatedAt' | 'events' | 'entities' | 'splitFrom'> & {
  into: string | null;
  updatedAt: Date;
  events: StoryPage['events'] | null;
  splitFrom: NonNullable<StoryPage['splitFrom']> | null;
  entities: EntityCount[] | null;
};

async function storyPage(db: Database, slug: string): Promise<StoryPage | GoneStory | { movedTo: string } | undefined> {
  const members = sql`select se.event_id from story_event se where se.story_id = s.id`;
  const { rows } =
    await sql<StoryRow>`select s.id, s.slug, s.title, s.first_day, s.last_day, s.updated_at, i.slug as into,
      (select count(*)::int from event e where e.id in (${members}) and ${PUBLIC}) as count,
      (select json_agg(json_build_object('id', e.id, 'day', e.day, 'slug', e.slug, 'text', e.text, 'category', e.category,
          'outlets', (select coalesce(json_agg(distinct coalesce(o.outlet, o.label)) filter (where coalesce(o.outlet, o.label) <> ''), '[]')
            from event_source o where o.event_id = e.id)) order by e.day, e.position, e.id)
        from (select * from event e where e.id in (${members}) and ${PUBLIC} order by e.day desc, e.position limit ${STORY_EVENTS}) e) as events,
      ${beside(sql`(${members})`)} as entities,
      (select json_build_object('slug', w.slug, 'title', w.title) from story f join story w on w.id = coalesce(f.merged_into, f.id)
        where f.id = s.split_from and w.events > 0 and w.id <> s.id) as split_from
    from story s left join story i on i.id = s.merged_into where s.slug = ${slug}`.execute(db);
  const [row] = rows;
  if (!row) return undefined;
  if (row.into !== null) return { movedTo: row.into };
  const { into: _into, events, entities, splitFrom, updatedAt, ...story } = row;
  if (!events) return { title: story.title, goneAt: updatedAt.toISOString() };
  return {
    ...story,
    events,
    entities: entities ?? [],
    ...(splitFrom && { splitFrom }),
    updatedAt: updatedAt.toISOString(),
  };
}
