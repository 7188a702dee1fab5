import { randomUUID } from 'node:crypto';
import type { Capture, DueArticle } from '@throughline/db';
import { isHostDown, nextTryAt, type Fetched } from '@throughline/fetch';
import { defineStage, done, request, skip, snooze, type JobRequest, type Outcome } from '@throughline/queue';
import { captureArticle } from '../capture-article.ts';
import type { Context } from '../context.ts';
import { captureJob, discoverJob } from '../jobs.ts';
import { passage, takeHost, type PoliteHost } from '../polite-host.ts';

type Needs = Pick<
  Context,
  'articles' | 'hosts' | 'fetcher' | 'snapshots' | 'now' | 'worker' | 'reach' | 'replayed' | 'robotsAgent'
>;

/** After so many the slot goes to another host. */
const ARTICLES_A_JOB = 50;
/** When a redirect's target is asked again whose host was taken or not yet due. */
const ELSEWHERE_MS = 60_000;
const ELSEWHERE_TRIES = 20;

/**
 * capture: a host → the articles due there, fetched one after another at the
 * host's pace, read, and kept one by one.
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
    return await captureDue(host, holder, context, signal, closing);
  } finally {
    await host.release();
  }
});

async function captureDue(
  host: PoliteHost,
  holder: string,
  context: Needs,
  signal: AbortSignal,
  closing: AbortSignal,
): Promise<Outcome> {
  const facts = { articles: 0, ok: 0 };
  const next: JobRequest[] = [];
  const submittedOnly = !context.reach.all && !context.replayed(host.name);
  const due = await context.articles.due(host.name, ARTICLES_A_JOB, { submittedOnly });
  for (const article of due) {
    if (closing.aborted) return snooze('the worker is stopping', 0, { next, facts });
    if (!(await host.turn(signal))) return snooze("until the host's next turn", host.waitMs(), { next, facts });
    const ending = await captureOne(article, host, holder, context, signal);
    if (!ending) return snooze("until the host's next turn", host.waitMs(), { next, facts });
    facts.articles++;
    if (ending.capture.state === 'ok') facts.ok++;
    if (article.submitted) next.push(request(discoverJob, { articleId: article.id }));
    if (isHostDown(ending.fetched)) {
      const others = due.slice(due.indexOf(article) + 1);
      for (const other of others) await keep(other, unasked(ending.fetched, other, context.now()), context);
      return snooze('the host does not answer', Math.max(host.waitMs(), 0), { next, facts });
    }
  }
  return due.length === ARTICLES_A_JOB ? snooze('more articles are due', 0, { next, facts }) : done(next, facts);
}

interface Ending {
  fetched: Fetched;
  capture: Capture;
}

/** One article; undefined where reading robots.txt has used up the host's turn. */
async function captureOne(
  article: DueArticle,
  host: PoliteHost,
  holder: string,
  context: Needs,
  signal: AbortSignal,
): Promise<Ending | undefined> {
  const allowed = await host.allows(article.citedUrl, signal);
  if (allowed === true && !(await host.turn(signal))) return undefined;
  const ending =
    allowed === true ? await ask(article, host, holder, context, signal) : refusal(allowed, article, context.now());
  await keep(article, ending.capture, context);
  return ending;
}

const keep = ({ id }: DueArticle, capture: Capture, { articles, now }: Needs) =>
  articles.record(id, new Date(now()), capture);

async function ask(
  article: DueArticle,
  host: PoliteHost,
  holder: string,
  context: Needs,
  signal: AbortSignal,
): Promise<Ending> {
  const way = passage(holder, context, signal);
  const { fetched, capture } = await captureArticle(article, context, { signal, mayFollow: way.mayFollow });
  await way.end(fetched);
  await host.heard(fetched, capture.reason ?? undefined);
  const isElsewhere = fetched.kind === 'refused' && fetched.reason === 'elsewhere';
  return { fetched, capture: isElsewhere ? later(capture, article, context.now()) : capture };
}

function refusal(allowed: false | Fetched, article: DueArticle, now: number): Ending {
  const fetched = allowed === false ? forbidden(article) : allowed;
  return { fetched, capture: unasked(fetched, article, now) };
}

const forbidden = ({ citedUrl }: DueArticle): Fetched => ({
  kind: 'refused',
  url: citedUrl,
  finalUrl: citedUrl,
  redirects: [],
  reason: 'robots',
  detail: 'robots.txt asks us not to',
});

/** A redirect led to a host that another worker has, or whose turn is later: soon, but not for ever. */
const later = (capture: Capture, { attempts }: DueArticle, now: number): Capture =>
  attempts + 1 < ELSEWHERE_TRIES ? { ...capture, nextTryAt: new Date(now + ELSEWHERE_MS) } : capture;

/** How an article ends that was not asked for, or whose host's robots.txt could not be. */
function unasked(fetched: Fetched, { attempts }: DueArticle, now: number): Capture {
  const next = nextTryAt(fetched, attempts + 1, now);
  const detail = 'detail' in fetched ? fetched.detail : fetched.kind;
  const isRefusal = fetched.kind === 'refused';
  return {
    state: isRefusal ? 'refused' : 'unreachable',
    reason: isRefusal ? `${fetched.reason}: ${detail}` : `the host does not answer: ${detail}`,
    status: null,
    finalUrl: null,
    nextTryAt: next === null ? null : new Date(next),
  };
}
