import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { DelayedError, UnrecoverableError, type Job as BullJob, type Queue, type Worker } from 'bullmq';
import type { Backend, BackendOptions, FailedJob, JobCounts, QueueLog, Schedule, ScheduleState } from '../backend.ts';
import { byJob, inChunks, untilIdle } from '../batches.ts';
import type { JobPolicy, JobRequest } from '../job.ts';
import { settles } from '../settles.ts';
import { sharedAbort } from '../shared-abort.ts';
import { runJob, type Finished, type Stage } from '../stage.ts';
import { loggable, wellFormed } from '../well-formed.ts';

type AnyQueue = Pick<
  Queue,
  | 'addBulk'
  | 'clean'
  | 'close'
  | 'getFailed'
  | 'getJob'
  | 'getJobCounts'
  | 'getJobs'
  | 'getJobSchedulers'
  | 'getMetrics'
  | 'isPaused'
  | 'pause'
  | 'removeJobScheduler'
  | 'resume'
  | 'upsertJobScheduler'
  | 'waitUntilReady'
> & {
  on(event: 'error', listener: (error: Error) => void): unknown;
};
type AnyWorker = Pick<
  Worker,
  'cancelJob' | 'close' | 'concurrency' | 'disconnect' | 'isPaused' | 'pause' | 'resume' | 'waitUntilReady'
> & {
  on(event: 'error', listener: (error: Error) => void): unknown;
  on(event: 'lockRenewalFailed', listener: (jobIds: string[]) => void): unknown;
  on(event: 'failed', listener: (job: BullJob | undefined, error: Error) => void): unknown;
};
type Process = (job: BullJob, token?: string, signal?: AbortSignal) => Promise<void>;

/** The worker options that both stores share. */
interface WorkerTuning {
  concurrency: number;
  lockDuration: number;
  stalledInterval: number;
  maxStalledCount: number;
  runRetryDelay: number;
  drainDelay: number;
  metrics: { maxDataPoints: number };
}

/** How to open a BullMQ queue and worker; Redis and Postgres differ in nothing else. */
export interface Store {
  name: string;
  queue(name: string): AnyQueue;
  worker(name: string, process: Process, tuning: WorkerTuning): AnyWorker;
  /** Whether an error means that the same call may well succeed at once. */
  isTransient(error: unknown): boolean;
  /** Lets go of what queues and workers shared. */
  close(): Promise<void>;
}

/** One addBulk is one transaction (one advisory lock a key in Postgres) and one round trip. */
const CHUNK = 500;
/** A job that takes its process down with it so often is given up. */
const MAX_STALLED = 8;
const FAILED_SECONDS = 14 * 86_400;
const DEFAULT_LOCK_MS = 20_000;
const ANSWER_MS = 10_000;
const CLOSE_MS = 10_000;
const LAST_MOMENT_MS = 2_000;

interface Opened {
  job: JobPolicy;
  queue: AnyQueue;
}

/** What the parts below share. */
interface Shop {
  store: Store;
  opened: ReadonlyMap<string, Opened>;
  workers: { job: string; worker: AnyWorker }[];
  /** Jobs of which nothing new is taken here. */
  resting: Set<string>;
  closing: AbortController;
  stop: AbortController;
  closed: boolean;
  lockMs: number;
  onError: (where: string) => (error: Error) => void;
}

/** The queue over a BullMQ store. Resolves once every queue is ready. */
export async function overStore(store: Store, { jobs, log, lockMs }: BackendOptions): Promise<Backend> {
  const onError = errorsTo(log, store.name);
  const opened = new Map<string, Opened>();
  for (const job of jobs) {
    const queue = store.queue(job.name);
    queue.on('error', onError(job.name));
    opened.set(job.name, { job, queue });
  }
  await Promise.all([...opened.values()].map(({ queue }) => queue.waitUntilReady()));
  const shop: Shop = {
    store,
    opened,
    workers: [],
    resting: new Set(),
    closing: sharedAbort(),
    stop: sharedAbort(),
    closed: false,
    lockMs: lockMs ?? DEFAULT_LOCK_MS,
    onError,
  };
  return {
    name: store.name,
    raw: [...opened.values()].map(({ queue }) => queue),
    enqueue: (requests) => enqueue(shop, requests),
    work: (stage, ctx, report, { concurrency } = {}) => work(shop, stage, ctx, report, concurrency),
    setConcurrency: (job, concurrency) => setConcurrency(shop, job, concurrency),
    counts: () => answered(counts(shop)),
    ...failures(shop),
    pause: (job) => answered(open(shop, job).queue.pause()),
    resume: (job) => answered(open(shop, job).queue.resume()),
    schedule: (schedules) => schedule(shop, schedules),
    schedules: () => answered(scheduleStates(shop)),
    oldestWaitingAgeMs: (job) => answered(oldestWaitingAgeMs(open(shop, job).queue)),
    idle: (options) =>
      untilIdle(
        () => counts(shop),
        () => scheduleCounts(shop),
        options,
      ),
    close: once((options?: { timeoutMs?: number }) => close(shop, options)),
  };
}

function open({ opened, closed, store }: Shop, name: string): Opened {
  if (closed) throw new Error(`the ${store.name} queue is closed`); // BullMQ would let the caller wait for ever
  const found = opened.get(name);
  if (!found) throw new Error(`no such job: ${name} (known: ${[...opened.keys()].join(', ')})`);
  return found;
}

async function enqueue(shop: Shop, requests: readonly JobRequest[]): Promise<void> {
  const batches = [...byJob(requests)].map(([name, wanted]) => ({ ...open(shop, name), wanted }));
  await Promise.all(
    batches.map(async ({ job, queue, wanted }) => {
      for (const chunk of inChunks(wanted, CHUNK)) {
        await persistently(shop.store, () => queue.addBulk(chunk.map((wish) => asBulk(job, wish))));
      }
    }),
  );
}

function asBulk({ name, attempts, backoffMs }: JobPolicy, { key, payload, delayMs }: JobRequest) {
  return {
    name,
    data: wellFormed(payload),
    opts: {
      attempts,
      backoff: { type: 'exponential', delay: backoffMs, jitter: 0.5 },
      deduplication: { id: storableKey(key), keepLastIfActive: true },
      ...(delayMs === undefined ? {} : { delay: Math.max(0, Math.ceil(delayMs)) }),
      // Keeping "the last so many" makes completions in Postgres delete each other's leftovers, and deadlock.
      removeOnComplete: true,
      removeOnFail: { age: FAILED_SECONDS },
      stackTraceLimit: 1,
    },
  };
}

/** Keys may be URLs; an index entry of Postgres takes 2.7 kB at most. */
function storableKey(key: string): string {
  const storable = wellFormed(key) || '-';
  return Buffer.byteLength(storable) <= 300 ? storable : createHash('sha256').update(storable).digest('hex');
}

const TRANSIENT_TRIES = 5;

/** Two bulk adds of the same keys in another order may deadlock in Postgres, which picks one to fail: ask again. */
async function persistently<T>(store: Store, call: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await call();
    } catch (error) {
      if (tries >= TRANSIENT_TRIES || !store.isTransient(error)) throw error;
      await sleep(20 * tries * (1 + Math.random()));
    }
  }
}

async function work<P, Ctx>(
  shop: Shop,
  stage: Stage<P, Ctx>,
  ctx: Ctx,
  report: (finished: Finished) => void,
  concurrency: number = stage.job.concurrency,
): Promise<void> {
  const { name, attempts } = stage.job;
  open(shop, name);
  const worker = shop.store.worker(name, processOf(shop, stage, ctx, report), {
    concurrency: Math.max(1, Math.floor(concurrency)),
    lockDuration: shop.lockMs,
    stalledInterval: Math.max(250, shop.lockMs / 2),
    maxStalledCount: MAX_STALLED,
    runRetryDelay: 1_000,
    drainDelay: 5,
    metrics: { maxDataPoints: 60 }, // for the total of what was completed
  });
  worker.on('error', shop.onError(name));
  // Another worker has the job now: ours must not go on beside it.
  worker.on('lockRenewalFailed', (ids) => {
    for (const id of ids) worker.cancelJob(id, 'another worker took the job over');
  });
  worker.on('failed', (job, error) => {
    if (!job?.deferredFailure) return; // failed before it reached the stage: nobody reported it
    const outcome = { kind: 'failed', error, willRetry: false } as const;
    report({ stage: name, key: keyOf(job), payload: job.data, outcome, attempt: attempts, durationMs: 0 });
  });
  shop.workers.push({ job: name, worker });
  await worker.waitUntilReady();
}

async function setConcurrency(shop: Shop, name: string, concurrency: number): Promise<void> {
  open(shop, name);
  const rests = concurrency < 1;
  if (rests) shop.resting.add(name);
  else shop.resting.delete(name);
  for (const { worker } of shop.workers.filter(({ job }) => job === name)) {
    if (!rests) worker.concurrency = Math.floor(concurrency);
    if (rests) await worker.pause(true);
    else if (worker.isPaused()) await worker.resume();
  }
}

function processOf<P, Ctx>(shop: Shop, stage: Stage<P, Ctx>, ctx: Ctx, report: (finished: Finished) => void): Process {
  return async (job, token, cancelled) => {
    if (shop.resting.has(stage.job.name)) {
      // A worker that rests still gets the job that it had been waiting for: it gives it back.
      await job.moveToDelayed(Date.now(), token);
      throw new DelayedError();
    }
    if (job.repeatJobKey) return enqueue(shop, [tickRequest(stage.job.name, job.data)]);
    using stop = firstOf(shop.stop.signal, cancelled);
    const delivery = {
      key: keyOf(job),
      payload: job.data as unknown,
      attempt: job.attemptsMade + 1,
      snoozes: Math.max(0, job.attemptsStarted - job.attemptsMade - 1),
    };
    const outcome = await runJob(stage, ctx, delivery, {
      enqueue: (requests) => enqueue(shop, requests),
      report,
      closing: shop.closing.signal,
      stop: stop.signal,
    });
    switch (outcome.kind) {
      case 'done':
      case 'skipped':
        return;
      case 'snoozed':
        await job.moveToDelayed(Date.now() + Math.max(0, outcome.delayMs), token);
        throw new DelayedError();
      case 'interrupted':
        if (!cancelled?.aborted) await job.moveToDelayed(Date.now(), token);
        throw new DelayedError();
      case 'rejected':
        throw new UnrecoverableError(wellFormed(outcome.reason));
    }
  };
}

/** `AbortSignal.any` keeps what listens to a long-lived signal for ever in Node 20; this one lets go. */
function firstOf(...signals: (AbortSignal | undefined)[]): { signal: AbortSignal } & Disposable {
  const first = new AbortController();
  const heard = signals.flatMap((signal) => {
    if (!signal) return [];
    const onAbort = () => first.abort(signal.reason);
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    return [() => signal.removeEventListener('abort', onAbort)];
  });
  return {
    signal: first.signal,
    [Symbol.dispose]() {
      for (const forget of heard) forget();
    },
  };
}

const keyOf = (job: BullJob): string => job.deduplicationId ?? job.opts.deduplication?.id ?? job.id ?? '';

const STATES = ['waiting', 'paused' as 'waiting', 'prioritized', 'active', 'delayed', 'failed'] as const;

async function counts({ opened }: Shop): Promise<Record<string, JobCounts>> {
  const entries = [...opened].map(async ([name, { queue }]) => {
    // Postgres counts what waits in a paused queue as `paused`, Redis as `waiting`.
    const [states, completed, paused] = await Promise.all([
      queue.getJobCounts(...STATES),
      queue.getMetrics('completed', 0, 0),
      queue.isPaused(),
    ]);
    const of = (...kinds: string[]) => kinds.reduce((sum, kind) => sum + (states[kind] ?? 0), 0);
    const known: JobCounts = {
      waiting: of('waiting', 'paused', 'prioritized'),
      active: of('active'),
      delayed: of('delayed'),
      failed: of('failed'),
      completed: completed.meta.count,
      paused,
    };
    return [name, known] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

function failures(shop: Shop): Pick<Backend, 'failed' | 'retry' | 'drop'> {
  const chosen = async ({ queue }: Opened, ids: readonly string[] | undefined): Promise<BullJob[]> => {
    if (!ids) return queue.getFailed(0, CHUNK - 1);
    const jobs = await Promise.all(ids.map((id) => queue.getJob(id)));
    const failed = await Promise.all(jobs.map(async (job) => (job && (await job.isFailed()) ? [job] : [])));
    return failed.flat();
  };
  /** Does `first` with failed jobs, chunk by chunk, then removes them. */
  const clear = async (name: string, ids: readonly string[] | undefined, first: (jobs: BullJob[]) => Promise<void>) => {
    const place = open(shop, name);
    let count = 0;
    for (;;) {
      const jobs = await chosen(place, ids);
      if (jobs.length === 0) return count;
      await first(jobs);
      await Promise.all(jobs.map((job) => job.remove()));
      count += jobs.length;
      if (ids) return count;
    }
  };
  return {
    failed: async (name, { limit = 100 } = {}) =>
      answered(open(shop, name).queue.getFailed(0, limit - 1)).then((jobs) => jobs.map(asFailed)),
    // As a fresh request, not BullMQ's retry: that one forgets the key, and the job could run twice at once.
    retry: (name, ids) =>
      clear(name, ids, (jobs) =>
        enqueue(
          shop,
          jobs.map((job) => ({ job: name, key: keyOf(job), payload: job.data as unknown })),
        ),
      ),
    drop: (name, ids) => clear(name, ids, async () => {}),
  };
}

const asFailed = (job: BullJob): FailedJob => ({
  id: job.id ?? '',
  key: keyOf(job),
  payload: job.data as unknown,
  error: job.failedReason ?? '',
  attempts: job.attemptsMade,
  failedAt: job.finishedOn ?? job.timestamp,
});

/**
 * What a schedule's turn carries. A turn has no key of its own in BullMQ, so
 * it only asks for the job, by its key, as anybody else would.
 */
interface Tick {
  key: string;
  payload: unknown;
}

const tickRequest = (job: string, data: unknown): JobRequest => ({ job, ...(data as Tick) });

async function schedule(shop: Shop, schedules: readonly Schedule[]): Promise<void> {
  const wanted = new Map(schedules.map((each) => [each.name, each]));
  for (const each of schedules) open(shop, each.request.job);
  const known = await scheduleStates(shop);
  for (const state of known) {
    const kept = wanted.get(state.name);
    if (kept?.request.job !== state.job) await open(shop, state.job).queue.removeJobScheduler(state.name);
    else if (isSame(kept, state)) wanted.delete(state.name); // asking again would start its period anew
  }
  for (const { name, request, ...turns } of wanted.values()) {
    const data: Tick = { key: request.key, payload: wellFormed(request.payload) };
    const repeat = 'cron' in turns ? { pattern: turns.cron, tz: 'UTC' } : { every: turns.everyMs };
    await open(shop, request.job).queue.upsertJobScheduler(name, repeat, {
      name: request.job,
      data,
      opts: { attempts: 3, removeOnComplete: true, removeOnFail: true },
    });
  }
}

function isSame(wanted: Schedule, known: ScheduleState): boolean {
  const turns = (of: { everyMs: number } | { cron: string }) => ('cron' in of ? of.cron : of.everyMs);
  return (
    turns(wanted) === turns(known) &&
    JSON.stringify(wellFormed(wanted.request.payload)) === JSON.stringify(known.payload) &&
    known.nextAt !== null
  );
}

async function scheduleStates({ opened }: Shop): Promise<ScheduleState[]> {
  const lists = [...opened].map(async ([job, { queue }]) => {
    const schedulers = await queue.getJobSchedulers(0, -1, true);
    return schedulers.map(({ key, pattern, every, next, template }): ScheduleState => {
      const turns = pattern === undefined ? { everyMs: Number(every) } : { cron: pattern };
      return { name: key, job, payload: (template?.data as Tick | undefined)?.payload, nextAt: next ?? null, ...turns };
    });
  });
  return (await Promise.all(lists)).flat();
}

async function scheduleCounts(shop: Shop): Promise<Map<string, number>> {
  const totals = new Map<string, number>();
  for (const { job } of await scheduleStates(shop)) totals.set(job, (totals.get(job) ?? 0) + 1);
  return totals;
}

async function oldestWaitingAgeMs(queue: AnyQueue): Promise<number | null> {
  const [first] = await queue.getJobs(['waiting', 'prioritized'], 0, 0, true);
  if (!first) return null;
  const readyAt = Math.max(first.timestamp + (first.opts.delay ?? 0), first.processedOn ?? 0);
  return Math.max(0, Date.now() - readyAt);
}

async function close(shop: Shop, { timeoutMs = CLOSE_MS }: { timeoutMs?: number } = {}): Promise<void> {
  const { workers, opened, store, closing, stop } = shop;
  closing.abort(new Error('the process is ending'));
  const finished = Promise.allSettled(workers.map(({ worker }) => worker.close()));
  if (!(await settles(finished, timeoutMs))) {
    stop.abort(new Error('the process is ending'));
    if (!(await settles(finished, LAST_MOMENT_MS))) {
      await Promise.allSettled(workers.map(({ worker }) => worker.disconnect()));
    }
  }
  shop.closed = true;
  await Promise.allSettled([...opened.values()].map(({ queue }) => queue.close()));
  await store.close();
}

/** A question to a server that has gone away must not hang the page that asks it. */
async function answered<T>(question: Promise<T>): Promise<T> {
  if (!(await settles(question, ANSWER_MS))) {
    throw new Error(`the queue did not answer within ${ANSWER_MS / 1_000} s: is its server still there?`);
  }
  return question;
}

function once<A extends unknown[], T>(call: (...args: A) => Promise<T>): (...args: A) => Promise<T> {
  let made: Promise<T> | undefined;
  return (...args) => (made ??= call(...args));
}

const QUIET_MS = 10_000;

/** Logs each different error at most every ten seconds: a lost server fails every worker many times a second. */
function errorsTo(log: QueueLog, backend: string) {
  const last = new Map<string, number>();
  return (job: string) =>
    (error: Error): void => {
      const now = Date.now();
      if (now - (last.get(error.message) ?? -QUIET_MS) < QUIET_MS) return;
      if (last.size > 100) last.clear();
      last.set(error.message, now);
      log.error({ err: loggable(error), backend, job }, 'the queue reports an error');
    };
}
