import { setTimeout as sleep } from 'node:timers/promises';
import { schedules, type Context } from '@throughline/pipeline';
import type { Backend } from '@throughline/queue';

const LOOK_MS = 10_000;

type Needs = Pick<Context, 'controls'>;
type Queue = Pick<Backend, 'schedule'>;

/**
 * Makes the queue's schedules what operators have set, once before it resolves
 * and then until `signal` aborts, when `ended` resolves. Every worker does so;
 * the queue keeps one of each.
 */
export async function followSchedules(
  context: Needs,
  queue: Queue,
  signal: AbortSignal,
  onError: (error: unknown) => void,
): Promise<{ ended: Promise<void> }> {
  const first = await apply(context, queue, '');
  return { ended: follow(context, queue, signal, onError, first) };
}

async function follow(
  context: Needs,
  queue: Queue,
  signal: AbortSignal,
  onError: (error: unknown) => void,
  first: string,
): Promise<void> {
  let last = first;
  while (!signal.aborted) {
    await sleep(LOOK_MS, undefined, { signal }).catch(() => {});
    if (signal.aborted) return;
    try {
      last = await apply(context, queue, last);
    } catch (error) {
      onError(error);
    }
  }
}

/** Sets the schedules where they differ from those set last; both as JSON. */
async function apply({ controls }: Needs, queue: Queue, last: string): Promise<string> {
  const set = await controls.schedules();
  const wanted = schedules().flatMap((schedule) => {
    const own = set.find(({ name }) => name === schedule.name);
    const { name, request, isOptional = false } = schedule;
    return (own?.enabled ?? !isOptional) ? [{ name, request, everyMs: own?.everyMs ?? schedule.everyMs }] : [];
  });
  const now = JSON.stringify(wanted);
  if (now !== last) await queue.schedule(wanted);
  return now;
}
