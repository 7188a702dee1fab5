import { ACCEPT_ENCODING } from './content-coding.ts';
import type { Fetched } from './fetched.ts';
import { follow } from './follow.ts';
import { createGuard, type GuardOptions } from './guard.ts';
import { createHops, type Replay } from './hop.ts';

export interface FetchLimits {
  /** Most bytes of a body, counted before and after decompression. */
  maxBytes: number;
  /** Longest time of a whole fetch with its redirects, in milliseconds. */
  deadlineMs: number;
  maxRedirects: number;
}

export const DEFAULT_LIMITS: FetchLimits = { maxBytes: 6_000_000, deadlineMs: 30_000, maxRedirects: 8 };

export interface FetcherOptions {
  /** Names us and whom to write to: `Throughline/0.1 (ops@example.org)`. */
  userAgent: string;
  guard?: GuardOptions;
  replay?: Replay;
  limits?: Partial<FetchLimits>;
}

export interface GetOptions extends Partial<FetchLimits> {
  /** Stops the fetch; `get` then rejects with the signal's reason. */
  signal?: AbortSignal;
  /** Validators of the copy we have. */
  etag?: string;
  lastModified?: string;
  /** Media types wanted, best first; others end as `refused: type`, if they can be told, before their body is read. Any unless given. */
  accept?: readonly string[];
  /** More request headers, lower-case names. */
  headers?: Readonly<Record<string, string>>;
  /** Whether a longer body is `refused: size`, or `cut`. */
  overflow?: 'refuse' | 'cut';
  /**
   * Asked before each redirect is followed: the place to take the turn of the
   * host that it leads to and to heed its robots.txt. Its time does not count
   * for the deadline. Otherwise all are followed.
   */
  mayFollow?: (to: string) => Passable | Promise<Passable>;
}

/** Whether a redirect may be followed: yes, not now, or never because of robots.txt or of where its host is. */
export type Passable = boolean | 'robots' | 'guard';

/** What a fetch goes by. */
export type Call = FetchLimits & GetOptions;

export interface Fetcher {
  /** Fetches a URL. Whatever a server or the network does ends in a `Fetched`; rejects only when `signal` is aborted. */
  get: (url: string, options?: GetOptions) => Promise<Fetched>;
  /** Closes idle connections. */
  close: () => void;
}

/** One way to the network: keeps connections alive, checks every address, bounds time and size. */
export function createFetcher({ userAgent, guard, replay, limits }: FetcherOptions): Fetcher {
  const hops = createHops(createGuard(guard), replay);
  return {
    async get(url, options = {}) {
      const call: Call = { ...DEFAULT_LIMITS, ...limits, ...options };
      const headers = requestHeaders(userAgent, call);
      const fetched = await within(call.deadlineMs, options.signal, (signal, aside) =>
        follow(url, call, { hops, headers, signal, aside }),
      );
      options.signal?.throwIfAborted();
      return fetched;
    },
    close: () => hops.close(),
  };
}

/** Does something whose time does not count for the deadline. */
export type Aside = <T>(work: () => Promise<T>) => Promise<T>;

/** Runs `work` with a signal that fires at the deadline, when `outer` does, and when the work is over, so that nothing of it goes on. */
async function within<T>(
  ms: number,
  outer: AbortSignal | undefined,
  work: (signal: AbortSignal, aside: Aside) => Promise<T>,
): Promise<T> {
  outer?.throwIfAborted();
  const stop = new AbortController();
  const abort = () => stop.abort();
  const timer = stopwatch(ms, abort);
  outer?.addEventListener('abort', abort);
  try {
    return await work(stop.signal, async (other) => {
      timer.stop();
      return other().finally(() => timer.start());
    });
  } finally {
    timer.stop();
    outer?.removeEventListener('abort', abort);
    abort();
  }
}

/** Calls `ring` after `ms` of the time in which it is not stopped. */
function stopwatch(ms: number, ring: () => void) {
  let left = ms;
  let startedAt = performance.now();
  let timer = setTimeout(ring, left);
  return {
    stop() {
      clearTimeout(timer);
      left -= performance.now() - startedAt;
    },
    start() {
      startedAt = performance.now();
      timer = setTimeout(ring, Math.max(0, left));
    },
  };
}

function requestHeaders(userAgent: string, { accept, etag, lastModified, headers }: Call): Record<string, string> {
  return {
    'user-agent': userAgent,
    accept: accept ? [...accept, '*/*;q=0.1'].join(', ') : '*/*',
    'accept-encoding': ACCEPT_ENCODING,
    ...(etag !== undefined && { 'if-none-match': etag }),
    ...(lastModified !== undefined && { 'if-modified-since': lastModified }),
    ...headers,
  };
}
