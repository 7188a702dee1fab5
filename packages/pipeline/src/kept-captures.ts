import { canonicalUrl } from '@throughline/core';
import type { Reading, SnapshotRow } from '@throughline/db';
import { copyAt, keptPage, type Capture } from '@throughline/fetch';
import { told } from './capture-article.ts';
import type { Context } from './context.ts';

type ReadNeeds = Pick<Context, 'articles' | 'snapshots' | 'readPage' | 'now'>;

/** How reading an article's snapshots again ended. */
export type Reread = 'changed' | 'same' | 'no page' | 'unreadable' | 'missing' | 'damaged';

/**
 * Reads an article anew from what was captured of it, without asking anybody:
 * from the newest snapshot that shows an article, else from the newest.
 */
export async function rereadArticle(snapshots: readonly SnapshotRow[], context: ReadNeeds): Promise<Reread> {
  let best: Reading | undefined;
  let ending: Reread = 'no page';
  for (const snapshot of snapshots) {
    const capture = await context.snapshots.read(snapshot.hash).catch(() => 'damaged' as const);
    if (capture === 'damaged' || capture === undefined) {
      ending = capture === undefined ? 'missing' : 'damaged';
      continue;
    }
    const reading = await readingOf(capture, context);
    if (reading === 'unreadable') {
      ending = 'unreadable';
      continue;
    }
    best ??= reading;
    if (reading?.extracted.kind !== 'article') continue;
    best = reading;
    break;
  }
  const [{ articleId } = { articleId: undefined }] = snapshots;
  if (!best || articleId === undefined) return ending;
  const events = await context.articles.reread(articleId, new Date(context.now()), best);
  return events.length > 0 ? 'changed' : 'same';
}

async function readingOf(capture: Capture, { readPage }: ReadNeeds): Promise<Reading | 'unreadable' | undefined> {
  const page = keptPage(capture);
  if (!page) return undefined;
  const read = await readPage(page);
  if (read.kind === 'unreadable') return 'unreadable';
  const { article: extracted } = read;
  const { state, reason, spellings } = told({ ...page, redirects: [] }, extracted);
  return { extracted, state, reason, ...(spellings && { spellings }) };
}

/** How an import of one capture ended. */
export type ImportedCapture = 'kept' | 'known' | 'not cited' | 'no page' | 'unreadable';

/**
 * Keeps a capture that somebody else made, or we elsewhere, as if it had been
 * made here: where an event cites its URL. It becomes the article's reading
 * where it shows more than is known, or something newer.
 */
export async function importCapture(
  capture: Capture,
  context: ReadNeeds & Pick<Context, 'snapshotIndex'>,
): Promise<ImportedCapture> {
  const page = keptPage(capture);
  if (!page) return 'no page';
  const url = canonicalUrl(page.finalUrl);
  const article = url === undefined ? undefined : await context.articles.find(url);
  if (!article) return 'not cited';
  const kept = await context.snapshots.keep(capture);
  if (await context.snapshotIndex.has(article.id, kept.hash)) return 'known';
  const snapshot = { ...kept, contentType: page.contentType, url: capture.url, status: capture.status };
  const read = await context.readPage(page);
  if (read.kind === 'unreadable') {
    await context.articles.keepSnapshot(article.id, capture.at, snapshot);
    return 'unreadable';
  }
  const { article: extracted } = read;
  const copy = copyAt(capture.url);
  const isNews = article.kind !== 'article' || (!copy && (article.triedAt?.getTime() ?? 0) < capture.at.getTime());
  if (!isNews) await context.articles.keepSnapshot(article.id, capture.at, snapshot);
  else if (copy) {
    const finding = { copy, nextTryAt: null, tried: true, extracted, snapshot };
    await context.articles.recordCopy(article.id, capture.at, finding);
  } else {
    await context.articles.record(article.id, capture.at, {
      ...told({ ...page, redirects: [] }, extracted),
      status: capture.status,
      finalUrl: capture.url,
      nextTryAt: null,
      snapshot,
    });
  }
  return 'kept';
}
