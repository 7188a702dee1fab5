import { ARCHIVE_HOST } from '@throughline/core';
import type { Fetched, Ok } from './fetched.ts';
import type { Fetcher, GetOptions } from './get.ts';

/** A copy that an archive keeps of a page. */
export interface ArchivedCopy {
  /** The URL it was captured from. */
  original: string;
  /** When. */
  at: Date;
  /** Where a person sees it. */
  url: string;
  /** Where its bytes are as they came, without the archive's banner and rewritten links. */
  rawUrl: string;
}

/**
 * How a question to the archive ended, with its answer, which the archive's
 * turn depends on. With `later` the archive is in trouble, or has had enough.
 */
export type ArchiveAnswer<T> =
  | { kind: 'found'; found: T; fetched: Fetched }
  | { kind: 'none'; fetched: Fetched }
  | { kind: 'later'; fetched: Fetched };

export interface ArchiveOptions {
  fetcher: Pick<Fetcher, 'get'>;
  /**
   * Asks this TimeGate (RFC 7089) instead of the CDX server: a prefix to put
   * before a URL. Its copies must be addressed as the Wayback Machine's are.
   */
  timeGate?: string;
}

/** From the one moment to the other. */
export interface Span {
  from: Date;
  to: Date;
}

/**
 * The Internet Archive as a place to find what is gone. One request a call: the
 * caller keeps to the archive's turn (`budgetOf`). Its robots.txt is for who
 * walks its pages; these are the addresses that it offers to programs.
 */
export interface CopyFinder {
  /** The copy of `url` nearest to a moment. */
  nearest: (url: string, at: Date, signal?: AbortSignal) => Promise<ArchiveAnswer<ArchivedCopy>>;
  /** The copies of all pages whose URLs begin as these do, from a time, in no order and perhaps not all. The URLs are of one host. */
  among: (urls: readonly string[], span: Span, signal?: AbortSignal) => Promise<ArchiveAnswer<ArchivedCopy[]>>;
  /** A copy's bytes. */
  fetch: (copy: Pick<ArchivedCopy, 'rawUrl'>, options?: GetOptions) => Promise<ArchiveAnswer<Ok>>;
}

const CDX = `https://${ARCHIVE_HOST}/cdx/search/cdx`;
const DEADLINE_MS = 60_000;

export function createCopyFinder({ fetcher, timeGate }: ArchiveOptions): CopyFinder {
  const ask = (url: string, how: GetOptions) => fetcher.get(url, { deadlineMs: DEADLINE_MS, ...how });
  return {
    async nearest(url, at, signal) {
      const stop = signal ? { signal } : {};
      const fetched = timeGate
        ? await ask(timeGate + url, { ...stop, maxRedirects: 0, headers: { 'accept-datetime': at.toUTCString() } })
        : await ask(cdxQuery(url, at), { ...stop, maxBytes: 1_000_000 });
      const copies = timeGate ? readTimeGate(fetched) : readCdx(fetched);
      if (!copies) return setback(fetched);
      const found = nearestCopy(copies, at);
      return found ? { kind: 'found', found, fetched } : { kind: 'none', fetched };
    },
    async among(urls, span, signal) {
      const fetched = await ask(cdxListQuery(urls, span), signal ? { signal } : {});
      const found = readCdx(fetched);
      if (!found) return setback(fetched);
      return found.length > 0 ? { kind: 'found', found, fetched } : { kind: 'none', fetched };
    },
    async fetch({ rawUrl }, how = {}) {
      const fetched = await ask(rawUrl, how);
      return fetched.kind === 'ok' ? { kind: 'found', found: fetched, fetched } : setback(fetched);
    },
  };
}

/** An answer that is no copy: nothing there, or the archive's own trouble. */
function setback(fetched: Fetched): { kind: 'none' | 'later'; fetched: Fetched } {
  const nothing =
    fetched.kind === 'gone' || fetched.kind === 'refused' || (fetched.kind === 'blocked' && fetched.status !== 429);
  return { kind: nothing ? 'none' : 'later', fetched };
}

const stamp = (at: Date): string => at.toISOString().replace(/\D/g, '').slice(0, 14);

/** The CDX query for the copies of a URL around a moment, the nearest first: at most five, of whole pages. */
export function cdxQuery(url: string, at: Date): string {
  const query = new URLSearchParams({
    url,
    output: 'json',
    fl: 'timestamp,original,statuscode',
    filter: 'statuscode:200',
    sort: 'closest',
    closest: stamp(at),
    limit: '5',
  });
  return `${CDX}?${query.toString()}`;
}

/** As many lines as fit into an answer of a few megabytes. */
const LONGEST_LIST = 20_000;

/** The CDX query for the copies of all pages under the deepest directory that URLs of one host share, taken in a time. */
export function cdxListQuery(urls: readonly string[], { from, to }: Span): string {
  const query = new URLSearchParams({
    url: sharedDirectory(urls),
    matchType: 'prefix',
    output: 'json',
    fl: 'timestamp,original,statuscode',
    filter: 'statuscode:200',
    collapse: 'digest',
    from: stamp(from),
    to: stamp(to),
    limit: String(LONGEST_LIST),
  });
  return `${CDX}?${query.toString()}`;
}

function sharedDirectory(urls: readonly string[]): string {
  const [first = [], ...others] = urls.map((url) => {
    const { host, pathname } = new URL(url);
    return [host.replace(/^www\./, ''), ...pathname.split('/').slice(1, -1)];
  });
  const differs = first.findIndex((part, at) => others.some((other) => other[at] !== part));
  return `${first.slice(0, differs < 0 ? undefined : differs).join('/')}/`;
}

/** The copies that a CDX server lists, in its order; undefined where the answer is no such list. */
export function readCdx(fetched: Fetched): ArchivedCopy[] | undefined {
  if (fetched.kind !== 'ok') return undefined;
  const rows = parseRows(Buffer.from(fetched.body).toString('utf8').trim() || '[]');
  if (!rows) return undefined;
  const [names = [], ...values] = rows;
  const [time, original] = [names.indexOf('timestamp'), names.indexOf('original')];
  if (rows.length > 0 && (time < 0 || original < 0)) return undefined;
  return values.flatMap((row) => copyOf(String(row[time]), String(row[original])) ?? []);
}

/** The copy that a TimeGate redirects to, which must not have been followed; undefined where it does not. */
function readTimeGate(fetched: Fetched): ArchivedCopy[] | undefined {
  const [, timestamp, original] = /\/(\d{14})(?:[a-z]{2}_)?\/(.+)$/.exec(fetched.redirects[0]?.to ?? '') ?? [];
  const copy = timestamp !== undefined && original !== undefined && copyOf(timestamp, original);
  return copy ? [copy] : undefined;
}

function parseRows(text: string): unknown[][] | undefined {
  try {
    const rows: unknown = JSON.parse(text);
    return Array.isArray(rows) && rows.every((row) => Array.isArray(row)) ? rows : undefined;
  } catch {
    return undefined;
  }
}

/** A copy by the archive's own time stamp, `YYYYMMDDhhmmss`; undefined where it is none. */
export function copyOf(timestamp: string, original: string): ArchivedCopy | undefined {
  const [, year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(timestamp) ?? [];
  const at = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  if (Number.isNaN(at.getTime()) || !/^https?:\/\//i.test(original)) return undefined;
  const place = (flag: string) => `https://${ARCHIVE_HOST}/web/${timestamp}${flag}/${original}`;
  return { original, at, url: place(''), rawUrl: place('id_') };
}

/** The copy that one of its addresses names, with or without a flag as `id_`; undefined where it is no such address. */
export function copyAt(url: string): ArchivedCopy | undefined {
  const [, timestamp = '', original = ''] =
    /^https?:\/\/web\.archive\.org\/web\/(\d{14})(?:[a-z]{2}_)?\/(.+)$/.exec(url) ?? [];
  return copyOf(timestamp, original);
}

/** The copy that was taken nearest to a moment. */
export function nearestCopy(copies: readonly ArchivedCopy[], at: Date): ArchivedCopy | undefined {
  const distance = (copy: ArchivedCopy) => Math.abs(copy.at.getTime() - at.getTime());
  return copies.toSorted((one, other) => distance(one) - distance(other))[0];
}
