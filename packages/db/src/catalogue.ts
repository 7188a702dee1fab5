import type {
  ArticleFields,
  ArticleId,
  ArticleImage,
  CaptureState,
  Category,
  Day,
  DayItem,
  EntityId,
  EntityType,
  EventId,
  EventReference,
  Evidence,
  ExtractedArticle,
  StoryId,
  TopicReference,
} from '@throughline/core';
import { sql, type RawBuilder } from 'kysely';
import type { Database } from './database.ts';
import { knownFields, type ArticleColumns } from './article-fields.ts';
import { ITEM, itemOf, PUBLIC, type ItemRow } from './day-items.ts';
import { TIMES_WRITTEN } from './entities.ts';
import { isFiledUnder, meets, wordsOf, type EventConditions } from './event-conditions.ts';
import { toJson } from './rows.ts';
import { statement } from './statement.ts';

/** A part of a list, and where the next one begins; no `next` where this is the last. */
export interface Slice<Item, Key> {
  items: Item[];
  next?: Key;
}

export interface Walk<Key> {
  /** The key of the last item that was had. */
  after?: Key | undefined;
  limit: number;
}

/** An event in a list. `listedDay` is the day under which it was first public: what lists are walked along. */
export interface ListedEvent extends DayItem {
  updatedAt: string;
}

export interface ListedDay {
  day: Day;
  events: number;
  updatedAt: string;
}

export interface ListedStory {
  id: StoryId;
  slug: string;
  title: string;
  firstDay: Day;
  lastDay: Day;
  events: number;
  updatedAt: string;
}

/** A story with its public events in their order, and the story that it was cut off from. */
export interface WholeStory extends ListedStory {
  members: EventReference[];
  splitFrom?: Pick<ListedStory, 'id' | 'slug' | 'title'>;
}

export interface ListedEntity {
  id: EntityId;
  slug: string;
  label: string;
  /** The page title. */
  title: string;
  type: EntityType;
  /** How many public and earlier events name it. */
  events: number;
}

/** An article with what is known of it; `rules` says of each field which rule won it. */
export interface ListedSource {
  id: ArticleId;
  /** As cited. */
  url: string;
  host: string;
  state: CaptureState;
  reason?: string;
  capturedAt?: string;
  article: Partial<ArticleFields>;
  /** Of a submitted article, the event it was put to (none where an event was made of it), and why. */
  joined?: { event?: EventId; why: string };
  rules: Partial<Record<keyof ArticleFields, string>>;
  reading?: ArticleReading;
}

/** What its page says beside its fields; absent where no page was read. */
export interface ArticleReading {
  kind: ExtractedArticle['kind'];
  /** Of the main text. */
  wordCount: number;
  paywalled: boolean;
  direction?: ExtractedArticle['direction'];
  publishedBounds?: NonNullable<ExtractedArticle['publishedBounds']>;
  /** Those in the text, in page order. */
  images: ArticleImage[];
  /** Other values of a field that disagree with the winner, best first. */
  rivals: ExtractedArticle['rivals'];
}

export interface ListedRelation {
  from: EventId;
  to: EventId;
  /** 0 for the best of its event's list. */
  ordinal: number;
  score: number;
  evidence: Evidence[];
}

/** A place with its coordinates in degrees, WGS 84. */
export interface NamedPlace {
  label: string;
  longitude: number;
  latitude: number;
}

/** An event as readers saw it at an instant. */
export interface EarlierEvent extends EventReference {
  /** ISO 8601 instant at which it was first shown so. */
  since: string;
}

/** Which pages list an event: of its day, its category, its topics, its entities (slugs) and its story (slug). */
export interface Filing {
  day: Day;
  category: Category | null;
  story: string | null;
  entities: string[];
  topics: TopicReference[];
}

/** An event's place in lists. */
export interface EventKey {
  day: Day;
  id: EventId;
}

export interface RelationKey {
  from: EventId;
  to: EventId;
}

const CITING = 100;
const STORY_EVENTS = 500;
const ALIASES = 50;

/**
 * Everything public, for programs: lists that are walked along a key which
 * never changes, so that whatever is there all the while is met exactly once,
 * however much is written meanwhile.
 */
export function catalogueStore(db: Database) {
  return {
    /** The events that meet the conditions, the day they were first listed under descending. */
    async events(conditions: EventConditions, { after, limit }: Walk<EventKey>): Promise<Slice<ListedEvent, EventKey>> {
      const later = after ? sql`(e.listed_day, e.id) < (${after.day}::date, ${after.id}::uuid)` : sql`true`;
      const { rows } = await sql<ItemRow & { listedDay: Day }>`select ${ITEM}, e.listed_day from event e
        where e.id in (select e.id from event e where ${PUBLIC} and ${meets(conditions)} and ${later}
          order by e.listed_day desc, e.id desc limit ${limit + 1})
        order by e.listed_day desc, e.id desc`.execute(db);
      return sliced(rows, limit, listedEvent, ({ listedDay, id }) => ({ day: listedDay, id }));
    },

    /**
     * The events that were public at an instant, with what they said then, in
     * the order of `events`. The words are looked for in what was said then;
     * what an event is filed under is what is known of it now.
     */
    async eventsAt(
      at: Date,
      conditions: EventConditions,
      { after, limit }: Walk<EventKey>,
    ): Promise<Slice<EarlierEvent, EventKey>> {
      const later = after ? sql`(e.listed_day, e.id) < (${after.day}::date, ${after.id}::uuid)` : sql`true`;
      const { rows } = await sql<EarlierRow>`select ${EARLIER} from ${publicAt(at)}
        where ${metAt(conditions)} and ${later} order by e.listed_day desc, e.id desc limit ${limit + 1}`.execute(db);
      return sliced(rows, limit, earlierEvent, ({ listedDay, id }) => ({ day: listedDay, id }));
    },

    /** The best matches of a text in what events said at an instant, best first. */
    async searchAt(at: Date, text: string, conditions: EventConditions, limit: number): Promise<EarlierEvent[]> {
      const { rows } = await sql<EarlierRow>`select ${EARLIER} from ${publicAt(at)}
        where ${metAt({ ...conditions, text })}
        order by ts_rank_cd(${SAID}, ${wordsOf(text)}, 1) desc, e.day desc, e.id limit ${limit}`.execute(db);
      return rows.map(earlierEvent);
    },

    /** The days that had public events at an instant. */
    async daysAt(
      at: Date,
      span: Pick<EventConditions, 'from' | 'to'>,
      { after, limit }: Walk<Day>,
    ): Promise<Slice<ListedDay, Day>> {
      const later = after ? sql`e.day < ${after}` : sql`true`;
      const { rows } = await sql<{ day: Day; events: number; updatedAt: Date }>`
        select e.day, count(*)::int as events, max(w.public_at) as updated_at from ${publicAt(at)}
        where ${metAt(span)} and ${later} group by e.day order by e.day desc limit ${limit + 1}`.execute(db);
      return sliced(rows, limit, dated, ({ day }) => day);
    },

    /** The best matches of a text, best first. */
    async search(text: string, conditions: EventConditions, limit: number): Promise<ListedEvent[]> {
      const words = wordsOf(text);
      const { rows } = await sql<ItemRow>`with hit as materialized (
          select e.id, ts_rank_cd(e.words, ${words}, 1) as rank, e.day from event e
          where ${PUBLIC} and ${meets({ ...conditions, text })} order by rank desc, e.day desc, e.id limit ${limit})
        select ${ITEM} from hit h join event e on e.id = h.id order by h.rank desc, h.day desc, e.id`.execute(db);
      return rows.map(listedEvent);
    },

    /** The events of these ids that are public, in this order. */
    async eventsOf(ids: readonly EventId[]): Promise<ListedEvent[]> {
      const { rows } =
        await sql<ItemRow>`select ${ITEM} from json_array_elements_text(${toJson(ids)}::json) with ordinality as w(id, n)
        join event e on e.id = w.id::uuid where ${PUBLIC} order by w.n`.execute(db);
      return rows.map(listedEvent);
    },

    async days(
      span: Pick<EventConditions, 'from' | 'to'>,
      { after, limit }: Walk<Day>,
    ): Promise<Slice<ListedDay, Day>> {
      const later = after ? sql`e.day < ${after}` : sql`true`;
      const { rows } = await sql<{ day: Day; events: number; updatedAt: Date }>`
        select e.day, count(*)::int as events, max(e.updated_at) as updated_at from event e
        where ${PUBLIC} and ${meets(span)} and ${later} group by e.day order by e.day desc limit ${limit + 1}`.execute(
        db,
      );
      return sliced(rows, limit, dated, ({ day }) => day);
    },

    async stories(
      { from, to }: Pick<EventConditions, 'from' | 'to'>,
      { after, limit }: Walk<StoryId>,
    ): Promise<Slice<ListedStory, StoryId>> {
      const { rows } = await sql<Undated<ListedStory>>`select ${STORY} from story s
        where s.merged_into is null and s.events > 0 ${from ? sql`and s.last_day >= ${from}` : sql``} ${to ? sql`and s.first_day <= ${to}` : sql``}
          ${after ? sql`and s.id > ${after}` : sql``} order by s.id limit ${limit + 1}`.execute(db);
      return sliced(rows, limit, dated, ({ id }) => id);
    },

    /** The story of an id, or the one it was merged into, with its public events in their order. */
    async story(id: StoryId): Promise<WholeStory | undefined> {
      const { rows } = await sql<WholeStoryRow>`with recursive at as (
          select id, merged_into, 0 as hops from story where id = ${id}
          union all select s.id, s.merged_into, hops + 1 from at join story s on s.id = at.merged_into where hops < 20)
        select ${STORY}, (select json_agg(json_build_object('id', m.id, 'day', m.day, 'slug', m.slug, 'text', m.text) order by m.day, m.position, m.id)
          from (select e.* from story_event se join event e on e.id = se.event_id where se.story_id = s.id and ${PUBLIC}
            order by e.day, e.position, e.id limit ${STORY_EVENTS}) m) as members,
          (select json_build_object('id', o.id, 'slug', o.slug, 'title', o.title) from story f join story o on o.id = coalesce(f.merged_into, f.id)
            where f.id = s.split_from and o.events > 0 and o.id <> s.id) as split_from
        from at join story s on s.id = at.id where s.merged_into is null`.execute(db);
      const [row] = rows;
      if (!row) return undefined;
      const { members, splitFrom, ...story } = row;
      return { ...dated(story), members: members ?? [], ...(splitFrom && { splitFrom }) };
    },

    /** The story of a slug, or the one it was merged into; undefined where no public event is in it. */
    async storyNamed(slug: string): Promise<Pick<ListedStory, 'id' | 'slug' | 'title'> | undefined> {
      const { rows } = await sql<Pick<ListedStory, 'id' | 'slug' | 'title'>>`select o.id, o.slug, o.title
        from story s left join story i on i.id = s.merged_into join story o on o.id = coalesce(i.id, s.id)
        where s.slug = ${slug} and o.events > 0`.execute(db);
      return rows[0];
    },

    /** The header of a number, as the topic's page is called. */
    async topic(id: number): Promise<{ id: number; label: string } | undefined> {
      const { rows } = await sql<{
        id: number;
        label: string;
      }>`select t.id, coalesce(nullif(t.text, ''), t.title) as label
        from topic t where t.id = ${id}`.execute(db);
      return rows[0];
    },

    /** Entities that public events name; `name` is how any of their spellings begins. */
    async entities(
      { name, type }: { name?: string | undefined; type?: EntityType | undefined },
      { after, limit }: Walk<EntityId>,
    ): Promise<Slice<ListedEntity, EntityId>> {
      const begins = name === undefined ? undefined : `${name.toLowerCase().replace(/[\\%_]/g, '\\$&')}%`;
      const { rows } = await sql<ListedEntity>`select ${ENTITY} from entity n where n.events > 0
        ${type ? sql`and n.type = ${type}` : sql``} ${after ? sql`and n.id > ${after}` : sql``}
        ${begins ? sql`and n.id in (select a.entity_id from entity_alias a where lower(a.surface) like ${begins} and ${TIMES_WRITTEN} > 0)` : sql``}
        order by n.id limit ${limit + 1}`.execute(db);
      return sliced(
        rows,
        limit,
        (row) => row,
        ({ id }) => id,
      );
    },

    /** The entity of a slug with its spellings, the most frequent first. */
    async entity(slug: string): Promise<(ListedEntity & { aliases: string[] }) | undefined> {
      const { rows } = await sql<ListedEntity & { aliases: string[] | null }>`select ${ENTITY},
          (select json_agg(w.surface order by w.times desc, w.surface) from (select a.surface, ${TIMES_WRITTEN} as times from entity_alias a
            where a.entity_id = n.id and ${TIMES_WRITTEN} > 0 order by 2 desc, 1 limit ${ALIASES}) w) as aliases
        from entity n where n.slug = ${slug}`.execute(db);
      return rows[0] && { ...rows[0], aliases: rows[0].aliases ?? [] };
    },

    async sources(
      { host, state }: { host?: string | undefined; state?: CaptureState | undefined },
      { after, limit }: Walk<ArticleId>,
    ): Promise<Slice<ListedSource, ArticleId>> {
      const { rows } = await sql<SourceRow>`select ${SOURCE} from article a where a.merged_into is null
        ${host ? sql`and a.host in (${host}, ${`www.${host}`})` : sql``} ${state ? sql`and a.state = ${state}` : sql``}
        ${after ? sql`and a.id > ${after}` : sql``} order by a.id limit ${limit + 1}`.execute(db);
      return sliced(rows, limit, sourceOf, ({ id }) => id);
    },

    async source(id: ArticleId): Promise<ListedSource | undefined> {
      const { rows } = await sql<SourceRow>`select ${SOURCE} from article a where a.id = ${id}`.execute(db);
      return rows[0] && sourceOf(rows[0]);
    },

    /** The article that a canonical URL leads to, with the public events that cite it. */
    async lookup(url: string): Promise<{ source: ListedSource; events: EventReference[] } | undefined> {
      const [row] = await ofUrl(db, url);
      if (!row) return undefined;
      const { citing, ...source } = row;
      return { source: sourceOf(source), events: citing ?? [] };
    },

    async citing(id: ArticleId): Promise<EventReference[]> {
      const { rows } =
        await sql<EventReference>`select distinct e.id, e.day, e.slug, e.text from event_source es join event e on e.id = es.event_id
        where es.article_id = ${id} and ${PUBLIC}
        union select e.id, e.day, e.slug, e.text from article a join event e on e.id = a.joined_event where a.id = ${id} and ${PUBLIC}
        order by day, id limit ${CITING}`.execute(db);
      return rows;
    },

    /** Edges between public events; of one event where `from` is given. */
    async relations(
      { from }: { from?: EventId | undefined },
      { after, limit }: Walk<RelationKey>,
    ): Promise<Slice<ListedRelation, RelationKey>> {
      const { rows } =
        await sql<ListedRelation>`select r.from_id as "from", r.to_id as "to", r.ordinal, r.score, r.evidence
        from relation r join event f on f.id = r.from_id join event t on t.id = r.to_id
        where f.state = 'stable' and t.state = 'stable' ${from ? sql`and r.from_id = ${from}` : sql``}
          ${after ? sql`and (r.from_id, r.to_id) > (${after.from}::uuid, ${after.to}::uuid)` : sql``}
        order by r.from_id, r.to_id limit ${limit + 1}`.execute(db);
      return sliced(
        rows,
        limit,
        (row) => row,
        (row) => ({ from: row.from, to: row.to }),
      );
    },

    /** What an event said and where it was at an instant; undefined where it was not public then. */
    async wordingAt(id: EventId, at: Date): Promise<{ day: Day; text: string; withdrawn: boolean } | undefined> {
      const { rows } = await sql<{ day: Day; text: string; withdrawn: boolean }>`
        select e.day, w.text, e.state = 'withdrawn' and e.gone_at <= ${at} as withdrawn
        from event e join event_wording w on w.event_id = e.id
        where e.id = ${id} and w.public_at <= ${at} order by w.ordinal desc limit 1`.execute(db);
      return rows[0];
    },

    /** The ids of the events of these days that ever had one of these sentences, by sentence. */
    async idsOfWordings(days: readonly Day[], texts: readonly string[]): Promise<Map<string, EventId>> {
      const { rows } = await sql<{ text: string; id: EventId }>`select distinct on (w.text) w.text, e.id
        from event e join event_wording w on w.event_id = e.id
        where e.day in (select value::date from json_array_elements_text(${toJson(days)}::json))
          and w.text in (select value from json_array_elements_text(${toJson(texts)}::json))
        order by w.text, e.first_seen_at, e.id`.execute(db);
      return new Map(rows.map(({ text, id }) => [text, id]));
    },

    /** What the events of these ids are filed under, those that are not public any more too. */
    async filings(ids: readonly string[]): Promise<Filing[]> {
      const { rows } = await sql<Filing>`select e.day, e.category,
          (select s.slug from story_event se join story s on s.id = se.story_id where se.event_id = e.id) as story,
          coalesce((select json_agg(distinct n.slug) from mention m join entity n on n.id = m.entity_id where m.event_id = e.id), '[]') as entities,
          coalesce((select json_agg(json_build_object('id', f.id, 'label', coalesce(nullif(f.text, ''), f.title)))
            from event_topic et join topic t on t.id = et.topic_id
              join lateral (select o.id, o.text, o.title from topic o where o.id = t.id or (o.title = t.title and t.title <> '')
                order by o.id limit 1) f on true
            where et.event_id = e.id), '[]') as topics
        from event e where e.slug is not null and e.id in (select value::uuid from json_array_elements_text(${toJson(ids)}::json))
        order by e.day, e.id`.execute(db);
      return rows;
    },

    /** Where the events of a day are: the places that they name and whose coordinates are known. */
    async placesOf(day: Day): Promise<Map<EventId, NamedPlace[]>> {
      const { rows } = await sql<{
        id: EventId;
        places: NamedPlace[];
      }>`select p.id, json_agg(json_build_object('label', p.label,
          'longitude', p.longitude, 'latitude', p.latitude) order by p.label) as places
        from (select distinct e.id, n.label, n.longitude, n.latitude from event e join mention m on m.event_id = e.id
          join entity n on n.id = m.entity_id where e.day = ${day} and ${PUBLIC} and n.latitude is not null and n.longitude is not null) p
        group by p.id`.execute(db);
      return new Map(rows.map(({ id, places }) => [id, places]));
    },

    /**
     * The days whose pages may differ from what they were after change `seq`:
     * of the events that changed, of those that show one of them as related or
     * in their story, of the stories that changed, and the days beside them.
     */
    async daysTouched(seq: number): Promise<Day[]> {
      const { rows } = await sql<{ day: Day }>`with changed as materialized (
          select distinct id::uuid as id, day from change where seq > ${seq} and noun = 'event'),
        touched as (
          select day from changed where day is not null
          union select e.day from event e join changed c on c.id = e.id
          union select f.day from relation r join changed c on c.id = r.to_id join event f on f.id = r.from_id
          union select e.day from changed c join story_event own on own.event_id = c.id
            join story_event other on other.story_id = own.story_id join event e on e.id = other.event_id
          union select e.day from change c join story_event se on se.story_id = c.id::uuid join event e on e.id = se.event_id
            where c.seq > ${seq} and c.noun = 'story')
        select day from touched
        union select (select e.day from event e where ${PUBLIC} and e.day < t.day order by e.day desc limit 1) from touched t
        union select (select e.day from event e where ${PUBLIC} and e.day > t.day order by e.day limit 1) from touched t
        order by 1`.execute(db);
      return rows.map(({ day }) => day).filter((day) => day !== null);
    },
  };
}

export type CatalogueStore = ReturnType<typeof catalogueStore>;

type WholeStoryRow = Omit<Undated<WholeStory>, 'members' | 'splitFrom'> & {
  members: EventReference[] | null;
  splitFrom: WholeStory['splitFrom'] | null;
};

const STORY = sql`s.id, s.slug, s.title, s.first_day, s.last_day, s.events, s.updated_at`;
const ENTITY = sql`n.id, n.slug, n.label, n.title, n.type, n.events`;
const SOURCE = sql`a.id, a.cited_url as url, a.host, a.state, a.reason, a.captured_at, a.title, a.description, a.authors, a.published,
  a.modified, a.site_name, a.canonical_url, a.image, a.language, a.section, a.keywords, a.rules, a.joined_event, a.joined_why,
  case when a.kind is not null then json_strip_nulls(json_build_object('kind', a.kind, 'wordCount', coalesce(a.word_count, 0),
    'paywalled', coalesce(a.paywalled, false), 'direction', a.direction, 'publishedBounds', a.published_bounds,
    'images', coalesce(a.images, '[]'), 'rivals', coalesce(a.rivals, '{}'))) end as reading`;

interface EarlierRow extends EventReference {
  listedDay: Day;
  since: Date;
}

const EARLIER = sql`e.id, e.day, e.listed_day, coalesce(w.slug, e.slug) as slug, w.text, w.public_at as since`;

const earlierEvent = ({ listedDay: _listedDay, since, ...event }: EarlierRow): EarlierEvent => ({
  ...event,
  since: since.toISOString(),
});

/** Each event `e` that was public at an instant, with its wording `w` of then. */
const publicAt = (at: Date): RawBuilder<unknown> => sql`event e
  cross join lateral (select v.text, v.slug, v.public_at from event_wording v
    where v.event_id = e.id and v.public_at <= ${at} and (e.state <> 'withdrawn' or e.gone_at > ${at}) order by v.ordinal desc limit 1) w`;

/** The words of a wording, by the expression that the index has. */
const wordsSaid = (wording: string): RawBuilder<unknown> =>
  sql`to_tsvector('english', left(${sql.ref(`${wording}.text`)}, 20000))`;
const SAID = wordsSaid('w');

function metAt({ text, ...conditions }: EventConditions): RawBuilder<unknown> {
  const filed = sql`e.slug is not null and ${isFiledUnder(conditions)}`;
  if (text === undefined) return filed;
  const words = wordsOf(text);
  // First by the index, whenever it was said; then whether it was said then.
  return sql`${filed} and ${SAID} @@ ${words} and e.id in (
    select v.event_id from event_wording v where v.public_at is not null and ${wordsSaid('v')} @@ ${words})`;
}

type Undated<Row> = Omit<Row, 'updatedAt'> & { updatedAt: Date };

type SourceRow = Pick<ListedSource, 'id' | 'url' | 'host' | 'state'> & {
  reason: string | null;
  capturedAt: Date | null;
  rules: ListedSource['rules'] | null;
  reading: ArticleReading | null;
  joinedEvent: EventId | null;
  joinedWhy: string | null;
} & ArticleColumns;

const ofUrl = statement<SourceRow & { citing: EventReference[] | null }, [url: string]>(
  (url) => sql`/* lookup */ select ${SOURCE},
          (select json_agg(json_build_object('id', c.id, 'day', c.day, 'slug', c.slug, 'text', c.text) order by c.day, c.id)
            from (select distinct e.id, e.day, e.slug, e.text from event_source es join event e on e.id = es.event_id
              where es.article_id in (a.id, o.id) and ${PUBLIC}
              union select e.id, e.day, e.slug, e.text from event e where e.id = a.joined_event and ${PUBLIC} order by day, id limit ${sql.raw(String(CITING))}) c) as citing
        from article_url u join article o on o.id = u.article_id join article a on a.id = coalesce(o.merged_into, o.id)
        where u.url = ${url}`,
);

const dated = <Row extends { updatedAt: Date }>(row: Row): Omit<Row, 'updatedAt'> & { updatedAt: string } => ({
  ...row,
  updatedAt: row.updatedAt.toISOString(),
});

const listedEvent = (row: ItemRow): ListedEvent => ({ ...itemOf(row), updatedAt: row.updatedAt.toISOString() });

/** The first `limit` of the rows, and the key of the last of them where there are more. */
function sliced<Row, Item, Key>(
  rows: readonly Row[],
  limit: number,
  itemOfRow: (row: Row) => Item,
  keyOf: (row: Row) => Key,
): Slice<Item, Key> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return { items: shown.map(itemOfRow), ...(rows.length > limit && last !== undefined && { next: keyOf(last) }) };
}

function sourceOf(row: SourceRow): ListedSource {
  const { id, url, host, state, reason, capturedAt, rules, reading, joinedEvent, joinedWhy, ...article } = row;
  return {
    id,
    url,
    host,
    state,
    ...(reason !== null && { reason }),
    ...(capturedAt && { capturedAt: capturedAt.toISOString() }),
    article: knownFields(article),
    ...(joinedWhy !== null && { joined: { ...(joinedEvent !== null && { event: joinedEvent }), why: joinedWhy } }),
    rules: rules ?? {},
    ...(reading && { reading }),
  };
}
