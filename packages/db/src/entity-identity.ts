import type { Concept, EntityId, EntityType, EventId } from '@throughline/core';
import { sql } from 'kysely';
import { appendChanges } from './changes.ts';
import { transact, type Database, type DatabaseTransaction } from './database.ts';
import { ensureEntities, TIMES_WRITTEN, writeLabels } from './entities.ts';
import { markTagged } from './pages.ts';
import { toJson } from './rows.ts';

/** A title that is another name of an entity. */
export interface OtherName {
  title: string;
  into: string;
}

/** Where a sentence names an entity: UTF-16 offsets into its text. */
export interface EntityUse {
  text: string;
  start: number;
  end: number;
  section: string;
}

/** An entity whose type is to be judged by where it is named. */
export interface UntypedEntity {
  id: EntityId;
  title: string;
  events: number;
  uses: EntityUse[];
}

/** Which titles are one concept, and what sort of thing it is. */
export function entityStore(db: Database) {
  return {
    /** Every title that an event has and that is not another's name, with how editors write it. */
    async titleUses(): Promise<{ title: string; events: number; linked: boolean; surfaces: Map<string, number> }[]> {
      const { rows } = await sql<{ title: string; events: number; linked: boolean; surfaces: Record<string, number> }>`
        select n.title, n.events, n.linked, json_object_agg(a.surface, ${TIMES_WRITTEN}) as surfaces
        from entity n join entity_alias a on a.entity_id = n.id
        where n.events > 0 and n.merged_into is null and ${TIMES_WRITTEN} > 0 group by n.id order by n.id`.execute(db);
      return rows.map(({ surfaces, ...row }) => ({ ...row, surfaces: new Map(Object.entries(surfaces)) }));
    },

    /** What editors name beside each title, with in how many events, and in how many events each of all these is. */
    async companions(
      titles: readonly string[],
    ): Promise<{ beside: Map<string, Map<string, number>>; events: Map<string, number> }> {
      const { rows } = await sql<{ title: string; other: string; events: number; count: number }>`
        select e.title, o.title as other, o.events, count(distinct m.event_id)::integer as count
        from json_array_elements_text(${toJson(titles)}::json) as t(title) join entity e on e.title = t.title
          join mention m on m.entity_id = e.id and (m.tagger <> 'alias' or not e.linked)
          join mention n on n.event_id = m.event_id and n.entity_id <> m.entity_id and n.tagger <> 'alias'
          join entity o on o.id = n.entity_id
        group by e.title, o.id`.execute(db);
      const beside = new Map<string, Map<string, number>>(titles.map((title) => [title, new Map<string, number>()]));
      for (const { title, other, count } of rows) beside.get(title)?.set(other, count);
      return { beside, events: new Map(rows.map(({ other, events }) => [other, events])) };
    },

    /**
     * Makes each `title` another name of `into`: mentions and aliases become the
     * other's, and the events that had it are to be related again. Returns how
     * many titles were joined; what is joined already is left as it is.
     */
    join: (names: readonly OtherName[]): Promise<number> => transact(db, (trx) => joinNames(trx, names)),

    /** Each title as the entity has it that it is another name of; titles that are not known stay as they are. */
    async titlesOf(titles: readonly string[]): Promise<string[]> {
      const { rows } = await sql<{ asked: string; title: string }>`select e.title as asked, r.title
        from entity e join entity r on r.id = e.merged_into
        where e.title in (select value from json_array_elements_text(${toJson(titles)}::json))`.execute(db);
      const known = new Map(rows.map(({ asked, title }) => [asked, title]));
      return [...new Set(titles.map((title) => known.get(title) ?? title))];
    },

    /** Titles that were never looked up, or not since `before`: the most used ones first. */
    async unasked(before: Date, limit: number): Promise<string[]> {
      const rows = await db
        .selectFrom('entity')
        .select('title')
        .where('events', '>', 0)
        .where('mergedInto', 'is', null)
        .where((is) => is.or([is('lookedUpAt', 'is', null), is('lookedUpAt', '<', before)]))
        .orderBy('events', 'desc')
        .orderBy('id')
        .limit(limit)
        .execute();
      return rows.map(({ title }) => title);
    },

    /**
     * Entities that the wiki was not asked about, and that twice as many events
     * name as when their type was judged last, with at most `uses` of their uses.
     */
    async untyped(limit: number, uses: number): Promise<UntypedEntity[]> {
      const { rows } = await sql<Omit<UntypedEntity, 'uses'> & { uses: EntityUse[] | null }>`
        select n.id, n.title, n.events, (select json_agg(u) from (
            select e.text, m.span_start as start, m.span_end as "end", e.section
            from mention m join event e on e.id = m.event_id
            where m.entity_id = n.id and m.origin = 'sentence' and m.span_start is not null order by m.event_id limit ${uses}) u) as uses
        from entity n where n.merged_into is null and n.looked_up_at is null and n.events > 0 and n.events >= 2 * n.typed_from
        order by n.id limit ${limit}`.execute(db);
      return rows.map((row) => ({ ...row, uses: row.uses ?? [] }));
    },

    /** Keeps the types of entities, and by how many events they were judged. Returns how many have another type than before. */
    async setTypes(judged: readonly { id: EntityId; type: EntityType; events: number }[]): Promise<number> {
      const { rows } = await sql<{ changed: number }>`with judged as (
          select * from json_to_recordset(${toJson(judged)}::json) as j(id integer, type text, events integer)),
        before as (select e.id, e.type from entity e join judged j on j.id = e.id order by e.id for no key update of e),
        kept as (update entity e set type = j.type, typed_from = greatest(j.events, 1)
          from judged j join before b on b.id = j.id where e.id = j.id and e.looked_up_at is null returning b.type <> j.type as is_other)
        select count(*) filter (where is_other)::integer as changed from kept`.execute(db);
      return rows[0]?.changed ?? 0;
    },

    /** Keeps what the wiki says of titles, and joins those that redirect with what they redirect to. Returns how many were joined. */
    learn: (concepts: readonly Concept[], at: Date): Promise<number> =>
      transact(db, async (trx) => {
        const names = concepts
          .filter(({ asked, title }) => asked !== title)
          .map(({ asked, title }) => ({ title: asked, into: title }));
        await ensureEntities(trx, [...new Set(names.map(({ into }) => into))]);
        const facts = concepts.flatMap((concept) => {
          const titles = [...new Set([concept.asked, concept.title])];
          return titles.map((title) => ({ ...concept, ...concept.coordinates, coordinates: undefined, title }));
        });
        await sql`update entity e set looked_up_at = ${at}, wikidata = f.wikidata, type = coalesce(f.type, e.type),
            latitude = f.latitude, longitude = f.longitude, country = f.country
          from json_to_recordset(${toJson(facts)}::json) as f(title text, wikidata text, type text,
            latitude double precision, longitude double precision, country text) where e.title = f.title`.execute(trx);
        await turnRound(trx, names);
        return joinNames(trx, names);
      }),
  };
}

export type EntityStore = ReturnType<typeof entityStore>;

async function joinNames(trx: DatabaseTransaction, names: readonly OtherName[]): Promise<number> {
  const joins = await joinsOf(trx, names);
  if (joins.length === 0) return 0;
  const events = await moveMentions(trx, joins);
  await moveAliases(trx, joins);
  await point(trx, joins);
  await writeLabels(trx, [...new Set(joins.map(({ into }) => into))]);
  await sql`update event set version = version + 1
    where id in (select value::uuid from json_array_elements_text(${toJson(events)}::json)) and state = 'stable'`.execute(
    trx,
  );
  await markTagged(trx, events);
  await appendChanges(
    trx,
    joins.map(({ id, slug }) => ({
      noun: 'entity' as const,
      id: String(id),
      kind: 'merged' as const,
      day: null,
      path: `/entities/${slug}`,
    })),
  );
  return joins.length;
}

/** A title that was taken for another name of its own redirect stands for itself again. */
async function turnRound(trx: DatabaseTransaction, names: readonly OtherName[]): Promise<void> {
  await sql`update entity b set merged_into = null from entity a join json_to_recordset(${toJson(names)}::json) as n(title text, "into" text)
    on n.title = a.title where b.title = n."into" and b.merged_into = a.id`.execute(trx);
}

interface Join {
  id: EntityId;
  slug: string;
  into: EntityId;
}

/** The pairs as ids, each into an entity that is not merged itself. */
async function joinsOf(trx: DatabaseTransaction, names: readonly OtherName[]): Promise<Join[]> {
  const { rows } = await sql<Join>`
    select a.id, a.slug, coalesce(b.merged_into, b.id) as "into"
    from json_to_recordset(${toJson(names)}::json) as n(title text, "into" text)
      join entity a on a.title = n.title join entity b on b.title = n."into"
    where a.merged_into is null and a.id <> coalesce(b.merged_into, b.id) order by a.id`.execute(trx);
  await sql`select from entity where id in (select value::integer from json_array_elements_text(${toJson(
    rows.flatMap(({ id, into }) => [id, into]),
  )}::json)) order by id for no key update`.execute(trx);
  const leaving = new Set(rows.map(({ id }) => id));
  return rows.filter(({ into }) => !leaving.has(into));
}

const JOINS = (joins: readonly Join[]) =>
  sql`json_to_recordset(${toJson(joins)}::json) as j(id integer, "into" integer)`;

async function moveMentions(trx: DatabaseTransaction, joins: readonly Join[]): Promise<EventId[]> {
  const { rows } = await sql<{ eventId: EventId }>`update mention m set entity_id = j."into" from ${JOINS(joins)}
    where m.entity_id = j.id returning m.event_id`.execute(trx);
  await sql`update entity e set events = coalesce(c.events, 0)
    from (select t.id, count(distinct m.event_id)::integer as events from (select id from ${JOINS(joins)} union select "into" from ${JOINS(joins)}) t(id)
      left join mention m on m.entity_id = t.id group by t.id) c where e.id = c.id`.execute(trx);
  const { rows: implied } = await sql<{
    eventId: EventId;
  }>`update implied i set entity_id = j."into" from ${JOINS(joins)}
    where i.entity_id = j.id returning i.event_id`.execute(trx);
  return [...new Set([...rows, ...implied].map(({ eventId }) => eventId))].sort();
}

async function moveAliases(trx: DatabaseTransaction, joins: readonly Join[]): Promise<void> {
  await sql`insert into entity_alias (entity_id, surface, count, found)
    select j."into", a.surface, sum(a.count), sum(a.found) from ${JOINS(joins)} join entity_alias a on a.entity_id = j.id group by 1, 2
    on conflict (surface, entity_id) do update set count = entity_alias.count + excluded.count,
      found = entity_alias.found + excluded.found`.execute(trx);
  await sql`delete from entity_alias a using ${JOINS(joins)} where a.entity_id = j.id`.execute(trx);
}

async function point(trx: DatabaseTransaction, joins: readonly Join[]): Promise<void> {
  await sql`update entity e set merged_into = j."into" from ${JOINS(joins)} where e.id = j.id or e.merged_into = j.id`.execute(
    trx,
  );
}
