import { preferredLabel, slugOf, typeOfTitle, type EntityId, type EventId, type Mention } from '@throughline/core';
import { sql } from 'kysely';
import type { DatabaseTransaction } from './database.ts';
import { toJson } from './rows.ts';

/** The taggers that find what editors linked. What only others find is a provisional entity until then. */
const BY_EDITORS: ReadonlySet<string> = new Set(['wikilink', 'topic-header']);

/** The mentions of one event, in the order of their telling. */
export interface TaggedMentions {
  eventId: EventId;
  mentions: readonly Mention[];
}

/**
 * Replaces the mentions of the events: makes an entity of each title that is
 * new, keeps the count of every surface as an alias in step, and of the
 * events each entity is in.
 */
export async function replaceMentions(trx: DatabaseTransaction, tagged: readonly TaggedMentions[]): Promise<void> {
  const named = tagged.flatMap(({ mentions }) => mentions);
  const linked = new Set(named.filter(({ tagger }) => BY_EDITORS.has(tagger)).map(({ title }) => title));
  const ids = await ensureEntities(trx, [...new Set(named.map(({ title }) => title))], linked);
  const events = toJson(tagged.map(({ eventId }) => eventId));
  const rows = tagged.flatMap(({ eventId, mentions }) =>
    mentions.map((mention, ordinal) => ({
      ev: eventId,
      o: ordinal,
      en: ids.get(mention.title),
      su: mention.surface,
      st: mention.start ?? null,
      e: mention.end ?? null,
      ta: mention.tagger,
      sc: mention.score,
    })),
  );
  // Counted by difference: what the events said before is taken off, what they say now is added.
  const { rows: before } = await sql<Counted>`
    with gone as (delete from mention where event_id in (select value::uuid from json_array_elements_text(${events}::json))
      returning event_id, entity_id, surface)
    select entity_id, surface, event_id from gone`.execute(trx);
  if (rows.length > 0) {
    await sql`insert into mention (event_id, ordinal, entity_id, surface, span_start, span_end, tagger, score)
      select ev, o, en, su, st, e, ta, sc from json_to_recordset(${toJson(rows)}::json)
      as m(ev uuid, o smallint, en integer, su text, st integer, e integer, ta text, sc real)`.execute(trx);
  }
  const after = rows.map((row) => ({ entityId: row.en as EntityId, surface: row.su, eventId: row.ev }));
  await countAliases(trx, before, after);
  await countEvents(trx, before, after);
  await writeLabels(trx, [...new Set([...before, ...after].map(({ entityId }) => entityId))]);
}

/** Labels follow how editors mostly write an entity. */
export async function writeLabels(trx: DatabaseTransaction, ids: readonly EntityId[]): Promise<void> {
  const { rows } = await sql<{ id: EntityId; title: string; label: string; surface: string; share: number }>`
    select distinct on (e.id) e.id, e.title, e.label, a.surface,
      a.count::float8 / sum(a.count) over (partition by e.id) as share
    from entity e join entity_alias a on a.entity_id = e.id
    where e.id in (select value::integer from json_array_elements_text(${toJson(ids)}::json)) and a.count > 0
    order by e.id, a.count desc, a.surface`.execute(trx);
  const changed = rows
    .map(({ id, title, label, surface, share }) => ({ id, label, wanted: preferredLabel(title, { surface, share }) }))
    .filter(({ label, wanted }) => label !== wanted);
  if (changed.length === 0) return;
  await sql`update entity set label = wanted from json_to_recordset(${toJson(changed)}::json) as l(id integer, wanted text)
    where entity.id = l.id`.execute(trx);
}

interface Counted {
  entityId: EntityId;
  surface: string;
  eventId: EventId;
}

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
  const counts = new Map<string, { entityId: EntityId; surface: string; count: number }>();
  const add = ({ entityId, surface }: Counted, by: number) => {
    const key = `${entityId}\t${surface}`;
    const entry = counts.get(key) ?? { entityId, surface, count: 0 };
    entry.count += by;
    counts.set(key, entry);
  };
  before.forEach((one) => add(one, -1));
  after.forEach((one) => add(one, 1));
  const changed = [...counts.values()].filter(({ count }) => count !== 0);
  if (changed.length === 0) return;
  changed.sort((a, b) => (a.surface < b.surface ? -1 : a.surface > b.surface ? 1 : a.entityId - b.entityId));
  const data = toJson(changed.map(({ entityId, surface, count }) => ({ e: entityId, s: surface, c: count })));
  await sql`insert into entity_alias (entity_id, surface, count)
    select e, s, c from json_to_recordset(${data}::json) as a(e integer, s text, c integer)
    on conflict (surface, entity_id) do update set count = entity_alias.count + excluded.count`.execute(trx);
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
