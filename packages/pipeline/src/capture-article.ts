import { canonicalUrl, type CaptureState, type ExtractedArticle } from '@throughline/core';
import type { Capture, DueArticle } from '@throughline/db';
import { extract } from '@throughline/extract';
import { decodeHtml, nextTryAt, PAGE_TYPES, type Fetched, type Ok } from '@throughline/fetch';
import type { Context } from './context.ts';

type Needs = Pick<Context, 'fetcher' | 'snapshots' | 'now'>;

/** Fetches one article, keeps what came, reads its metadata and text. Never rejects but for `signal` or a full disk. */
export async function captureArticle(
  article: DueArticle,
  { fetcher, snapshots, now }: Needs,
  { signal, mayFollow }: { signal: AbortSignal; mayFollow: (to: string) => Promise<boolean> },
): Promise<{ fetched: Fetched; capture: Capture }> {
  const fetched = await fetcher.get(article.citedUrl, {
    signal,
    mayFollow,
    accept: PAGE_TYPES,
    ...(article.etag !== null && { etag: article.etag }),
    ...(article.lastModified !== null && { lastModified: article.lastModified }),
  });
  const at = now();
  const ending = endingOf(fetched, article.attempts + 1, at);
  if (fetched.kind !== 'ok') return { fetched, capture: ending };
  const { status, headers, body, finalUrl } = fetched;
  const kept = await snapshots.keep({ url: finalUrl, at: new Date(at), status, headers, body });
  const extracted = readArticle(fetched);
  const state: CaptureState = extracted.kind === 'article' ? 'ok' : 'not-article';
  return {
    fetched,
    capture: {
      ...ending,
      state,
      reason: state === 'ok' ? null : extracted.kind,
      etag: headers.etag ?? null,
      lastModified: headers['last-modified'] ?? null,
      extracted,
      snapshot: { ...kept, contentType: fetched.contentType || null },
      aliases: spellings(fetched, extracted),
    },
  };
}

/** The article that a fetched page is. */
export function readArticle({
  body,
  contentType,
  charset,
  finalUrl,
}: Pick<Ok, 'body' | 'contentType' | 'charset' | 'finalUrl'>): ExtractedArticle {
  const declared = charset === undefined ? contentType : `${contentType}; charset=${charset}`;
  return extract(decodeHtml(body, { contentType: declared }).text, { url: finalUrl, wantBody: true });
}

function endingOf(fetched: Fetched, attempts: number, at: number): Capture {
  const next = nextTryAt(fetched, attempts, at);
  return {
    state: stateOf(fetched),
    reason: reasonOf(fetched),
    status: fetched.status ?? null,
    finalUrl: fetched.finalUrl,
    nextTryAt: next === null ? null : new Date(next),
  };
}

function stateOf(fetched: Fetched): CaptureState {
  return fetched.kind === 'not-modified' ? 'ok' : fetched.kind;
}

function reasonOf(fetched: Fetched): string | null {
  switch (fetched.kind) {
    case 'ok':
    case 'not-modified':
      return null;
    case 'gone':
    case 'blocked':
      return fetched.reason;
    case 'unreachable':
    case 'refused':
      return `${fetched.reason}: ${fetched.detail}`;
  }
}

/** Canonical URLs under which the article is known from now on: where it redirects to, and what it calls itself. */
function spellings({ finalUrl, redirects }: Ok, { fields, kind }: ExtractedArticle): string[] {
  if (kind !== 'article') return [];
  const all = [
    finalUrl,
    ...redirects.filter(({ permanent }) => permanent).map(({ to }) => to),
    fields.canonicalUrl?.value ?? finalUrl,
  ];
  return [...new Set(all.flatMap((url) => canonicalUrl(url) ?? []))].filter((url) => !isFrontPage(url));
}

/** An address that many articles redirect to when they are gone names none of them. */
const isFrontPage = (url: string): boolean => new URL(url).pathname.length <= 1;
