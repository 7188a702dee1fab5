import type { Job, JobPolicy, JobRequest } from './job.ts';
import type { Finished, Stage } from './stage.ts';

/** How many jobs are in which state. */
export interface JobCounts {
  /** Ready to be taken. */
  waiting: number;
  active: number;
  /** Snoozed, waiting for their next attempt, requested for later, or the next turn of a schedule. */
  delayed: number;
  failed: number;
  /** Completed since the queue was made. */
  completed: number;
  /** Nothing is handed out. */
  paused: boolean;
}

/** A job that spent its attempts, or was rejected. */
export interface FailedJob {
  id: string;
  key: string;
  payload: unknown;
  error: string;
  attempts: number;
  /** Epoch ms. */
  failedAt: number;
}

/** Asks for a job again and again: every so many ms, or by a cron pattern (five or six fields, in UTC). */
export type Schedule = {
  /** Unique among the schedules of all jobs. */
  name: string;
  request: JobRequest;
} & ({ everyMs: number } | { cron: string });

/** A schedule for `job`, checked like a request. */
export type ScheduleState = {
  name: string;
  job: string;
  payload: unknown;
  /** Epoch ms. */
  nextAt: number | null;
} & ({ everyMs: number } | { cron: string });

/** A queue. Whatever it cannot do at all (its server is gone) it throws as an `Error` with one clear line. */
export interface Backend {
  readonly name: string;

  /** The queues of the library beneath, one a job, for a tool that shows jobs as they are; absent where there are none. */
  readonly raw?: readonly unknown[];

  /**
   * Asks for jobs. While a request with the same key waits or is delayed,
   * another is dropped; while one runs, one more is kept: so no key ever runs
   * twice at the same time, and nothing asked for during a run is forgotten.
   */
  enqueue(requests: readonly JobRequest[]): Promise<void>;

  /** Starts working the stage; resolves once it is ready to take jobs. `concurrency` overrides the job's. */
  work<P, Ctx>(
    stage: Stage<P, Ctx>,
    ctx: Ctx,
    report: (finished: Finished) => void,
    options?: { concurrency?: number | undefined },
  ): Promise<void>;

  /** How many of the job this process does at once from now on; with 0 it takes nothing new of it. What runs, runs on. */
  setConcurrency(job: string, concurrency: number): Promise<void>;

  /** The counts of every known job, by its name. */
  counts(): Promise<Record<string, JobCounts>>;

  /** Failed jobs, the latest first: 100 unless told otherwise. */
  failed(job: string, options?: { limit?: number }): Promise<FailedJob[]>;
  /** Asks for failed jobs anew (all of them, or those with these ids) as fresh requests. Returns how many. */
  retry(job: string, ids?: readonly string[]): Promise<number>;
  /** Forgets failed jobs (all of them, or those with these ids). Returns how many. */
  drop(job: string, ids?: readonly string[]): Promise<number>;

  /** Hands out no more of the job, in any process, until `resume`. What runs, runs on. */
  pause(job: string): Promise<void>;
  resume(job: string): Promise<void>;

  /** Makes these the schedules: adds and changes, and takes away those of known jobs that are not listed. */
  schedule(schedules: readonly Schedule[]): Promise<void>;
  schedules(): Promise<ScheduleState[]>;

  /** How long the next job in line has been ready, in ms; null when none waits. */
  oldestWaitingAgeMs(job: string): Promise<number | null>;

  /**
   * Resolves once nothing waits or runs; with `delayed`, once nothing is
   * delayed either (the next turns of schedules do not count). Rejects with
   * the signal's reason when it aborts first.
   */
  idle(options?: { delayed?: boolean; signal?: AbortSignal }): Promise<void>;

  /**
   * Stops taking jobs, waits up to `timeoutMs` (10 s) for the running ones,
   * then aborts them, and lets go of every connection. Nothing is lost: what
   * did not finish is handed out again later.
   */
  close(options?: { timeoutMs?: number }): Promise<void>;
}

/** Where a queue tells what nobody asked for; a pino logger fits. */
export interface QueueLog {
  warn(facts: object, message: string): void;
  error(facts: object, message: string): void;
}

export interface BackendOptions {
  /** Where the queue lives: see `openQueue`. */
  url: string;
  /** Every job that may be enqueued or worked. */
  jobs: readonly Pick<Job<never>, keyof JobPolicy>[];
  log: QueueLog;
  /** Keeps several queues in one server apart. */
  prefix?: string;
  /** How long the queue waits for a sign of life of a worker before it hands its job to another, in ms. */
  lockMs?: number;
}

/** A place where queues can live. */
export interface BackendKind {
  readonly name: string;
  /** The URL schemes it answers to, with the colon. */
  readonly protocols: readonly string[];
  /** Whether jobs outlive the process. */
  readonly durable: boolean;
  /** Throws an `Error` with one clear line when the server cannot be reached or used. */
  open(options: BackendOptions): Promise<Backend>;
}
