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
import { meets, titledFor, wordsOf } from './event-conditions.ts';
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
    const similarity = sql`similarity(lower(a.surface), ${name})`;
    const isLike = sql`lower(a.surface) % ${name} and ${similarity} >= ${MIN_SIMILARITY}`;
    return entitiesNamed(db, isLike, sql`max(${similarity}) desc,`);
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

async function hitsOf(db: Database, query: SearchQuery, limit: number): Promise<Found> {
  const words = query.text === undefined ? undefined : wordsOf(query.text);
  const matching = sql`${PUBLIC} and ${meets(query)}`;
  const order = query.order === 'oldest' ? sql`e.day, e.position, e.id` : sql`e.day desc, e.position, e.id`;
  const { rows } = await sql<{ ids: EventId[]; count: number; isEmptyText: boolean }>`select
      array(select e.id from event e where ${matching} and ${following(query)} order by ${order} limit ${limit + 1}) as ids,
      (select count(*)::int from (select from event e where ${matching} limit ${SEARCH_COUNT_LIMIT}) c) as count,
      ${words ? sql`numnode(${words}) = 0` : sql`false`} as is_empty_text`.execute(db);
  return rows[0] ?? { ids: [], count: 0, isEmptyText: false };
}

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
function following({ after, order }: SearchQuery): RawBuilder<unknown> {
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
  const same = await entitiesNamed(db, sql`lower(a.surface) = ${name}`, sql``, sql`/* entities named */`);
  if (same.length > 0 || name.length < 3) return same;
  // By the operators of the index, which a plan made for any name can use; U+10FFFF sorts last.
  const begins = sql`lower(a.surface) ~>=~ ${name} and lower(a.surface) ~<~ ${`${name}\u{10ffff}`}`;
  return entitiesNamed(db, begins, sql``, sql`/* entities whose name begins */`);
}

async function entitiesNamed(
  db: Database,
  isNamed: RawBuilder<unknown>,
  closest: RawBuilder<unknown> = sql``,
  name: RawBuilder<unknown> = sql``,
): Promise<EntityCount[]> {
  const { rows } = await sql<
    EntityCount & { uses: number }
  >`${name} select n.id, n.label, n.slug, n.type, n.events, max(${TIMES_WRITTEN}) as uses
    from entity_alias a join entity n on n.id = a.entity_id
    where ${isNamed} and ${TIMES_WRITTEN} > 0 and n.events > 0 group by n.id order by ${closest} n.events desc, n.label limit ${NAMES}`.execute(
    db,
  );
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
