import { canonicalUrl, hostOf, parseHttpUrl, type CaptureState, type ExtractedArticle } from '@throughline/core';
import type { Capture, DueArticle, Spelling } from '@throughline/db';
import { nextTryAt, PAGE_TYPES, type Fetched, type GetOptions, type Ok } from '@throughline/fetch';
import type { Context } from './context.ts';

type Needs = Pick<Context, 'fetcher' | 'snapshots' | 'readPage' | 'now'>;

/** Fetches one article, keeps what came, reads its metadata and text. Never rejects but for `signal` or a full disk. */
export async function captureArticle(
  article: DueArticle,
  { fetcher, snapshots, readPage, now }: Needs,
  { signal, mayFollow }: Pick<GetOptions, 'mayFollow'> & { signal: AbortSignal },
): Promise<{ fetched: Fetched; capture: Capture }> {
  const fetched = await fetcher.get(article.askUrl, {
    signal,
    accept: PAGE_TYPES,
    ...(mayFollow && { mayFollow }),
    ...(article.etag !== null && { etag: article.etag }),
    ...(article.lastModified !== null && { lastModified: article.lastModified }),
  });
  const at = now();
  const attempts = article.attempts + 1;
  const ending = endingOf(fetched, attempts, at);
  if (fetched.kind !== 'ok' || ending.state !== 'ok') return { fetched, capture: ending };
  const { status, headers, body, finalUrl } = fetched;
  const kept = await snapshots.keep({ url: finalUrl, at: new Date(at), status, headers, body });
  const reading: Capture = {
    ...ending,
    etag: headers.etag ?? null,
    lastModified: headers['last-modified'] ?? null,
    snapshot: { ...kept, contentType: fetched.contentType || null },
  };
  const read = await readPage(fetched);
  if (read.kind === 'unreadable') return { fetched, capture: { ...reading, ...unreadable(read.reason) } };
  const extracted = read.article;
  const walled =
    extracted.kind === 'bot-wall' && endingOf({ ...fetched, kind: 'blocked', reason: 'bot wall' }, attempts, at);
  return {
    fetched,
    capture: { ...reading, ...told(fetched, extracted), ...(walled && { nextTryAt: walled.nextTryAt }) },
  };
}

/** How an article ends whose page is kept and cannot be read: `reextract` tries again. */
export const unreadable = (reason: string): Pick<Capture, 'state' | 'reason'> => ({
  state: 'not-article',
  reason: `unreadable: ${reason}`,
});

/** What a page says of the article and its place. */
export function told(
  fetched: Pick<Ok, 'finalUrl' | 'redirects'>,
  extracted: ExtractedArticle,
): Pick<Capture, 'state' | 'reason' | 'extracted' | 'spellings' | 'movedTo' | 'wantsCopy'> {
  const { kind } = extracted;
  if (kind === 'bot-wall') return { state: 'blocked', reason: 'bot wall', extracted };
  if (kind !== 'article') return { state: 'not-article', reason: kind, extracted, wantsCopy: kind === 'soft-404' };
  const moved = movedTo(fetched);
  return {
    state: 'ok',
    reason: null,
    extracted,
    spellings: spellings(fetched, extracted),
    ...(moved && { movedTo: moved }),
  };
}

function endingOf(fetched: Fetched, attempts: number, at: number): Capture {
  const next = nextTryAt(fetched, attempts, at);
  const isHome = fetched.kind === 'ok' && leadsHome(fetched);
  const state = isHome ? 'gone' : stateOf(fetched);
  return {
    state,
    reason: isHome ? 'redirected to the front page' : reasonOf(fetched),
    status: fetched.status ?? null,
    finalUrl: fetched.finalUrl,
    nextTryAt: next === null ? null : new Date(next),
    wantsCopy: isLost(state, next),
  };
}

/** Whether it is settled that the host does not have an article. */
export const isLost = (state: CaptureState, nextTry: number | null): boolean =>
  state === 'gone' || (state === 'unreachable' && nextTry === null);

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

/** Many sites redirect to their front page what they no longer have. */
const leadsHome = ({ url, finalUrl, redirects }: Ok): boolean =>
  redirects.length > 0 && isFrontPage(finalUrl) && !isFrontPage(url);

/** Where an article has moved for good: as far as the redirects from its start are permanent. */
function movedTo({ redirects }: Pick<Ok, 'redirects'>): Capture['movedTo'] {
  const temporary = redirects.findIndex(({ permanent }) => !permanent);
  const url = redirects.slice(0, temporary < 0 ? undefined : temporary).at(-1)?.to;
  const host = url === undefined ? undefined : hostOf(url);
  return url !== undefined && host !== undefined ? { url, host } : undefined;
}

/** Canonical URLs under which the article is known from now on: where it redirects to, and what it calls itself. */
function spellings(
  { finalUrl, redirects }: Pick<Ok, 'finalUrl' | 'redirects'>,
  { fields }: ExtractedArticle,
): Spelling[] {
  const permanent = redirects.every((hop) => hop.permanent);
  const claimed = fields.canonicalUrl?.value;
  const all = [
    ...redirects.filter((hop) => hop.permanent).map(({ to }) => ({ url: to, certain: permanent })),
    { url: finalUrl, certain: permanent },
    ...(claimed !== undefined && isSameSite(claimed, finalUrl) ? [{ url: claimed, certain: false }] : []),
  ];
  const known = new Map<string, Spelling>();
  for (const { url, certain } of all) {
    const canonical = canonicalUrl(url);
    if (canonical === undefined || isFrontPage(canonical)) continue;
    known.set(canonical, { url: canonical, certain: certain || known.get(canonical)?.certain === true });
  }
  return [...known.values()];
}

/** A page may speak for its own site only: for another's address anybody could claim to be. */
function isSameSite(one: string, other: string): boolean {
  const [a, b] = [one, other].map((url) => parseHttpUrl(canonicalUrl(url) ?? '')?.hostname);
  return a !== undefined && b !== undefined && (a === b || a.endsWith(`.${b}`) || b.endsWith(`.${a}`));
}

/** An address that many articles redirect to when they are gone names none of them. */
function isFrontPage(url: string): boolean {
  const { pathname, search, hash } = new URL(canonicalUrl(url) ?? url);
  return pathname.length <= 1 && search === '' && hash === '';
}
