import { sql } from 'kysely';
import type { Database } from './database.ts';

export interface Alarm {
  id: number;
  light: string;
  level: string;
  says: string;
  since: Date;
  toldAt: Date | null;
  resolvedAt: Date | null;
}

/** Lights that were bad: one open alarm a light, however long it lasts. */
export function alarmStore(db: Database) {
  return {
    open(): Promise<Alarm[]> {
      return alarms(db).where('resolvedAt', 'is', null).orderBy('id').execute();
    },

    /** The latest first. */
    recent(limit: number): Promise<Alarm[]> {
      return alarms(db).orderBy('id', 'desc').limit(limit).execute();
    },

    /** Raises an alarm, or brings the open one of the light up to date. */
    async raise(light: string, level: string, says: string): Promise<void> {
      await sql`insert into alarm (light, level, says) values (${light}, ${level}, ${says})
        on conflict (light) where resolved_at is null do update set level = excluded.level, says = excluded.says`.execute(
        db,
      );
    },

    async resolve(light: string): Promise<void> {
      await db
        .updateTable('alarm')
        .set({ resolvedAt: sql<Date>`now()` })
        .where('light', '=', light)
        .where('resolvedAt', 'is', null)
        .execute();
    },

    async told(ids: readonly number[]): Promise<void> {
      if (ids.length === 0) return;
      await db
        .updateTable('alarm')
        .set({ toldAt: sql<Date>`now()` })
        .where('id', 'in', ids)
        .execute();
    },
  };
}

export type AlarmStore = ReturnType<typeof alarmStore>;

const alarms = (db: Database) =>
  db
    .selectFrom('alarm')
    .select([
      'id',
      'light',
      'level',
      'says',
      'since',
      (eb) => eb.ref('toldAt').$castTo<Date | null>().as('toldAt'),
      (eb) => eb.ref('resolvedAt').$castTo<Date | null>().as('resolvedAt'),
    ]);
