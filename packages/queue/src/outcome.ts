import type { JobRequest } from './job.ts';

/** Numbers about a run, for its log line. */
export type Facts = Record<string, number>;

/**
 * How a job ended. Everything we expect is a value; whatever is thrown is
 * unexpected and is tried again, with backoff, until `attempts` is spent.
 */
export type Outcome =
  | { kind: 'done'; next: JobRequest[]; facts: Facts }
  | { kind: 'skipped'; reason: string }
  | { kind: 'snoozed'; reason: string; delayMs: number; next: JobRequest[]; facts: Facts }
  | { kind: 'rejected'; reason: string };

/** The work is finished; `next` is enqueued before the job counts as complete. */
export const done = (next: JobRequest[] = [], facts: Facts = {}): Outcome => ({ kind: 'done', next, facts });

/** There is nothing to do, and that is fine. */
export const skip = (reason: string): Outcome => ({ kind: 'skipped', reason });

/**
 * Not now, or not all of it: run the same job again after `delayMs`, without
 * spending an attempt. `next` is enqueued first. A job that is snoozed more
 * often than its `maxSnoozes` ends as rejected.
 */
export const snooze = (
  reason: string,
  delayMs: number,
  { next = [], facts = {} }: { next?: JobRequest[]; facts?: Facts } = {},
): Outcome => ({ kind: 'snoozed', reason, delayMs, next, facts });

/** It can never work: do not try again. */
export const reject = (reason: string): Outcome => ({ kind: 'rejected', reason });
