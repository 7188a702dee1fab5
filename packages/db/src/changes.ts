import type { ChangedNoun, ChangeKind, Day } from '@throughline/core';
import { sql } from 'kysely';
import type { Database, DatabaseTransaction } from './database.ts';
import { insertRows } from './rows.ts';
import { statement } from './statement.ts';

/** One change that readers can see. `seq` grows in commit order and has no meaning beyond order. */
export interface Change {
  seq: number;
  at: Date;
  noun: ChangedNoun;
  id: string;
  kind: ChangeKind;
  day: Day | null;
  /** The page that shows it, without extension. */
  path: string | null;
}

export type NewChange = Pick<Change, 'noun' | 'id' | 'kind' | 'day' | 'path'>;

const CHANGE_LOCK = 7_201_513;

/**
 * Appends to the outbox, inside the caller's transaction. Call it last: from
 * here to the commit such transactions go one at a time, so that numbers become
 * visible in their order and a reader who has seen `n` will never miss `n - 1`.
 */
export async function appendChanges(trx: DatabaseTransaction, changes: readonly NewChange[]): Promise<void> {
  if (changes.length === 0) return;
  await sql`select pg_advisory_xact_lock(${CHANGE_LOCK})`.execute(trx);
  await insertRows('change', ['noun', 'id', 'kind', 'day', 'path'], changes).execute(trx);
}

const changesAfter = statement<Change, [seq: number, limit: number]>(
  (seq, limit) => sql`/* changes */ select * from change where seq > ${seq} order by seq limit ${limit}`,
);

export function changeStore(db: Database) {
  return {
    /** Up to `limit` changes after `seq`, in order. */
    after: (seq: number, limit: number): Promise<Change[]> => changesAfter(db, seq, limit),

    /** The newest change's number; 0 when there is none. */
    async latest(): Promise<number> {
      const row = await db
        .selectFrom('change')
        .select(({ fn }) => fn.max('seq').as('seq'))
        .executeTakeFirst();
      return row?.seq ?? 0;
    },
  };
}

export type ChangeStore = ReturnType<typeof changeStore>;
