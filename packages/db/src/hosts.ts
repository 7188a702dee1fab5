import { ARCHIVE_HOST } from '@throughline/core';
import { sql, type RawBuilder } from 'kysely';
import type { Database } from './database.ts';
import { toJson } from './rows.ts';

/** What politeness needs to know of a host. Instants are milliseconds since the epoch. */
export interface HostState {
  name: string;
  paceMs: number;
  nextTurnAt: number;
  backoff: number;
  retryAfterAt: number | null;
  /** The parsed robots.txt as JSON, null where none was read yet. */
  robots: unknown;
  robotsAt: number | null;
  crawlDelayMs: number | null;
  blocked: boolean;
}

/** What hosts are due for. */
export type DueFor = 'new' | 'captured' | 'copies' | 'any';

/** Which articles make a host due. */
const DUE_ARTICLES: Record<DueFor, RawBuilder<boolean>> = {
  new: sql`article.captured_at is null`,
  captured: sql`article.captured_at is not null`,
  copies: sql`false`,
  any: sql`true`,
};

/** Which hosts may be asked: all, or only these and whatever was submitted by hand. */
export type Reach = { all: true } | { all: false; hosts: readonly string[] };

const ms = (date: Date | null): number | null => (date instanceof Date ? date.getTime() : null);
const date = (at: number | null): Date | null => (at === null ? null : new Date(at));

export function hostStore(db: Database) {
  return {
    /**
     * Takes the host for `holder` until `leaseMs` from now, so that no two ever
     * talk to it at once; a host not known yet is made. Undefined when another
     * has it.
     */
    async lease(name: string, holder: string, leaseMs: number): Promise<HostState | undefined> {
      await db
        .insertInto('host')
        .values({ name })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      const row = await db
        .updateTable('host')
        .set({ leaseBy: holder, leaseUntil: sql<Date>`now() + ${leaseMs} * interval '1 millisecond'` })
        .where('name', '=', name)
        .where((eb) =>
          eb.or([eb('leaseUntil', 'is', null), eb('leaseUntil', '<', sql<Date>`now()`), eb('leaseBy', '=', holder)]),
        )
        .returningAll()
        .executeTakeFirst();
      return (
        row && {
          name: row.name,
          paceMs: row.paceOverrideMs ?? row.paceMs,
          nextTurnAt: ms(row.nextTurnAt) ?? 0,
          backoff: row.backoff,
          retryAfterAt: ms(row.retryAfterAt),
          robots: row.robots,
          robotsAt: ms(row.robotsAt),
          crawlDelayMs: row.crawlDelayMs,
          blocked: row.blocked,
        }
      );
    },

    /** Keeps what a request taught us about the host, and prolongs the lease. False, and nothing is kept, where another has the host by now. */
    async keep(
      holder: string,
      state: HostState,
      request: { ok: boolean; failure?: string },
      leaseMs: number,
    ): Promise<boolean> {
      const { numUpdatedRows } = await db
        .updateTable('host')
        .set({
          nextTurnAt: new Date(state.nextTurnAt),
          backoff: state.backoff,
          retryAfterAt: date(state.retryAfterAt),
          leaseUntil: sql<Date>`now() + ${leaseMs} * interval '1 millisecond'`,
          requests: sql<number>`requests + 1`,
          ...(request.ok
            ? { lastOkAt: sql<Date>`now()` }
            : { failures: sql<number>`failures + 1`, lastFailure: request.failure ?? null }),
        })
        .where('name', '=', state.name)
        .where('leaseBy', '=', holder)
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },

    /** Keeps robots.txt as read, with the crawl delay that it asks of us. */
    async keepRobots(name: string, robots: unknown, crawlDelayMs: number | null): Promise<void> {
      await db
        .updateTable('host')
        .set({ robots: toJson(robots), robotsAt: sql<Date>`now()`, crawlDelayMs })
        .where('name', '=', name)
        .execute();
    },

    /** Lets go of a host, which is not to be asked again before `nextTurnAt`. */
    async release(name: string, holder: string, nextTurnAt?: number): Promise<void> {
      await db
        .updateTable('host')
        .set({ leaseUntil: null, leaseBy: null, ...(nextTurnAt !== undefined && { nextTurnAt: new Date(nextTurnAt) }) })
        .where('name', '=', name)
        .where('leaseBy', '=', holder)
        .execute();
    },

    /** Who holds a host now. */
    async holders(): Promise<string[]> {
      const rows = await db
        .selectFrom('host')
        .select('leaseBy')
        .distinct()
        .where('leaseUntil', '>', sql<Date>`now()`)
        .where('leaseBy', 'is not', null)
        .execute();
      return rows.flatMap(({ leaseBy }) => leaseBy ?? []);
    },

    /** Takes back what a holder has that is known to have died: perhaps in the middle of a request, so each host's turn is after its pace. */
    async releaseAll(holder: string): Promise<void> {
      await sql`update host set lease_until = null, lease_by = null, next_turn_at = greatest(next_turn_at,
          now() + greatest(pace_ms, coalesce(crawl_delay_ms, 0)) * interval '1 millisecond')
        where lease_by = ${holder}`.execute(db);
    },

    /**
     * Hosts within `reach` whose turn has come and that nobody works on: with
     * `new` articles to fetch, with ones that were `captured` before, the
     * archive's with `copies` to find, or any of them.
     */
    async due(limit: number, reach: Reach, what: DueFor = 'any'): Promise<string[]> {
      const rows = await db
        .selectFrom('host')
        .select('name')
        .where('blocked', '=', false)
        .where('nextTurnAt', '<=', sql<Date>`now()`)
        .where((eb) => eb.or([eb('leaseUntil', 'is', null), eb('leaseUntil', '<', sql<Date>`now()`)]))
        .where((host) =>
          host.or([
            host.exists(
              host
                .selectFrom('article')
                .select('article.id')
                .whereRef('article.host', '=', 'host.name')
                .where('article.nextTryAt', '<=', sql<Date>`now()`)
                .where(DUE_ARTICLES[what])
                .where((eb) =>
                  reach.all
                    ? eb.lit(true)
                    : eb.or([eb('article.submitted', '=', true), eb('host.name', 'in', ['', ...reach.hosts])]),
                ),
            ),
            ...(reach.all && (what === 'any' || what === 'copies')
              ? [
                  host.and([
                    host('name', '=', ARCHIVE_HOST),
                    host.exists(
                      host
                        .selectFrom('article')
                        .select('article.id')
                        .where('article.copyTryAt', '<=', sql<Date>`now()`),
                    ),
                  ]),
                ]
              : []),
          ]),
        )
        .orderBy('nextTurnAt')
        .orderBy('name')
        .limit(limit)
        .execute();
      return rows.map((row) => row.name);
    },
  };
}

export type HostStore = ReturnType<typeof hostStore>;
