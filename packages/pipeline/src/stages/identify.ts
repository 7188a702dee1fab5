import { defineStage, done, request } from '@throughline/queue';
import type { Context } from '../context.ts';
import { joinEntities, lookUpEntities, typeEntities } from '../identity.ts';
import { identifyJob, sweepJob } from '../jobs.ts';

type Needs = Pick<Context, 'entities' | 'concepts' | 'now'>;

/** Lookups of one job: with their items and countries a few minutes at the pace that the wikis allow. */
const CALLS = 20;

/**
 * identify: titles → entities, one for each concept.
 *
 * Joins titles that the archive's links show to be one, and asks the wiki about
 * those it was not asked about yet; of the others it judges by their use what
 * they are. What has other entities now is enriched again.
 */
export const identify = defineStage(identifyJob, async (_payload, context: Needs, signal) => {
  const joined = await joinEntities(context);
  const found = await lookUpEntities(context, { calls: CALLS, signal });
  const typed = await typeEntities(context, signal);
  const isOther = joined + found.joined > 0;
  return done(isOther ? [request(sweepJob, {})] : [], {
    lookedUp: found.lookedUp,
    joined: joined + found.joined,
    typed,
  });
});
