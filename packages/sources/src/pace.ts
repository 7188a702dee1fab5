import { setTimeout as sleep } from 'node:timers/promises';

/** How often one may ask, and how much at once. */
export interface PaceLimits {
  perMinute: number;
  atOnce: number;
}

/** Keeps a server's limits for all callers in this process. */
export interface Pace {
  /** Waits for its turn, then runs `work`. Rejects when `signal` aborts while waiting. */
  run<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T>;
  /** Nobody asks for the next `ms` milliseconds. */
  pause(ms: number): void;
}

/** Turns come evenly spaced, `perMinute` of them a minute, and at most `atOnce` are under way. */
export function createPace({ perMinute, atOnce }: PaceLimits): Pace {
  const spacingMs = 60_000 / perMinute;
  const waiting: (() => void)[] = [];
  let nextAt = 0;
  let running = 0;

  async function enter(signal: AbortSignal): Promise<void> {
    if (running >= atOnce) await place(waiting, signal);
    else running++;
    try {
      for (let wait = nextAt - Date.now(); wait > 0; wait = nextAt - Date.now())
        await sleep(wait, undefined, { signal });
    } catch (error) {
      leave();
      throw error;
    }
    nextAt = Date.now() + spacingMs;
  }

  function leave(): void {
    const next = waiting.shift();
    if (next) next();
    else running--;
  }

  return {
    async run(work, signal) {
      signal.throwIfAborted();
      await enter(signal);
      try {
        return await work();
      } finally {
        leave();
      }
    },
    pause(ms) {
      nextAt = Math.max(nextAt, Date.now() + ms);
    },
  };
}

/** Stands in line until somebody who is done hands over the place. */
function place(waiting: (() => void)[], signal: AbortSignal): Promise<void> {
  return new Promise((enter, reject) => {
    const give = (): void => {
      signal.removeEventListener('abort', giveUp);
      enter();
    };
    const giveUp = (): void => {
      waiting.splice(waiting.indexOf(give), 1);
      reject(signal.reason as Error);
    };
    waiting.push(give);
    signal.addEventListener('abort', giveUp, { once: true });
  });
}
