import type { Rollup } from '@throughline/db';
import { BUCKETS_MS, ROLLUP_MS } from '@throughline/db';
import type { JobInHand } from '@throughline/db';
import type { Finished, Stage } from '@throughline/queue';

/** What a worker does and has done since it last told. */
export interface Tracker {
  /** The stage, its jobs known to the tracker while they run. */
  watched<P, Ctx>(stage: Stage<P, Ctx>): Stage<P, Ctx>;
  ended(finished: Finished): void;
  /** The jobs in hand, the oldest first. */
  inHand(): JobInHand[];
  /** What has ended since it was last asked. */
  drain(): Ended;
  /** Puts back what could not be told. */
  restore(ended: Ended): void;
}

export interface Ended {
  rollups: Rollup[];
  /** Jobs that spent their attempts or were rejected. */
  failed: Finished[];
  /** Jobs that went well. */
  done: { stage: string; key: string }[];
}

/** While nobody takes them, so many failures are kept at most, the oldest first. */
const MOST_FAILED = 1_000;
const MOST_DONE = 10_000;

export function createTracker(now: () => number): Tracker {
  const hand = new Map<symbol, JobInHand>();
  let ended: Ended = { rollups: [], failed: [], done: [] };

  return {
    watched: (stage) => ({
      ...stage,
      async run(payload, ctx, signal, closing) {
        const ticket = Symbol(stage.job.name);
        const { name, timeoutMs } = stage.job;
        hand.set(ticket, { stage: name, key: stage.job.key(payload), since: now(), timeoutMs });
        try {
          return await stage.run(payload, ctx, signal, closing);
        } finally {
          hand.delete(ticket);
        }
      },
    }),
    ended(finished) {
      const { stage, key, outcome } = finished;
      if (outcome.kind === 'interrupted') return;
      count(ended.rollups, finished, now());
      if (outcome.kind === 'rejected' || (outcome.kind === 'failed' && !outcome.willRetry)) {
        if (ended.failed.length < MOST_FAILED) ended.failed.push(finished);
      } else if (outcome.kind !== 'failed' && ended.done.length < MOST_DONE) ended.done.push({ stage, key });
    },
    inHand: () => [...hand.values()].sort((a, b) => a.since - b.since),
    drain() {
      const told = ended;
      ended = { rollups: [], failed: [], done: [] };
      return told;
    },
    restore({ rollups, failed, done }) {
      for (const rollup of rollups) merge(ended.rollups, rollup);
      ended.failed = [...failed, ...ended.failed].slice(0, MOST_FAILED);
      ended.done = [...done, ...ended.done].slice(0, MOST_DONE);
    },
  };
}

function count(rollups: Rollup[], { stage, outcome, durationMs }: Finished, now: number): void {
  const at = new Date(Math.floor(now / ROLLUP_MS) * ROLLUP_MS);
  const bucket = BUCKETS_MS.findIndex((bound) => durationMs <= bound);
  const buckets: number[] = Array.from({ length: BUCKETS_MS.length + 1 }, () => 0);
  buckets[bucket < 0 ? BUCKETS_MS.length : bucket] = 1;
  merge(rollups, { at, stage, outcome: outcome.kind, jobs: 1, totalMs: Math.round(durationMs), buckets });
}

function merge(rollups: Rollup[], added: Rollup): void {
  const same = rollups.find(
    ({ at, stage, outcome }) =>
      at.getTime() === added.at.getTime() && stage === added.stage && outcome === added.outcome,
  );
  if (same === undefined) {
    rollups.push({ ...added, buckets: [...added.buckets] });
    return;
  }
  same.jobs += added.jobs;
  same.totalMs += added.totalMs;
  added.buckets.forEach((jobs, bucket) => (same.buckets[bucket] = (same.buckets[bucket] ?? 0) + jobs));
}
