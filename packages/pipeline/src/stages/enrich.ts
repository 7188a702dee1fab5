import { defineStage, done, request, skip } from '@throughline/queue';
import type { Context } from '../context.ts';
import { relateEvents, tagEvents } from '../enrichment.ts';
import { enrichJob, threadJob } from '../jobs.ts';

type Needs = Pick<Context, 'events' | 'archive'>;

/**
 * enrich: events → their entities and related events.
 *
 * Tags first and commits, so that of two workers with related events the later
 * one sees both; then relates, and relates again the older events that the new
 * ones belong to. Events that are not behind any more cost one look.
 */
export const enrich = defineStage(enrichJob, async ({ eventIds }, context: Needs, signal) => {
  const behind = (await context.events.read(eventIds)).filter(
    ({ version, enrichedVersion }) => enrichedVersion < version,
  );
  if (behind.length === 0) return skip('nothing is behind');
  await tagEvents(behind, context);
  await context.archive.catchUp(signal);
  const tagged = await context.events.read(behind.map(({ id }) => id));
  const { related, changed } = await relateEvents(tagged, context, { update: true });
  return done([request(threadJob, {})], { events: behind.length, related, changed });
});
