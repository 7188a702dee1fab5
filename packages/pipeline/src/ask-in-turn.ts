import type { Fetched, Fetcher, GetOptions } from '@throughline/fetch';
import type { PoliteHost } from './polite-host.ts';

export interface InTurn extends Omit<GetOptions, 'mayFollow'> {
  signal: AbortSignal;
  /** How long a wait for the host's turn may be, in milliseconds: for robots.txt, if that is to be read, and again for the URL. */
  longestWaitMs: number;
}

/**
 * Asks a host in our hands for a URL: at its turn, as far as its robots.txt
 * allows, and through redirects in the same way. Undefined where its turn is
 * further off.
 */
export async function askInTurn(
  url: string,
  host: PoliteHost,
  fetcher: Fetcher,
  { longestWaitMs, ...options }: InTurn,
): Promise<Fetched | undefined> {
  const { signal } = options;
  if (!(await host.turn(signal, longestWaitMs))) return undefined;
  const allowed = await host.allows(url, signal);
  if (allowed !== true) return allowed === false ? forbiddenByRobots(url) : allowed;
  if (!(await host.turn(signal, longestWaitMs))) return undefined;
  const way = host.passage(signal);
  const fetched = await fetcher.get(url, { ...options, mayFollow: way.mayFollow });
  await way.end(fetched);
  return fetched;
}

/** How asking for a URL ends that robots.txt forbids. */
export const forbiddenByRobots = (url: string): Fetched => ({
  kind: 'refused',
  url,
  finalUrl: url,
  redirects: [],
  reason: 'robots',
  detail: 'robots.txt asks us not to',
});
