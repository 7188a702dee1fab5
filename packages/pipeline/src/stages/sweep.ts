import { settle } from '@throughline/core';
import { defineStage, done, request } from '@throughline/queue';
import { batches } from '../batches.ts';
import type { Context } from '../context.ts';
import { readUrl } from '../ingest.ts';
import {
  captureJob,
  DAYS_A_JOB,
  deliverJob,
  discoverJob,
  enrichJob,
  EVENTS_A_JOB,
  sweepJob,
  threadJob,
} from '../jobs.ts';

type Needs = Pick<
  Context,
  | 'events'
  | 'stories'
  | 'hosts'
  | 'feeds'
  | 'pages'
  | 'subscriptions'
  | 'throughput'
  | 'sources'
  | 'reach'
  | 'now'
  | 'settleMs'
>;

/** What one sweep asks for at most: the next one goes on. */
const MOST = { events: 1_000, hosts: 500, feeds: 200 };

/** What jobs took is kept for a year and a bit, so that a year can be seen beside the last. The audit log is kept for good. */
const THROUGHPUT_KEPT_MS = 400 * 24 * 3_600_000;

/**
 * sweep: what is behind → requests for it.
 *
 * Progress is a query over the stamps in Postgres, so no message is precious:
 * whatever a queue lost, or nobody asked for, is asked for here. It also lets
 * settle what has stood long enough, asks for the days that are due, and
 * forgets old counts of throughput.
 */
export const sweep = defineStage(sweepJob, async (_payload, context: Needs, signal) => {
  const now = context.now();
  let settled = 0;
  for (const name of context.sources.keys()) {
    const { changes } = await context.pages.settle(name, now, context.settleMs, {
      decide: (state) => settle(state, now, context.settleMs),
      readUrl,
    });
    settled += changes;
  }
  signal.throwIfAborted();
  const [behind, unthreaded, hosts, subscribers, feeds] = await Promise.all([
    context.events.behind(MOST.events),
    context.stories.unthreaded(),
    context.hosts.due(MOST.hosts, context.reach),
    context.subscriptions.behind(),
    context.reach.all ? context.feeds.due(MOST.feeds) : [], // who says nobody to write to asks nobody again and again
  ]);
  const days = await dueDays(context, now);
  await context.throughput.forgetBefore(new Date(now - THROUGHPUT_KEPT_MS));
  return done(
    [
      ...days,
      ...feeds.map((feedId) => request(discoverJob, { feedId })),
      ...hosts.map((host) => request(captureJob, { host })),
      ...batches(behind, EVENTS_A_JOB).map((eventIds) => request(enrichJob, { eventIds })),
      ...(unthreaded ? [request(threadJob, {})] : []),
      ...subscribers.map((subscriptionId) => request(deliverJob, { subscriptionId })),
    ],
    { settled, days: days.length, hosts: hosts.length, events: behind.length, subscribers: subscribers.length },
  );
});

async function dueDays({ sources, pages }: Needs, now: number) {
  const requests = [];
  for (const [name, source] of sources) {
    const due = await source.due?.(now, (from, to) => pages.readTimes(name, from, to));
    for (const days of batches(due ?? [], DAYS_A_JOB)) requests.push(request(discoverJob, { source: name, days }));
  }
  return requests;
}
