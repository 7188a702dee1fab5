import { sql } from 'kysely';
import type { Database } from './database.ts';

/** How far a stream of others has been followed, or a long walk has come, so that a restart goes on there. */
export function cursorStore(db: Database) {
  return {
    async get(name: string): Promise<string | undefined> {
      const row = await db.selectFrom('cursor').select('value').where('name', '=', name).executeTakeFirst();
      return row?.value;
    },

    async forget(name: string): Promise<void> {
      await db.deleteFrom('cursor').where('name', '=', name).execute();
    },

    async set(name: string, value: string): Promise<void> {
      await sql`insert into cursor (name, value) values (${name}, ${value})
        on conflict (name) do update set value = excluded.value, at = now()`.execute(db);
    },
  };
}

export type CursorStore = ReturnType<typeof cursorStore>;
