import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Backend, Finished, Stage } from '@throughline/queue';
import { capture, scheduledJobs, stages, sweepsOn, type Context } from '@throughline/pipeline';
import type { EventStreamOptions } from '@throughline/sources';
import { followEdits } from './follow-edits.ts';
import { followControls } from './follow-controls.ts';
import { followSchedules } from './follow-schedules.ts';
import { beat } from './heartbeat.ts';
import { createTracker } from './tracker.ts';
import { watch, type WatchOptions } from './watch.ts';

export interface Worker {
  /** Stops taking jobs, lets those in hand finish for `timeoutMs`, then stops them; what is left waits in the queue. */
  close: (options?: { timeoutMs?: number }) => Promise<void>;
}

export interface WorkerOptions {
  queue: Backend;
  context: Context;
  /** Told of every job that ends. */
  report: (finished: Finished) => void;
  /** How many hosts are fetched from at once; the stage's own number unless given. */
  concurrency?: number | undefined;
  /** Stages that only who starts the worker knows how to do. */
  besides?: readonly Stage<Record<string, never>, Context>[];
  /** A stream of edits to follow beside the polling. */
  edits?: EventStreamOptions | undefined;
  /** Keeps alarms and tells of them, where the caller says how. */
  watching?: Omit<WatchOptions, 'onError'> | undefined;
  /** Told when following edits or telling how the worker is has failed; both are tried again. */
  onError?: (error: unknown) => void;
}

/** The stage, each of its jobs in a span of its own. */
const traced = <P, Ctx>(stage: Stage<P, Ctx>, { trace }: Pick<Context, 'trace'>): Stage<P, Ctx> =>
  trace.isOn
    ? {
        ...stage,
        run: (payload, ctx, signal, closing) =>
          trace.job(stage.job.name, stage.job.key(payload), () => stage.run(payload, ctx, signal, closing)),
      }
    : stage;

/** Loads the archive, works every stage, and sets the schedules going. */
export async function startWorker({
  queue,
  context,
  report,
  concurrency,
  besides = [],
  edits,
  watching,
  onError = () => {},
}: WorkerOptions): Promise<Worker> {
  await releaseDead(context);
  await context.archive.catchUp();
  const tracker = createTracker(context.now);
  const told = (finished: Finished) => {
    tracker.ended(finished);
    report(finished);
  };
  const atOnce = new Map<string, number>();
  for (const stage of [...stages, ...besides]) {
    const { name, concurrency: usual } = stage.job;
    atOnce.set(name, stage === capture ? (concurrency ?? usual) : usual);
    await queue.work(traced(tracker.watched(stage as never), context), context, told, {
      concurrency: atOnce.get(name),
    });
  }
  await context.controls.know(scheduledJobs());
  const stop = new AbortController();
  const ended = new AbortController();
  const scheduling = await followSchedules(context, queue, stop.signal, onError);
  await queue.enqueue(await sweepsOn(context));
  const beating = beat(context, tracker, ended.signal, onError);
  const controlled = followControls(context, queue, atOnce, stop.signal, onError);
  const watched = watching ? watch({ ...watching, onError }, stop.signal) : Promise.resolve();
  const following = edits ? follow(edits, { queue, context, onError }, stop.signal) : Promise.resolve();
  return {
    close: async (options) => {
      stop.abort();
      await Promise.all([following, watched, controlled, scheduling.ended]);
      await queue.close(options);
      ended.abort();
      await beating;
      context.fetcher.close();
      await context.trace.close();
    },
  };
}

/** A failure of our own database must not end the following for good. */
async function follow(
  edits: EventStreamOptions,
  { queue, context, onError }: Required<Pick<WorkerOptions, 'queue' | 'context' | 'onError'>>,
  signal: AbortSignal,
) {
  while (!signal.aborted) {
    await followEdits(context, queue, edits, signal).catch(onError);
    if (!signal.aborted) await sleep(RETRY_MS, undefined, { signal }).catch(() => {});
  }
}

const RETRY_MS = 10_000;

/** Lets go of hosts that processes of this machine held which have died since. */
async function releaseDead({ hosts }: Context): Promise<void> {
  for (const holder of await hosts.holders()) {
    const [machine, pid] = holder.split(':');
    if (machine === hostname() && !isAlive(Number(pid))) await hosts.releaseAll(holder);
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
