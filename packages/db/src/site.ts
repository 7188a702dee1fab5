import {
  type ArticleFields,
  type CaptureState,
  type Day,
  type DayItem,
  type DayPage,
  type EntityReference,
  type EventId,
  type EventPage,
  type EventReference,
  type Evidence,
  type FrontPage,
  type Link,
  type Origin,
  type RelatedEvent,
  type SourceCard,
  type StoryId,
  type Topic,
  type Wording,
} from '@throughline/core';
import { sql, type RawBuilder } from 'kysely';
import type { Database } from './database.ts';
import { toJson } from './rows.ts';

/** What stands at an event's place. */
export type EventPlace =
  | { kind: 'found'; page: EventPage }
  /** The event has another place now. */
  | { kind: 'moved'; day: Day; slug: string }
  /** The event was withdrawn at `at` (ISO 8601); `page` is what it was. */
  | { kind: 'gone'; page: EventPage; at: string }
  | { kind: 'missing' };

const PORTAL_LICENSE = 'CC BY-SA 4.0';
const FRONT_DAYS = 3;
/** The signal whose evidence makes the context line. */
const SHARED = 'shared-entity';

export function siteStore(db: Database) {
  const dayPage = async (day: Day): Promise<DayPage | undefined> => {
    const [items, neighbours] = await Promise.all([dayItems(db, day), nearestDays(db, day)]);
    const first = items[0];
    if (!first) return undefined;
    const updatedAt = items.reduce(
      (latest, item) => (item.updatedAt > latest ? item.updatedAt : latest),
      first.updatedAt,
    );
    return {
      day,
      items: items.map(({ updatedAt: _updatedAt, ...item }) => item),
      ...(neighbours.previous && { previous: neighbours.previous }),
      ...(neighbours.next && { next: neighbours.next }),
      updatedAt,
    };
  };

  return {
    /** What stands at `/news/<day>/<slug>`. */
    async event(day: Day, slug: string): Promise<EventPlace> {
      const place = await db
        .selectFrom('eventSlug')
        .innerJoin('event', 'event.id', 'eventSlug.eventId')
        .select(['event.id', 'event.day', 'event.slug', 'event.state', 'event.goneAt', 'event.mergedInto'])
        .where('eventSlug.day', '=', day)
        .where('eventSlug.slug', '=', slug)
        .executeTakeFirst();
      if (!place?.slug) return { kind: 'missing' };
      const into = place.mergedInto && (await placeOf(db, place.mergedInto));
      if (place.state === 'withdrawn' && into) return { kind: 'moved', ...into };
      if (place.day !== day || place.slug !== slug) return { kind: 'moved', day: place.day, slug: place.slug };
      const page = await eventPage(db, place.id);
      if (!page) return { kind: 'missing' };
      if (place.state === 'withdrawn') return { kind: 'gone', page, at: (place.goneAt ?? new Date(0)).toISOString() };
      return { kind: 'found', page };
    },

    /** Where an event is to be found, or the one it was merged into; undefined before it is public. */
    async place(id: EventId): Promise<{ day: Day; slug: string } | undefined> {
      const row = await db.selectFrom('event').select('mergedInto').where('id', '=', id).executeTakeFirst();
      return (row?.mergedInto && (await placeOf(db, row.mergedInto))) || placeOf(db, id);
    },

    /** The newest events, newest first, of whatever day. */
    async latest(limit: number): Promise<{ items: DayItem[]; updatedAt: string }> {
      const rows = await itemsWhere(
        db,
        sql`e.id in (select id from event where state = 'stable' and slug is not null
        order by day desc, first_seen_at desc, position limit ${limit})`,
      );
      const items = rows.sort((a, b) => (a.day < b.day ? 1 : a.day > b.day ? -1 : 0));
      const updatedAt = items.reduce(
        (latest, item) => (item.updatedAt > latest ? item.updatedAt : latest),
        new Date(0).toISOString(),
      );
      return { items, updatedAt };
    },

    page: (id: EventId): Promise<EventPage | undefined> => eventPage(db, id),

    day: dayPage,

    /** The last three days that have events; empty on an empty archive. */
    async front(): Promise<FrontPage> {
      const rows = await db
        .selectFrom('event')
        .select('day')
        .distinct()
        .where('state', '=', 'stable')
        .orderBy('day', 'desc')
        .limit(FRONT_DAYS)
        .execute();
      const days = (await Promise.all(rows.map(({ day }) => dayPage(day)))).filter((page) => page !== undefined);
      return {
        days,
        updatedAt: days.reduce(
          (latest, { updatedAt }) => (updatedAt > latest ? updatedAt : latest),
          new Date(0).toISOString(),
        ),
      };
    },

    /** Public events whose sentence or id begins so, for finding one by hand. */
    async find(text: string, limit: number): Promise<EventReference[]> {
      const { rows } = await sql<EventReference>`select id, day, slug, text from event
        where state = 'stable' and (text ilike ${`%${text.replace(/[\\%_]/g, '\\$&')}%`} or id::text = ${text} or slug = ${text})
        order by day desc, position limit ${limit}`.execute(db);
      return rows;
    },

    /** The days with public events, ascending. */
    async days(from?: Day, to?: Day): Promise<{ day: Day; updatedAt: string }[]> {
      let query = db
        .selectFrom('event')
        .select(['day', ({ fn }) => fn.max('updatedAt').as('updatedAt')])
        .where('state', '=', 'stable');
      if (from) query = query.where('day', '>=', from);
      if (to) query = query.where('day', '<=', to);
      const rows = await query.groupBy('day').orderBy('day').execute();
      return rows.map(({ day, updatedAt }) => ({ day, updatedAt: updatedAt.toISOString() }));
    },

    /** Every public event of a day, whole. */
    async pagesOf(day: Day): Promise<EventPage[]> {
      const rows = await db
        .selectFrom('event')
        .select('id')
        .where('day', '=', day)
        .where('state', '=', 'stable')
        .orderBy('position')
        .execute();
      return (await Promise.all(rows.map(({ id }) => eventPage(db, id)))).filter((page) => page !== undefined);
    },
  };
}

export type SiteStore = ReturnType<typeof siteStore>;

async function placeOf(db: Database, id: EventId): Promise<{ day: Day; slug: string } | undefined> {
  const row = await db.selectFrom('event').select(['day', 'slug']).where('id', '=', id).executeTakeFirst();
  return row?.slug ? { day: row.day, slug: row.slug } : undefined;
}

async function nearestDays(db: Database, day: Day): Promise<{ previous: Day | null; next: Day | null }> {
  const { rows } = await sql<{ previous: Day | null; next: Day | null }>`select
    (select max(day) from event where day < ${day} and state = 'stable') as previous,
    (select min(day) from event where day > ${day} and state = 'stable') as next`.execute(db);
  return rows[0] ?? { previous: null, next: null };
}

// The event page

async function eventPage(db: Database, id: EventId): Promise<EventPage | undefined> {
  const [head, topics, sources, entities, related, wordings] = await Promise.all([
    headOf(db, id),
    topicsOf(db, [id]),
    sourcesOf(db, id),
    entitiesOf(db, id),
    relatedOf(db, id),
    wordingsOf(db, id),
  ]);
  if (!head?.slug) return undefined;
  const story = await storyOf(db, id);
  return {
    id,
    day: head.day,
    slug: head.slug,
    text: head.text,
    ...(head.category && { category: head.category }),
    section: head.section,
    topics: topics.get(id) ?? [],
    links: head.links,
    sources,
    entities,
    related: related.map((one) => ({ ...one, when: when(head.day, one.day) })),
    wordings,
    ...(story && { story }),
    updatedAt: head.updatedAt.toISOString(),
    origin: originOf(head, sources),
  };
}

/** Whose words the sentence is: the portal's editors', or the publisher's where it is the title of a submitted article. */
function originOf(
  { source, title, revision }: { source: string; title: string; revision: number | null },
  sources: readonly SourceCard[],
): Origin {
  const [cited] = sources;
  if (source !== 'portal' && cited) {
    const publisher = cited.outlet ?? new URL(cited.url).hostname;
    return { title: cited.article?.title ?? cited.url, url: cited.url, license: `© ${publisher}` };
  }
  return { title, url: portalUrl(title), ...(revision !== null && { revision }), license: PORTAL_LICENSE };
}

const portalUrl = (title: string) => `https://en.wikipedia.org/wiki/${encodeURI(title.replaceAll(' ', '_'))}`;

const when = (own: Day, other: Day): RelatedEvent['when'] =>
  other < own ? 'earlier' : other > own ? 'later' : 'same-day';

const headOf = (db: Database, id: EventId) =>
  db
    .selectFrom('event')
    .innerJoin('page', 'page.id', 'event.pageId')
    .select([
      'event.day',
      'event.slug',
      'event.text',
      'event.category',
      'event.section',
      'event.links',
      'event.updatedAt',
    ])
    .select(['page.title', 'page.source', 'page.revision'])
    .where('event.id', '=', id)
    .executeTakeFirst();

async function topicsOf(db: Database, ids: readonly EventId[]): Promise<Map<EventId, Topic[]>> {
  const { rows } = await sql<{ eventId: EventId; topics: Topic[] }>`
    select et.event_id, json_agg(json_build_object('title', t.title, 'text', t.text) order by et.ordinal) as topics
    from event_topic et join topic t on t.id = et.topic_id
    where et.event_id in (select value::uuid from json_array_elements_text(${toJson(ids)}::json)) group by et.event_id`.execute(
    db,
  );
  return new Map(rows.map(({ eventId, topics }) => [eventId, topics]));
}

async function sourcesOf(db: Database, id: EventId): Promise<SourceCard[]> {
  const rows = await db
    .selectFrom('eventSource as s')
    .leftJoin('article as a', 'a.id', 's.articleId')
    .select(['s.url', 's.label', 's.agency', 's.outlet', 's.title as citedTitle', 's.published as citedPublished'])
    .select([
      'a.state',
      'a.reason',
      'a.capturedAt',
      'a.title',
      'a.description',
      'a.authors',
      'a.published',
      'a.modified',
      'a.siteName',
    ])
    .select(['a.canonicalUrl', 'a.image', 'a.language', 'a.section', 'a.keywords', 'a.rules'])
    .where('s.eventId', '=', id)
    .orderBy('s.ordinal')
    .execute();
  return rows.map((row) => {
    const state: CaptureState = row.state ?? 'refused';
    const article = articleOf(row);
    const cited = {
      ...(row.citedTitle && { title: row.citedTitle }),
      ...(row.citedPublished && { published: row.citedPublished }),
    };
    const shown = { ...cited, ...article };
    return {
      url: row.url,
      label: row.label,
      ...(row.agency && { agency: row.agency }),
      ...(row.outlet && { outlet: row.outlet }),
      state,
      ...(state !== 'ok' && {
        reason: row.reason ?? (row.state ? 'not fetched yet' : 'not a URL that can be fetched'),
      }),
      ...(row.capturedAt && { capturedAt: row.capturedAt.toISOString() }),
      ...(Object.keys(shown).length > 0 && { article: shown }),
      ...(row.rules && { rules: row.rules }),
    };
  });
}

type ArticleRow = { [Name in keyof ArticleFields]: ArticleFields[Name] | null };

function articleOf(row: ArticleRow): Partial<ArticleFields> {
  const {
    title,
    description,
    authors,
    published,
    modified,
    siteName,
    canonicalUrl,
    image,
    language,
    section,
    keywords,
  } = row;
  const all = {
    title,
    description,
    authors,
    published,
    modified,
    siteName,
    canonicalUrl,
    image,
    language,
    section,
    keywords,
  };
  return Object.fromEntries(
    Object.entries(all).filter(([, value]) => value !== null && !(Array.isArray(value) && value.length === 0)),
  );
}

const entitiesOf = async (db: Database, id: EventId): Promise<EntityReference[]> => {
  const { rows } = await sql<EntityReference>`
    select n.id, n.label, n.slug, n.type from mention m join entity n on n.id = m.entity_id
    where m.event_id = ${id} group by n.id order by min(n.events), n.label`.execute(db);
  return rows;
};

type Unplaced = Omit<RelatedEvent, 'when'>;

async function relatedOf(db: Database, id: EventId): Promise<Unplaced[]> {
  const { rows } = await sql<
    EventReference & { score: number; evidence: Evidence[]; labels: Record<string, string> | null }
  >`
    select t.id, t.day, t.slug, t.text, r.score, r.evidence,
      (select json_object_agg(n.title, n.label) from entity n
        where n.title in (select p ->> 'about' from jsonb_array_elements(r.evidence) p where p ->> 'signal' = ${SHARED})) as labels
    from relation r join event t on t.id = r.to_id
    where r.from_id = ${id} and t.state = 'stable' order by r.ordinal`.execute(db);
  return rows.map(({ labels, evidence, ...row }) => {
    const name = (about: string) => labels?.[about] ?? about;
    const context = evidence
      .filter(({ signal, about }) => signal === SHARED && about !== undefined)
      .sort((a, b) => b.weight - a.weight)
      .map(({ about = '' }) => name(about));
    const named = evidence.map((one) =>
      one.about !== undefined && one.signal === SHARED ? { ...one, about: name(one.about) } : one,
    );
    return { ...row, context: [...new Set(context)], evidence: named };
  });
}

async function wordingsOf(db: Database, id: EventId): Promise<Wording[]> {
  const rows = await db
    .selectFrom('eventWording')
    .select(['text', 'slug', 'seenAt', 'revision'])
    .where('eventId', '=', id)
    .where('publicAt', 'is not', null)
    .orderBy('ordinal')
    .execute();
  return rows.map(({ text, slug, seenAt, revision }) => ({
    text,
    ...(slug !== null && { slug }),
    seenAt: seenAt.toISOString(),
    ...(revision !== null && { revision }),
  }));
}

async function storyOf(db: Database, id: EventId): Promise<EventPage['story']> {
  const { rows } = await sql<{ id: StoryId; slug: string; title: string; events: EventReference[] }>`
    select s.id, s.slug, s.title,
      (select json_agg(json_build_object('id', e.id, 'day', e.day, 'slug', e.slug, 'text', e.text) order by e.day, e.position)
        from (select e.* from story_event o join event e on e.id = o.event_id
          where o.story_id = s.id and e.state = 'stable' order by e.day desc, e.position limit 100) e) as events
    from story_event se join story s on s.id = se.story_id where se.event_id = ${id}`.execute(db);
  return rows[0];
}

// Day pages

type ItemRow = DayItem & { updatedAt: string };

const dayItems = (db: Database, day: Day): Promise<ItemRow[]> => itemsWhere(db, sql`e.day = ${day}`);

async function itemsWhere(db: Database, condition: RawBuilder<unknown>): Promise<ItemRow[]> {
  const { rows } = await sql<{
    id: EventId;
    day: Day;
    slug: string;
    text: string;
    category: DayItem['category'] | null;
    section: string;
    links: Link[];
    updatedAt: Date;
    topics: Topic[] | null;
    context: string[] | null;
    sources: { outlet: string; description: string | null; image: string | null }[] | null;
  }>`select e.id, e.day, e.slug, e.text, e.category, e.section, e.links, e.updated_at,
      (select json_agg(json_build_object('title', t.title, 'text', t.text) order by et.ordinal)
        from event_topic et join topic t on t.id = et.topic_id where et.event_id = e.id) as topics,
      (select json_agg(d.label order by d.events, d.label) from (select distinct n.id, n.label, n.events
        from mention m join entity n on n.id = m.entity_id where m.event_id = e.id) d) as context,
      (select json_agg(json_build_object('outlet', coalesce(s.outlet, nullif(s.label, ''), a.site_name), 'description', a.description,
          'image', a.image ->> 'url') order by s.ordinal)
        from event_source s left join article a on a.id = s.article_id where s.event_id = e.id) as sources
    from event e where ${condition} and e.state = 'stable' and e.slug is not null order by e.position, e.id`.execute(
    db,
  );
  return rows.map(({ category, topics, context, sources, updatedAt, ...row }) => {
    const description = sources?.find((source) => source.description)?.description;
    const image = sources?.find((source) => source.image)?.image;
    return {
      ...row,
      ...(category && { category }),
      topics: topics ?? [],
      context: context ?? [],
      outlets: [...new Set((sources ?? []).map(({ outlet }) => outlet).filter(Boolean))],
      ...(description && { description }),
      ...(image && { image }),
      updatedAt: updatedAt.toISOString(),
    };
  });
}
