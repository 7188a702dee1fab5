import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Context } from 'hono';
import { getCookie } from 'hono/cookie';

export interface OperatorOptions {
  /** Who shows it may read and act. Nobody may where it is not set. */
  token?: string;
  /** Who shows it may read. */
  viewerToken?: string;
  /** A header in which a proxy that has signed somebody in says who; only behind such a proxy. */
  header?: string;
  /** Whether this process listens on loopback alone. */
  loopback: boolean;
}

/** Who asks. */
export interface Asker {
  /** For the audit log. */
  name: string;
  mayAct: boolean;
}

export const SESSION_COOKIE = 'throughline_operator';

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/i;

/**
 * Who asks, or undefined for somebody who may not even read. Without signing
 * in, reading is for those on this machine alone: the process listens on
 * loopback and was asked by a name of loopback, so that a page elsewhere that
 * has its name point here learns nothing.
 */
export function askerOf(c: Context, options: OperatorOptions): Asker | undefined {
  const shown = bearerOf(c) ?? getCookie(c, SESSION_COOKIE);
  if (shown !== undefined) {
    if (isSession(shown, options.token) || isSame(shown, options.token)) return { name: 'operator', mayAct: true };
    if (isSession(shown, options.viewerToken) || isSame(shown, options.viewerToken)) {
      return { name: 'viewer', mayAct: false };
    }
  }
  const named = options.header === undefined ? undefined : c.req.header(options.header);
  if (named) return { name: named.slice(0, 200), mayAct: true };
  const isLocal = options.loopback && LOOPBACK.test(c.req.header('Host') ?? '');
  return isLocal ? { name: 'local', mayAct: false } : undefined;
}

/** What a browser keeps instead of the token itself; it is worth nothing once the token is another. */
export const sessionOf = (token: string): string => createHmac('sha256', token).update('session').digest('base64url');

/** Whether a token opens anything here. */
export const isToken = (shown: string, { token, viewerToken }: OperatorOptions): boolean =>
  isSame(shown, token) || isSame(shown, viewerToken);

/**
 * Whether a form came from our own page. What a browser sends by itself (a
 * cookie, a proxy's sign-in) proves nothing of who wrote the form; that it
 * names our own origin does (Fetch standard: `Origin` on every POST).
 */
export function isOwnForm(c: Context, publicOrigin: string): boolean {
  if (bearerOf(c) !== undefined) return true;
  const origin = c.req.header('Origin') ?? '';
  if (!URL.canParse(origin)) return false;
  return origin === publicOrigin || new URL(origin).host === c.req.header('Host');
}

const isSession = (shown: string, token: string | undefined): boolean =>
  token !== undefined && isSame(shown, sessionOf(token));

function bearerOf(c: Context): string | undefined {
  return /^Bearer +(\S+)$/i.exec(c.req.header('Authorization') ?? '')?.[1];
}

/** Compares in a time that says nothing of how much was right. */
function isSame(shown: string | undefined, expected: string | undefined): boolean {
  if (shown === undefined || expected === undefined) return false;
  const digest = (text: string) => createHmac('sha256', 'compare').update(text).digest();
  return timingSafeEqual(digest(shown), digest(expected));
}
