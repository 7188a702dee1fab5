import { subscribe } from '@throughline/pipeline';
import { z } from 'zod';
import { defineOperation } from '../operation.ts';
import { serial } from '../parameters.ts';
import { ApiProblem } from '../problem.ts';
import { Instant } from '../schemas.ts';

const MOST_LETTERS = 1_000;

const Subscription = z
  .object({
    id: z.int(),
    url: z.string(),
    afterSeq: z.int().describe('The last change it has taken.'),
    attempts: z.int().describe('How often the call in hand has failed.'),
    nextTryAt: Instant.nullable(),
    failure: z.string().nullable(),
    createdAt: Instant,
    deadLetters: z.int(),
    waiting: z.int().describe('Changes it has yet to hear of; 10000 for that many or more.'),
  })
  .meta({ id: 'Subscription' });

const DeadLetter = z
  .object({ id: z.int(), firstSeq: z.int(), lastSeq: z.int(), failure: z.string(), at: Instant })
  .meta({ id: 'DeadLetter', description: 'Changes that a subscriber never took: they are in /v1/changes still.' });

export const listSubscriptions = defineOperation({
  id: 'listSubscriptions',
  method: 'get',
  path: '/v1/subscriptions',
  summary: 'Who is told of changes by webhooks (Standard Webhooks), and how far each is.',
  operator: true,
  parameters: z.strictObject({}),
  answer: z.object({ items: z.array(Subscription) }),
  async run(_input, { subscriptions }) {
    const all = await subscriptions.list();
    return {
      items: all.map(({ nextTryAt, createdAt, ...one }) => ({
        ...one,
        nextTryAt: nextTryAt?.toISOString() ?? null,
        createdAt: createdAt.toISOString(),
      })),
    };
  },
});

export const addSubscription = defineOperation({
  id: 'addSubscription',
  method: 'post',
  path: '/v1/subscriptions',
  summary: 'Has a URL told of every change. The secret is shown this once.',
  operator: true,
  parameters: z.strictObject({}),
  body: z.strictObject({
    url: z.string().min(1).max(2_000),
    secret: z.string().max(200).optional().describe('`whsec_` and the base64 of 24 to 64 bytes; made unless given.'),
    after: z.int().min(0).optional().describe('The change after which it begins; from now on unless given.'),
  }),
  status: 201,
  answer: z.object({ id: z.int(), url: z.string(), secret: z.string() }),
  async run({ body }, { subscriptions }) {
    const made = await subscribe(body, { subscriptions });
    if (!made.ok) throw new ApiProblem(422, 'No subscription', `${made.problem}.`);
    return { id: made.id, url: made.url, secret: made.secret };
  },
});

export const removeSubscription = defineOperation({
  id: 'removeSubscription',
  method: 'delete',
  path: '/v1/subscriptions/{id}',
  summary: 'Has a URL told no more.',
  operator: true,
  parameters: z.strictObject({ id: serial }),
  answer: z.object({ removed: z.int() }),
  async run({ parameters: { id } }, { subscriptions }) {
    if (!(await subscriptions.remove(id))) throw noSubscription(id);
    return { removed: id };
  },
});

export const listDeadLetters = defineOperation({
  id: 'listDeadLetters',
  method: 'get',
  path: '/v1/subscriptions/{id}/dead-letters',
  summary: 'What a subscriber never took, the oldest first.',
  operator: true,
  parameters: z.strictObject({ id: serial }),
  answer: z.object({ items: z.array(DeadLetter) }),
  async run({ parameters: { id } }, { subscriptions }) {
    if (!(await subscriptions.get(id))) throw noSubscription(id);
    const letters = await subscriptions.deadLetters(id, MOST_LETTERS);
    return { items: letters.map((letter) => ({ ...letter, at: letter.at.toISOString() })) };
  },
});

export const replayDeadLetters = defineOperation({
  id: 'replayDeadLetters',
  method: 'post',
  path: '/v1/subscriptions/{id}/replay',
  summary: 'Goes back to before the first dead letter: everything from there on is told again, in order.',
  operator: true,
  parameters: z.strictObject({ id: serial }),
  answer: z.object({ replayed: z.int() }),
  async run({ parameters: { id } }, { subscriptions }) {
    if (!(await subscriptions.get(id))) throw noSubscription(id);
    return { replayed: await subscriptions.replay(id) };
  },
});

const noSubscription = (id: number): ApiProblem =>
  new ApiProblem(404, 'No such subscription', `There is no subscription ${id}.`);
