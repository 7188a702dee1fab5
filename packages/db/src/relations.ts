import { MOST_RELATED, type EventId, type Relation } from '@throughline/core';
import { sql, type RawBuilder } from 'kysely';
import type { Database, DatabaseTransaction } from './database.ts';
import { listOf, toJson } from './rows.ts';

/** The relations of one event to those before it, strongest first. */
export interface RelationList {
  from: EventId;
  relations: readonly Relation[];
}

/**
 * The related events of an event `e` of the query around it, as `(id, score,
 * evidence, apart)` in no order: those it is related to and those that are
 * related to it, the strongest of both.
 */
export const RELATED_TO_E: RawBuilder<unknown> = sql.raw(`(
  select t.id, x.score, x.evidence, abs(t.day - e.day) as apart
  from (
    select r.to_id as id, r.score, r.evidence from relation r where r.from_id = e.id
    union all
    select r.from_id, r.score, r.evidence from relation r
    where r.to_id = e.id and not exists (select from relation o where o.from_id = e.id and o.to_id = r.from_id)
  ) x join event t on t.id = x.id
  where t.state = 'stable' order by x.score desc, apart, t.id limit ${MOST_RELATED})`);

/** The order in which related events are shown: of equal scores the one closer in time first, then the smaller id. */
export const BY_STRENGTH: RawBuilder<unknown> = sql.raw('score desc, apart, id');

/**
 * Replaces the relations of each event, so that a second run leaves no stale
 * ones. Relations from and to events that were withdrawn meanwhile are left
 * out: the caller has locked both. Returns the events whose list of related
 * events is another than before, at either end.
 */
export async function replaceRelations(
  trx: DatabaseTransaction,
  lists: readonly RelationList[],
): Promise<Set<EventId>> {
  const ids = lists.map(({ from }) => from).sort();
  const touched = await touchedBy(trx, lists);
  const before = await orders(trx, touched);
  await sql`delete from relation where from_id in ${listOf(ids)}`.execute(trx);
  const rows = lists.flatMap(({ from, relations }) =>
    relations.map(({ to, score, evidence }, ordinal) => ({ fromId: from, toId: to, ordinal, score, evidence })),
  );
  if (rows.length > 0) await insertPublic(trx, rows);
  const after = await orders(trx, touched);
  return new Set(touched.filter((id) => before.get(id) !== after.get(id)));
}

/** Both ends of every relation that comes, goes or changes its score. */
async function touchedBy(trx: DatabaseTransaction, lists: readonly RelationList[]): Promise<EventId[]> {
  const ids = lists.map(({ from }) => from);
  const { rows } = await sql<{ fromId: EventId; toId: EventId; score: number }>`
    select from_id, to_id, score from relation
    where from_id in ${listOf(ids)}`.execute(trx);
  const ends = new Map(rows.map(({ fromId, toId, score }) => [`${fromId} ${toId} ${score}`, [fromId, toId]]));
  for (const { from, relations } of lists) {
    for (const { to, score } of relations) {
      const known = ends.delete(`${from} ${to} ${score}`);
      if (!known) ends.set(`${from} ${to}`, [from, to]);
    }
  }
  return [...new Set([...ends.values()].flat())].sort();
}

type RelationRow = { fromId: EventId; toId: EventId; ordinal: number; score: number; evidence: unknown };

async function insertPublic(trx: DatabaseTransaction, rows: readonly RelationRow[]): Promise<void> {
  const data = toJson(
    rows.map((row) => ({ f: row.fromId, t: row.toId, o: row.ordinal, s: row.score, e: row.evidence })),
  );
  await sql`insert into relation (from_id, to_id, ordinal, score, evidence)
    select r.f, r.t, r.o, r.s, r.e
    from json_to_recordset(${data}::json) as r(f uuid, t uuid, o smallint, s double precision, e jsonb)
    where exists (select from event where event.id = r.t and event.state = 'stable')
      and exists (select from event where event.id = r.f and event.state = 'stable')`.execute(trx);
}

async function orders(trx: DatabaseTransaction, ids: readonly EventId[]): Promise<Map<EventId, string>> {
  const { rows } = await sql<{ id: EventId; list: string }>`
    select e.id, (select string_agg(r.id::text, ',' order by ${BY_STRENGTH}) from ${RELATED_TO_E} r) as list from event e
    where e.id in ${listOf(ids)}`.execute(trx);
  return new Map(rows.map(({ id, list }) => [id, list]));
}

/** How strong the relations of an event are that are kept with it. */
export interface KeptRelations {
  count: number;
  /** The weakest one's score. */
  least: number;
}

/** The events that have a relation to one of `ids`. */
export async function leaningOn(db: Database, ids: readonly EventId[]): Promise<EventId[]> {
  const { rows } = await sql<{ id: EventId }>`
    select distinct from_id as id from relation where to_id in ${listOf(ids)} order by 1`.execute(db);
  return rows.map(({ id }) => id);
}

/** Of each of `ids` that has relations: how many, and how strong. */
export async function keptRelations(db: Database, ids: readonly EventId[]): Promise<Map<EventId, KeptRelations>> {
  const { rows } = await sql<{ id: EventId } & KeptRelations>`
    select from_id as id, count(*)::int as count, min(score) as least from relation
    where from_id in ${listOf(ids)} group by from_id`.execute(db);
  return new Map(rows.map(({ id, count, least }) => [id, { count, least }]));
}

export function relationStore(db: Database) {
  return {
    /** The related events of one event, best first. */
    async of(id: EventId): Promise<Relation[]> {
      const { rows } = await sql<{ id: EventId } & Omit<Relation, 'to'>>`
        select r.id, r.score, r.evidence from event e cross join lateral ${RELATED_TO_E} r where e.id = ${id}
        order by ${BY_STRENGTH}`.execute(db);
      return rows.map(({ id: to, score, evidence }) => ({ to, score, evidence }));
    },
  };
}

export type RelationStore = ReturnType<typeof relationStore>;
