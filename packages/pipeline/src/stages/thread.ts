import { defineStage, done, request, skip } from '@throughline/queue';
import { batches } from '../batches.ts';
import type { Context } from '../context.ts';
import { enrichJob, EVENTS_A_JOB, threadJob } from '../jobs.ts';
import { threadBehind } from '../threading.ts';

type Needs = Pick<Context, 'stories' | 'cursors' | 'events' | 'trace' | 'now'>;

/** Spans of days that one job threads at most: the next one goes on. */
const SPANS = 4;
/** Events that one job asks to have related again; the sweep asks for the rest. */
const MOST_RELATED_AGAIN = 1_000;

/**
 * thread: tagged events → the stories that they go on.
 *
 * One job for all that is behind, as a story is made of what came before it.
 * What is in another story than before is related again: being of one story is
 * a reason.
 */
export const thread = defineStage(threadJob, async (_payload, context: Needs, signal) => {
  const since = context.now();
  const { changed, finished } = await threadBehind(context, { spans: SPANS, signal });
  context.trace.events('thread', changed, since);
  if (finished && changed.length === 0) return skip('no story is other than before');
  const behind = changed.length > 0 ? await context.events.behind(MOST_RELATED_AGAIN) : [];
  const again = batches(behind, EVENTS_A_JOB).map((eventIds) => request(enrichJob, { eventIds }));
  return done([...again, ...(finished ? [] : [request(threadJob, {})])], { changed: changed.length });
});
