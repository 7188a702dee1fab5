import { defineStage, done, request, skip } from '@throughline/queue';
import type { Context } from '../context.ts';
import { threadJob } from '../jobs.ts';
import { threadBehind } from '../threading.ts';

type Needs = Pick<Context, 'stories' | 'cursors'>;

/** Spans of days that one job threads at most: the next one goes on. */
const SPANS = 4;

/**
 * thread: enriched events → the stories that they go on.
 *
 * One job for all that is behind, as a story is made of what came before it.
 */
export const thread = defineStage(threadJob, async (_payload, context: Needs, signal) => {
  const { changed, finished } = await threadBehind(context, { spans: SPANS, signal });
  if (finished && changed === 0) return skip('no story is other than before');
  return done(finished ? [] : [request(threadJob, {})], { changed });
});
