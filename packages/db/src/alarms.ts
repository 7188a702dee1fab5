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

/** What nobody has been told yet. */
export interface AlarmNews {
  raised: Alarm[];
  resolved: Alarm[];
}

const COLUMNS = sql`id, light, level, says, since, told_at, resolved_at`;

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

    /**
     * Alarms that have stood for `standMs` and were told to nobody, and the ends
     * of those that were: marked as told at once, so that of several workers one
     * tells. Give back with `untell` what could not be told.
     */
    async takeNews(standMs: number): Promise<AlarmNews> {
      const raised = await sql<Alarm>`update alarm set told_at = now()
        where told_at is null and resolved_at is null and since <= now() - ${standMs} * interval '1 millisecond'
        returning ${COLUMNS}`.execute(db);
      const resolved = await sql<Alarm>`update alarm set resolution_told_at = now()
        where told_at is not null and resolved_at is not null and resolution_told_at is null
        returning ${COLUMNS}`.execute(db);
      return { raised: raised.rows, resolved: resolved.rows };
    },

    async untell({ raised, resolved }: AlarmNews): Promise<void> {
      const ids = (alarms: readonly Alarm[]) => alarms.map(({ id }) => id);
      await sql`update alarm set told_at = null where id = any(${ids(raised)}::bigint[])`.execute(db);
      await sql`update alarm set resolution_told_at = null where id = any(${ids(resolved)}::bigint[])`.execute(db);
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
