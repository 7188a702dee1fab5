import { addDays, type ArticleId, type Day, type EventId } from '@throughline/core';
import { sql } from 'kysely';
import { appendChanges } from './changes.ts';
import { transact, type Database } from './database.ts';
import type { Joined } from './feeds.ts';
import { eventPathOf } from './paths.ts';

/** An event that an article may be a report of. */
export interface Reportable {
  id: EventId;
  day: Day;
  text: string;
}

/** How submitted articles come to the events that they report. */
export function joinStore(db: Database) {
  return {
    /** The public events of the days around one. */
    async around(day: Day, days: number): Promise<Reportable[]> {
      return db
        .selectFrom('event')
        .select(['id', 'day', 'text'])
        .where('state', '=', 'stable')
        .where('slug', 'is not', null)
        .where('day', '>=', addDays(day, -days))
        .where('day', '<=', addDays(day, days))
        .orderBy('day')
        .orderBy('id')
        .execute();
    },

    /** The title and description that a captured article has. */
    async article(id: ArticleId): Promise<{ title: string | null; description: string | null } | undefined> {
      return db.selectFrom('article').select(['title', 'description']).where('id', '=', id).executeTakeFirst();
    },

    /** Puts an article to an event's sources, and tells readers of it; once. */
    async join(id: ArticleId, { event, why }: Joined): Promise<void> {
      await transact(db, async (trx) => {
        const { rows } = await sql<{ day: Day; slug: string | null }>`with joined as (
            update article set joined_event = ${event}, joined_why = ${why} where id = ${id} and joined_event is distinct from ${event} returning id)
          update event set updated_at = now() where id = ${event} and exists (select from joined) returning day, slug`.execute(
          trx,
        );
        const [row] = rows;
        if (!row?.slug) return;
        await appendChanges(trx, [
          { noun: 'event', id: event, kind: 'updated', day: row.day, path: eventPathOf(row.day, row.slug) },
        ]);
      });
    },

    /** Says why an article has the event that was made of it. */
    async explain(id: ArticleId, why: string): Promise<void> {
      await db.updateTable('article').set({ joinedWhy: why }).where('id', '=', id).execute();
    },

    /** Which event an article came to, and why; no event while that is not known. */
    async of(id: ArticleId): Promise<{ event: EventId | null; why: string | null }> {
      const row = await db
        .selectFrom('article')
        .select(['joinedEvent', 'joinedWhy'])
        .where('id', '=', id)
        .executeTakeFirst();
      return { event: row?.joinedEvent ?? null, why: row?.joinedWhy ?? null };
    },
  };
}

export type JoinStore = ReturnType<typeof joinStore>;
