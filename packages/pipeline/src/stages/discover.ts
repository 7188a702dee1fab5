import type { ArticleId, Day, EventId } from '@throughline/core';
import { defineStage, done, request, skip, snooze, type JobRequest, type Outcome } from '@throughline/queue';
import { inOrder } from '../archive.ts';
import { batches } from '../batches.ts';
import type { Source } from '@throughline/sources';
import type { Context } from '../context.ts';
import { ingest, type SourcePage } from '../ingest.ts';
import { captureJob, discoverJob, enrichJob, EVENTS_A_JOB } from '../jobs.ts';
import { readOneFeed } from '../read-one-feed.ts';
import { eventOfArticle, joinReported } from '../submitted.ts';

type Needs = Pick<
  Context,
  | 'sources'
  | 'pages'
  | 'hosts'
  | 'articles'
  | 'feeds'
  | 'joins'
  | 'fetcher'
  | 'reach'
  | 'replayed'
  | 'robotsAgent'
  | 'worker'
  | 'now'
  | 'settleMs'
  | 'trace'
>;

/**
 * discover: a source's days → events and the articles they cite.
 *
 * Asks the source for its pages, reconciles each with the events known before,
 * and asks for `capture` of hosts with new articles and `enrich` of changed
 * events. A day that cannot be read is noted on its page; the others go on.
 */
export const discover = defineStage(discoverJob, async (payload, context: Needs, signal): Promise<Outcome> =>
  'articleId' in payload
    ? discoverArticle(payload.articleId, context)
    : 'feedId' in payload
      ? discoverFeed(payload.feedId, context, signal)
      : discoverDays(payload.source, payload.days, context, signal),
);

async function discoverDays(name: string, days: readonly Day[], context: Needs, signal: AbortSignal): Promise<Outcome> {
  const source = context.sources.get(name);
  if (!source) return skip(`no source is called ${JSON.stringify(name)} here`);
  const { pages, facts } = await readPages(source, days, context, signal);
  const since = context.now();
  const revised = await ingest(name, pages, context);
  context.trace.events('discover', revised.behind, since, { fresh: revised.fresh });
  return done(await nextOf(revised.behind, context), {
    ...facts,
    unchanged: revised.unchanged,
    behind: revised.behind.length,
    alarms: revised.alarms.length,
  });
}

/** The pages that a source has; of the other days it is noted that there is none, or why it could not be read. */
export async function readPages(
  source: Source,
  days: readonly Day[],
  { pages: store }: Pick<Needs, 'pages'>,
  signal: AbortSignal,
) {
  const pages: SourcePage[] = [];
  const facts = { pages: 0, missing: 0, failed: 0 };
  for await (const read of source.read(days, { signal })) {
    switch (read.kind) {
      case 'page':
        pages.push(read);
        facts.pages++;
        break;
      case 'missing':
        facts.missing++;
        await store.missing(source.name, read.day, read.title);
        break;
      case 'failed':
        facts.failed++;
        await store.failed(source.name, read.day, read.title, read.reason);
    }
  }
  return { pages, facts };
}

async function discoverArticle(id: ArticleId, context: Needs): Promise<Outcome> {
  const joined = await joinReported(id, context);
  if (joined) return done([], { joined: 1 });
  const since = context.now();
  const behind = await eventOfArticle(id, context);
  context.trace.events('discover', behind ?? [], since, { fresh: behind ?? [] });
  return behind ? done(await nextOf(behind, context), { events: behind.length }) : skip('an event cites it already');
}

async function discoverFeed(id: number, context: Needs, signal: AbortSignal): Promise<Outcome> {
  const read = await readOneFeed(id, context, signal);
  switch (read.kind) {
    case 'gone':
      return skip('the feed is gone, or not due');
    case 'later':
      return snooze("until the host's next turn", read.waitMs);
    case 'read':
      return done(
        read.hosts.map((host) => request(captureJob, { host })),
        read.facts,
      );
  }
}

const HOSTS_AT_ONCE = 1_000;

async function nextOf(
  behind: readonly EventId[],
  { hosts, reach }: Pick<Needs, 'hosts' | 'reach'>,
): Promise<JobRequest[]> {
  const due = await hosts.due(HOSTS_AT_ONCE, reach);
  return [
    ...due.map((host) => request(captureJob, { host })),
    ...batches(inOrder(behind), EVENTS_A_JOB).map((eventIds) => request(enrichJob, { eventIds })),
  ];
}
