import { z } from 'zod';
import type { Job, JobPolicy, JobRequest } from './job.ts';
import { reject, type Outcome } from './outcome.ts';
import { storableError } from './well-formed.ts';

/**
 * A job and the code that does it. `run` must be safe to repeat: delivery is
 * at least once, so the same payload may come again after a crash and must
 * leave the same rows and return the same `next`.
 */
export interface Stage<P, Ctx> {
  readonly job: Job<P>;
  /**
   * Does one delivery. `signal` aborts when the time is up (`timeoutMs`, or
   * the process cannot wait any longer): hand it to whatever can wait.
   * `closing` aborts earlier, as soon as the process wants to end: a stage
   * that loops should then finish what is in hand and snooze. What is thrown
   * after `signal` aborted for the end of the process spends no attempt.
   */
  run(payload: P, ctx: Ctx, signal: AbortSignal, closing: AbortSignal): Promise<Outcome>;
}

export const defineStage = <P, Ctx>(job: Job<P>, run: Stage<P, Ctx>['run']): Stage<P, Ctx> => ({ job, run });

/** One ended delivery, for the log, the metrics and the tests. */
export interface Finished {
  stage: string;
  key: string;
  /** As it was delivered, checked or not. */
  payload: unknown;
  /** `interrupted`: the process ended first; the job waits as it did before. */
  outcome: Outcome | { kind: 'failed'; error: unknown; willRetry: boolean } | { kind: 'interrupted' };
  /** 1 for the first try. A snooze does not raise it. */
  attempt: number;
  durationMs: number;
}

/** What a queue knows of the job it hands out. */
export interface Delivery {
  key: string;
  payload: unknown;
  attempt: number;
  /** How often this job was snoozed or abandoned before. */
  snoozes: number;
}

/** What a queue lends to the job it runs. */
export interface Host {
  enqueue(requests: readonly JobRequest[]): Promise<void>;
  report(finished: Finished): void;
  /** Aborts when the process wants to end. */
  closing: AbortSignal;
  /** Aborts when the process cannot wait any longer. */
  stop: AbortSignal;
}

/**
 * Runs one delivery: the only place where payloads are parsed, time is kept,
 * what comes next is enqueued and results are reported. Throws what the stage
 * threw, in a form that any queue can store.
 */
export async function runJob<P, Ctx>(
  stage: Stage<P, Ctx>,
  ctx: Ctx,
  delivery: Delivery,
  host: Host,
): Promise<Outcome | { kind: 'interrupted' }> {
  const started = performance.now();
  const { key, payload, attempt } = delivery;
  const finish = <O extends Finished['outcome']>(outcome: O): O => {
    host.report({ stage: stage.job.name, key, payload, outcome, attempt, durationMs: performance.now() - started });
    return outcome;
  };
  try {
    return finish(await deliver(stage, ctx, delivery, host));
  } catch (error) {
    if (host.stop.aborted) return finish({ kind: 'interrupted' });
    finish({ kind: 'failed', error, willRetry: attempt < stage.job.attempts });
    throw storableError(error);
  }
}

async function deliver<P, Ctx>(stage: Stage<P, Ctx>, ctx: Ctx, delivery: Delivery, host: Host): Promise<Outcome> {
  const payload = stage.job.payload.safeParse(delivery.payload);
  if (!payload.success) return reject(`bad payload: ${z.prettifyError(payload.error)}`);

  const outcome = await withinTime(stage.job, host.stop, (signal) =>
    stage.run(payload.data, ctx, signal, host.closing),
  );
  if ('next' in outcome && outcome.next.length > 0) await host.enqueue(outcome.next);
  if (outcome.kind === 'snoozed' && delivery.snoozes >= stage.job.maxSnoozes) {
    return reject(`put off ${delivery.snoozes} times already; now again: ${outcome.reason}`);
  }
  return outcome;
}

/** A stage that ignores its signal for so long is left alone: its slot is worth more than its answer. */
const GRACE_MS = 5_000;
const MAX_TIMER_MS = 2 ** 31 - 1;

async function withinTime<T>(
  { name, timeoutMs }: JobPolicy,
  stop: AbortSignal,
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const limit = new AbortController();
  const onStop = () => limit.abort(stop.reason);
  stop.addEventListener('abort', onStop, { once: true });
  if (stop.aborted) onStop();
  const late = setTimeout(
    () => limit.abort(new Error(`${name} took longer than ${timeoutMs} ms`)),
    Math.min(timeoutMs, MAX_TIMER_MS),
  );
  let hung: NodeJS.Timeout | undefined;
  const givenUp = new Promise<never>((_, fail) => {
    limit.signal.addEventListener('abort', () => {
      hung = setTimeout(() => fail(limit.signal.reason as Error), GRACE_MS);
    });
  });
  try {
    return await Promise.race([run(limit.signal), givenUp]);
  } catch (error) {
    const reason: unknown = limit.signal.reason;
    if (!(reason instanceof Error) || error === reason) throw error;
    throw new Error(reason.message, { cause: error }); // not "this operation was aborted", which says nothing
  } finally {
    clearTimeout(late);
    clearTimeout(hung);
    stop.removeEventListener('abort', onStop);
  }
}
