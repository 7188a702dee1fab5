import { setTimeout as sleep } from 'node:timers/promises';
import { hostOf } from '@throughline/core';
import type { HostState } from '@throughline/db';
import { crawlDelaySeconds, fetchRobots, robotsAllow, turnAfter, type Fetched, type Robots } from '@throughline/fetch';
import type { Context } from './context.ts';

export type PoliteNeeds = Pick<Context, 'hosts' | 'fetcher' | 'now' | 'replayed' | 'robotsAgent'>;

/** The lease outlives the longest fetch (30 s) with its robots.txt (20 s), and is renewed with each. */
export const LEASE_MS = 60_000;
/** RFC 9309, 2.4: robots.txt should not be used for longer. */
const ROBOTS_MS = 24 * 3_600_000;
/** A shorter wait for the host's turn is spent in the job: putting it off costs more. */
const SHORT_WAIT_MS = 1_500;

const NO_RULES: Robots = { groups: [], sitemaps: [] };

/** A host in our hands: nobody else asks it anything until it is let go. */
export interface PoliteHost {
  readonly name: string;
  /** Milliseconds until its next turn; 0 or less when it has come. */
  waitMs(): number;
  /** Waits for the turn where that is short; false, without waiting, where it is not. */
  turn(signal: AbortSignal): Promise<boolean>;
  /** Whether robots.txt allows this URL of the host; the fetch that ended without one where it cannot be read. */
  allows(url: string, signal: AbortSignal): Promise<boolean | Fetched>;
  /** Keeps what an answer tells about the host. */
  heard(fetched: Fetched, failure?: string): Promise<void>;
  release(): Promise<void>;
}

/** Takes a host; undefined where another worker has it or an operator has blocked it. */
export async function takeHost(name: string, holder: string, needs: PoliteNeeds): Promise<PoliteHost | undefined> {
  const leased = await needs.hosts.lease(name, holder, LEASE_MS);
  if (!leased) return undefined;
  if (!leased.blocked) return politeHost(leased, holder, needs);
  await needs.hosts.release(name, holder);
  return undefined;
}

function politeHost(
  leased: HostState,
  holder: string,
  { hosts, fetcher, now, replayed, robotsAgent }: PoliteNeeds,
): PoliteHost {
  let state = leased;
  const name = leased.name;
  const waitMs = () => (replayed(name) ? 0 : state.nextTurnAt - now());

  async function heard(fetched: Fetched, failure?: string): Promise<void> {
    state = turnAfter(state, fetched, now());
    const ok = fetched.kind === 'ok' || fetched.kind === 'not-modified';
    await hosts.keep(holder, state, { ok, ...(!ok && { failure: failure ?? fetched.kind }) }, LEASE_MS);
  }

  async function turn(signal: AbortSignal): Promise<boolean> {
    const wait = waitMs();
    if (wait > SHORT_WAIT_MS) return false;
    if (wait > 0) await sleep(wait, undefined, { signal });
    return true;
  }

  /** robots.txt, read anew where it is older than a day. While it cannot be read, nothing may be fetched. */
  async function robots(url: string, signal: AbortSignal): Promise<Robots | Fetched> {
    if (state.robotsAt !== null && now() - state.robotsAt < ROBOTS_MS)
      return (state.robots as Robots | null) ?? NO_RULES;
    const answer = await fetchRobots(fetcher, url, robotsAgent, signal);
    if (answer.kind === 'unreachable') {
      await heard(answer.fetched, 'robots.txt cannot be read');
      return answer.fetched;
    }
    const delay = crawlDelaySeconds(answer.robots, robotsAgent);
    const crawlDelayMs = delay === undefined ? null : Math.round(delay * 1_000);
    await hosts.keepRobots(name, answer.robots, crawlDelayMs);
    state = { ...state, robots: answer.robots, robotsAt: now(), crawlDelayMs };
    state = { ...state, nextTurnAt: now() + Math.max(state.paceMs, crawlDelayMs ?? 0) }; // that was a request too
    return answer.robots;
  }

  return {
    name,
    waitMs,
    turn,
    heard,
    async allows(url, signal) {
      const rules = await robots(url, signal);
      return 'kind' in rules ? rules : robotsAllow(rules, url, robotsAgent);
    },
    release: () => hosts.release(name, holder),
  };
}

/** Leave to follow redirects to other hosts: each is taken, waited for and asked for its robots.txt like any. */
export interface Passage {
  mayFollow: (to: string) => Promise<boolean>;
  /** Tells the hosts that were passed through how it ended, and lets go of them. */
  end: (fetched: Fetched) => Promise<void>;
}

export function passage(holder: string, needs: PoliteNeeds, signal: AbortSignal): Passage {
  const visited: PoliteHost[] = [];
  return {
    async mayFollow(to) {
      const name = hostOf(to);
      if (name === undefined || visited.some((host) => host.name === name)) return name !== undefined;
      const host = await takeHost(name, holder, needs);
      if (!host) return false;
      visited.push(host);
      return (await host.turn(signal)) && (await host.allows(to, signal)) === true && (await host.turn(signal));
    },
    async end(fetched) {
      for (const host of visited) {
        await host.heard(fetched);
        await host.release();
      }
    },
  };
}
