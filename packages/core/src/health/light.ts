import type { HealthFacts } from './facts.ts';

/** `good`; `watch`: look at it today; `bad`: what readers see is wrong or will be; `off`: not in use here. */
export type Level = 'good' | 'watch' | 'bad' | 'off';

/** One thing an operator wants to know, with the reason for its colour and where to go. */
export interface Light {
  name: string;
  level: Level;
  /** One sentence: why, and what to do where something is to be done. */
  says: string;
  /** The page of the dashboard that mends it. */
  path: string;
}

/** Computes one light. Pure. */
export type LightRule = (facts: HealthFacts) => Light;

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** A length of time as people say it: `40 s`, `12 min`, `5 h`, `3 days`. */
export function spanOf(ms: number): string {
  if (ms < 2 * MINUTE_MS) return `${Math.round(ms / 1_000)} s`;
  if (ms < 2 * HOUR_MS) return `${Math.round(ms / MINUTE_MS)} min`;
  if (ms < 2 * DAY_MS) return `${Math.round(ms / HOUR_MS)} h`;
  return `${Math.round(ms / DAY_MS)} days`;
}

/** `1 job`, `3 jobs`. */
export const countOf = (count: number, noun: string, plural = `${noun}s`): string =>
  `${count.toLocaleString('en-US')} ${count === 1 ? noun : plural}`;

/** The first few of a list, and how many more there are. */
export function someOf(items: readonly string[], most = 3): string {
  const more = items.length - most;
  return more > 0 ? `${items.slice(0, most).join(', ')} and ${more} more` : items.join(', ');
}
