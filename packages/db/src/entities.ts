import {
  preferredLabel,
  slugOf,
  typeOfTitle,
  type EntityId,
  type EventId,
  type Mention,
  type MentionOrigin,
  type Rival,
} from '@throughline/core';
import { sql, type RawBuilder } from 'kysely';
import type { DatabaseTransaction } from './database.ts';
import { insertRows, listOf, toJson } from './rows.ts';

/** The taggers that find what editors linked. What only others find is a provisional entity until then. */
const BY_EDITORS: ReadonlySet<string> = new Set(['wikilink', 'topic-header']);

/** What one event is about: where it names entities, in the order of their telling, and the titles that it implies. */
export interface EventTags {
  eventId: EventId;
  mentions: readonly Mention[];
  implied: readonly string[];
}

/**
 * Replaces the tags of the events where they are other ones than before: makes
 * an entity of each title that is new, keeps the count of every surface as an
 * alias in step, and of the events each entity is in. Returns the events whose
 * tags are others.
 */
export async function replaceTags(trx: DatabaseTransaction, tagged: readonly EventTags[]): Promise<Set<EventId>> {
  const named = tagged.flatMap(({ mentions }) => mentions);
  const linked = new Set(named.filter(({ tagger }) => BY_EDITORS.has(tagger)).map(({ title }) => title));
  const titles = [...named.map(({ title }) => title), ...tagged.flatMap(({ implied }) => implied)];
  const ids = await ensureEntities(trx, [...new Set(titles)], linked);
  const wanted = tagged.map((tags) => tagRows(tags, ids));
  const kept = await keptTags(
    trx,
    tagged.map(({ eventId }) => eventId),
  );
  const changed = wanted.filter(({ eventId, key }) => (kept.get(eventId)?.key ?? NO_TAGS) !== key);
  const before = changed.flatMap(({ eventId }) => kept.get(eventId)?.mentions ?? []);
  const after = changed.flatMap(({ mentions }) => mentions);
  const events = changed.map(({ eventId }) => eventId);
  await sql`with unimplied as (delete from implied where event_id in ${listOf(events)})
    delete from mention where event_id in ${listOf(events)}`.execute(trx);
  if (after.length > 0) await insertRows('mention', MENTION_COLUMNS, after).execute(trx);
  const implied = changed.flatMap((rows) => rows.implied);
  if (implied.length > 0) await insertRows('implied', ['eventId', 'ordinal', 'entityId'], implied).execute(trx);
  await countAliases(trx, before, after);
  await countEvents(trx, before, after);
  await writeLabels(trx, [...new Set([...before, ...after].map(({ entityId }) => entityId))]);
  return new Set(events);
}

interface MentionRow {
  eventId: EventId;
  ordinal: number;
  entityId: EntityId;
  surface: string;
  spanStart: number | null;
  spanEnd: number | null;
  tagger: string;
  score: number;
  origin: MentionOrigin;
  reason: string | null;
  rivals: Rival[] | null;
}

const MENTION_COLUMNS = [
  ...(['eventId', 'ordinal', 'entityId', 'surface', 'spanStart', 'spanEnd'] as const),
  ...(['tagger', 'score', 'origin', 'reason', 'rivals'] as const),
];

interface ImpliedRow {
  eventId: EventId;
  ordinal: number;
  entityId: EntityId;
}

/** The rows of one event's tags. Equal tags have equal keys. */
interface TagRows {
  eventId: EventId;
  mentions: MentionRow[];
  implied: ImpliedRow[];
  key: string;
}

function tagRows({ eventId, mentions, implied }: EventTags, ids: ReadonlyMap<string, EntityId>): TagRows {
  const idOf = (title: string) => ids.get(title) as EntityId;
  const rows = mentions.map((mention, ordinal) => ({
    eventId,
    ordinal,
    entityId: idOf(mention.title),
    surface: mention.surface,
    spanStart: mention.start ?? null,
    spanEnd: mention.end ?? null,
    tagger: mention.tagger,
    score: Math.fround(mention.score),
    origin: mention.origin,
    reason: mention.reason ?? null,
    rivals: mention.rivals?.length
      ? mention.rivals.map(({ title, chance }) => ({ title, chance: rounded(chance) }))
      : null,
  }));
  const others = implied.map((title, ordinal) => ({ eventId, ordinal, entityId: idOf(title) }));
  return { eventId, mentions: rows, implied: others, key: keyOf(rows, others) };
}

const rounded = (chance: number): number => Math.round(chance * 10_000) / 10_000;

const keyOf = (mentions: readonly MentionRow[], implied: readonly ImpliedRow[]): string =>
  JSON.stringify([
    mentions.map((row) => [
      row.entityId,
      row.surface,
      row.spanStart,
      row.spanEnd,
      row.tagger,
      Math.fround(row.score),
      row.origin,
      row.reason,
      row.rivals?.map(({ title, chance }) => [title, chance]),
    ]),
    implied.map(({ entityId }) => entityId),
  ]);

const NO_TAGS = keyOf([], []);

async function keptTags(trx: DatabaseTransaction, ids: readonly EventId[]): Promise<Map<EventId, TagRows>> {
  const { rows: mentions } =
    await sql<MentionRow>`select event_id, ordinal, entity_id, surface, span_start, span_end, tagger, score,
      origin, reason, rivals from mention where event_id in ${listOf(ids)} order by event_id, ordinal`.execute(trx);
  const { rows: implied } = await sql<ImpliedRow>`select event_id, ordinal, entity_id from implied
    where event_id in ${listOf(ids)} order by event_id, ordinal`.execute(trx);
  const byEvent = new Map<EventId, Pick<TagRows, 'mentions' | 'implied'>>();
  const of = (id: EventId) => {
    const known = byEvent.get(id) ?? { mentions: [], implied: [] };
    byEvent.set(id, known);
    return known;
  };
  for (const row of mentions) of(row.eventId).mentions.push(row);
  for (const row of implied) of(row.eventId).implied.push(row);
  return new Map(
    [...byEvent].map(([eventId, rows]) => [eventId, { eventId, ...rows, key: keyOf(rows.mentions, rows.implied) }]),
  );
}

/**
 * How often an entity `n` is written as its alias `a` says: by editors, or, as
 * long as no editor has linked it, where the linker found it.
 */
export const TIMES_WRITTEN: RawBuilder<unknown> = sql.raw('case when n.linked then a.count else a.found end');

/** Labels follow how editors mostly write an entity. */
export async function writeLabels(trx: DatabaseTransaction, ids: readonly EntityId[]): Promise<void> {
  const { rows } = await sql<{ id: EntityId; title: string; label: string; surface: string; share: number }>`
    select distinct on (n.id) n.id, n.title, n.label, a.surface,
      (${TIMES_WRITTEN})::float8 / sum(${TIMES_WRITTEN}) over (partition by n.id) as share
    from entity n join entity_alias a on a.entity_id = n.id
    where n.id in (select value::integer from json_array_elements_text(${toJson(ids)}::json)) and ${TIMES_WRITTEN} > 0
    order by n.id, ${TIMES_WRITTEN} desc, a.surface`.execute(trx);
  const changed = rows
    .map(({ id, title, label, surface, share }) => ({ id, label, wanted: preferredLabel(title, { surface, share }) }))
    .filter(({ label, wanted }) => label !== wanted);
  if (changed.length === 0) return;
  await sql`update entity set label = wanted from json_to_recordset(${toJson(changed)}::json) as l(id integer, wanted text)
    where entity.id = l.id`.execute(trx);
}

type Counted = Pick<MentionRow, 'entityId' | 'surface' | 'eventId' | 'tagger'>;

/** The id of each title, made where it is new. */
export async function ensureEntities(
  trx: DatabaseTransaction,
  titles: readonly string[],
  linked: ReadonlySet<string> = new Set(titles),
): Promise<Map<string, EntityId>> {
  const known = await entitiesOf(trx, titles);
  await acknowledge(
    trx,
    [...linked].filter((title) => known.has(title)),
  );
  const fresh = titles.filter((title) => !known.has(title)).sort();
  if (fresh.length === 0) return known;
  for (let missing = fresh; missing.length > 0;) {
    await insertEntities(trx, missing, linked);
    for (const [title, id] of await entitiesOf(trx, missing)) known.set(title, id);
    missing = missing.filter((title) => !known.has(title)); // its slug was taken at this very moment: now that is seen
  }
  return known;
}

/** Provisional entities that a link has appeared for are entities like any other. */
async function acknowledge(trx: DatabaseTransaction, titles: readonly string[]): Promise<void> {
  await sql`update entity set linked = true from json_array_elements_text(${toJson([...titles].sort())}::json) as t(title)
    where entity.title = t.title and not entity.linked`.execute(trx);
}

/** Two titles may fold to one slug (C++ and C#): the later one gets its own by number. */
async function insertEntities(
  trx: DatabaseTransaction,
  titles: readonly string[],
  linked: ReadonlySet<string>,
): Promise<void> {
  await sql`insert into entity (title, label, slug, type, linked)
    select t.title, t.title, case when taken then slug || '-' || substr(md5(t.title), 1, 6) else slug end, t.type, t.linked
    from (select title, slug, type, linked, row_number() over (partition by slug order by title) > 1
        or exists (select from entity where entity.slug = n.slug) as taken
      from json_to_recordset(${toJson(titles.map((title) => ({ title, slug: slugOf(title), type: typeOfTitle(title), linked: linked.has(title) })))}::json) as n(title text, slug text, type text, linked boolean)) t
    on conflict do nothing`.execute(trx);
}

async function entitiesOf(trx: DatabaseTransaction, titles: readonly string[]): Promise<Map<string, EntityId>> {
  const { rows } = await sql<{ title: string; id: EntityId }>`
    select e.title, coalesce(e.merged_into, e.id) as id from entity e join json_array_elements_text(${toJson(titles)}::json) as wanted(title) on wanted.title = e.title`.execute(
    trx,
  );
  return new Map(rows.map(({ title, id }) => [title, id]));
}

async function countAliases(
  trx: DatabaseTransaction,
  before: readonly Counted[],
  after: readonly Counted[],
): Promise<void> {
  const counts = new Map<string, { e: EntityId; s: string; c: number; f: number }>();
  const add = ({ entityId, surface, tagger }: Counted, by: number) => {
    const key = `${entityId}\t${surface}`;
    const entry = counts.get(key) ?? { e: entityId, s: surface, c: 0, f: 0 };
    entry[BY_EDITORS.has(tagger) ? 'c' : 'f'] += by;
    counts.set(key, entry);
  };
  before.forEach((one) => add(one, -1));
  after.forEach((one) => add(one, 1));
  const changed = [...counts.values()].filter(({ c, f }) => c !== 0 || f !== 0);
  if (changed.length === 0) return;
  changed.sort((a, b) => (a.s < b.s ? -1 : a.s > b.s ? 1 : a.e - b.e));
  await sql`insert into entity_alias (entity_id, surface, count, found)
    select e, s, c, f from json_to_recordset(${toJson(changed)}::json) as a(e integer, s text, c integer, f integer)
    on conflict (surface, entity_id)
      do update set count = entity_alias.count + excluded.count, found = entity_alias.found + excluded.found`.execute(
    trx,
  );
}

async function countEvents(
  trx: DatabaseTransaction,
  before: readonly Counted[],
  after: readonly Counted[],
): Promise<void> {
  const counts = new Map<EntityId, number>();
  const add = (all: readonly Counted[], by: number) => {
    for (const pair of new Set(all.map(({ entityId, eventId }) => `${entityId}\t${eventId}`))) {
      const id = Number(pair.split('\t')[0]) as EntityId;
      counts.set(id, (counts.get(id) ?? 0) + by);
    }
  };
  add(before, -1);
  add(after, 1);
  const changed = [...counts].filter(([, by]) => by !== 0).sort(([a], [b]) => a - b);
  if (changed.length === 0) return;
  const data = toJson(changed.map(([id, by]) => ({ id, by })));
  // Locked in one order, or two transactions that count the same entities may deadlock.
  await sql`with delta as (select * from json_to_recordset(${data}::json) as d(id integer, "by" integer)),
      locked as (select entity.id from entity join delta on delta.id = entity.id order by entity.id for no key update of entity)
    update entity set events = entity.events + delta."by" from delta join locked on locked.id = delta.id where entity.id = delta.id`.execute(
    trx,
  );
}
