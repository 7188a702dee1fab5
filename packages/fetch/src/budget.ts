/** What a host publishes, or its operators say, of how often it may be asked. */
export interface Budget {
  /** Least time from the end of one request to the start of the next, in milliseconds. */
  paceMs: number;
  /** Least time to stay away after a 429 or 503, in milliseconds. */
  busyMs: number;
}

const ANY_HOST: Budget = { paceMs: 1_000, busyMs: 30_000 };

/** 24 requests a minute since 2026-06; going on after a 429 ends at the firewall for an hour, then two. */
const ARCHIVE: Budget = { paceMs: 2_500, busyMs: 3_600_000 };

/** 200 requests a minute for clients that name their operator. */
const WIKIMEDIA: Budget = { paceMs: 300, busyMs: 60_000 };

/** Hosts whose limits are known; one line each. */
const BUDGETS: Readonly<Record<string, Budget>> = {
  'web.archive.org': ARCHIVE,
  'archive.org': ARCHIVE,
  'en.wikipedia.org': WIKIMEDIA,
  'www.wikidata.org': WIKIMEDIA,
};

export const budgetOf = (host: string): Budget =>
  (Object.hasOwn(BUDGETS, host) ? BUDGETS[host] : undefined) ?? ANY_HOST;

/** The least time that so many requests to a host take, in milliseconds: what a dry run tells. */
export const leastTimeMs = (host: string, requests: number): number =>
  Math.max(0, requests - 1) * budgetOf(host).paceMs;
