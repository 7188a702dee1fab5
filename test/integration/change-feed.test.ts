import { Day } from '@throughline/core';
import { catalogueStore, changeStore, subscriptionStore, type Change } from '@throughline/db';
import { deliver } from '@throughline/pipeline';
import { testDatabase } from '@throughline/test';
import { apiOn, OPERATOR_TOKEN } from '@throughline/test/api';
import { serveOnLoopback } from '@throughline/test/loopback';
import { endOf, portalPage, reader } from '@throughline/test/record';
import { runHere } from '@throughline/test/terminal';
import { NO_TRACE } from '@throughline/runtime';
import { serve } from '@hono/node-server';
import type { AddressInfo } from 'node:net';
import { text as textOf } from 'node:stream/consumers';
import { Webhook } from 'standardwebhooks';
import { afterAll, describe, expect, it } from 'vitest';

const database = await testDatabase();
const { db } = database;
const { app, ending } = apiOn(db);
const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' });
await new Promise<void>((ready) => (server.listening ? ready() : server.once('listening', () => ready())));
const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
afterAll(async () => {
  ending.abort();
  await new Promise((done) => server.close(done));
  await database.drop();
});

/** The same numbers at every run. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

type Replica = Map<string, string>;

/** Does what a consumer does on a change: asks for the event as it is now, or forgets it. */
async function apply(replica: Replica, { id, kind }: Pick<Change, 'id' | 'kind'>): Promise<void> {
  if (kind === 'withdrawn' || kind === 'merged') return void replica.delete(id);
  const response = await fetch(`${origin}/v1/events/${id}`);
  if (response.status === 200) replica.set(id, ((await response.json()) as { text: string }).text);
  else replica.delete(id);
}

/** Everything that the server has. */
async function truth(): Promise<Replica> {
  const all: Replica = new Map();
  for (let after: string | null = ''; after !== null;) {
    const url: string = `${origin}/v1/events?limit=50${after && `&after=${after}`}`;
    const { items, next } = (await (await fetch(url)).json()) as {
      items: { id: string; text: string }[];
      next: string | null;
    };
    for (const { id, text } of items) all.set(id, text);
    after = next;
  }
  return all;
}

const days = Array.from({ length: 6 }, (_, i) => Day.parse(`2002-07-0${i + 1}`));

/** Editors at work: sentences come, are reworded, and go. */
async function edit(rounds: number): Promise<void> {
  const read = reader(db);
  const pick = numbers(7);
  const pages = new Map(days.map((day) => [day, [] as string[]]));
  for (let round = 0; round < rounds; round++) {
    const day = days[pick(days.length)] as Day;
    const items = pages.get(day) ?? [];
    const what = pick(4);
    if (what === 0 && items.length > 1) items.splice(pick(items.length), 1);
    else if (what === 1 && items.length > 0) items[pick(items.length)] += ` Report ${round} says more.`;
    else
      items.push(
        `The council of [[Town ${round}]] votes on the harbour number ${round}. [http://example.org/${round} (A)]`,
      );
    await read({ day, wikitext: portalPage(items), at: endOf(day) + round * 60_000 });
  }
}

/** Reads the stream until `cut` bytes have come or nothing comes for a while; returns the last number that was whole. */
async function hear(after: number, cut: number, replica: Replica): Promise<number> {
  const stop = new AbortController();
  const response = await fetch(`${origin}/v1/changes`, {
    headers: { Accept: 'text/event-stream', 'Last-Event-ID': String(after) },
    signal: stop.signal,
  });
  let [last, bytes, text] = [after, 0, ''];
  const body = response.body?.getReader();
  for (;;) {
    const quiet = new Promise<undefined>((resolve) => setTimeout(resolve, 1_500, undefined).unref());
    const chunk = await Promise.race([body?.read(), quiet]);
    if (!chunk || chunk.done) {
      stop.abort();
      return last;
    }
    bytes += chunk.value.length;
    // Whatever came behind the cut is lost, half an event too.
    text += Buffer.from(chunk.value)
      .toString()
      .slice(0, Math.max(0, cut - (bytes - chunk.value.length)));
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const event = text.slice(0, end);
      text = text.slice(end + 2);
      const id = /^id: ?(\d+)$/m.exec(event)?.[1];
      if (id === undefined) continue;
      const change = JSON.parse(/^data: ?(.*)$/m.exec(event)?.[1] ?? '') as Change;
      expect(change.seq).toBe(Number(id));
      expect(change.seq).toBeGreaterThan(last);
      await apply(replica, change);
      last = change.seq;
    }
    if (bytes >= cut) {
      stop.abort();
      return last;
    }
  }
}

describe('a consumer that is cut off again and again', () => {
  it('ends equal to the server, by polling and by server-sent events', async () => {
    const [polled, streamed]: Replica[] = [new Map(), new Map()];
    const editing = edit(80);
    let busy = true;
    void editing.then(() => (busy = false));

    const latest = () => changeStore(db).latest();
    const poll = async () => {
      const pick = numbers(11);
      for (let after = 0; busy || after < (await latest());) {
        const url = `${origin}/v1/changes?after=${after}&limit=${1 + pick(7)}`;
        const answer = (await (await fetch(url)).json()) as { items: Change[]; last: number };
        if (pick(3) === 0) continue; // the answer was lost on its way
        for (const change of answer.items) await apply(polled as Replica, change);
        after = answer.last;
      }
    };
    const stream = async () => {
      const pick = numbers(13);
      let cuts = 0;
      for (let after = 0; busy || after < (await latest()); cuts++) {
        after = await hear(after, cuts < 40 ? 60 + pick(900) : Infinity, streamed as Replica);
      }
      return cuts;
    };
    const [, cuts] = await Promise.all([poll(), stream(), editing]);
    const server = await truth();
    expect(cuts).toBeGreaterThan(20);
    expect(server.size).toBeGreaterThan(20);
    expect(sorted(polled as Replica)).toEqual(sorted(server));
    expect(sorted(streamed as Replica)).toEqual(sorted(server));
  });
});

const sorted = (replica: Replica) => [...replica].toSorted(([a], [b]) => (a < b ? -1 : 1));

describe('a subscription', () => {
  const operator = { Authorization: `Bearer ${OPERATOR_TOKEN}`, 'Content-Type': 'application/json' };
  const call = (path: string, method: string, body?: object, headers: Record<string, string> = operator) =>
    app.request(path, { method, headers, ...(body && { body: JSON.stringify(body) }) });

  it('is made, hears of changes in messages that Standard Webhooks’ own library verifies, and is replayed and removed', async () => {
    const heard: number[] = [];
    let [isUp, secret] = [false, ''];
    await using hook = await serveOnLoopback({
      '/hook': (request, response) =>
        void textOf(request).then((body) => {
          if (!isUp) return response.writeHead(500).end();
          const message = new Webhook(secret).verify(body, request.headers as Record<string, string>) as {
            data: { changes: Change[] };
          };
          heard.push(...message.data.changes.map(({ seq }) => seq));
          return response.writeHead(204).end();
        }),
    });
    const made = await call('/v1/subscriptions', 'POST', { url: `${hook.origin}/hook`, after: 0 });
    expect(made.status).toBe(201);
    const subscription = (await made.json()) as { id: number; secret: string };
    secret = subscription.secret;
    expect(secret).toMatch(/^whsec_/);
    expect((await call('/v1/subscriptions', 'POST', { url: `${hook.origin}/hook` })).status).toBe(422);

    const subscriptions = subscriptionStore(db);
    const once = () =>
      deliver.run(
        { subscriptionId: subscription.id },
        { subscriptions, changes: changeStore(db), catalogue: catalogueStore(db), now: Date.now, trace: NO_TRACE },
        AbortSignal.timeout(10_000),
        AbortSignal.timeout(10_000),
      );
    for (let tries = 0; tries < 12; tries++) await once();
    const letters = (await (await call(`/v1/subscriptions/${subscription.id}/dead-letters`, 'GET')).json()) as {
      items: object[];
    };
    expect(letters.items).toMatchObject([{ firstSeq: 1, failure: 'status 500' }]);
    isUp = true;
    const replayed = await call(`/v1/subscriptions/${subscription.id}/replay`, 'POST');
    expect(await replayed.json()).toEqual({ replayed: 1 });
    for (let outcome = await once(); outcome.kind === 'snoozed'; outcome = await once());
    const latest = await changeStore(db).latest();
    expect(heard).toEqual((await changeStore(db).after(0, 10_000)).map(({ seq }) => seq));
    const listed = (await (await call('/v1/subscriptions', 'GET')).json()) as { items: object[] };
    expect(listed.items).toMatchObject([{ id: subscription.id, afterSeq: latest, waiting: 0, deadLetters: 0 }]);
    expect(JSON.stringify(listed)).not.toContain(secret);
    expect((await call(`/v1/subscriptions/${subscription.id}`, 'DELETE')).status).toBe(200);
    expect((await call(`/v1/subscriptions/${subscription.id}`, 'DELETE')).status).toBe(404);
  });

  it('is for operators, with a body that is JSON, small and right', async () => {
    const body = { url: 'https://a.example/' };
    expect((await call('/v1/subscriptions', 'POST', body, { 'Content-Type': 'application/json' })).status).toBe(401);
    expect((await call('/v1/subscriptions', 'POST', body, { ...operator, 'Content-Type': 'text/plain' })).status).toBe(
      415,
    );
    expect((await call('/v1/subscriptions', 'POST', { url: 'x'.repeat(70_000) })).status).toBe(413);
    expect((await call('/v1/subscriptions', 'POST', { url: 'file:///etc/passwd' })).status).toBe(422);
    expect((await call('/v1/subscriptions', 'POST', { ...body, secret: 'whsec_c2hvcnQ=' })).status).toBe(422);
    expect((await call('/v1/subscriptions', 'POST', { ...body, extra: 1 })).status).toBe(400);
    expect((await app.request('/v1/subscriptions', { method: 'POST', headers: operator, body: '{' })).status).toBe(400);
  });

  it('is managed on the command line too', async () => {
    const env = { DATABASE_URL: database.url };
    const added = await runHere(['subscription', 'add', 'http://127.0.0.1:9/hook', '--after', '0'], env);
    const id = /subscription (\d+)/.exec(added.out)?.[1] ?? '';
    expect(added).toMatchObject({ code: 0, out: expect.stringMatching(/\nwhsec_\S+\n$/) });
    expect((await runHere(['subscription', 'add', 'http://127.0.0.1:9/hook'], env)).code).toBe(1);
    expect((await runHere(['subscription', 'list'], env)).out).toMatch(/after change 0, \d+ waiting, 0 dead letters/);
    expect((await runHere(['subscription', 'dead-letters', id], env)).out).toBe('');
    expect((await runHere(['subscription', 'replay', id], env)).out).toMatch(/^0 dead letters/);
    expect((await runHere(['subscription', 'remove', id], env)).code).toBe(0);
    expect((await runHere(['subscription', 'remove', id], env)).code).toBe(1);
    expect((await runHere(['subscription', 'remove', 'x'], env)).code).toBe(2);
  });
});
