import { sql } from 'kysely';
import type { Database } from './database.ts';
import { look } from './look.ts';
import { insertRows } from './rows.ts';

/** Upper bounds of the buckets in ms; the last bucket is what took longer. */
export const BUCKETS_MS = [10, 30, 100, 300, 1_000, 3_000, 10_000, 30_000, 100_000] as const;
/** The length of one row, in ms. */
export const ROLLUP_MS = 5 * 60_000;

/** How many jobs of a stage ended in one way, in the time from `at`. */
export interface JobCount {
  at: Date;
  stage: string;
  outcome: string;
  jobs: number;
}

/** What ended in five minutes from `at`. */
export interface Rollup extends JobCount {
  totalMs: number;
  /** How many took up to `BUCKETS_MS[i]`, and last how many took longer. */
  buckets: number[];
}

/** How much ended when and how long it took, whatever queue it came from. */
export function throughputStore(db: Database) {
  return {
    /** Adds to what other workers have counted. */
    async add(rollups: readonly Rollup[]): Promise<void> {
      if (rollups.length === 0) return;
      const sorted = rollups.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1)); // two workers lock in one order
      const update = sql`on conflict (at, stage, outcome) do update set jobs = throughput.jobs + excluded.jobs,
        total_ms = throughput.total_ms + excluded.total_ms,
        buckets = (select array_agg(coalesce(a, 0) + coalesce(b, 0) order by i)
          from unnest(throughput.buckets, excluded.buckets) with ordinality as both_buckets (a, b, i))`;
      await insertRows('throughput', ['at', 'stage', 'outcome', 'jobs', 'totalMs', 'buckets'], sorted, update).execute(
        db,
      );
    },

    /** By time, since `from`, in steps of `stepMs`. */
    async since(from: Date, stepMs = ROLLUP_MS): Promise<Rollup[]> {
      const seconds = stepMs / 1_000;
      const sums = Array.from(
        { length: BUCKETS_MS.length + 1 },
        (_, at) => sql`coalesce(sum(buckets[${sql.lit(at + 1)}]), 0)`,
      );
      const { rows } = await sql<Rollup>`
        select to_timestamp(floor(extract(epoch from at) / ${seconds}) * ${seconds}) as at, stage, outcome,
          sum(jobs)::int as jobs, sum(total_ms)::bigint as total_ms, array[${sql.join(sums)}]::int[] as buckets
        from throughput where at >= ${from} group by 1, 2, 3 order by 1, 2, 3`.execute(db);
      return rows;
    },

    /** As `since` without how long it took, which costs most of it: for what is long ago. */
    counts(from: Date, stepMs: number): Promise<JobCount[]> {
      const seconds = stepMs / 1_000;
      return look(db, async (trx) => {
        const { rows } = await sql<JobCount>`
          select to_timestamp(floor(extract(epoch from at) / ${seconds}) * ${seconds}) as at, stage, outcome,
            sum(jobs)::int as jobs
          from throughput where at >= ${from} group by 1, 2, 3 order by 1, 2, 3`.execute(trx);
        return rows;
      });
    },

    async forgetBefore(at: Date): Promise<number> {
      const { numDeletedRows } = await db.deleteFrom('throughput').where('at', '<', at).executeTakeFirst();
      return Number(numDeletedRows);
    },
  };
}

const keyOf = ({ at, stage, outcome }: Rollup): string => `${at.toISOString()} ${stage} ${outcome}`;

export type ThroughputStore = ReturnType<typeof throughputStore>;

/** The share `part` (0 to 1) of jobs took no longer than this, in ms: the upper bound of its bucket, or null where there are none. */
export function quantileOf(buckets: readonly number[], part: number): number | null {
  const all = buckets.reduce((sum, count) => sum + count, 0);
  if (all === 0) return null;
  let seen = 0;
  const at = buckets.findIndex((count) => (seen += count) >= all * part);
  return BUCKETS_MS[at] ?? Number.POSITIVE_INFINITY;
}
