import { discardBody } from './body.ts';
import { conclude } from './conclude.ts';
import { chainCookies } from './cookies.ts';
import { failureIn } from './failure.ts';
import type { Fetched, Hop, RefusedReason } from './fetched.ts';
import type { Aside, Call } from './get.ts';
import { withoutHash, type Answer, type Hops } from './hop.ts';

export interface Ways {
  hops: Hops;
  headers: Readonly<Record<string, string>>;
  /** Fires at the deadline. */
  signal: AbortSignal;
  aside: Aside;
}

/** What is known however the fetch ends. */
export interface Trail {
  url: string;
  finalUrl: string;
  redirects: Hop[];
}

/** Goes from redirect to redirect, each checked before it is asked, until there is an ending. */
export async function follow(start: string, call: Call, ways: Ways): Promise<Fetched> {
  const trail: Trail = { url: start, finalUrl: start, redirects: [] };
  if (!URL.canParse(start)) return refusal(trail, 'guard', 'not a URL');
  const cookies = chainCookies();
  const seen = new Set<string>();

  for (let url = new URL(start); ;) {
    const problem = ways.hops.problem(url);
    if (problem !== undefined) return refusal(trail, 'guard', problem);
    const cookie = cookies.header(url);
    const asked = `${withoutHash(url)} ${cookie ?? ''}`; // with another cookie the answer may be another
    if (seen.has(asked))
      return refusal(trail, 'redirect-loop', `${trail.redirects.length} redirects lead back to ${url.href}`);
    seen.add(asked);

    const answer = await ask(url, cookie, call, ways);
    if ('kind' in answer) return { ...answer, ...trail };
    const to = redirectTarget(answer, url);
    if (!to) return conclude(answer, trail, call, ways.signal);

    cookies.keep(url, answer.stream.headers['set-cookie']);
    await discardBody(answer.stream);
    trail.redirects.push({
      from: url.href,
      to: to.href,
      status: answer.status,
      permanent: PERMANENT.has(answer.status),
    });
    const stop = await reasonToStop(trail, to, call, ways);
    if (stop) return stop;
    url = to;
    trail.finalUrl = to.href;
  }
}

const refusal = (trail: Trail, reason: RefusedReason, detail: string): Fetched => ({
  kind: 'refused',
  ...trail,
  reason,
  detail,
});

async function reasonToStop(
  trail: Trail,
  to: URL,
  { maxRedirects, mayFollow }: Call,
  ways: Ways,
): Promise<Fetched | undefined> {
  if (trail.redirects.length > maxRedirects) return refusal(trail, 'redirects', `more than ${maxRedirects} redirects`);
  if (!mayFollow || ways.hops.problem(to) !== undefined) return undefined; // what the guard forbids is not asked for
  const passable = await ways.aside(async () => mayFollow(to.href));
  if (passable === 'robots')
    return refusal(trail, 'robots', `robots.txt asks us not to follow the redirect to ${to.href}`);
  if (passable === 'guard')
    return refusal(trail, 'guard', `the redirect to ${to.href} leads to an address that is not public`);
  return passable ? undefined : refusal(trail, 'elsewhere', `the redirect to ${to.href} was not followed`);
}

/** Asks once, and once more where a kept connection turned out to be closed already; a failure comes back as an ending. */
async function ask(url: URL, cookie: string | undefined, { mayFollow }: Call, { hops, headers, signal, aside }: Ways) {
  const all = cookie === undefined ? headers : { ...headers, cookie };
  try {
    return await hops.ask(url, all, signal).catch(async (error: unknown) => {
      if (signal.aborted || !isStaleConnection(error)) throw error;
      if (mayFollow && (await aside(async () => mayFollow(url.href))) !== true) throw error; // it may have counted for the host
      return hops.ask(url, all, signal);
    });
  } catch (error) {
    return failureIn(error, signal);
  }
}

function isStaleConnection(error: unknown): boolean {
  const { code, request } = error as { code?: string; request?: { reusedSocket?: boolean } };
  return (code === 'ECONNRESET' || code === 'EPIPE') && request?.reusedSocket === true;
}

const REDIRECTS = new Set([301, 302, 303, 307, 308]);
const PERMANENT = new Set([301, 308]);

function redirectTarget({ status, stream }: Answer, from: URL): URL | undefined {
  const { location } = stream.headers;
  if (!REDIRECTS.has(status) || location === undefined) return undefined;
  // Node reads headers as Latin-1; a path in raw UTF-8 has to become itself again.
  const text = Buffer.from(location, 'latin1').toString('utf8');
  const target = text.includes('\ufffd') ? location : text;
  if (!URL.canParse(target, from.href)) return undefined;
  const to = new URL(target, from);
  if (!to.hash) to.hash = from.hash; // RFC 9110, 10.2.2
  return to;
}
