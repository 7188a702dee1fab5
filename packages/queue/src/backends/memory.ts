import type { Backend, BackendKind, BackendOptions, FailedJob, Schedule, ScheduleState } from '../backend.ts';
import { byJob, untilIdle } from '../batches.ts';
import { settles } from '../settles.ts';
import { sharedAbort } from '../shared-abort.ts';
import type { JobPolicy, JobRequest } from '../job.ts';
import { runJob, type Finished, type Stage } from '../stage.ts';
import { storableError, wellFormed } from '../well-formed.ts';

/** Queues in this process, for tests and trials: gone when it ends. */
export const memory: BackendKind = {
  name: 'memory',
  protocols: ['memory:'],
  durable: false,
  open: async (options) => memoryBackend(options),
};

interface Entry {
  id: string;
  key: string;
  payload: unknown;
  attempt: number;
  snoozes: number;
  readyAt: number;
  state: 'waiting' | 'delayed' | 'active';
  /** What was asked for while this one ran. */
  again: JobRequest | null;
}

type Runner = (entry: Entry) => Promise<void>;

interface Line {
  job: JobPolicy;
  /** In the order of their turn; a key is in here once. */
  entries: Map<string, Entry>;
  failed: FailedJob[];
  completed: number;
  paused: boolean;
  active: number;
  run: Runner | null;
  concurrency: number;
}

interface Shop {
  lines: ReadonlyMap<string, Line>;
  schedules: Map<string, { schedule: Schedule; nextAt: number; timer: NodeJS.Timeout | null }>;
  timers: Set<NodeJS.Timeout>;
  running: Set<Promise<void>>;
  closing: AbortController;
  stop: AbortController;
  closed: boolean;
  serial: number;
}

function memoryBackend({ jobs }: Pick<BackendOptions, 'jobs'>): Backend {
  const shop: Shop = {
    lines: new Map(jobs.map((job) => [job.name, emptyLine(job)])),
    schedules: new Map(),
    timers: new Set(),
    running: new Set(),
    closing: sharedAbort(),
    stop: sharedAbort(),
    closed: false,
    serial: 0,
  };
  return {
    name: 'memory',
    enqueue: async (requests) => enqueue(open(shop), requests),
    work: async (stage, ctx, report, { concurrency = stage.job.concurrency } = {}) => {
      const line = lineOf(shop, stage.job.name);
      line.run = runnerOf(shop, line, stage, ctx, report);
      line.concurrency += concurrency;
      pump(shop, line);
    },
    setConcurrency: async (name, concurrency) => {
      const line = lineOf(shop, name);
      line.concurrency = Math.max(0, Math.floor(concurrency));
      pump(shop, line);
    },
    counts: async () => Object.fromEntries([...shop.lines].map(([name, line]) => [name, countsOf(line)])),
    ...failures(shop),
    pause: async (name) => void (lineOf(shop, name).paused = true),
    resume: async (name) => {
      const line = lineOf(shop, name);
      line.paused = false;
      pump(shop, line);
    },
    schedule: async (schedules) => schedule(shop, schedules),
    schedules: async () => [...shop.schedules.values()].map(({ schedule: each, nextAt }) => stateOf(each, nextAt)),
    oldestWaitingAgeMs: async (name) => {
      const [first] = waiting(lineOf(shop, name));
      return first ? Math.max(0, Date.now() - first.readyAt) : null;
    },
    idle: (options) =>
      untilIdle(
        async () => Object.fromEntries([...shop.lines].map(([name, line]) => [name, countsOf(line)])),
        async () => new Map(),
        options,
      ),
    close: (options) => close(shop, options),
  };
}

const emptyLine = (job: JobPolicy): Line => ({
  job,
  entries: new Map(),
  failed: [],
  completed: 0,
  paused: false,
  active: 0,
  run: null,
  concurrency: 0,
});

function open(shop: Shop): Shop {
  if (shop.closed) throw new Error('the memory queue is closed');
  return shop;
}

function lineOf({ lines }: Shop, name: string): Line {
  const line = lines.get(name);
  if (!line) throw new Error(`no such job: ${name} (known: ${[...lines.keys()].join(', ')})`);
  return line;
}

const waiting = (line: Line): Entry[] => [...line.entries.values()].filter(({ state }) => state === 'waiting');

function countsOf(line: Line) {
  const inState = (state: Entry['state']) => [...line.entries.values()].filter((entry) => entry.state === state).length;
  return {
    waiting: inState('waiting'),
    active: inState('active'),
    delayed: inState('delayed'),
    failed: line.failed.length,
    completed: line.completed,
    paused: line.paused,
  };
}

function enqueue(shop: Shop, requests: readonly JobRequest[]): void {
  for (const wish of [...byJob(requests).values()].flat()) {
    const line = lineOf(shop, wish.job);
    const key = wellFormed(wish.key);
    const known = line.entries.get(key);
    if (known?.state === 'active') known.again = wish;
    if (known) continue;
    const entry: Entry = {
      id: String((shop.serial += 1)),
      key,
      payload: wellFormed(wish.payload),
      attempt: 1,
      snoozes: 0,
      readyAt: 0,
      state: 'waiting',
      again: null,
    };
    line.entries.set(key, entry);
    putOff(shop, line, entry, wish.delayMs ?? 0);
  }
}

/** Lets an entry wait for its time, then for its turn. */
function putOff(shop: Shop, line: Line, entry: Entry, delayMs: number): void {
  entry.readyAt = Date.now() + Math.max(0, delayMs);
  entry.state = delayMs > 0 ? 'delayed' : 'waiting';
  line.entries.delete(entry.key);
  line.entries.set(entry.key, entry); // to the end of the line
  if (delayMs <= 0) return pump(shop, line);
  later(shop, delayMs, () => {
    entry.state = 'waiting';
    pump(shop, line);
  });
}

function later(shop: Shop, ms: number, call: () => void): NodeJS.Timeout {
  const timer = setTimeout(
    () => {
      shop.timers.delete(timer);
      call();
    },
    Math.min(ms, 2 ** 31 - 1),
  );
  shop.timers.add(timer);
  return timer;
}

function pump(shop: Shop, line: Line): void {
  if (shop.closing.signal.aborted || line.paused || !line.run) return;
  for (const entry of line.entries.values()) {
    if (line.active >= line.concurrency) return;
    if (entry.state !== 'waiting') continue;
    entry.state = 'active';
    line.active += 1;
    const run = line.run(entry).finally(() => {
      line.active -= 1;
      shop.running.delete(run);
      pump(shop, line);
    });
    shop.running.add(run);
  }
}

function runnerOf<P, Ctx>(
  shop: Shop,
  line: Line,
  stage: Stage<P, Ctx>,
  ctx: Ctx,
  report: (finished: Finished) => void,
): Runner {
  const host = {
    enqueue: async (requests: readonly JobRequest[]) => enqueue(shop, requests),
    report,
    closing: shop.closing.signal,
    stop: shop.stop.signal,
  };
  return async (entry) => {
    await Promise.resolve(); // like a real queue, never within the call that asked
    try {
      const outcome = await runJob(stage, ctx, entry, host);
      switch (outcome.kind) {
        case 'done':
        case 'skipped':
          line.completed += 1;
          return forget(shop, line, entry);
        case 'snoozed':
          entry.snoozes += 1;
          return putOff(shop, line, entry, outcome.delayMs);
        case 'interrupted':
          return putOff(shop, line, entry, 0);
        case 'rejected':
          return fail(shop, line, entry, outcome.reason);
      }
    } catch (error) {
      if (entry.attempt >= line.job.attempts) return fail(shop, line, entry, storableError(error).message);
      const backoffMs = line.job.backoffMs * 2 ** (entry.attempt - 1);
      entry.attempt += 1;
      putOff(shop, line, entry, backoffMs * (0.5 + Math.random() / 2));
    }
  };
}

function forget(shop: Shop, line: Line, entry: Entry): void {
  line.entries.delete(entry.key);
  if (entry.again) enqueue(shop, [entry.again]);
}

function fail(shop: Shop, line: Line, { id, key, payload, attempt, ...entry }: Entry, reason: string): void {
  const error = wellFormed(reason);
  line.failed.unshift({ id, key, payload, error, attempts: attempt, failedAt: Date.now() });
  forget(shop, line, { id, key, payload, attempt, ...entry });
}

function failures(shop: Shop): Pick<Backend, 'failed' | 'retry' | 'drop'> {
  const take = (name: string, ids: readonly string[] | undefined): FailedJob[] => {
    const line = lineOf(open(shop), name);
    const taken = line.failed.filter(({ id }) => !ids || ids.includes(id));
    line.failed = line.failed.filter((job) => !taken.includes(job));
    return taken;
  };
  return {
    failed: async (name, { limit = 100 } = {}) => lineOf(open(shop), name).failed.slice(0, limit),
    retry: async (name, ids) => {
      const taken = take(name, ids);
      enqueue(
        shop,
        taken.map(({ key, payload }) => ({ job: name, key, payload })),
      );
      return taken.length;
    },
    drop: async (name, ids) => take(name, ids).length,
  };
}

function schedule(shop: Shop, schedules: readonly Schedule[]): void {
  for (const { timer } of shop.schedules.values()) if (timer) clearTimeout(timer);
  shop.schedules.clear();
  for (const each of schedules) {
    lineOf(shop, each.request.job);
    turn(shop, each);
  }
}

/** The first turn comes at once, as in BullMQ. Cron patterns are kept, but have no turns here. */
function turn(shop: Shop, each: Schedule): void {
  if (!('everyMs' in each)) {
    shop.schedules.set(each.name, { schedule: each, nextAt: Number.NaN, timer: null });
    return;
  }
  enqueue(shop, [each.request]);
  const timer = later(shop, each.everyMs, () => turn(shop, each));
  shop.schedules.set(each.name, { schedule: each, nextAt: Date.now() + each.everyMs, timer });
}

const stateOf = ({ name, request, ...turns }: Schedule, nextAt: number): ScheduleState => ({
  name,
  job: request.job,
  payload: request.payload,
  nextAt: Number.isNaN(nextAt) ? null : nextAt,
  ...('cron' in turns ? { cron: turns.cron } : { everyMs: turns.everyMs }),
});

const LAST_MOMENT_MS = 2_000;

async function close(shop: Shop, { timeoutMs = 10_000 }: { timeoutMs?: number } = {}): Promise<void> {
  const ended = new Error('the process is ending');
  shop.closing.abort(ended);
  for (const timer of shop.timers) clearTimeout(timer);
  const finished = Promise.allSettled(shop.running);
  if (!(await settles(finished, timeoutMs))) {
    shop.stop.abort(ended);
    await settles(finished, LAST_MOMENT_MS);
  }
  shop.closed = true;
}
