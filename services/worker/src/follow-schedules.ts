import { setTimeout as sleep } from 'node:timers/promises';
import { schedules, type Context } from '@throughline/pipeline';
import type { Backend } from '@throughline/queue';

const LOOK_MS = 10_000;

/**
 * Makes the queue's schedules what operators have set, until `signal` aborts.
 * Every worker does so; the queue keeps one of each.
 */
export async function followSchedules(
  { controls }: Pick<Context, 'controls'>,
  queue: Pick<Backend, 'schedule'>,
  signal: AbortSignal,
  onError: (error: unknown) => void,
): Promise<void> {
  let last = '';
  while (!signal.aborted) {
    try {
      const set = await controls.schedules();
      const wanted = schedules().flatMap((schedule) => {
        const own = set.find(({ name }) => name === schedule.name);
        return own?.enabled === false ? [] : [{ ...schedule, everyMs: own?.everyMs ?? schedule.everyMs }];
      });
      const now = JSON.stringify(wanted);
      if (now !== last) await queue.schedule(wanted);
      last = now;
    } catch (error) {
      onError(error);
    }
    await sleep(LOOK_MS, undefined, { signal }).catch(() => {});
  }
}
