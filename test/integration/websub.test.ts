import { text } from 'node:stream/consumers';
import { Day } from '@throughline/core';
import { catalogueStore, changeStore, subscriptionStore } from '@throughline/db';
import { deliver, deliverJob } from '@throughline/pipeline';
import { request } from '@throughline/queue';
import { testDatabase } from '@throughline/test';
import { serveOnLoopback } from '@throughline/test/loopback';
import { portalPage, reader, tagsOf } from '@throughline/test/record';
import { stationOn, untilDone, workOn } from '@throughline/test/station';
import { addFeeds, postgresReader, startWeb } from '@throughline/web';
import { NO_TRACE } from '@throughline/runtime';
import { parseAtomFeed, parseJsonFeed, parseRssFeed } from 'feedsmith';
import { sql } from 'kysely';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';

const database = await testDatabase();
const { db } = database;
const subscriptions = subscriptionStore(db);
afterAll(() => database.drop());

beforeEach(async () => {
  await sql`truncate change, subscription, dead_letter, event, page, entity restart identity cascade`.execute(db);
});

/** A hub: told of a feed, it asks for it, as it would before handing it on. Answers with the given statuses in turn, then 202. */
async function aHub(...statuses: number[]) {
  const told: string[] = [];
  const fetched = new Map<string, Response>();
  const forms: { mode: string | null; type: string | undefined }[] = [];
  const server = await serveOnLoopback({
    '/hub': (incoming, response) =>
      void text(incoming).then(async (body) => {
        const form = new URLSearchParams(body);
        forms.push({ mode: form.get('hub.mode'), type: incoming.headers['content-type'] });
        const status = statuses.shift() ?? 202;
        if (status < 300) {
          for (const topic of form.getAll('hub.url')) {
            told.push(topic);
            fetched.set(topic, await fetch(topic));
          }
        }
        response.writeHead(status).end();
      }),
  });
  return {
    told,
    fetched,
    forms,
    url: `${server.origin}/hub`,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

/** The site over real HTTP, naming the hub. */
async function aSite(hub: string) {
  const web = await startWeb({
    reader: postgresReader(db),
    host: '127.0.0.1',
    port: 0,
    hub,
    extend: (app, site) => addFeeds(app, site, catalogueStore(db)),
  });
  await subscriptions.ensureHub({ url: hub, origin: web.url });
  return { url: web.url, [Symbol.asyncDispose]: () => web.close(0) };
}

const anEvent = (sentence: string) =>
  reader(db)({ day: Day.parse('2017-01-30'), wikitext: portalPage([`${sentence} [http://example.org/a (A)]`]) });

const once = () =>
  deliver.run(
    { subscriptionId: 1 },
    { subscriptions, changes: changeStore(db), catalogue: catalogueStore(db), now: Date.now, trace: NO_TRACE },
    AbortSignal.timeout(10_000),
    AbortSignal.timeout(10_000),
  );

describe('a WebSub hub', () => {
  it('is told of every feed that a change is in, and finds the change there and itself named', async () => {
    await using hub = await aHub();
    await using site = await aSite(hub.url);
    await anEvent('A storm crosses [[Lilliput]].');
    const { rows } = await sql<{ id: Parameters<typeof tagsOf>[0] }>`select id from event`.execute(db);
    const { context, close } = await stationOn(db);
    for (const { id } of rows)
      await context.events.tag([
        tagsOf(id, [{ title: 'Lilliput', surface: 'Lilliput', tagger: 'wikilink', score: 1 }]),
      ]);
    const { queue, worker } = await workOn(context);
    await untilDone(queue, context, [request(deliverJob, { subscriptionId: 1 })]);
    await worker.close();
    await close();

    const pages = ['/index', '/news/2017/01/30/index', '/categories/politics-and-elections', '/entities/lilliput'];
    const suffixes = ['_rss.xml', '_atom.xml', '_feed.json'];
    expect([...new Set(hub.told)].toSorted()).toEqual(
      pages.flatMap((page) => suffixes.map((suffix) => site.url + page + suffix)).toSorted(),
    );
    expect(hub.forms[0]).toEqual({ mode: 'publish', type: 'application/x-www-form-urlencoded' });
    for (const [topic, response] of hub.fetched) {
      expect([topic, response.status, response.headers.get('link')]).toEqual([
        topic,
        200,
        `<${hub.url}>; rel="hub", <${topic}>; rel="self"`,
      ]);
      const feed = await response.text();
      expect(feed).toContain('A storm crosses Lilliput.');
      expect([topic, namedIn(topic, feed)]).toEqual([topic, { hub: hub.url, self: topic }]);
    }
    expect(await subscriptions.behind()).toEqual([]);
  });

  it('that fails is told again later, of the same', async () => {
    await using hub = await aHub(503, 500);
    await using site = await aSite(hub.url);
    await anEvent('A storm crosses [[Lilliput]].');
    expect(await once()).toMatchObject({ kind: 'snoozed', reason: 'status 503', delayMs: 5_000 });
    expect(await once()).toMatchObject({ kind: 'snoozed', reason: 'status 500', delayMs: 10_000 });
    expect(hub.told).toEqual([]);
    expect(await once()).toMatchObject({ kind: 'done' });
    expect(hub.told).toContain(`${site.url}/index_rss.xml`);
    expect(new Set(hub.told).size).toBe(9);
  });

  it('is told of many feeds in several calls', async () => {
    await using hub = await aHub();
    await using site = await aSite(hub.url);
    const sentences = Array.from(
      { length: 40 },
      (_, index) => `A storm of number ${index} crosses the sea. [http://example.org/${index} (A)]`,
    );
    const read = reader(db);
    for (let index = 0; index < 40; index++)
      await read({
        day: Day.parse(`2017-0${1 + Math.floor(index / 20)}-${String((index % 20) + 1).padStart(2, '0')}`),
        wikitext: portalPage([sentences[index] ?? '']),
      });
    expect((await once()).kind).toBe('done');
    expect(hub.forms.length).toBeGreaterThan(1);
    expect(new Set(hub.told).size).toBe(hub.told.length);
    expect(hub.told.every((topic) => topic.startsWith(`${site.url}/`))).toBe(true);
    expect(hub.told.length).toBe((40 + 2) * 3);
  });

  it('is not named by the feed of a search, which it is never told of', async () => {
    await using hub = await aHub();
    await using site = await aSite(hub.url);
    await anEvent('A storm crosses [[Lilliput]].');
    const response = await fetch(`${site.url}/search_atom.xml?q=storm`);
    expect([response.status, response.headers.get('link')]).toEqual([200, null]);
    expect(await response.text()).not.toContain(hub.url);
  });

  it('takes the place of another, and goes when none is set; webhooks stay', async () => {
    await subscriptions.ensure('https://example.org/hook', 'a secret of some length');
    await subscriptions.ensureHub({ url: 'https://hub.example/', origin: 'https://news.example' });
    await subscriptions.ensureHub({ url: 'https://other.example/', origin: 'https://news.example' });
    const urls = async () => (await subscriptions.list()).map(({ url }) => url);
    expect(await urls()).toEqual(['https://example.org/hook', 'https://other.example/']);
    await subscriptions.ensureHub(undefined);
    expect(await urls()).toEqual(['https://example.org/hook']);
  });
});

/** The hub and the address that a feed gives of itself, as a parser of others reads them. */
function namedIn(topic: string, feed: string): { hub: string | undefined; self: string | undefined } {
  if (topic.endsWith('.json')) {
    const { hubs, feed_url: self } = parseJsonFeed(feed);
    return { hub: hubs?.[0]?.url, self };
  }
  const links = topic.endsWith('_rss.xml') ? parseRssFeed(feed).atom?.links : parseAtomFeed(feed).links;
  const of = (rel: string) => links?.find((link) => link.rel === rel)?.href;
  return { hub: of('hub'), self: of('self') };
}
