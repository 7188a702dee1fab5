import { ArticleId, Day, EventId, MAX_URL_LENGTH } from '@throughline/core';
import { defineJob } from '@throughline/queue';
import { z } from 'zod';

/** How many days one call of the portal's API covers (API:Query: 50 titles for an ordinary client). */
export const DAYS_A_JOB = 50;
export const EVENTS_A_JOB = 50;

const MINUTE_MS = 60_000;

/**
 * What other programs may ask for: docs/queue.md is the contract. A payload of
 * another version is rejected, so that no change of shape is read as another.
 */
export const submitJob = defineJob({
  name: 'submit',
  payload: z.strictObject({
    version: z.literal(1),
    url: z
      .string()
      .min(1)
      .max(2 * MAX_URL_LENGTH),
  }),
  key: ({ url }) => url,
});

/** Every job of the pipeline, in the order an event meets them. Payloads carry ids, never content. */
export const discoverJob = defineJob({
  name: 'discover',
  payload: z.union([
    z.object({ source: z.string().min(1), days: z.array(Day).min(1).max(DAYS_A_JOB) }),
    z.object({ articleId: ArticleId }),
    z.object({ feedId: z.number().int().positive() }),
  ]),
  key: (payload) =>
    'articleId' in payload
      ? `article:${payload.articleId}`
      : 'feedId' in payload
        ? `feed:${payload.feedId}`
        : `${payload.source}:${payload.days.join()}`,
  concurrency: 1,
  timeoutMs: 5 * MINUTE_MS,
});

/** One job a host: so politeness is the queue's key, on one machine or on fifty. */
export const captureJob = defineJob({
  name: 'capture',
  payload: z.object({ host: z.string().min(1) }),
  key: ({ host }) => host,
  concurrency: 16,
  timeoutMs: 10 * MINUTE_MS,
  maxSnoozes: Infinity, // each article has its own limit of tries
});

export const enrichJob = defineJob({
  name: 'enrich',
  payload: z.object({ eventIds: z.array(EventId).min(1).max(EVENTS_A_JOB) }),
  key: ({ eventIds }) => eventIds.join(),
  concurrency: 1,
  timeoutMs: 5 * MINUTE_MS,
});

/** One job for all: a story is made of what came before it. */
export const threadJob = defineJob({
  name: 'thread',
  payload: z.object({}),
  key: () => 'thread',
  concurrency: 1,
  timeoutMs: 10 * MINUTE_MS,
  maxSnoozes: Infinity,
});

/** What entities are: which titles are one, and what the wiki says of them. */
export const identifyJob = defineJob({
  name: 'identify',
  payload: z.object({}),
  key: () => 'identify',
  concurrency: 1,
  timeoutMs: 10 * MINUTE_MS,
});

export const deliverJob = defineJob({
  name: 'deliver',
  payload: z.object({ subscriptionId: z.number().int().positive() }),
  key: ({ subscriptionId }) => String(subscriptionId),
  timeoutMs: MINUTE_MS,
  maxSnoozes: Infinity, // each delivery has its own limit of tries
});

/** Everything public into files, by a worker that was told how. */
export const exportJob = defineJob({
  name: 'export',
  payload: z.object({}),
  key: () => 'export',
  concurrency: 1,
  timeoutMs: 6 * 60 * MINUTE_MS,
  attempts: 1,
});

/** The parts of the sweep, each with a schedule of its own name. */
export const SWEEP_PARTS = ['sweep', 'discover', 'revisit', 'copies', 'retention', 'recompute'] as const;
export type SweepPart = (typeof SWEEP_PARTS)[number];

/** Asks again for whatever is behind: one part, or all. `isAsked` where a person wants it now. */
export const sweepJob = defineJob({
  name: 'sweep',
  payload: z.object({ part: z.enum(SWEEP_PARTS).optional(), isAsked: z.boolean().optional() }),
  key: ({ part = 'all' }) => part,
  concurrency: 1,
  timeoutMs: 2 * MINUTE_MS,
  attempts: 1,
});

export const jobs = [
  submitJob,
  discoverJob,
  captureJob,
  enrichJob,
  threadJob,
  identifyJob,
  deliverJob,
  exportJob,
  sweepJob,
] as const;
