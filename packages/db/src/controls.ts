import { sql } from 'kysely';
import type { Database } from './database.ts';
import { look } from './look.ts';
import { insertRows } from './rows.ts';

/** Something that is done again and again. */
export interface ScheduleRow {
  name: string;
  everyMs: number | null;
  enabled: boolean;
  /** Off until an operator switches it on. */
  optional: boolean;
  /** When it was last done to its end. */
  lastAt: Date | null;
}

/** What operators have set for stages and schedules. */
export function controlStore(db: Database) {
  return {
    async paused(stage: string, by: string): Promise<void> {
      await sql`insert into stage_control (stage, paused_at, paused_by) values (${stage}, now(), ${by})
        on conflict (stage) do update set paused_at = coalesce(stage_control.paused_at, now()), paused_by = excluded.paused_by`.execute(
        db,
      );
    },

    async resumed(stage: string): Promise<void> {
      await db.updateTable('stageControl').set({ pausedAt: null, pausedBy: null }).where('stage', '=', stage).execute();
    },

    /** How many jobs a worker does at once where an operator has said so, by stage. */
    async concurrency(): Promise<Map<string, number>> {
      const rows = await db.selectFrom('stageControl').select(['stage', 'concurrency']).execute();
      return new Map(rows.flatMap(({ stage, concurrency }) => (concurrency === null ? [] : [[stage, concurrency]])));
    },

    async setConcurrency(stage: string, concurrency: number | null): Promise<void> {
      await sql`insert into stage_control (stage, concurrency) values (${stage}, ${concurrency})
        on conflict (stage) do update set concurrency = excluded.concurrency`.execute(db);
    },

    /** Makes known the schedules that there are; what an operator has set for one stays. */
    async know(schedules: readonly { name: string; everyMs: number; isOptional?: boolean }[]): Promise<void> {
      const rows = schedules.map(({ name, everyMs, isOptional: optional = false }) => ({
        name,
        everyMs,
        optional,
        enabled: !optional,
      }));
      const update = sql`on conflict (name) do update set optional = excluded.optional`;
      await insertRows('schedule', ['name', 'everyMs', 'optional', 'enabled'], rows, update).execute(db);
      const names = schedules.map(({ name }) => name);
      await sql`delete from schedule where not name = any(${names})`.execute(db);
    },

    schedules(): Promise<ScheduleRow[]> {
      return look(db, (trx) =>
        trx
          .selectFrom('schedule')
          .select([
            'name',
            'everyMs',
            'enabled',
            'optional',
            (eb) => eb.ref('lastAt').$castTo<Date | null>().as('lastAt'),
          ])
          .orderBy('optional')
          .orderBy('name')
          .execute(),
      );
    },

    /** A schedule's job was done just now. */
    async worked(names: readonly string[]): Promise<void> {
      if (names.length === 0) return;
      await sql`update schedule set last_at = now() where name = any(${[...names]})`.execute(db);
    },

    async setSchedule(name: string, set: { everyMs?: number; enabled?: boolean }): Promise<boolean> {
      const row = await db.updateTable('schedule').set(set).where('name', '=', name).executeTakeFirst();
      return row.numUpdatedRows > 0;
    },
  };
}

export type ControlStore = ReturnType<typeof controlStore>;
