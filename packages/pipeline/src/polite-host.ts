import { setTimeout as sleep } from 'node:timers/promises';
import { hostOf } from '@throughline/core';
import type { HostState } from '@throughline/db';
import {
  crawlDelaySeconds,
  fetchRobots,
  paceOf,
  robotsAllow,
  turnAfter,
  type Fetched,
  type Passable,
  type Robots,
} from '@throughline/fetch';
import type { Context } from './context.ts';

export type PoliteNeeds = Pick<Context, 'hosts' | 'fetcher' | 'now' | 'replayed' | 'robotsAgent'>;

/** The lease outlives the longest fetch (30 s) with a wait on its way, and is renewed with each request. */
export const LEASE_MS = 90_000;
/** RFC 9309, 2.4: robots.txt should not be used for longer. */
const ROBOTS_MS = 24 * 3_600_000;
/** Only a shorter wait for the host's turn is spent in the job: a slot that waits is one less for the other hosts. */
const SHORT_WAIT_MS = 50;
/** In the middle of a chain of redirects putting it off means asking for all of it again. */
const HOP_WAIT_MS = 15_000;

const NO_RULES: Robots = { groups: [], sitemaps: [] };

/** A host in our hands: nobody else asks it anything until it is let go. */
export interface PoliteHost {
  readonly name: string;
  /** Milliseconds until its next turn; 0 or less when it has come. */
  waitMs(): number;
  /** Waits for the turn where that is short; false, without waiting, where it is not. To be called before each request. */
  turn(signal: AbortSignal, longestMs?: number): Promise<boolean>;
  /** Whether robots.txt allows this URL of the host; the fetch that ended without one where it cannot be read. */
  allows(url: string, signal: AbortSignal): Promise<boolean | Fetched>;
  /** Keeps what an answer tells about the host. */
  heard(fetched: Fetched, failure?: string): Promise<void>;
  /** Keeps that the host was asked and answered with a redirect. */
  passed(): Promise<void>;
  /** Whether the host is still ours; makes sure of it for as long as a request may take. */
  renew(): Promise<boolean>;
  /** Leave to go from redirect to redirect; without `heedRobots` for who is on the way to a robots.txt. */
  passage(signal: AbortSignal, options?: { heedRobots?: boolean }): Passage;
  release(): Promise<void>;
}

/** The hosts that one job has in its hands: by its own name, and by those that redirects led to. */
type Company = Map<string, PoliteHost>;

/** Takes a host; undefined where another worker has it or an operator has blocked it. */
export async function takeHost(
  name: string,
  holder: string,
  needs: PoliteNeeds,
  company: Company = new Map(),
): Promise<PoliteHost | undefined> {
  const leased = await needs.hosts.lease(name, holder, LEASE_MS);
  if (!leased) return undefined;
  if (leased.blocked) {
    await needs.hosts.release(name, holder);
    return undefined;
  }
  const host = politeHost(leased, holder, needs, company);
  company.set(name, host);
  return host;
}

function politeHost(leased: HostState, holder: string, needs: PoliteNeeds, company: Company): PoliteHost {
  const { hosts, fetcher, now, replayed, robotsAgent } = needs;
  let state = leased;
  /** A request may be under way whose end was not heard. */
  let isAsked = false;
  const name = leased.name;
  const waitMs = () => (replayed(name) ? 0 : state.nextTurnAt - now());
  const afterPace = () => now() + paceOf(state);

  async function keep(next: HostState, request: { ok: boolean; failure?: string }): Promise<void> {
    isAsked = false;
    state = next;
    await hosts.keep(holder, state, request, LEASE_MS);
  }

  function heard(fetched: Fetched, failure?: string): Promise<void> {
    const ok = fetched.kind === 'ok' || fetched.kind === 'not-modified';
    return keep(turnAfter(state, fetched, now()), { ok, ...(!ok && { failure: failure ?? fetched.kind }) });
  }

  async function turn(signal: AbortSignal, longestMs = SHORT_WAIT_MS): Promise<boolean> {
    for (let wait = waitMs(); wait > 0; wait = waitMs()) {
      if (wait > longestMs) return false;
      await sleep(wait, undefined, { signal });
    }
    isAsked = true;
    return true;
  }

  /** robots.txt, read anew where it is older than a day. While it cannot be read, nothing may be fetched. */
  async function robots(url: string, signal: AbortSignal): Promise<Robots | Fetched> {
    if (state.robotsAt !== null && now() - state.robotsAt < ROBOTS_MS)
      return (state.robots as Robots | null) ?? NO_RULES;
    const way = self.passage(signal, { heedRobots: false });
    const answer = await fetchRobots(fetcher, url, robotsAgent, { signal, mayFollow: way.mayFollow });
    if (answer.kind === 'unreachable') {
      await way.end(answer.fetched, 'robots.txt cannot be read');
      return answer.fetched;
    }
    const delay = crawlDelaySeconds(answer.robots, robotsAgent);
    const crawlDelayMs = delay === undefined ? null : Math.round(delay * 1_000);
    await hosts.keepRobots(name, answer.robots, crawlDelayMs);
    state = { ...state, robots: answer.robots, robotsAt: now(), crawlDelayMs };
    await way.end();
    return answer.robots;
  }

  const self: PoliteHost = {
    name,
    waitMs,
    turn,
    heard,
    passed: () => keep({ ...state, nextTurnAt: afterPace() }, { ok: true }),
    renew: async () => (await hosts.lease(name, holder, LEASE_MS)) !== undefined,
    async allows(url, signal) {
      const rules = await robots(url, signal);
      return 'kind' in rules ? rules : robotsAllow(rules, url, robotsAgent);
    },
    passage: (signal, { heedRobots = true } = {}) =>
      passageFrom(self, company, (other) => takeHost(other, holder, needs, company), signal, heedRobots),
    async release() {
      company.delete(name);
      await hosts.release(name, holder, isAsked ? afterPace() : undefined);
    },
  };
  return self;
}

/** A way through redirects: each host is taken, waited for and asked for its robots.txt like any. */
export interface Passage {
  mayFollow: (to: string) => Promise<Passable>;
  /**
   * Tells the last host how it ended (that it answered well, unless told), and
   * lets go of those taken on the way. False where the first host was lost meanwhile.
   */
  end: (fetched?: Fetched, failure?: string) => Promise<boolean>;
}

function passageFrom(
  own: PoliteHost,
  company: Company,
  take: (name: string) => Promise<PoliteHost | undefined>,
  signal: AbortSignal,
  heedRobots: boolean,
): Passage {
  const taken: PoliteHost[] = [];
  let last = own;

  const enter = async (name: string): Promise<PoliteHost | undefined> => {
    const known = company.get(name);
    if (known) return known === last || (await known.renew()) ? known : undefined;
    const host = await take(name);
    if (host) taken.push(host);
    return host;
  };
  const permit = async (host: PoliteHost, to: string): Promise<Passable> => {
    if (!(await host.turn(signal, HOP_WAIT_MS))) return false;
    if (!heedRobots) return true;
    const allowed = await host.allows(to, signal);
    if (allowed === false) return 'robots';
    if (allowed !== true) return allowed.kind === 'refused' && allowed.reason === 'guard' ? 'guard' : false;
    return host.turn(signal, HOP_WAIT_MS);
  };

  return {
    async mayFollow(to) {
      await last.passed();
      const name = hostOf(to);
      const host = name === undefined ? undefined : await enter(name);
      const passable = host !== undefined && (await permit(host, to));
      if (host && passable === true) last = host;
      return passable;
    },
    async end(fetched, failure) {
      if (fetched) await last.heard(fetched, failure);
      else await last.passed();
      for (const host of taken) await host.release();
      return taken.length === 0 || own.renew();
    },
  };
}
