import { createHmac } from 'node:crypto';
import type { Change, Subscription } from '@throughline/db';
import { post, type Posted } from '@throughline/fetch';
import { defineStage, done, skip, snooze, type Outcome } from '@throughline/queue';
import type { Context } from '../context.ts';
import { feedsOf, pingHub } from '../hub.ts';
import { deliverJob } from '../jobs.ts';

type Needs = Pick<Context, 'subscriptions' | 'changes' | 'catalogue' | 'now' | 'trace'>;

const CHANGES_A_CALL = 100;
const MOST_TRIES = 12;
const FIRST_WAIT_MS = 5_000;
const LONGEST_WAIT_MS = 6 * 3_600_000;

/**
 * deliver: changes → a signed call of a subscriber's URL (Standard Webhooks 1.0),
 * or a WebSub hub that is told which feeds they are in.
 *
 * Changes go in order, up to 100 a call, at least once. A call that fails is
 * tried again with growing waits; after 12 tries its changes become a dead
 * letter and delivery goes on behind them.
 */
export const deliver = defineStage(deliverJob, async ({ subscriptionId }, context: Needs, signal): Promise<Outcome> => {
  const subscription = await context.subscriptions.get(subscriptionId);
  if (!subscription) return skip('the subscription is gone');
  const after = await context.changes.after(subscription.afterSeq, CHANGES_A_CALL);
  // A call that failed is tried again as it was: what came later has all its own tries before it.
  const changes = after.filter(({ seq }) => seq <= (subscription.tryingSeq ?? seq));
  const last = changes.at(-1);
  if (!last) return skip('nothing to deliver');
  const since = context.now();
  const answer = await tell(subscription, changes, context, signal);
  if (answer.ok) {
    await context.subscriptions.delivered(subscriptionId, last.seq);
    const facts = { changes: changes.length };
    context.trace.events('deliver', eventsOf(changes), since, {
      attributes: { 'throughline.subscription': subscriptionId },
    });
    return changes.length < after.length || after.length === CHANGES_A_CALL
      ? snooze('more to deliver', 0, { facts })
      : done([], facts);
  }
  return retryLater(subscription, changes, answer.failure, context);
});

function tell(
  subscription: Subscription,
  changes: readonly Change[],
  context: Needs,
  signal: AbortSignal,
): Promise<Posted> {
  const { url, hubOf } = subscription;
  return hubOf === null
    ? call(subscription, changes, context.now(), signal)
    : ping(url, hubOf, changes, context, signal);
}

async function ping(
  url: string,
  origin: string,
  changes: readonly Change[],
  { catalogue }: Needs,
  signal: AbortSignal,
): Promise<Posted> {
  return pingHub(url, feedsOf(await catalogue.filings(eventsOf(changes)), origin), signal);
}

const eventsOf = (changes: readonly Change[]): string[] => [
  ...new Set(changes.filter(({ noun }) => noun === 'event').map(({ id }) => id)),
];

async function retryLater(
  { id, attempts }: Subscription,
  changes: readonly Change[],
  failure: string,
  { subscriptions, now }: Needs,
): Promise<Outcome> {
  if (attempts + 1 >= MOST_TRIES) {
    await subscriptions.bury(id, changes[0]?.seq ?? 0, changes.at(-1)?.seq ?? 0, failure);
    return snooze(`gave up: ${failure}`, 0);
  }
  const waitMs = Math.min(FIRST_WAIT_MS * 2 ** attempts, LONGEST_WAIT_MS);
  await subscriptions.failed(id, changes.at(-1)?.seq ?? 0, failure, new Date(now() + waitMs));
  return snooze(failure, waitMs);
}

function call(
  { id, url, secret }: Subscription,
  changes: readonly Change[],
  now: number,
  signal: AbortSignal,
): Promise<Posted> {
  const first = changes[0]?.seq ?? 0;
  // The same bytes at every try: the time is that of what is told, the signature's is that of the call.
  const timestamp = changes.at(-1)?.at ?? new Date(now);
  const body = JSON.stringify({ type: 'changes', timestamp, data: { after: first - 1, changes } });
  const messageId = `msg_${id}_${first}_${changes.at(-1)?.seq ?? first}`;
  const headers = {
    'content-type': 'application/json',
    ...signature(messageId, Math.floor(now / 1_000), body, secret),
  };
  return post(url, { body, headers, signal });
}

/** The headers of Standard Webhooks: an HMAC-SHA256 over id, time and body; a `whsec_` secret is base64. */
export function signature(messageId: string, seconds: number, body: string, secret: string): Record<string, string> {
  const key = secret.startsWith('whsec_') ? Buffer.from(secret.slice('whsec_'.length), 'base64') : Buffer.from(secret);
  const digest = createHmac('sha256', key).update(`${messageId}.${seconds}.${body}`).digest('base64');
  return { 'webhook-id': messageId, 'webhook-timestamp': String(seconds), 'webhook-signature': `v1,${digest}` };
}
