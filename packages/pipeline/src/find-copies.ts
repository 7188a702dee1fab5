import type { CopyFinding, MissingArticle } from '@throughline/db';
import { copyAt, createCopyFinder, PAGE_TYPES, type ArchivedCopy, type CopyFinder } from '@throughline/fetch';
import { done, snooze, type Outcome } from '@throughline/queue';
import type { Context } from './context.ts';
import type { PoliteHost } from './polite-host.ts';

type Needs = Pick<Context, 'articles' | 'fetcher' | 'snapshots' | 'readPage' | 'now'>;

/** The archive's turn comes seldom: more would be read from the database than asked for. */
const AT_ONCE = 5;
const HOUR = 3_600_000;
/** Waits between the tries of one article; after the last the archive has no copy of it. */
const TRIES = [6 * HOUR, 48 * HOUR, 240 * HOUR];

/**
 * Asks the archive for copies of articles that their hosts do not have: first
 * where the copy nearest to the event is, then, in a turn of its own, for its
 * bytes. Each step is kept at once, so that it goes on over restarts and days.
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
  let left = 0;
  for (const article of missing) {
    if (closing.aborted) return later('the worker is stopping');
    if (!(await host.turn(signal))) return later("until the archive's next turn");
    const finding = await step(article, finder, host, context, signal);
    await context.articles.recordCopy(article.id, new Date(context.now()), finding);
    facts.asked++;
    if (finding.extracted) facts.copies++;
    if (finding.nextTryAt !== null && finding.nextTryAt.getTime() <= context.now()) left++;
  }
  return missing.length === AT_ONCE || left > 0 ? later('more copies are to be found') : done([], facts);
}

/** One request to the archive about one article. */
function step(
  article: MissingArticle,
  finder: CopyFinder,
  host: PoliteHost,
  context: Needs,
  signal: AbortSignal,
): Promise<CopyFinding> {
  const known = article.copy && copyAt(article.copy.url);
  return known ? read(known, article, finder, host, context, signal) : locate(article, finder, host, context, signal);
}

async function locate(
  article: MissingArticle,
  finder: CopyFinder,
  host: PoliteHost,
  { now }: Needs,
  signal: AbortSignal,
): Promise<CopyFinding> {
  const near = article.day === null ? new Date(now()) : new Date(`${article.day}T12:00:00Z`);
  const answer = await finder.nearest(article.citedUrl, near, signal);
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
  const extracted = await readPage({ ...answer.found, finalUrl: shown.original }); // as if it had come from its own host
  if (extracted.kind !== 'article') return NO_COPY;
  const { status, headers, body } = answer.found;
  const url = shown.rawUrl;
  const kept = await snapshots.keep({ url, at: new Date(now()), status, headers, body });
  return {
    copy: { url: shown.url, at: shown.at },
    nextTryAt: null,
    tried: true,
    extracted,
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
