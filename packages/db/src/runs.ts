import { sql } from 'kysely';
import type { Database } from './database.ts';
import { look } from './look.ts';
import { toJson } from './rows.ts';

/** What an operator may ask of a run that is alive; null lets a paused one go on. */
export type RunWish = 'pause' | 'stop' | null;

/** How far a run is. */
export interface RunProgress {
  finished: number;
  /** Known from here on, where it was not when the run began. */
  total?: number;
  /** Made to other servers so far. */
  requests?: number;
}

export interface Run {
  id: number;
  kind: string;
  /** What it was told to do, as JSON. */
  arguments: unknown;
  state: 'running' | 'done' | 'stopped' | 'failed';
  total: number | null;
  finished: number;
  failure: string | null;
  startedAt: Date;
  heartbeatAt: Date;
  endedAt: Date | null;
  /** The account and the machine. */
  startedBy: string | null;
  asked: RunWish;
  askedBy: string | null;
  requests: number;
}

const RUN_LOCK = 7_201_515;

const COLUMNS = [
  'id',
  'kind',
  'arguments',
  'state',
  'total',
  'finished',
  'failure',
  'startedAt',
  'heartbeatAt',
  'endedAt',
  'startedBy',
  'asked',
  'askedBy',
  'requests',
] as const;

export function runStore(db: Database) {
  return {
    /**
     * Does `work` as the one run of its kind, under a lock that Postgres lets go
     * of the moment this process dies; a run that died before is closed as
     * stopped first. Resolves with false, and does nothing, while another of
     * the kind is alive.
     */
    async hold(
      kind: string,
      args: unknown,
      total: number | null,
      work: (id: number) => Promise<void>,
      startedBy: string | null = null,
    ): Promise<boolean> {
      return db.connection().execute(async (connection) => {
        const { rows } = await sql<{
          held: boolean;
        }>`select pg_try_advisory_lock(${RUN_LOCK}, hashtext(${kind})) as held`.execute(connection);
        if (!rows[0]?.held) return false;
        try {
          await sql`update run set state = 'stopped', ended_at = now(), failure = 'its process died'
            where kind = ${kind} and state = 'running'`.execute(connection);
          const { id } = await connection
            .insertInto('run')
            .values({ kind, arguments: toJson(args), total, startedBy })
            .returning('id')
            .executeTakeFirstOrThrow();
          await work(id);
          return true;
        } finally {
          await sql`select pg_advisory_unlock(${RUN_LOCK}, hashtext(${kind}))`.execute(connection);
        }
      });
    },

    /** Says that the run lives and how far it is; resolves with what is asked of it. */
    async progress(id: number, { finished, total, requests }: RunProgress): Promise<RunWish> {
      const row = await db
        .updateTable('run')
        .set({
          finished,
          heartbeatAt: sql<Date>`now()`,
          ...(total !== undefined && { total }),
          ...(requests !== undefined && { requests }),
        })
        .where('id', '=', id)
        .returning('asked')
        .executeTakeFirst();
      return row?.asked ?? null;
    },

    /** Asks a run to pause, to go on or to stop, which it does within seconds. Whether there is such a run that is not over. */
    async ask(id: number, asked: RunWish, askedBy: string): Promise<boolean> {
      const { numUpdatedRows } = await db
        .updateTable('run')
        .set({ asked, askedBy })
        .where('id', '=', id)
        .where('state', '=', 'running')
        .executeTakeFirst();
      return numUpdatedRows > 0;
    },

    async end(
      id: number,
      state: Exclude<Run['state'], 'running'>,
      facts: unknown,
      failure: string | null = null,
    ): Promise<void> {
      await db
        .updateTable('run')
        .set({ state, facts: toJson(facts), failure, endedAt: sql<Date>`now()`, heartbeatAt: sql<Date>`now()` })
        .where('id', '=', id)
        .execute();
    },

    /** An operator has seen that a run was cut off: it alarms nobody any more. Whether there was such a run. */
    async acknowledge(id: number): Promise<boolean> {
      const { numAffectedRows } =
        await sql`update run set state = 'stopped', failure = null, ended_at = coalesce(ended_at, now())
        where id = ${id} and (state in ('failed', 'stopped') or (state = 'running' and heartbeat_at < now() - interval '1 minute'))`.execute(
          db,
        );
      return Number(numAffectedRows ?? 0) > 0;
    },

    /** The latest run of a kind. */
    async lastOf(kind: string): Promise<Run | undefined> {
      return db
        .selectFrom('run')
        .select(COLUMNS)
        .where('kind', '=', kind)
        .orderBy('id', 'desc')
        .limit(1)
        .executeTakeFirst();
    },

    recent(limit: number): Promise<Run[]> {
      return look(db, (trx) => trx.selectFrom('run').select(COLUMNS).orderBy('id', 'desc').limit(limit).execute());
    },
  };
}

export type RunStore = ReturnType<typeof runStore>;
