import { defineStage, done, request, skip } from '@throughline/queue';
import { inOrder } from '../archive.ts';
import type { Context } from '../context.ts';
import { relateEvents } from '../enrichment.ts';
import { enrichJob, threadJob } from '../jobs.ts';
import { tagEvents } from '../tagging.ts';

type Needs = Pick<Context, 'events' | 'archive' | 'trace' | 'now'>;

/**
 * enrich: events → their entities and related events.
 *
 * Tags first and commits, so that of two workers with related events the later
 * one sees both; then relates, and relates again the older events that the new
 * ones belong to. An event that was put into a story since is only related
 * again. Events that are not behind any more cost one look.
 */
export const enrich = defineStage(enrichJob, async ({ eventIds }, context: Needs, signal) => {
  const behind = (await context.events.read(eventIds)).filter(
    ({ version, enrichedVersion }) => enrichedVersion < version,
  );
  if (behind.length === 0) return skip('nothing is behind');
  const untagged = behind.filter(({ version, taggedVersion }) => taggedVersion < version).map(({ id }) => id);
  const since = context.now();
  const tagged = untagged.length > 0 ? await tagEvents(untagged, context, signal) : [];
  context.trace.events('tag', untagged, since);
  const tagging = context.now();
  await context.archive.catchUp(signal);
  const events = await context.events.read(inOrder([...behind.map(({ id }) => id), ...tagged]));
  const { related, changed } = await relateEvents(events, context, { update: true });
  context.trace.events(
    'relate',
    events.map(({ id }) => id),
    tagging,
  );
  return done(tagged.length > 0 ? [request(threadJob, {})] : [], { events: behind.length, related, changed });
});
