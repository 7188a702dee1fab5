import { budgetOf } from './budget.ts';
import type { Fetched } from './fetched.ts';

/** A host's politeness, as its row keeps it. Instants are milliseconds since the epoch. */
export interface HostTurn {
  name: string;
  /** Least time between two requests, in milliseconds. */
  paceMs: number;
  /** When the host may be asked again. */
  nextTurnAt: number;
  /** Failures in a row that count against the host. */
  backoff: number;
  /** Until when the host itself asked us to stay away. */
  retryAfterAt: number | null;
  /** robots.txt's Crawl-delay. */
  crawlDelayMs: number | null;
}

const SECOND = 1_000;
const HOUR = 3_600 * SECOND;
const DAY = 24 * HOUR;

/** A host that keeps failing is asked at least this often, and may not send us away for longer. */
const LONGEST_BACKOFF = 6 * HOUR;
const LONGEST_ABSENCE = DAY;

/**
 * The host's state after a fetch that ended at `now`: its next turn after its
 * pace, Crawl-delay, Retry-After and, where it failed, a wait that doubles with
 * each failure in a row. A page that is gone or was never asked for counts as
 * no failure.
 */
export function turnAfter<Host extends HostTurn>(host: Host, fetched: Fetched, now: number): Host {
  const strain = strainOf(fetched);
  const backoff = strain === 'none' ? 0 : host.backoff + 1;
  const retryAfterMs = 'retryAfterMs' in fetched ? Math.min(fetched.retryAfterMs ?? 0, LONGEST_ABSENCE) : 0;
  const waits = [paceOf(host), retryAfterMs, backoffMs(host.name, strain, backoff)];
  return {
    ...host,
    backoff,
    retryAfterAt: retryAfterMs > 0 ? now + retryAfterMs : null,
    nextTurnAt: now + Math.max(...waits),
  };
}

/** How long to wait between two requests to a host that answers well, in milliseconds. */
export function paceOf({ name, paceMs, crawlDelayMs }: Pick<HostTurn, 'name' | 'paceMs' | 'crawlDelayMs'>): number {
  return Math.max(paceMs, budgetOf(name).paceMs, Math.min(crawlDelayMs ?? 0, LONGEST_ABSENCE));
}

/** What a fetch says of the host's health: nothing, that it turned us away or broke, that it asks for less, that it does not answer. */
type Strain = 'none' | 'failing' | 'busy' | 'down';

function strainOf(fetched: Fetched): Strain {
  switch (fetched.kind) {
    case 'ok':
    case 'not-modified':
    case 'gone':
    case 'refused':
      return 'none';
    case 'blocked':
      return fetched.status === 429 || fetched.retryAfterMs !== undefined ? 'busy' : 'failing';
    case 'unreachable':
      if (fetched.retryAfterMs !== undefined || fetched.status === 503 || fetched.status === 429) return 'busy';
      return isHostDown(fetched) ? 'down' : 'failing';
  }
}

function backoffMs(host: string, strain: Strain, failures: number): number {
  if (strain === 'none') return 0;
  const first = strain === 'failing' ? 10 * SECOND : budgetOf(host).busyMs;
  return Math.min(first * 2 ** Math.min(failures - 1, 20), Math.max(LONGEST_BACKOFF, budgetOf(host).busyMs));
}

/**
 * Whether a fetch failed because of its host and not its page: no name, no
 * connection, no trust. The host's other pages would end the same way, so one
 * such answer may speak for all that are due.
 */
export function isHostDown(fetched: Fetched): boolean {
  if (fetched.kind !== 'unreachable' || fetched.status !== undefined) return false;
  return ['dns', 'tls', 'refused-connection', 'no-route', 'timeout'].includes(fetched.reason);
}

/** Waits between the tries of one page. After the last one the verdict stands. */
const TRIES = {
  /** About three weeks in nine tries. */
  unreachable: [HOUR, 4 * HOUR, 12 * HOUR, DAY, 2 * DAY, 4 * DAY, 7 * DAY, 7 * DAY],
  /** Paywalls and bot walls seldom open, but do. */
  blocked: [DAY, 3 * DAY, 7 * DAY, 14 * DAY],
  robots: [7 * DAY, 14 * DAY, 28 * DAY],
  loop: [DAY, 7 * DAY],
  never: [],
} as const satisfies Record<string, readonly number[]>;

/**
 * When to try a page again that `fetched` was the answer to at `now`, the
 * `attempts`-th try, in milliseconds since the epoch; null where the verdict is
 * final: what is captured, gone, refused for what it is, or tried often enough.
 */
export function nextTryAt(fetched: Fetched, attempts: number, now: number): number | null {
  const wait = triesFor(fetched)[Math.max(0, attempts - 1)];
  if (wait === undefined) return null;
  const asked = 'retryAfterMs' in fetched ? Math.min(fetched.retryAfterMs ?? 0, 30 * DAY) : 0;
  return now + Math.max(wait, asked);
}

function triesFor(fetched: Fetched): readonly number[] {
  switch (fetched.kind) {
    case 'ok':
    case 'not-modified':
    case 'gone':
      return TRIES.never;
    case 'blocked':
      return fetched.status === 429 ? TRIES.unreachable : TRIES.blocked;
    case 'unreachable':
      return TRIES.unreachable;
    case 'refused':
      if (fetched.reason === 'robots') return TRIES.robots;
      return fetched.reason === 'redirect-loop' || fetched.reason === 'redirects' ? TRIES.loop : TRIES.never;
  }
}
