import { randomUUID } from 'node:crypto';
import { ARCHIVE_HOST, hostOf } from '@throughline/core';
import type { Capture, DueArticle } from '@throughline/db';
import { isHostDown, nextTryAt, type Fetched } from '@throughline/fetch';
import { defineStage, done, request, skip, snooze, type JobRequest, type Outcome } from '@throughline/queue';
import { forbiddenByRobots } from '../ask-in-turn.ts';
import { captureArticle, isLost } from '../capture-article.ts';
import type { Context } from '../context.ts';
import { findCopies } from '../find-copies.ts';
import { captureJob, discoverJob } from '../jobs.ts';
import { takeHost, type PoliteHost } from '../polite-host.ts';

type Needs = Pick<
  Context,
  | 'articles'
  | 'hosts'
  | 'fetcher'
  | 'snapshots'
  | 'readPage'
  | 'now'
  | 'worker'
  | 'reach'
  | 'replayed'
  | 'robotsAgent'
  | 'trace'
>;

/** After so many, or so long, the slot goes to another host. */
const ARTICLES_A_JOB = 50;
const LONGEST_MS = 4 * 60_000;
/** When a redirect's target is asked again whose host was taken or not yet due. */
const ELSEWHERE_MS = 60_000;
const ELSEWHERE_TRIES = 20;

/**
 * capture: a host → the articles due there, fetched one after another at the
 * host's pace, read, and kept one by one. The archive's host is asked for copies
 * of what other hosts have no more.
 *
 * The queue runs one job a host, and a lease in Postgres guards against the
 * rest (an abandoned job that comes back, a second queue, a redirect from
 * another host). What the host asks for (robots.txt, Crawl-delay, Retry-After,
 * backoff) is kept in its row, so that every worker keeps to it, after a
 * restart too.
 */
export const capture = defineStage(captureJob, async ({ host: name }, context: Needs, signal, closing) => {
  const holder = `${context.worker}:${randomUUID()}`;
  const host = await takeHost(name, holder, context);
  if (!host) return skip('another worker has the host, or an operator has blocked it');
  try {
    const outcome = await captureDue(host, context, signal, closing);
    if (name !== ARCHIVE_HOST || !context.reach.all || outcome.kind !== 'done') return outcome;
    return await findCopies(host, context, signal, closing);
  } finally {
    await host.release();
  }
});

async function captureDue(
  host: PoliteHost,
  context: Needs,
  signal: AbortSignal,
  closing: AbortSignal,
): Promise<Outcome> {
  const facts = { articles: 0, ok: 0 };
  const next: JobRequest[] = [];
  const later = (reason: string, delayMs: number) => snooze(reason, Math.max(delayMs, 0), { next, facts });
  const submittedOnly = !context.reach.all && !context.replayed(host.name);
  const due = await context.articles.due(host.name, ARTICLES_A_JOB, { submittedOnly });
  const startedAt = context.now();
  for (const article of due) {
    if (closing.aborted) return later('the worker is stopping', 0);
    if (context.now() - startedAt > LONGEST_MS) return later('the slot goes to another host', 0);
    if (!(await host.turn(signal))) return later("until the host's next turn", host.waitMs());
    const ending = await captureOne(article, host, context, signal);
    if (!ending) return later("until the host's next turn", host.waitMs());
    facts.articles++;
    if (ending.capture.state === 'ok') facts.ok++;
    if (article.submitted) next.push(request(discoverJob, { articleId: article.id }));
    if (ending.speaksForAll) {
      const others = due.slice(due.indexOf(article) + 1);
      for (const other of others) await keep(other, unasked(ending.fetched, other, context.now()), context);
      return later('the host does not answer', host.waitMs());
    }
    if (ending.isLost) return later('another worker has the host', ELSEWHERE_MS);
  }
  return due.length === ARTICLES_A_JOB ? later('more articles are due', 0) : done(next, facts);
}

interface Ending {
  fetched: Fetched;
  capture: Capture;
  /** The host's other articles would end the same way. */
  speaksForAll: boolean;
  /** Another worker took the host while redirects led elsewhere. */
  isLost: boolean;
}

/** One article; undefined where reading robots.txt has used up the host's turn. */
async function captureOne(
  article: DueArticle,
  host: PoliteHost,
  context: Needs,
  signal: AbortSignal,
): Promise<Ending | undefined> {
  const since = context.now();
  const allowed = await host.allows(article.askUrl, signal);
  if (allowed === true && !(await host.turn(signal))) return undefined;
  const ending =
    allowed === true ? await ask(article, host, context, signal) : refusal(allowed, article, context.now());
  await keep(article, ending.capture, context, since);
  return ending;
}

async function keep(
  { id }: DueArticle,
  capture: Capture,
  { articles, now, trace }: Needs,
  since = now(),
): Promise<void> {
  await articles.record(id, new Date(now()), capture);
  if (!trace.isOn) return;
  const attributes = { 'throughline.article': id, 'throughline.state': capture.state };
  trace.events('capture', await articles.citedBy(id), since, { attributes });
}

async function ask(article: DueArticle, host: PoliteHost, context: Needs, signal: AbortSignal): Promise<Ending> {
  const way = host.passage(signal);
  const { fetched, capture } = await captureArticle(article, context, { signal, mayFollow: way.mayFollow });
  const isOurs = await way.end(fetched, capture.reason ?? undefined);
  return {
    fetched,
    capture: isElsewhere(fetched) ? later(capture, article, context.now()) : capture,
    speaksForAll: isHostDown(fetched) && hostOf(fetched.finalUrl) === host.name,
    isLost: !isOurs,
  };
}

const isElsewhere = (fetched: Fetched): boolean => fetched.kind === 'refused' && fetched.reason === 'elsewhere';

/** What robots.txt forbids, or where it could not be read, which holds for all of the host's articles. */
function refusal(allowed: false | Fetched, article: DueArticle, now: number): Ending {
  const fetched = allowed === false ? forbiddenByRobots(article.askUrl) : allowed;
  const capture = unasked(fetched, article, now);
  return {
    fetched,
    capture: isElsewhere(fetched) ? later(capture, article, now) : capture,
    speaksForAll: allowed !== false && !isElsewhere(fetched),
    isLost: false,
  };
}

/** A redirect led to a host that another worker has, or whose turn is later: soon, but not for ever. */
const later = (capture: Capture, { attempts }: DueArticle, now: number): Capture =>
  attempts + 1 < ELSEWHERE_TRIES ? { ...capture, nextTryAt: new Date(now + ELSEWHERE_MS) } : capture;

/** How an article ends that was not asked for, or whose host's robots.txt could not be. */
function unasked(fetched: Fetched, { attempts }: DueArticle, now: number): Capture {
  const next = nextTryAt(fetched, attempts + 1, now);
  const detail = 'detail' in fetched ? fetched.detail : fetched.kind;
  const isRefusal = fetched.kind === 'refused';
  const state = isRefusal ? 'refused' : 'unreachable';
  return {
    state,
    reason: isRefusal ? `${fetched.reason}: ${detail}` : `the host does not answer: ${detail}`,
    status: null,
    finalUrl: null,
    nextTryAt: next === null ? null : new Date(next),
    wantsCopy: isLost(state, next),
  };
}
