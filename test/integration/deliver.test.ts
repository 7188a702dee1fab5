import { createHmac } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { appendChanges, catalogueStore, changeStore, subscriptionStore, type Change } from '@throughline/db';
import { deliver, deliverJob } from '@throughline/pipeline';
import { request } from '@throughline/queue';
import { testDatabase } from '@throughline/test';
import { serveOnLoopback } from '@throughline/test/loopback';
import { stationOn, untilDone, workOn } from '@throughline/test/station';
import { NO_TRACE } from '@throughline/runtime';
import { sql } from 'kysely';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';

const KEY = Buffer.from('a key that only two know of');
const SECRET = `whsec_${KEY.toString('base64')}`;

const database = await testDatabase();
const { db } = database;
const changes = changeStore(db);
const subscriptions = subscriptionStore(db);
afterAll(() => database.drop());

beforeEach(async () => {
  await sql`truncate change, subscription, dead_letter restart identity cascade`.execute(db);
});

const append = (count: number) =>
  db.transaction().execute((trx) =>
    appendChanges(
      trx,
      Array.from(
        { length: count },
        (_, i) => ({ noun: 'event', id: `${i}`, kind: 'updated', day: null, path: `/news/${i}` }) as const,
      ),
    ),
  );

/** A subscriber that checks each call's signature as Standard Webhooks says, and answers with the given statuses in turn, then 204. */
async function subscriber(...statuses: number[]) {
  const heard: number[] = [];
  const ids: string[] = [];
  const server = await serveOnLoopback({
    '/hook': (incoming, response) =>
      void receive(incoming).then(
        (call) => {
          const status = statuses.shift() ?? 204;
          ids.push(call.id);
          if (status < 300) heard.push(...call.changes.map(({ seq }) => seq));
          response.writeHead(status).end();
        },
        (error: unknown) => refuse(response, error),
      ),
  });
  await subscriptions.ensure(`${server.origin}/hook`, SECRET);
  return { heard, ids, server, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

const refuse = (response: ServerResponse, error: unknown) => response.writeHead(401).end(String(error));

async function receive(incoming: IncomingMessage): Promise<{ id: string; changes: Change[] }> {
  const body = await text(incoming);
  const { 'webhook-id': id, 'webhook-timestamp': seconds, 'webhook-signature': signed } = incoming.headers;
  if (Math.abs(Date.now() / 1_000 - Number(seconds)) > 300) throw new Error('too old');
  const expected = createHmac('sha256', KEY)
    .update(`${String(id)}.${String(seconds)}.${body}`)
    .digest('base64');
  if (!String(signed).split(' ').includes(`v1,${expected}`)) throw new Error('not signed by whom we know');
  const { type, data } = JSON.parse(body) as { type: string; data: { changes: Change[] } };
  if (type !== 'changes') throw new Error(`unknown type ${type}`);
  return { id: String(id), changes: data.changes };
}

describe('deliver', () => {
  it('tells a subscriber of every change once, in order, signed, a hundred a call', async () => {
    await using hook = await subscriber();
    await append(250);
    const { context, close } = await stationOn(db);
    const { queue, worker } = await workOn(context);
    await untilDone(queue, context, [request(deliverJob, { subscriptionId: 1 })]);
    await append(3);
    await untilDone(queue, context, [request(deliverJob, { subscriptionId: 1 })]);
    await worker.close();
    await close();

    expect(hook.heard).toEqual(Array.from({ length: 253 }, (_, i) => i + 1));
    expect(hook.server.requests).toHaveLength(4);
    expect(new Set(hook.ids).size).toBe(4);
    expect(await subscriptions.behind()).toEqual([]);
  });

  it('tries again what a subscriber failed to take, with growing waits and under the same id', async () => {
    await using hook = await subscriber(500, 503, 302);
    await append(2);
    const waits: number[] = [];
    for (let outcome = await once(); outcome.kind === 'snoozed'; outcome = await once()) waits.push(outcome.delayMs);
    expect(waits).toEqual([5_000, 10_000, 20_000]);
    expect(hook.heard).toEqual([1, 2]);
    expect(new Set(hook.ids).size).toBe(1);
    expect((await sql`select attempts, next_try_at, failure from subscription`.execute(db)).rows).toEqual([
      { attempts: 0, nextTryAt: null, failure: null },
    ]);
  });

  it('keeps a dead letter after the last try, and goes on behind it', async () => {
    await using hook = await subscriber(...Array.from({ length: 12 }, () => 500));
    await append(2);
    let given = 0;
    for (let outcome = await once(); outcome.kind === 'snoozed'; outcome = await once()) {
      if (++given === 11) await append(1); // it comes after the call that fails, and has tries of its own
      expect(given).toBeLessThan(20);
    }
    expect(hook.server.requests.length).toBeGreaterThanOrEqual(12);
    const letters = await sql<{
      firstSeq: number;
      lastSeq: number;
      failure: string;
    }>`select first_seq, last_seq, failure from dead_letter`.execute(db);
    expect(letters.rows).toEqual([{ firstSeq: 1, lastSeq: 2, failure: 'status 500' }]);
    await append(1);
    expect((await once()).kind).toBe('done');
    expect(hook.heard).toEqual([3, 4]);
  });

  it('does not mind a subscriber that is not there, or a subscription that is gone', async () => {
    const hook = await subscriber();
    await append(1);
    await hook[Symbol.asyncDispose]();
    expect(await once()).toMatchObject({
      kind: 'snoozed',
      delayMs: 5_000,
      reason: expect.stringMatching(/ECONNREFUSED/),
    });
    await sql`delete from subscription`.execute(db);
    expect(await once()).toMatchObject({ kind: 'skipped' });
  });
});

const once = () =>
  deliver.run(
    { subscriptionId: 1 },
    { subscriptions, changes, catalogue: catalogueStore(db), now: Date.now, trace: NO_TRACE },
    AbortSignal.timeout(10_000),
    AbortSignal.timeout(10_000),
  );
