import { lookup as systemLookup, type LookupAddress } from 'node:dns';
import { Resolver } from 'node:dns/promises';

/** Finds all addresses of a name; rejects with a `code` as `ENOTFOUND`. */
export type Lookup = (hostname: string) => Promise<readonly LookupAddress[]>;

/** Two tries of this length are as long as a name may take: a fetch has better uses for its time. */
const TIMEOUT_MS = 3_000;

/**
 * Asks the system's name servers directly. The system's own look-up would hold
 * one of Node's four threads until it gives up, and among old links names that
 * do not answer are common: with four of them every other host would wait, and
 * files and compression too. It is still used for `localhost`, which no name
 * server knows, and where there is no name server. `servers` are for tests.
 */
export function createLookup(servers?: readonly string[]): Lookup {
  const resolver = new Resolver({ timeout: TIMEOUT_MS, tries: 2 });
  if (servers) resolver.setServers(servers);
  return async (hostname) => {
    if (hostname === 'localhost') return fromSystem(hostname);
    const [four, six] = await Promise.allSettled([resolver.resolve4(hostname), resolver.resolve6(hostname)]);
    const found = [...addresses(four, 4), ...addresses(six, 6)];
    if (found.length > 0 || four.status === 'fulfilled') return found;
    if ((four.reason as NodeJS.ErrnoException).code === 'ECONNREFUSED') return fromSystem(hostname);
    throw four.reason;
  };
}

const addresses = (result: PromiseSettledResult<string[]>, family: 4 | 6): LookupAddress[] =>
  result.status === 'fulfilled' ? result.value.map((address) => ({ address, family })) : [];

const fromSystem: Lookup = (hostname) =>
  new Promise((done, fail) => {
    systemLookup(hostname, { all: true }, (error, found) => (error ? fail(error) : done(found)));
  });
