import { settle } from '@throughline/core';
import { defineStage, done, request, type JobRequest } from '@throughline/queue';
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
  SWEEP_PARTS,
  sweepJob,
  threadJob,
  type SweepPart,
} from '../jobs.ts';

type Needs = Pick<
  Context,
  | 'controls'
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

/** What a part asks for, and what it did itself, counted. */
interface Swept {
  requests: JobRequest[];
  counts: Record<string, number>;
}

/**
 * sweep: what is behind → requests for it.
 *
 * Progress is a query over the stamps in Postgres, so no message is precious:
 * whatever a queue lost, or nobody asked for, is asked for here. A job does one
 * part; one that names none does all whose schedules are on.
 */
export const sweep = defineStage(sweepJob, async ({ part, isAsked = false }, context: Needs, signal) => {
  const requests: JobRequest[] = [];
  const counts: Record<string, number> = {};
  for (const one of part ? [part] : await partsOn(context)) {
    signal.throwIfAborted();
    const swept = await SWEEPERS[one](context, isAsked);
    requests.push(...swept.requests);
    Object.assign(counts, swept.counts);
  }
  return done(requests, counts);
});

/** A request for each part that is on: what a schedule asks for at the same moment is the same job. */
export async function sweepsOn(context: Pick<Needs, 'controls'>): Promise<JobRequest[]> {
  return (await partsOn(context)).map((part) => request(sweepJob, { part }));
}

/** What is done at every start and whenever something was put right: all but what has its day. */
async function partsOn({ controls }: Pick<Needs, 'controls'>): Promise<SweepPart[]> {
  const off = new Set((await controls.schedules()).filter(({ enabled }) => !enabled).map(({ name }) => name));
  return SWEEP_PARTS.filter((part) => part !== 'recompute' && !off.has(part));
}

const SWEEPERS: Record<SweepPart, (context: Needs, isAsked: boolean) => Promise<Swept>> = {
  sweep: sweepBehind,
  discover: askSources,
  revisit: async (context) => askHosts(await context.hosts.due(MOST.hosts, context.reach, 'captured'), 'revisits'),
  copies: async (context) => askHosts(await context.hosts.due(MOST.hosts, context.reach, 'copies'), 'archives'),
  retention: async ({ throughput, now }) => {
    await throughput.forgetBefore(new Date(now() - THROUGHPUT_KEPT_MS));
    return { requests: [], counts: {} };
  },
  recompute,
};

/** Lets settle what has stood long enough, and asks for what is behind: new articles, events, stories, deliveries. */
async function sweepBehind(context: Needs): Promise<Swept> {
  const now = context.now();
  let settled = 0;
  for (const name of context.sources.keys()) {
    const { changes } = await context.pages.settle(name, now, context.settleMs, {
      decide: (state) => settle(state, now, context.settleMs),
      readUrl,
    });
    settled += changes;
  }
  const [behind, unthreaded, hosts, subscribers] = await Promise.all([
    context.events.behind(MOST.events),
    context.stories.unthreaded(),
    context.hosts.due(MOST.hosts, context.reach, 'new'),
    context.subscriptions.behind(),
  ]);
  const requests = [
    ...askHosts(hosts, 'hosts').requests,
    ...batches(behind, EVENTS_A_JOB).map((eventIds) => request(enrichJob, { eventIds })),
    ...(unthreaded ? [request(threadJob, {})] : []),
    ...subscribers.map((subscriptionId) => request(deliverJob, { subscriptionId })),
  ];
  return {
    requests,
    counts: { settled, hosts: hosts.length, events: behind.length, subscribers: subscribers.length },
  };
}

const askHosts = (hosts: readonly string[], counted: string): Swept => ({
  requests: hosts.map((host) => request(captureJob, { host })),
  counts: { [counted]: hosts.length },
});

async function askSources(context: Needs): Promise<Swept> {
  const feeds = context.reach.all ? await context.feeds.due(MOST.feeds) : []; // who says nobody to write to asks nobody again and again
  const days = await dueDays(context);
  return {
    requests: [...days, ...feeds.map((feedId) => request(discoverJob, { feedId }))],
    counts: { days: days.length, feeds: feeds.length },
  };
}

async function dueDays({ sources, pages, now }: Needs): Promise<JobRequest[]> {
  const requests = [];
  for (const [name, source] of sources) {
    const due = await source.due?.(now(), (from, to) => pages.readTimes(name, from, to));
    for (const days of batches(due ?? [], DAYS_A_JOB)) requests.push(request(discoverJob, { source: name, days }));
  }
  return requests;
}

/** Puts every event behind, to be tagged and related anew; not again within half its time, as queues do what is scheduled once more when they are made anew. */
async function recompute({ controls, events, now }: Needs, isAsked: boolean): Promise<Swept> {
  const { lastAt, everyMs } = (await controls.schedules()).find(({ name }) => name === 'recompute') ?? {};
  const isLate = !lastAt || now() - lastAt.getTime() > (everyMs ?? 0) / 2;
  if (isAsked || isLate) await events.outdateAll();
  return { requests: [], counts: { recomputed: isAsked || isLate ? 1 : 0 } };
}
