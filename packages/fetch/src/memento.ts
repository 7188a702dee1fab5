import type { Fetched } from './fetched.ts';
import type { Fetcher, GetOptions } from './get.ts';
import { turnAfter, type HostTurn } from './host-turn.ts';

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

/** How a question to the archive ended. With `later` nothing was asked, or the archive had enough: not before `at`. */
export type ArchiveAnswer<T> =
  { kind: 'found'; found: T } | { kind: 'none' } | { kind: 'later'; at: number; fetched?: Fetched };

export interface ArchiveOptions {
  fetcher: Pick<Fetcher, 'get'>;
  /** Whom the archive can write to. Without it nothing is asked. */
  contact: string | undefined;
  /** The archive's turn as it was kept, so that a restart goes on with it. */
  turn?: HostTurn;
  /**
   * Asks this TimeGate (RFC 7089) instead of the CDX server: a prefix to put
   * before a URL. Its copies must be addressed as the Wayback Machine's are.
   */
  timeGate?: string;
  /** Called after each request with the turn to keep. */
  onTurn?: (turn: HostTurn) => void;
  /** Milliseconds since the epoch; the system's clock unless given. */
  now?: () => number;
}

export interface Archive {
  /** The copy of `url` nearest to a moment. */
  nearest: (url: string, at: Date, signal?: AbortSignal) => Promise<ArchiveAnswer<ArchivedCopy>>;
  /** A copy's bytes. */
  fetch: (copy: ArchivedCopy, options?: GetOptions) => Promise<ArchiveAnswer<Fetched & { kind: 'ok' }>>;
}

export const ARCHIVE_HOST = 'web.archive.org';
const CDX = `https://${ARCHIVE_HOST}/cdx/search/cdx`;

/**
 * The Internet Archive as a place to find what is gone: one request at a time,
 * 24 a minute, none for an hour after a 429. Answers `later` instead of
 * waiting, so that the caller's job can end. Undefined without a contact.
 */
export function createArchive(options: ArchiveOptions): Archive | undefined {
  const { fetcher, contact, timeGate, onTurn, now = Date.now } = options;
  if (!contact?.trim()) return undefined;
  let turn = options.turn ?? FRESH;
  let busy = false;

  async function ask(url: string, how: GetOptions): Promise<Fetched | { kind: 'later'; at: number }> {
    if (busy || now() < turn.nextTurnAt) return { kind: 'later', at: Math.max(turn.nextTurnAt, now()) };
    busy = true;
    try {
      const fetched = await fetcher.get(url, { deadlineMs: 60_000, ...how });
      turn = turnAfter(turn, fetched, now());
      onTurn?.(turn);
      return fetched;
    } finally {
      busy = false;
    }
  }

  return {
    async nearest(url, at, signal) {
      const stop = signal ? { signal } : {};
      const answer = timeGate
        ? await ask(timeGate + url, { ...stop, maxRedirects: 0, headers: { 'accept-datetime': at.toUTCString() } })
        : await ask(cdxQuery(url, at), { ...stop, maxBytes: 1_000_000 });
      if (answer.kind === 'later') return answer;
      const copies = timeGate ? readTimeGate(answer) : readCdx(answer);
      if (!copies) return setback(answer, turn.nextTurnAt);
      const best = closest(copies, at);
      return best ? { kind: 'found', found: best } : { kind: 'none' };
    },
    async fetch(copy, how = {}) {
      const answer = await ask(copy.rawUrl, how);
      if (answer.kind === 'later') return answer;
      return answer.kind === 'ok' ? { kind: 'found', found: answer } : setback(answer, turn.nextTurnAt);
    },
  };
}

const FRESH: HostTurn = {
  name: ARCHIVE_HOST,
  paceMs: 0,
  nextTurnAt: 0,
  backoff: 0,
  retryAfterAt: null,
  crawlDelayMs: null,
};

/** An answer that is no copy: nothing there, or the archive's own trouble. */
function setback(fetched: Fetched, at: number): { kind: 'none' } | { kind: 'later'; at: number; fetched: Fetched } {
  const nothing =
    fetched.kind === 'gone' || fetched.kind === 'refused' || (fetched.kind === 'blocked' && fetched.status !== 429);
  return nothing ? { kind: 'none' } : { kind: 'later', at, fetched };
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

function closest(copies: readonly ArchivedCopy[], at: Date): ArchivedCopy | undefined {
  const distance = (copy: ArchivedCopy) => Math.abs(copy.at.getTime() - at.getTime());
  return copies.toSorted((one, other) => distance(one) - distance(other))[0];
}
