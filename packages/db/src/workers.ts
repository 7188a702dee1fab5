import { sql } from 'kysely';
import type { Database } from './database.ts';
import { toJson } from './rows.ts';
import type { JobInHand } from './schema.ts';

export interface WorkerRow {
  name: string;
  version: string;
  startedAt: Date;
  heartbeatAt: Date;
  inHand: JobInHand[];
  /** Whether it takes no new jobs, as an operator has it. */
  quiet: boolean;
}

/** How long a worker that is gone is still shown. */
const KEPT_DAYS = 7;

/** The processes that work the queue. */
export function workerStore(db: Database) {
  return {
    async beat(name: string, version: string, inHand: readonly JobInHand[]): Promise<void> {
      await sql`insert into worker (name, version, in_hand) values (${name}, ${version}, ${toJson(inHand)})
        on conflict (name) do update set version = excluded.version, in_hand = excluded.in_hand, heartbeat_at = now()`.execute(
        db,
      );
    },

    /** A worker that ended as it should is not missed. */
    async leave(name: string): Promise<void> {
      await db.deleteFrom('worker').where('name', '=', name).execute();
      await sql`delete from worker where heartbeat_at < now() - ${KEPT_DAYS} * interval '1 day'`.execute(db);
    },

    /** Has a worker take no new jobs, or take them again, within seconds. Whether there is such a worker. */
    async setQuiet(name: string, quiet: boolean): Promise<boolean> {
      const { numUpdatedRows } = await db
        .updateTable('worker')
        .set({ quiet })
        .where('name', '=', name)
        .executeTakeFirst();
      return numUpdatedRows > 0;
    },

    async isQuiet(name: string): Promise<boolean> {
      const row = await db.selectFrom('worker').select('quiet').where('name', '=', name).executeTakeFirst();
      return row?.quiet ?? false;
    },

    async all(): Promise<WorkerRow[]> {
      return db.selectFrom('worker').selectAll().orderBy('name').execute();
    },
  };
}

export type WorkerStore = ReturnType<typeof workerStore>;
