import { setTimeout as sleep } from 'node:timers/promises';
import type { JobCounts } from './backend.ts';
import type { JobRequest } from './job.ts';

/** Requests by job, one for each key: the first one asked for. */
export function byJob(requests: readonly JobRequest[]): Map<string, JobRequest[]> {
  const jobs = new Map<string, Map<string, JobRequest>>();
  for (const wish of requests) {
    const keys = jobs.get(wish.job) ?? new Map<string, JobRequest>();
    jobs.set(wish.job, keys);
    if (!keys.has(wish.key)) keys.set(wish.key, wish);
  }
  return new Map([...jobs].map(([job, keys]) => [job, [...keys.values()]]));
}

/** The items in runs of at most `size`, in order. */
export function* inChunks<T>(items: readonly T[], size: number): Generator<T[]> {
  for (let start = 0; start < items.length; start += size) yield items.slice(start, start + size);
}

const FIRST_LOOK_MS = 25;
const LATER_LOOK_MS = 250;

/**
 * Looks until nothing waits or runs (or is delayed, if asked), twice in a
 * row: queues are counted one after another, and a job may hop from one that
 * is still to be counted to one that was.
 */
export async function untilIdle(
  counts: () => Promise<Record<string, JobCounts>>,
  schedules: () => Promise<ReadonlyMap<string, number>>,
  { delayed = false, signal }: { delayed?: boolean; signal?: AbortSignal } = {},
): Promise<void> {
  const isIdle = async () => {
    const turns = delayed ? await schedules() : new Map<string, number>();
    return Object.entries(await counts()).every(
      ([job, { waiting, active, delayed: later }]) =>
        waiting + active === 0 && (!delayed || later <= (turns.get(job) ?? 0)),
    );
  };
  let calm = 0;
  for (let looks = 0; calm < 2; looks += 1) {
    signal?.throwIfAborted();
    calm = (await isIdle()) ? calm + 1 : 0;
    if (calm < 2) await sleep(looks < 20 ? FIRST_LOOK_MS : LATER_LOOK_MS, undefined, { signal }).catch(() => {});
  }
}
