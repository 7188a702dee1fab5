import { createHash, randomUUID } from 'node:crypto';
import { canonicalUrl, hostOf, readRevision, settle, type Day, type EventId, type ParsedDay } from '@throughline/core';
import type { KnownPage, PageReading, Revised, UrlReader } from '@throughline/db';
import { parseDay } from '@throughline/portal';
import type { Context } from './context.ts';

/** A day's page as a source gave it. */
export interface SourcePage {
  day: Day;
  title: string;
  wikitext: string;
  revision?: number;
  /** The revision's own time, milliseconds since the epoch; absent where the source does not say. */
  at?: number;
}

/** How a cited URL is matched and fetched; undefined where it cannot be. */
export const readUrl: UrlReader = (cited) => {
  const url = canonicalUrl(cited);
  const host = hostOf(cited);
  return url !== undefined && host !== undefined ? { url, citedUrl: cited.trim(), host } : undefined;
};

export const newEventId = (): EventId => randomUUID() as EventId;

/** Reads pages and makes them part of the record, in one transaction. What was read before, unchanged, costs one look. */
export function ingest(
  source: string,
  pages: readonly SourcePage[],
  { pages: store, now, settleMs: patience }: Pick<Context, 'pages' | 'now' | 'settleMs'>,
): Promise<Revised> {
  const at = now();
  // Pages without a time are files that somebody chose: nothing of them is still being edited.
  const settleMs = pages.some((page) => page.at !== undefined) ? patience : 0;
  return store.revise(
    source,
    pages.map((page) => readingOf(page, settleMs)),
    {
      now: at,
      readUrl,
      decide: {
        read: (state, reading) =>
          readRevision(state, reading.parsed.events, {
            at: reading.at,
            settleMs,
            newId: newEventId,
            ...(reading.revision !== undefined && { revision: reading.revision }),
          }),
        settle: (state) => settle(state, at, settleMs),
        alarm: layoutDrift,
      },
    },
  );
}

const readingOf = (page: SourcePage, settleMs: number): PageReading => ({
  ...page,
  settleMs,
  hash: createHash('sha256').update(page.wikitext).digest('base64url'),
  parsed: parseDay(page.day, page.wikitext),
});

const MANY = 4;
const FEW = 1 / 3;

/** A frame never seen before, or a day that reads as a fraction of what it was, is more likely our fault than news. */
export function layoutDrift(
  { wrapper, events }: ParsedDay,
  { eventCount }: Pick<KnownPage, 'eventCount'>,
): string | null {
  const count = events.length;
  if (wrapper === 'unknown') return `layout drift: the page's frame is not one we know (${count} events read)`;
  if (eventCount >= MANY && count < eventCount * FEW)
    return `layout drift: ${count} events where ${eventCount} were read before`;
  return null;
}
