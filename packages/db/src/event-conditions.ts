import type { Category, Day, StoryId } from '@throughline/core';
import { sql, type RawBuilder } from 'kysely';

export interface EventConditions {
  from?: Day | undefined;
  to?: Day | undefined;
  category?: Category | undefined;
  /** An entity's slug. */
  entity?: string | undefined;
  topic?: number | undefined;
  story?: StoryId | undefined;
  /** A host, as `reuters.com`, or an outlet's name as editors write it. */
  outlet?: string | undefined;
  /** Words of the sentence or of the title of an article that it cites, as in a web search. */
  text?: string | undefined;
}

/** What people type, as Postgres looks for it. */
export const wordsOf = (text: string): RawBuilder<unknown> => sql`websearch_to_tsquery('english', ${text})`;

/** The words of an article's title `a.title`, by the expression that the index has. */
export const TITLE_WORDS = sql`to_tsvector('english', left(a.title, 2000))`;

/** The articles `a` with such a title that an event `e` cites, in the order in which it cites them. */
export const titledFor = (words: RawBuilder<unknown>): RawBuilder<unknown> =>
  sql`event_source s join article a on a.id = s.article_id where s.event_id = e.id and ${TITLE_WORDS} @@ ${words} order by s.ordinal`;

/**
 * Whether the sentence of an event `e` has the words, or the title of an article
 * that it cites; stop words alone are in every one. One question within
 * another, not an `or`: only so can it be answered from the indexes.
 */
const isFound = (words: RawBuilder<unknown>): RawBuilder<unknown> => sql`e.id in (
  select f.id from event f where f.words @@ ${words}
  union all select s.event_id from article a join event_source s on s.article_id = a.id
    where a.title is not null and ${TITLE_WORDS} @@ ${words}
  union all select f.id from event f where numnode(${words}) = 0)`;

/** What an event `e` has to meet. A text of stop words alone asks for nothing. */
export const meets = ({ text, ...conditions }: EventConditions): RawBuilder<unknown> =>
  text === undefined ? isFiledUnder(conditions) : sql`${isFiledUnder(conditions)} and ${isFound(wordsOf(text))}`;

/** All conditions but the words: what an event is filed under. */
export function isFiledUnder(conditions: Omit<EventConditions, 'text'>): RawBuilder<unknown> {
  const { from, to, category, entity, topic, story, outlet } = conditions;
  const each = [
    sql`true`,
    from !== undefined && sql`e.day >= ${from}`,
    to !== undefined && sql`e.day <= ${to}`,
    category !== undefined && sql`e.category = ${category}`,
    entity !== undefined &&
      sql`e.id in (select m.event_id from mention m where m.entity_id = (select id from entity where slug = ${entity}))`,
    topic !== undefined &&
      sql`e.id in (select et.event_id from event_topic et where et.topic_id in (${sameTopic(topic)}))`,
    story !== undefined && sql`e.id in (select se.event_id from story_event se where se.story_id = ${story})`,
    outlet !== undefined && citedFrom(outlet),
  ];
  return sql.join(
    each.filter((one) => one !== false),
    sql` and `,
  );
}

/** The topics that share the page of one: those of its title. */
export const sameTopic = (id: number): RawBuilder<unknown> =>
  sql`select t.id from topic t join topic f on t.id = f.id or (t.title = f.title and f.title <> '') where f.id = ${id}`;

function citedFrom(outlet: string): RawBuilder<unknown> {
  const host = outlet.toLowerCase().replace(/^www\./, '');
  const named = sql`select s.event_id from event_source s where lower(coalesce(s.outlet, s.label)) = lower(${outlet})`;
  if (!host.includes('.')) return sql`e.id in (${named})`;
  return sql`e.id in (${named} union select s.event_id from event_source s join article a on a.id = s.article_id
    where a.host in (${host}, ${`www.${host}`}))`;
}
