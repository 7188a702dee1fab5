import { hostProblem, isPublicAddress, parseAddress } from '@throughline/core';
import type { LookupAddress, LookupOptions } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { createLookup, type Lookup } from './resolve.ts';

export interface GuardOptions {
  /** Opens loopback addresses and their ports: for the bundled sample's tests, never for live material. */
  allowLoopback?: boolean;
  /** Ports besides 80 and 443 that may be asked; `any` for all. */
  allowPorts?: 'any' | readonly number[];
  /** How names become addresses; by the system's name servers unless told. The answers are checked all the same. */
  lookup?: Lookup;
}

/** Keeps requests away from everything that is not a public server. */
export interface Guard {
  /** Why a URL may not be asked for; undefined where it may. To be called for every hop. */
  problem: (url: URL) => string | undefined;
  /** Resolves a name for a connection and drops forbidden addresses, so that a name cannot change its mind in between. */
  lookup: LookupFunction;
}

/** The `code` that `Guard.lookup` fails with when a name leads nowhere public. */
export const FORBIDDEN = 'EFORBIDDEN';

const DEFAULT_PORTS = new Set(['', '80', '443']);

/** The address guard. It forbids private, reserved and other special addresses in any spelling, credentials and odd ports. */
export function createGuard(options: GuardOptions = {}): Guard {
  const { allowLoopback = false, lookup = createLookup() } = options;
  const allowed = (address: string) => isPublicAddress(address) || (allowLoopback && isLoopback(address));

  return {
    problem(url) {
      if (url.protocol !== 'http:' && url.protocol !== 'https:') return `${url.protocol} is not http or https`;
      if (url.username || url.password) return 'the URL carries a user name or password';
      if (allowLoopback && isLoopback(url.hostname)) return undefined;
      return portProblem(url.port, options.allowPorts) ?? hostProblem(url.hostname);
    },
    lookup(hostname, how, callback) {
      lookup(hostname).then(
        (found) => {
          const { kept, error } = keep(hostname, found, how, allowed);
          if (error) callback(error, '', 0);
          else if (how.all) callback(null, kept);
          else callback(null, kept[0]?.address ?? '', kept[0]?.family);
        },
        (error: NodeJS.ErrnoException) => callback(error, '', 0),
      );
    },
  };
}

function keep(
  hostname: string,
  found: readonly LookupAddress[],
  { family }: LookupOptions,
  allowed: (address: string) => boolean,
): { kept: LookupAddress[]; error?: NodeJS.ErrnoException } {
  const version = family === 'IPv4' ? 4 : family === 'IPv6' ? 6 : family;
  const usable = found.filter((entry) => !version || entry.family === version);
  const kept = usable.filter(({ address }) => allowed(address));
  if (kept.length > 0) return { kept };
  const addresses = usable.map(({ address }) => address).join(', ');
  const message = `${JSON.stringify(hostname)} ${addresses ? `leads to ${addresses}, which is not public` : 'has no address'}`;
  return { kept, error: Object.assign(new Error(message), { code: addresses ? FORBIDDEN : 'ENOTFOUND' }) };
}

function portProblem(port: string, allowPorts: GuardOptions['allowPorts'] = []): string | undefined {
  if (allowPorts === 'any' || DEFAULT_PORTS.has(port) || allowPorts.includes(Number(port))) return undefined;
  return `port ${port} is neither 80 nor 443`;
}

function isLoopback(hostname: string): boolean {
  if (hostname === 'localhost' || hostname.endsWith('.localhost')) return true;
  const address = parseAddress(hostname);
  if (!address) return false;
  if (address.length === 4) return address[0] === 127;
  return address.every((byte, index) => byte === (index === 15 ? 1 : 0));
}
