import { randomUUID } from 'node:crypto';
import { hostOf } from '@throughline/core';
import { decodeHtml, type Ok } from '@throughline/fetch';
import { findFeeds, readFeed, type ReadFeed } from '@throughline/sources';
import type { Context } from './context.ts';
import { takeHost, type PoliteNeeds } from './polite-host.ts';
import { askFeed } from './read-one-feed.ts';

/** What is at a URL that somebody wants to have read. */
export type FeedLook =
  | { kind: 'feed'; url: string; form: ReadFeed['form']; title?: string; items: number }
  /** A page; the feeds that it names, none perhaps. */
  | { kind: 'page'; feeds: string[] }
  | { kind: 'failed'; reason: string };

const NOT_KNOWN = { etag: null, lastModified: null };
/** How long a person waits who wants to know what is at a URL. */
const WAIT_MS = 10_000;

/** Asks once, at the host's turn, and says what is there. */
export async function lookAtFeed(
  url: string,
  context: PoliteNeeds & Pick<Context, 'worker'>,
  signal: AbortSignal,
): Promise<FeedLook> {
  const host = await takeHost(hostOf(url) ?? '', `${context.worker}:${randomUUID()}`, context);
  if (!host) return { kind: 'failed', reason: 'a worker is asking the host just now, or an operator has blocked it' };
  try {
    const fetched = await askFeed(url, NOT_KNOWN, host, context, { signal, longestWaitMs: WAIT_MS });
    if (fetched === undefined)
      return { kind: 'failed', reason: 'the host asks for a longer pause; try again in a minute' };
    if (fetched.kind !== 'ok') {
      const reason = 'detail' in fetched ? fetched.detail : 'reason' in fetched ? fetched.reason : fetched.kind;
      return { kind: 'failed', reason: `${fetched.kind}: ${reason}` };
    }
    const read = readFeed(fetched.body, fetched.finalUrl, fetched.charset);
    if (!read) return { kind: 'page', feeds: findFeeds(pageText(fetched), fetched.finalUrl) };
    const { form, title, items } = read;
    return { kind: 'feed', url, form, ...(title !== undefined && { title }), items: items.length };
  } finally {
    await host.release();
  }
}

const pageText = ({ body, headers }: Ok): string => {
  const contentType = headers['content-type'];
  return decodeHtml(body, contentType === undefined ? {} : { contentType }).text;
};
