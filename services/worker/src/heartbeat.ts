import { setTimeout as sleep } from 'node:timers/promises';
import { scheduledJobs, type Context } from '@throughline/pipeline';
import type { Finished } from '@throughline/queue';
import type { Tracker } from './tracker.ts';

const BEAT_MS = 10_000;

type Needs = Pick<Context, 'workers' | 'throughput' | 'failures' | 'controls' | 'worker' | 'version'>;

/**
 * Tells Postgres every 10 s that this worker lives, what it has in hand and
 * what has ended, until `signal` aborts; then once more. What cannot be told
 * is told next time.
 */
export async function beat(
  context: Needs,
  tracker: Tracker,
  signal: AbortSignal,
  onError: (error: unknown) => void,
): Promise<void> {
  while (!signal.aborted) {
    await tell(context, tracker).catch(onError);
    await sleep(BEAT_MS, undefined, { signal }).catch(() => {});
  }
  await tell(context, tracker).catch(onError);
  await context.workers.leave(context.worker).catch(onError);
}

async function tell({ workers, throughput, failures, controls, worker, version }: Needs, tracker: Tracker) {
  const ended = tracker.drain();
  try {
    await workers.beat(worker, version, tracker.inHand());
    await throughput.add(ended.rollups);
    ended.rollups = [];
    for (const failed of ended.failed) await failures.add(failureOf(failed));
    ended.failed = [];
    await failures.resolve(ended.done);
    await controls.worked(schedulesOf(ended.done));
  } catch (error) {
    tracker.restore(ended);
    throw error;
  }
}

function failureOf({ stage, key, payload, outcome, attempt }: Finished) {
  return { stage, key, payload, host: hostOf(payload), error: reasonOf(outcome), attempts: attempt };
}

function reasonOf(outcome: Finished['outcome']): string {
  if (outcome.kind === 'rejected') return outcome.reason;
  if (outcome.kind !== 'failed') return outcome.kind;
  return outcome.error instanceof Error ? outcome.error.message : String(outcome.error);
}

function hostOf(payload: unknown): string | null {
  const host = (payload as { host?: unknown } | null)?.host;
  return typeof host === 'string' ? host : null;
}

/** The schedules whose jobs these are. */
const schedulesOf = (done: readonly { stage: string; key: string }[]): string[] =>
  scheduledJobs()
    .filter(({ job, key }) => done.some((one) => one.stage === job && one.key === key))
    .map(({ name }) => name);
