import type { Day, DayItem, EventId, Link, PageTopic } from '@throughline/core';
import { sql, type RawBuilder } from 'kysely';

/** An item as Postgres gives it. */
export interface ItemRow {
  id: EventId;
  day: Day;
  slug: string;
  text: string;
  category: DayItem['category'] | null;
  section: string;
  links: Link[];
  updatedAt: Date;
  topics: PageTopic[] | null;
  context: string[] | null;
  sources: { outlet: string | null; description: string | null; image: string | null }[] | null;
}

/** Of an event, the page's number for each topic: topics of one title share the page of the first. */
export const TOPICS = sql`(select json_agg(json_build_object('id', coalesce((select min(f.id) from topic f where f.title = t.title and t.title <> ''), t.id),
    'title', t.title, 'text', t.text) order by et.ordinal)
  from event_topic et join topic t on t.id = et.topic_id where et.event_id = e.id)`;

/** The columns of an `ItemRow` for each event `e`. */
export const ITEM: RawBuilder<unknown> = sql`e.id, e.day, e.slug, e.text, e.category, e.section, e.links, e.updated_at,
  ${TOPICS} as topics,
  (select json_agg(d.label order by d.events, d.label) from (select distinct n.id, n.label, n.events
    from mention m join entity n on n.id = m.entity_id where m.event_id = e.id) d) as context,
  (select json_agg(json_build_object('outlet', coalesce(s.outlet, nullif(s.label, ''), a.site_name), 'description', a.description,
      'image', a.image ->> 'url') order by s.ordinal)
    from event_source s left join article a on a.id = s.article_id where s.event_id = e.id) as sources`;

/** What makes an event `e` public: it has settled, was not withdrawn, and has an address. */
export const PUBLIC = sql`e.state = 'stable' and e.slug is not null`;

export function itemOf(row: ItemRow): DayItem {
  const { id, day, slug, text, category, section, links, topics, context } = row;
  const sources = row.sources ?? [];
  const description = sources.find((source) => source.description)?.description;
  const image = sources.find((source) => source.image)?.image;
  return {
    id,
    day,
    slug,
    text,
    section,
    links,
    ...(category && { category }),
    topics: topics ?? [],
    context: context ?? [],
    outlets: [...new Set(sources.flatMap(({ outlet }) => (outlet ? [outlet] : [])))],
    ...(description && { description }),
    ...(image && { image }),
  };
}

/** The latest `updatedAt` of the rows as an ISO 8601 instant; the epoch where there are none. */
export const latestOf = (rows: readonly { updatedAt: Date }[]): string =>
  new Date(rows.reduce((latest, { updatedAt }) => Math.max(latest, updatedAt.getTime()), 0)).toISOString();
