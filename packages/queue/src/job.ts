import type { z } from 'zod';
import { wellFormed } from './well-formed.ts';

/** What a queue has to know of a job. The name is also its queue, its metric label and its row on the dashboard. */
export interface JobPolicy {
  /** Lower-case letters, digits and hyphens. */
  readonly name: string;
  /** How often it is tried before it counts as failed: at least 1. */
  readonly attempts: number;
  /** The wait before the second attempt, in ms; doubled for each one after it, with half of it random. */
  readonly backoffMs: number;
  /** How many run at once in one process. */
  readonly concurrency: number;
  /** How long one attempt may take, in ms, before its signal aborts and it counts as failed. */
  readonly timeoutMs: number;
  /** How often one job may be snoozed (or be found abandoned) before it is rejected. `Infinity` is allowed. */
  readonly maxSnoozes: number;
}

/** A kind of work, and the shape of what it is told. */
export interface Job<P> extends JobPolicy {
  readonly payload: z.ZodType<P>;
  /** Two requests with the same key are one, and never run at the same time: see `Backend.enqueue`. */
  readonly key: (payload: P) => string;
}

const DEFAULTS = { attempts: 5, backoffMs: 1_000, concurrency: 4, timeoutMs: 30_000, maxSnoozes: 100 };

/** Completes a job's policy with the defaults: 5 attempts, 1 s backoff, 4 at once, 30 s, 100 snoozes. */
export function defineJob<P>(job: Pick<Job<P>, 'name' | 'payload' | 'key'> & Partial<Job<P>>): Job<P> {
  if (!/^[a-z][a-z0-9-]*$/.test(job.name)) throw new Error(`not a job name: ${JSON.stringify(job.name)}`);
  return { ...DEFAULTS, ...job };
}

/** A validated wish that a job be done; plain data, so that tests can compare it. */
export interface JobRequest {
  job: string;
  key: string;
  payload: unknown;
  /** Not before so many ms from now. */
  delayMs?: number;
}

/**
 * A wish that `job` be done with `payload`. Text is made storable on the way
 * (no NUL, no lone surrogate). Throws a `ZodError` for a payload of the wrong
 * shape, which the compiler has mostly seen before.
 */
export function request<P>(job: Job<P>, payload: P, { delayMs }: { delayMs?: number } = {}): JobRequest {
  const parsed = wellFormed(job.payload.parse(payload));
  const wish = { job: job.name, key: wellFormed(job.key(parsed)), payload: parsed };
  return delayMs === undefined ? wish : { ...wish, delayMs };
}
