import { canonicalUrl, type ArticleId } from '@throughline/core';
import type { CopyFinding, MissingArticle } from '@throughline/db';
import {
  copyAt,
  createCopyFinder,
  nearestCopy,
  PAGE_TYPES,
  type ArchivedCopy,
  type CopyFinder,
} from '@throughline/fetch';
import { done, snooze, type Outcome } from '@throughline/queue';
import type { Context } from './context.ts';
import type { PoliteHost } from './polite-host.ts';

type Needs = Pick<Context, 'articles' | 'fetcher' | 'snapshots' | 'readPage' | 'now'>;

/** The archive's turn comes seldom: more would be read from the database than asked for. */
const AT_ONCE = 5;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Waits between the tries of one article; after the last the archive has no copy of it. */
const TRIES = [6 * HOUR, 48 * HOUR, 240 * HOUR];

/** For fewer articles of a host and some weeks a list of its copies saves too little: it may have none of them. */
export const FEWEST_TO_LIST = 5;
const LIST = { days: 15, limit: 100 };
/** Copies of an article are looked for from a few days before its event, as the days of events go, to some weeks later. */
const LISTED_MS = { before: 3 * DAY, after: 45 * DAY };

/**
 * Asks the archive for copies of articles that their hosts do not have: first
 * where the copies nearest to the events are, for many articles of one host in
 * one list, for the others one by one; then, each in a turn of its own, for
 * their bytes. Each step is kept at once, so that it goes on over restarts and
 * days.
 */
export async function findCopies(
  host: PoliteHost,
  context: Needs,
  signal: AbortSignal,
  closing: AbortSignal,
): Promise<Outcome> {
  const facts = { asked: 0, copies: 0 };
  const finder = createCopyFinder(context);
  const missing = await context.articles.missing(AT_ONCE);
  const later = (reason: string) => snooze(reason, Math.max(host.waitMs(), 0), { facts });
  const settled = new Set<ArticleId>();
  let left = 0;
  for (const article of missing) {
    if (settled.has(article.id)) continue;
    if (closing.aborted) return later('the worker is stopping');
    if (!(await host.turn(signal))) return later("until the archive's next turn");
    facts.asked++;
    for (const [id, finding] of await step(article, finder, host, context, signal)) {
      await context.articles.recordCopy(id, new Date(context.now()), finding);
      settled.add(id);
      if (finding.extracted) facts.copies++;
      if (finding.nextTryAt !== null && finding.nextTryAt.getTime() <= context.now()) left++;
    }
  }
  return missing.length === AT_ONCE || left > 0 ? later('more copies are to be found') : done([], facts);
}

type Findings = (readonly [ArticleId, CopyFinding])[];

/** One request to the archive, about one article or several of its host. */
async function step(
  article: MissingArticle,
  finder: CopyFinder,
  host: PoliteHost,
  context: Needs,
  signal: AbortSignal,
): Promise<Findings> {
  const known = article.copy && copyAt(article.copy.url);
  if (known) return [[article.id, await read(known, article, finder, host, context, signal)]];
  const alike = article.listed ? [] : await context.articles.missingBeside(article.id, LIST);
  if (alike.length >= FEWEST_TO_LIST) return locateTogether(alike, finder, host, context, signal);
  return [[article.id, await locate(article, finder, host, context, signal)]];
}

/** What a list of their host's copies has of articles; those that it does not have are asked about one by one. */
async function locateTogether(
  articles: readonly MissingArticle[],
  finder: CopyFinder,
  host: PoliteHost,
  { now }: Needs,
  signal: AbortSignal,
): Promise<Findings> {
  const moments = articles.map((article) => momentOf(article, now()).getTime());
  const span = {
    from: new Date(Math.min(...moments) - LISTED_MS.before),
    to: new Date(Math.max(...moments) + LISTED_MS.after),
  };
  const urls = articles.map(({ citedUrl }) => citedUrl);
  const answer = await finder.among(urls, span, signal);
  await host.heard(answer.fetched, 'the archive could not be asked');
  const copies = new Map<string | undefined, ArchivedCopy[]>();
  for (const copy of answer.kind === 'found' ? answer.found : []) {
    const key = canonicalUrl(copy.original);
    copies.set(key, [...(copies.get(key) ?? []), copy]);
  }
  const isRead = answer.fetched.status !== 429; // else it is asked for again
  return articles.map((article) => {
    const found = copies.get(canonicalUrl(article.citedUrl)) ?? [];
    const copy = nearestCopy(found, momentOf(article, now())) ?? null;
    return [article.id, { copy, nextTryAt: new Date(now()), tried: false, listed: isRead }];
  });
}

/** What a copy of an article should be near to: the day of its event. */
const momentOf = ({ day }: MissingArticle, now: number): Date =>
  day === null ? new Date(now) : new Date(`${day}T12:00:00Z`);

async function locate(
  article: MissingArticle,
  finder: CopyFinder,
  host: PoliteHost,
  { now }: Needs,
  signal: AbortSignal,
): Promise<CopyFinding> {
  const answer = await finder.nearest(article.citedUrl, momentOf(article, now()), signal);
  await host.heard(answer.fetched, 'the archive could not be asked');
  switch (answer.kind) {
    case 'found':
      return { copy: answer.found, nextTryAt: new Date(now()), tried: false };
    case 'none':
      return NO_COPY;
    case 'later':
      return afterTrouble(answer.fetched.status, article, now());
  }
}

async function read(
  copy: ArchivedCopy,
  article: MissingArticle,
  finder: CopyFinder,
  host: PoliteHost,
  { snapshots, readPage, now }: Needs,
  signal: AbortSignal,
): Promise<CopyFinding> {
  const way = host.passage(signal, { heedRobots: false });
  const answer = await finder.fetch(copy, { signal, accept: PAGE_TYPES, mayFollow: way.mayFollow });
  await way.end(answer.fetched, 'the copy could not be fetched');
  if (answer.kind === 'none') return NO_COPY;
  if (answer.kind === 'later') return afterTrouble(answer.fetched.status, article, now());
  const shown = copyAt(answer.found.finalUrl) ?? copy; // the archive may lead to another capture of the page
  const read = await readPage({ ...answer.found, finalUrl: shown.original }); // as if it had come from its own host
  if (read.kind === 'unreadable' || read.article.kind !== 'article') return NO_COPY;
  const { status, headers, body } = answer.found;
  const url = shown.rawUrl;
  const kept = await snapshots.keep({ url, at: new Date(now()), status, headers, body });
  return {
    copy: { url: shown.url, at: shown.at },
    nextTryAt: null,
    tried: true,
    extracted: read.article,
    snapshot: { ...kept, url, contentType: answer.found.contentType || null },
  };
}

const NO_COPY: CopyFinding = { copy: null, nextTryAt: null, tried: true };

/** The archive's own trouble is no fault of the article's, but not every question ever gets an answer. */
function afterTrouble(status: number | undefined, { attempts, copy }: MissingArticle, now: number): CopyFinding {
  if (status === 429) return { copy, nextTryAt: new Date(now), tried: false };
  const wait = TRIES[attempts];
  return wait === undefined ? NO_COPY : { copy, nextTryAt: new Date(now + wait), tried: true };
}
