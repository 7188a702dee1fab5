import { randomUUID } from 'node:crypto';
import { hostOf } from '@throughline/core';
import type { Feed, FeedEntry, FeedReading } from '@throughline/db';
import type { Fetched } from '@throughline/fetch';
import { readFeed, type ReadFeed } from '@throughline/sources';
import { askInTurn, type InTurn } from './ask-in-turn.ts';
import type { Context } from './context.ts';
import { readUrl } from './ingest.ts';
import { takeHost, type PoliteHost, type PoliteNeeds } from './polite-host.ts';

type Needs = PoliteNeeds & Pick<Context, 'feeds' | 'worker'>;

/** What reading a feed came to. */
export type FeedOutcome =
  | { kind: 'gone' }
  | { kind: 'later'; waitMs: number }
  /** `hosts` are those of new articles. */
  | { kind: 'read'; hosts: string[]; facts: Facts };

/** For the log. */
type Facts = { items: number; articles: number; unchanged?: number; failed?: number };

const EVERY_MS = 30 * 60_000;
const LONGEST_MS = 24 * 3_600_000;
const BUSY_MS = 60_000;
const MAX_BYTES = 10_000_000;
/** A feed comes after its host's robots.txt, and the sitemaps of an index one after another: each at the host's pace. */
const WAIT_MS = 5_000;
/** A sitemap may list a whole site: of each reading the newest so many are taken. */
const MOST_NEW = 200;
const MOST_SITEMAPS = 3;

export const FEED_TYPES = [
  'application/rss+xml',
  'application/atom+xml',
  'application/feed+json',
  'application/xml',
  'text/xml',
];

/** Reads a feed at its host's turn, with the validators of the last time, and makes articles of what is new in it. */
export async function readOneFeed(id: number, context: Needs, signal: AbortSignal): Promise<FeedOutcome> {
  const feed = await context.feeds.get(id);
  if (!feed || feed.nextReadAt.getTime() > context.now()) return { kind: 'gone' };
  const host = await takeHost(hostOf(feed.url) ?? '', `${context.worker}:${randomUUID()}`, context);
  if (!host) return { kind: 'later', waitMs: BUSY_MS };
  try {
    const fetched = await askFeed(feed.url, feed, host, context, { signal, longestWaitMs: WAIT_MS });
    if (fetched === undefined) return { kind: 'later', waitMs: Math.max(host.waitMs(), 1_000) };
    const { hosts = [], ...facts } = await keep(feed, fetched, host, context, signal);
    return { kind: 'read', hosts, facts };
  } finally {
    await host.release();
  }
}

/** The answer of the feed's host; undefined while its turn is further off than `longestWaitMs`. */
export const askFeed = (
  url: string,
  { etag, lastModified }: Pick<Feed, 'etag' | 'lastModified'>,
  host: PoliteHost,
  { fetcher }: Pick<Needs, 'fetcher'>,
  turn: Pick<InTurn, 'signal' | 'longestWaitMs'>,
): Promise<Fetched | undefined> =>
  askInTurn(url, host, fetcher, {
    ...turn,
    maxBytes: MAX_BYTES,
    headers: { accept: [...FEED_TYPES, '*/*;q=0.1'].join(', ') },
    ...(etag !== null && { etag }),
    ...(lastModified !== null && { lastModified }),
  });

async function keep(
  feed: Feed,
  fetched: Fetched,
  host: PoliteHost,
  context: Needs,
  signal: AbortSignal,
): Promise<Facts & { hosts?: string[] }> {
  const at = new Date(context.now());
  const none = { items: 0, articles: 0 };
  if (fetched.kind === 'not-modified') {
    await context.feeds.keep(feed.id, at, { failure: null, nextReadAt: nextRead(at, 0) });
    return { ...none, unchanged: 1 };
  }
  const read = fetched.kind === 'ok' ? readFeed(fetched.body, fetched.finalUrl, fetched.charset) : undefined;
  if (fetched.kind !== 'ok' || !read) {
    const failure =
      fetched.kind === 'ok'
        ? 'it is no feed and no sitemap'
        : `${fetched.kind}: ${'detail' in fetched ? fetched.detail : fetched.reason}`;
    await context.feeds.keep(feed.id, at, { failure, nextReadAt: nextRead(at, feed.failures + 1) });
    return { ...none, failed: 1 };
  }
  const items = [...read.items, ...(await itemsBelow(read, host, context, signal))];
  const entries = entriesOf(items);
  const taken = await context.feeds.take(feed.id, entries);
  await context.feeds.keep(feed.id, at, readingOf(read, fetched.headers, nextRead(at, 0)));
  return { items: entries.length, articles: taken.length, hosts: [...new Set(taken)] };
}

/** The pages of the sitemaps that an index lists, the last of them first: there the newest are. Only at this host. */
async function itemsBelow({ sitemaps }: ReadFeed, host: PoliteHost, context: Needs, signal: AbortSignal) {
  const items: ReadFeed['items'] = [];
  for (const url of sitemaps
    .filter((one) => hostOf(one) === host.name)
    .slice(-MOST_SITEMAPS)
    .reverse()) {
    const fetched = await askFeed(url, { etag: null, lastModified: null }, host, context, {
      signal,
      longestWaitMs: WAIT_MS,
    });
    if (fetched?.kind === 'ok') items.push(...(readFeed(fetched.body, fetched.finalUrl, fetched.charset)?.items ?? []));
  }
  return items;
}

function entriesOf(items: ReadFeed['items']): FeedEntry[] {
  const entries = items.flatMap(({ key, url, title, published }) => {
    const cited = readUrl(url);
    return cited ? [{ ...cited, key, title, published: published === undefined ? null : new Date(published) }] : [];
  });
  const newest = entries.toSorted((a, b) => (b.published?.getTime() ?? 0) - (a.published?.getTime() ?? 0));
  return [...new Map(newest.map((entry) => [entry.url, entry])).values()].slice(0, MOST_NEW);
}

const readingOf = (
  { form, title }: ReadFeed,
  headers: Readonly<Record<string, string>>,
  nextReadAt: Date,
): FeedReading => ({
  form,
  ...(title !== undefined && { title }),
  etag: headers['etag'] ?? null,
  lastModified: headers['last-modified'] ?? null,
  failure: null,
  nextReadAt,
});

/** Every half hour; after failures in a row later and later, up to a day. */
const nextRead = (at: Date, failures: number): Date =>
  new Date(at.getTime() + Math.min(EVERY_MS * 2 ** failures, LONGEST_MS));
