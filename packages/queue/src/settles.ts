import { setTimeout as sleep } from 'node:timers/promises';

/** Whether `work` is over within `ms`. Rejects when it does. */
export async function settles(work: Promise<unknown>, ms: number): Promise<boolean> {
  const enough = new AbortController();
  try {
    return await Promise.race([work.then(() => true), sleep(ms, false, { signal: enough.signal })]);
  } finally {
    enough.abort();
  }
}
