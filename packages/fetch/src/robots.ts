import type { Fetched } from './fetched.ts';
import type { Fetcher, GetOptions } from './get.ts';

/**
 * Why not the robots-parser package: by RFC 9309 a Sitemap or unknown line must
 * not part the user-agent lines of a group, and percent-encoded unreserved
 * characters match their plain form; there both fail, and its result cannot be
 * kept as JSON.
 */

/** A line that allows or disallows paths. */
export interface RobotsRule {
  allow: boolean;
  /** A path prefix with `*` for anything and a final `$` for the end, percent-encoding normalised. */
  pattern: string;
}

export interface RobotsGroup {
  /** Product tokens in lower case, `*` for everyone. */
  agents: string[];
  rules: RobotsRule[];
  crawlDelaySeconds?: number;
}

/** A parsed robots.txt: plain data, to be kept as JSON. */
export interface Robots {
  groups: RobotsGroup[];
  sitemaps: string[];
}

/** What is read of a robots.txt: RFC 9309, 2.5, asks for at least this much. */
export const MAX_ROBOTS_BYTES = 500 * 1024;

/** Longer lines and more lines than these serve no crawler and would cost one. */
const MAX_PATTERN = 2_000;
const MAX_RULES = 10_000;
const MAX_SITEMAPS = 100;

/** Parses a robots.txt after RFC 9309. Takes any text, and never throws: what it cannot read it leaves out. */
export function parseRobots(text: string): Robots {
  const robots: Robots = { groups: [], sitemaps: [] };
  let group: RobotsGroup | undefined;
  let naming = false; // whether the last line of a group named an agent, so that the next such line joins it
  let rules = 0;
  for (const { key, value } of lines(text.slice(0, MAX_ROBOTS_BYTES))) {
    if (key === 'user-agent') {
      if (!group || !naming) robots.groups.push((group = { agents: [], rules: [] }));
      naming = true;
      group.agents.push(productToken(value));
    } else if (key === 'allow' || key === 'disallow') {
      naming = false;
      if (group && value !== '' && value.length <= MAX_PATTERN && rules++ < MAX_RULES) {
        group.rules.push({ allow: key === 'allow', pattern: normalPath(value) });
      }
    } else if (key === 'crawl-delay') {
      naming = false;
      const seconds = Number(value);
      if (group && value !== '' && seconds >= 0 && Number.isFinite(seconds)) group.crawlDelaySeconds = seconds;
    } else if (key === 'sitemap' && robots.sitemaps.length < MAX_SITEMAPS) robots.sitemaps.push(value);
  }
  return robots;
}

/** Spellings that are common enough for Google's parser to take them. */
const KEYS: Readonly<Record<string, string>> = {
  useragent: 'user-agent',
  'user agent': 'user-agent',
  dissallow: 'disallow',
  dissalow: 'disallow',
  disalow: 'disallow',
  diasllow: 'disallow',
  disallaw: 'disallow',
  crawldelay: 'crawl-delay',
  'crawl delay': 'crawl-delay',
};

function* lines(text: string): Generator<{ key: string; value: string }> {
  for (const line of text.replace(/^\uFEFF/, '').split(/[\r\n]+/)) {
    const hash = line.indexOf('#');
    const content = hash < 0 ? line : line.slice(0, hash);
    const colon = content.indexOf(':');
    if (colon < 1) continue;
    const key = content.slice(0, colon).trim().toLowerCase();
    yield { key: Object.hasOwn(KEYS, key) ? (KEYS[key] ?? key) : key, value: content.slice(colon + 1).trim() };
  }
}

/** `Throughline/0.1 (…)` → `throughline`: RFC 9309, 2.2.1. */
function productToken(agent: string): string {
  if (agent.trimStart().startsWith('*')) return '*';
  return /^\s*([a-z_-]+)/i.exec(agent)?.[1]?.toLowerCase() ?? '';
}

/** The rules for one crawler alone, now for whoever asks: all groups that name it together, else those for everyone. */
export function robotsFor({ groups, sitemaps }: Robots, agent: string): Robots {
  const token = productToken(agent);
  const named = groups.filter(({ agents }) => agents.includes(token));
  const chosen = named.length > 0 && token !== '' ? named : groups.filter(({ agents }) => agents.includes('*'));
  return { groups: chosen.map((group) => ({ ...group, agents: ['*'] })), sitemaps };
}

/**
 * Whether `agent` may fetch `url`, whose host is the robots.txt's own: the
 * longest matching pattern decides, `allow` where two are as long, and what no
 * pattern matches is allowed.
 */
export function robotsAllow(robots: Robots, url: string, agent: string): boolean {
  if (!URL.canParse(url)) return false;
  const { pathname, search } = new URL(url);
  if (pathname === '/robots.txt') return true;
  const path = normalPath(pathname + search);
  let best: RobotsRule | undefined;
  for (const rule of robotsFor(robots, agent).groups.flatMap(({ rules }) => rules)) {
    const length = best?.pattern.length ?? -1;
    const wins = rule.pattern.length > length || (rule.pattern.length === length && rule.allow);
    if (wins && matches(rule.pattern, path)) best = rule;
  }
  return best?.allow ?? true;
}

/** The Crawl-delay for `agent` in seconds; the longest where several groups give one. Undefined where none does. */
export function crawlDelaySeconds(robots: Robots, agent: string): number | undefined {
  const delays = robotsFor(robots, agent).groups.flatMap(({ crawlDelaySeconds: delay }) => delay ?? []);
  return delays.length > 0 ? Math.max(...delays) : undefined;
}

/**
 * Whether a path matches. Taking each piece between stars at its first place is
 * enough, as a later piece then has the most room: no backtracking.
 */
function matches(pattern: string, path: string): boolean {
  const anchored = pattern.endsWith('$');
  const [first = '', ...rest] = (anchored ? pattern.slice(0, -1) : pattern).split('*');
  if (!path.startsWith(first)) return false;
  let at = first.length;
  const last = anchored ? rest.pop() : undefined;
  for (const piece of rest) {
    const found = path.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  if (!anchored) return true;
  return last === undefined ? at === path.length : path.length - last.length >= at && path.endsWith(last);
}

const UNRESERVED = /[\w.~-]/;

/** One spelling for each path: RFC 9309, 2.2.2. */
function normalPath(path: string): string {
  const encoded = path.replace(/[^\x21-\x7e]+/gu, (text) => encodeURIComponent(text.toWellFormed()));
  return encoded.replace(/%([0-9a-f]{2})/gi, (escape, hex: string) => {
    const character = String.fromCharCode(Number.parseInt(hex, 16));
    return UNRESERVED.test(character) ? character : escape.toUpperCase();
  });
}

/** A host's robots.txt, or why there is none; `rules` with no groups allows all. */
export type RobotsAnswer = { kind: 'rules'; robots: Robots } | { kind: 'unreachable'; fetched: Fetched };

/**
 * Fetches the robots.txt that governs `url` (RFC 9309, 2.3.1): the rules for
 * `agent` only; everything allowed where the server says 4xx; `unreachable`,
 * which means nothing may be fetched, where it says 5xx or 429 or nothing.
 */
export async function fetchRobots(
  fetcher: Fetcher,
  url: string,
  agent: string,
  options: Pick<GetOptions, 'signal' | 'mayFollow'> = {},
): Promise<RobotsAnswer> {
  const fetched = await fetcher.get(new URL('/robots.txt', url).href, {
    maxBytes: MAX_ROBOTS_BYTES,
    overflow: 'cut',
    maxRedirects: 5,
    deadlineMs: 20_000,
    ...options,
  });
  const all: RobotsAnswer = { kind: 'rules', robots: { groups: [], sitemaps: [] } };
  switch (fetched.kind) {
    case 'ok': {
      if (fetched.contentType === 'text/html') return all; // a home or error page that answers for every path
      return { kind: 'rules', robots: robotsFor(parseRobots(new TextDecoder().decode(fetched.body)), agent) };
    }
    case 'gone':
      return all;
    case 'blocked':
      return fetched.status === 429 ? { kind: 'unreachable', fetched } : all;
    case 'refused':
      // More redirects than five count as no robots.txt; an address that is forbidden is not asked for anything.
      return fetched.reason === 'guard' || fetched.reason === 'elsewhere' ? { kind: 'unreachable', fetched } : all;
    case 'not-modified':
    case 'unreachable':
      return { kind: 'unreachable', fetched };
  }
}
