/** One redirect that was followed. */
export interface Hop {
  from: string;
  to: string;
  status: number;
  /** 301 and 308: the new place may be remembered. */
  permanent: boolean;
}

/** What is known however a fetch ended. */
interface Trail {
  /** The URL that was asked for. */
  url: string;
  /** The last URL that was asked, after redirects. */
  finalUrl: string;
  redirects: Hop[];
}

/** What is known once a server has answered. */
interface Answered extends Trail {
  status: number;
  /** Lower-case names; values of a repeated header joined by `, `. */
  headers: Record<string, string>;
}

interface MaybeAnswered extends Trail, Partial<Pick<Answered, 'status' | 'headers'>> {
  /** How long the server asks us to stay away, in milliseconds. */
  retryAfterMs?: number;
}

export interface Ok extends Answered {
  kind: 'ok';
  /** Decompressed; not decoded. */
  body: Uint8Array;
  /** The media type: as declared, or told from the first bytes where the declaration says nothing; empty if neither. */
  contentType: string;
  /** The charset that the Content-Type header declares. */
  charset?: string;
  /** The body is longer and was cut at the limit (only with `overflow: 'cut'`). */
  cut?: boolean;
}

export interface NotModified extends Answered {
  kind: 'not-modified';
}

/** 404, 410, 451. */
export interface Gone extends Answered {
  kind: 'gone';
  reason: string;
}

/** Any other 4xx: the server answers, but not to us. */
export interface Blocked extends Answered {
  kind: 'blocked';
  reason: string;
  retryAfterMs?: number;
}

export type UnreachableReason =
  'dns' | 'tls' | 'timeout' | 'reset' | 'refused-connection' | 'no-route' | 'truncated' | 'protocol' | 'server-error';

/** No usable answer came; asking later may help. */
export interface Unreachable extends MaybeAnswered {
  kind: 'unreachable';
  reason: UnreachableReason;
  /** For people: the system's own message, or the status. */
  detail: string;
}

export type RefusedReason =
  'guard' | 'robots' | 'size' | 'type' | 'encoding' | 'redirect-loop' | 'redirects' | 'elsewhere';

/**
 * We would not: asking again gives the same until something changes. With
 * `elsewhere`, or `robots` after redirects, the last of `redirects` was not
 * followed, because `mayFollow` said no.
 */
export interface Refused extends MaybeAnswered {
  kind: 'refused';
  reason: RefusedReason;
  detail: string;
}

/** How a fetch ended. */
export type Fetched = Ok | NotModified | Gone | Blocked | Unreachable | Refused;
