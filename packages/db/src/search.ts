import {
  SEARCH_COUNT_LIMIT,
  type EntityCount,
  type EntityReference,
  type EventFilter,
  type EventId,
  type SearchHit,
  type SearchPage,
  type SearchQuery,
  type TopicReference,
} from '@throughline/core';
import { sql, type RawBuilder } from 'kysely';
import type { Database } from './database.ts';
import { ITEM, itemOf, PUBLIC, type ItemRow } from './day-items.ts';
import { TIMES_WRITTEN } from './entities.ts';
import { isFiledUnder, TITLE_WORDS, titledFor } from './event-conditions.ts';
import { statement } from './statement.ts';

/** Of a longer sentence a search shows the beginning. UTF-16 units, roughly. */
const SHOWN_LENGTH = 5_000;
const NAMES = 5;
/** A longer text is no name. */
const MAX_NAME_LENGTH = 60;
/** Below this two names have little in common. Of trigrams, 0..1. */
const MIN_SIMILARITY = 0.45;
/** Where fewer events were found, the text may be a name that is misspelled. */
const FEW = 3;
/** A name that is used so much less often for one entity than for another is a slip. */
const MIN_SHARE = 0.05;

/** Private use, taken out of the texts first: where a mark begins and ends. */
const [BEGIN, END] = ['\uE000', '\uE001'];
const HEADLINE_OPTIONS = `HighlightAll=true, StartSel=${BEGIN}, StopSel=${END}`;

export function searchStore(db: Database) {
  const hasTrigrams = once(async () => {
    const { rows } = await sql<{ has: boolean }>`select to_regclass('entity_alias_trigram') is not null as has`.execute(
      db,
    );
    return rows[0]?.has ?? false;
  });

  /** Asked last, as it takes longest: what is found by its words is rarely misspelled. */
  const misspelled = async ({ text, after }: SearchQuery): Promise<EntityCount[]> => {
    const name = nameIn(text ?? '');
    if (name === undefined || name.length < 3 || after !== undefined || !(await hasTrigrams())) return [];
    return leading(await similar(db, name));
  };

  return {
    /** The public events that the query asks for, `limit` of them, and entities of that name. */
    async search(query: SearchQuery, limit: number): Promise<SearchPage> {
      const [found, names, labels] = await Promise.all([
        hitsOf(db, query, limit),
        query.text === undefined || query.after !== undefined ? [] : namesLike(db, query.text),
        labelsOf(db, query),
      ]);
      const hits = await shownHits(db, found.ids.slice(0, limit), query.text);
      const last = hits.at(-1);
      return {
        query,
        hits,
        count: found.count,
        ...(found.ids.length > limit && last && { next: last.id }),
        names: names.length === 0 && found.count < FEW ? await misspelled(query) : names,
        ...labels,
        isEmptyText: found.isEmptyText,
      };
    },
  };
}

export type SearchStore = ReturnType<typeof searchStore>;

/** Asked once; again where that failed. */
function once<T>(ask: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | undefined;
  return () =>
    (answer ??= ask().catch((error: unknown) => {
      answer = undefined;
      throw error;
    }));
}

interface Found {
  /** One more than asked for where there are more. */
  ids: EventId[];
  count: number;
  isEmptyText: boolean;
}

/** Where in which list a page begins. */
type Place = Pick<SearchQuery, 'after' | 'order'>;

const IN_ORDER = {
  newest: sql`e.day desc, e.position, e.id`,
  oldest: sql`e.day, e.position, e.id`,
};

async function hitsOf(db: Database, query: SearchQuery, limit: number): Promise<Found> {
  const { text, after, order, ...filed } = query;
  if (text === undefined) return filedHits(db, query, limit);
  const isFiled = Object.values(filed).some((value) => value !== undefined);
  const rows =
    isFiled || after !== undefined || order !== 'newest'
      ? (await worded(sql`${text}`, isFiledUnder(filed), query, sql`${limit + 1}`).execute(db)).rows
      : await hitsByWords(db, text, limit + 1);
  const [found] = rows;
  if (found === undefined) return { ids: [], count: 0, isEmptyText: false };
  // Stop words alone are in every sentence: the rest of what is asked for decides.
  return found.isEmptyText ? { ...(await filedHits(db, query, limit)), isEmptyText: true } : found;
}

/** Whatever is filed under what the query says, read from an index in its order. */
async function filedHits(db: Database, query: SearchQuery, limit: number): Promise<Found> {
  const { text: _text, after: _after, order, ...filed } = query;
  const matching = sql`${PUBLIC} and ${isFiledUnder(filed)}`;
  const { rows } = await sql<Found>`select
      array(select e.id from event e where ${matching} and ${following(query)} order by ${IN_ORDER[order]} limit ${limit + 1}) as ids,
      (select count(*)::int from (select from event e where ${matching} limit ${SEARCH_COUNT_LIMIT}) c) as count,
      false as is_empty_text`.execute(db);
  return rows[0] ?? { ids: [], count: 0, isEmptyText: false };
}

/** What has the words, found once for the list and the count. */
function worded(
  text: RawBuilder<unknown>,
  isFiled: RawBuilder<unknown>,
  place: Place,
  limit: RawBuilder<unknown>,
): RawBuilder<Found> {
  const words = sql`websearch_to_tsquery('english', ${text}::text)`;
  return sql<Found>`with found as materialized (
      select e.id, e.day, e.position from event e where ${PUBLIC} and e.words @@ ${words} and ${isFiled}
      union select e.id, e.day, e.position from article a join event_source s on s.article_id = a.id join event e on e.id = s.event_id
        where a.title is not null and ${TITLE_WORDS} @@ ${words} and ${PUBLIC} and ${isFiled})
    select array(select e.id from found e where ${following(place)} order by ${IN_ORDER[place.order]} limit ${limit}) as ids,
      least((select count(*) from found), ${sql.raw(String(SEARCH_COUNT_LIMIT))})::int as count, numnode(${words}) = 0 as is_empty_text`;
}

/** Words alone, as most people ask: planned once a connection. */
const hitsByWords = statement<Found, [text: string, limit: number]>(
  (text, limit) => sql<Found>`/* found by words */ ${worded(text, sql`true`, { order: 'newest' }, sql`${limit}::int`)}`,
);

type HitRow = ItemRow & { headline: string | null; titled: string | null };

const hitsShown = statement<HitRow, [ids: readonly EventId[], text: string | null]>(
  (ids, text) => sql`/* hits */ select ${ITEM},
      case when ${text}::text is not null then ${headline(sql`e.text`, sql`websearch_to_tsquery('english', ${text}::text)`)} end as headline,
      case when ${text}::text is not null then
        (select ${headline(sql`a.title`, sql`websearch_to_tsquery('english', ${text}::text)`)}
          from ${titledFor(sql`websearch_to_tsquery('english', ${text}::text)`)} limit 1) end as titled
    from event e where e.id = any(${ids}::uuid[])`,
);

/** The events in the order of their ids, with their marks. */
async function shownHits(db: Database, ids: readonly EventId[], text: string | undefined): Promise<SearchHit[]> {
  if (ids.length === 0) return [];
  const rows = await hitsShown(db, ids, text ?? null);
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids
    .map((id) => byId.get(id))
    .filter((row) => row !== undefined)
    .map(hitOf);
}

const headline = (text: RawBuilder<unknown>, words: RawBuilder<unknown>) =>
  sql`ts_headline('english', translate(left(${text}, ${sql.raw(String(SHOWN_LENGTH))}), '${sql.raw(BEGIN + END)}', ''), ${words}, '${sql.raw(HEADLINE_OPTIONS)}')`;

/** Only what comes after the event that the query names, in the query's order. */
function following({ after, order }: Place): RawBuilder<unknown> {
  if (after === undefined) return sql`true`;
  const last = (column: string) => sql`(select ${sql.ref(column)} from event where id = ${after})`;
  const [day, position] = [last('day'), last('position')];
  const isLater =
    order === 'oldest' ? sql`e.day >= ${day} and (e.day > ${day}` : sql`e.day <= ${day} and (e.day < ${day}`;
  return sql`${isLater} or (e.position, e.id) > (${position}, ${after}::uuid))`;
}

function hitOf({ headline: marked, titled, ...row }: HitRow): SearchHit {
  const item = itemOf(row);
  const said = marked === null ? { text: item.text.slice(0, SHOWN_LENGTH), marks: [] } : unmarked(marked);
  return { ...item, ...said, ...(titled !== null && said.marks.length === 0 && { titled: unmarked(titled) }) };
}

/** A headline as its text and where the marks were in it. */
function unmarked(marked: string): Pick<SearchHit, 'text' | 'marks'> {
  const marks: [number, number][] = [];
  let text = '';
  for (const piece of marked.split(BEGIN)) {
    const end = piece.indexOf(END);
    if (end > 0) marks.push([text.length, text.length + end]);
    text += piece.replace(END, '');
  }
  return { text, marks };
}

/** The text as a name in lower case; undefined where it cannot be one. */
function nameIn(text: string): string | undefined {
  const name = text.replace(/\s+/g, ' ').trim().toLowerCase();
  return name === '' || name.length > MAX_NAME_LENGTH || /["]|(^| )-|(^| )or /.test(name) ? undefined : name;
}

/** Entities that are called so; else those whose name begins so. */
async function namesLike(db: Database, text: string): Promise<EntityCount[]> {
  const name = nameIn(text);
  if (name === undefined) return [];
  const same = leading(await named(db, name));
  // U+10FFFF sorts last.
  return same.length > 0 || name.length < 3 ? same : leading(await beginning(db, name, `${name}\u{10ffff}`));
}

type NamedRow = EntityCount & { uses: number };

const entitiesNamed = (name: string, isNamed: RawBuilder<unknown>, closest = sql``): RawBuilder<NamedRow> =>
  sql<NamedRow>`/* ${sql.raw(name)} */ select n.id, n.label, n.slug, n.type, n.events, max(${TIMES_WRITTEN}) as uses
    from entity_alias a join entity n on n.id = a.entity_id
    where ${isNamed} and ${TIMES_WRITTEN} > 0 and n.events > 0
    group by n.id order by ${closest} n.events desc, n.label limit ${sql.raw(String(NAMES))}`;

const named = statement<NamedRow, [name: string]>((name) =>
  entitiesNamed('entities named', sql`lower(a.surface) = ${name}::text`),
);

/** By the operators of the index, which a plan made for any name can use. */
const beginning = statement<NamedRow, [from: string, to: string]>((from, to) =>
  entitiesNamed(
    'entities whose name begins',
    sql`lower(a.surface) ~>=~ ${from}::text and lower(a.surface) ~<~ ${to}::text`,
  ),
);

const similar = statement<NamedRow, [name: string]>((name) => {
  const similarity = sql`similarity(lower(a.surface), ${name}::text)`;
  const isLike = sql`lower(a.surface) % ${name}::text and ${similarity} >= ${sql.raw(String(MIN_SIMILARITY))}`;
  return entitiesNamed('entities of a like name', isLike, sql`max(${similarity}) desc,`);
});

/** Without those that are hardly ever called so. */
function leading(rows: readonly NamedRow[]): EntityCount[] {
  const most = Math.max(...rows.map(({ uses }) => uses));
  return rows.filter(({ uses }) => uses >= most * MIN_SHARE).map(({ uses: _uses, ...entity }) => entity);
}

async function labelsOf(
  db: Database,
  { entity, topic }: EventFilter,
): Promise<{ entity?: EntityReference; topic?: TopicReference }> {
  const [entities, topics] = await Promise.all([
    entity === undefined
      ? []
      : db.selectFrom('entity').select(['id', 'label', 'slug', 'type']).where('slug', '=', entity).execute(),
    topic === undefined ? [] : db.selectFrom('topic').select(['id', 'title', 'text']).where('id', '=', topic).execute(),
  ]);
  const [header] = topics;
  return {
    ...(entities[0] && { entity: entities[0] }),
    ...(header && { topic: { id: header.id, label: header.text || header.title } }),
  };
}
