import type { EventId, Relation } from '@throughline/core';
import { sql } from 'kysely';
import type { Database, DatabaseTransaction } from './database.ts';
import { toJson } from './rows.ts';

/** One event's related events, best first. */
export interface RelationList {
  from: EventId;
  relations: readonly Relation[];
}

/**
 * Replaces the related events of each event, so that a second run leaves no
 * stale ones. Relations from and to events that were withdrawn meanwhile are left
 * out: the caller has locked both. Returns the events whose list of related
 * events is another than before.
 */
export async function replaceRelations(
  trx: DatabaseTransaction,
  lists: readonly RelationList[],
): Promise<Set<EventId>> {
  const ids = lists.map(({ from }) => from).sort();
  const before = await orders(trx, ids);
  await sql`delete from relation where from_id in (select value::uuid from json_array_elements_text(${toJson(ids)}::json))`.execute(
    trx,
  );
  const rows = lists.flatMap(({ from, relations }) =>
    relations.map(({ to, score, evidence }, ordinal) => ({ fromId: from, toId: to, ordinal, score, evidence })),
  );
  if (rows.length > 0) await insertPublic(trx, rows);
  const after = await orders(trx, ids);
  return new Set(ids.filter((id) => before.get(id) !== after.get(id)));
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
  const { rows } = await sql<{ fromId: EventId; list: string }>`
    select from_id, string_agg(to_id::text, ',' order by ordinal) as list from relation
    where from_id in (select value::uuid from json_array_elements_text(${toJson(ids)}::json)) group by from_id`.execute(
    trx,
  );
  return new Map(rows.map((row) => [row.fromId, row.list]));
}

export function relationStore(db: Database) {
  return {
    /** The related events of one event, best first. */
    async of(from: EventId): Promise<Relation[]> {
      const rows = await db
        .selectFrom('relation')
        .select(['toId', 'score', 'evidence'])
        .where('fromId', '=', from)
        .orderBy('ordinal')
        .execute();
      return rows.map(({ toId, ...row }) => ({ to: toId, ...row }));
    },
  };
}

export type RelationStore = ReturnType<typeof relationStore>;
