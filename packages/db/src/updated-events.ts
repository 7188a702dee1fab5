import type { Day, EventId } from '@throughline/core';
import { sql } from 'kysely';
import type { NewChange } from './changes.ts';
import type { DatabaseTransaction } from './database.ts';
import { eventPathOf } from './paths.ts';
import { listOf } from './rows.ts';

/** Stamps events as updated, and gives the changes to append. */
export async function updatedEvents(trx: DatabaseTransaction, ids: readonly EventId[]): Promise<NewChange[]> {
  if (ids.length === 0) return [];
  const { rows } = await sql<{ id: EventId; day: Day; slug: string }>`
    update event set updated_at = now() where id in ${listOf(ids)} and slug is not null returning id, day, slug`.execute(
    trx,
  );
  return rows
    .map(({ id, day, slug }): NewChange => ({ noun: 'event', id, kind: 'updated', day, path: eventPathOf(day, slug) }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}
