import { Day, type ArticleId } from '@throughline/core';
import { feedStore } from '@throughline/db';
import { discoverJob, sweep } from '@throughline/pipeline';
import { request } from '@throughline/queue';
import { testDatabase } from '@throughline/test';
import { apiOn, OPERATOR_TOKEN } from '@throughline/test/api';
import { serveOnLoopback, type Reply } from '@throughline/test/loopback';
import { portalPage, reader } from '@throughline/test/record';
import { stationOn, untilDone, workOn } from '@throughline/test/station';
import { runHere } from '@throughline/test/terminal';
import { sql } from 'kysely';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';

const database = await testDatabase();
const { db } = database;
const feeds = feedStore(db);
const HOST = 'paper.example';
const FEED = `https://${HOST}/feed.xml`;
afterAll(() => database.drop());

const article = (
  title: string,
  description = 'What happened, in some more words than the title has.',
  published = '2017-03-10T09:00:00Z',
) =>
  `<!doctype html><html lang="en"><head><title>${title} | The Paper</title><meta property="og:site_name" content="The Paper"><meta property="og:title" content="${title}">
   <meta property="og:type" content="article"><meta property="og:description" content="${description}"><meta property="article:published_time" content="${published}"></head>
   <body><article><h1>${title}</h1>${`<p>${description} ${'The court said so on Friday, and people in the streets heard it and went home late. '.repeat(8)}</p>`.repeat(4)}</article></body></html>`;

const rss = (...items: { guid: string; path: string; title: string }[]) =>
  `<rss version="2.0"><channel><title>The Paper</title>${items
    .map(
      ({ guid, path, title }) =>
        `<item><guid isPermaLink="false">${guid}</guid><link>https://${HOST}${path}?utm_source=rss</link><title>${title}</title><pubDate>Fri, 10 Mar 2017 09:00:00 GMT</pubDate></item>`,
    )
    .join('')}</channel></rss>`;

const COURT = "South Korea's President Park Geun-hye removed as court upholds impeachment";
const HARVEST = 'Late frost ruins the cherry harvest of the upper valley';

let served: Record<string, Reply> = {};
const server = await serveOnLoopback({
  '*': (incoming, response) => {
    const reply = served[new URL(incoming.url ?? '/', 'http://x').pathname];
    if (typeof reply === 'function') return reply(incoming, response);
    if (reply === undefined) return void response.writeHead(404, { 'content-type': 'text/html' }).end('<p>Not here.');
    const type = incoming.url?.includes('feed')
      ? 'application/rss+xml'
      : incoming.url?.includes('robots')
        ? 'text/plain'
        : 'text/html; charset=utf-8';
    return void response.writeHead(200, { 'content-type': type }).end(reply);
  },
});
afterAll(() => server[Symbol.asyncDispose]());

beforeEach(async () => {
  served = {};
  server.requests.length = 0;
  await sql`truncate feed, feed_item, article, article_url, host, event, page, change, story restart identity cascade`.execute(
    db,
  );
});

/** Has the feed read once, and everything that follows from it done. */
async function readOnce(id: number): Promise<void> {
  await sql`update feed set next_read_at = now() - interval '1 minute'`.execute(db);
  const { context, close } = await stationOn(db, {
    contact: 'ops@example.org',
    replay: { origin: server.origin, hosts: new Set([HOST]) },
  });
  const { queue, worker } = await workOn(context);
  await untilDone(queue, context, [request(discoverJob, { feedId: id })]);
  await worker.close();
  await close();
}

const eventTexts = async (): Promise<string[]> => {
  const { rows } = await sql<{ text: string }>`select text from event where state = 'stable' order by text`.execute(db);
  return rows.map(({ text }) => text);
};

describe('a feed as a source', () => {
  it('brings articles that join the event they report, or become one of their own, and says which and why', async () => {
    await reader(db)({
      day: Day.parse('2017-03-10'),
      wikitext: portalPage([
        'The Constitutional Court of South Korea upholds the impeachment of President [[Park Geun-hye]], removing her from office. [http://example.org/park (A)]',
        'A storm kills nine people in the north of [[Madagascar]]. [http://example.org/storm (A)]',
      ]),
    });
    served = {
      '/feed.xml': rss({ guid: '1', path: '/court', title: COURT }, { guid: '2', path: '/harvest', title: HARVEST }),
      '/court': article(COURT),
      '/harvest': article(HARVEST),
    };
    const id = (await feeds.add(FEED)) ?? 0;
    await readOnce(id);

    expect(await feeds.list()).toMatchObject([
      { form: 'rss', title: 'The Paper', items: 2, failure: null, failures: 0 },
    ]);
    const own = (await eventTexts()).filter((text) => !/Korea|Madagascar/.test(text));
    expect(own).toEqual([HARVEST]);
    const { app } = apiOn(db);
    const json = async (path: string) => (await (await app.request(path)).json()) as Record<string, never>;
    const court = (await json(`/v1/lookup?url=${encodeURIComponent(`https://${HOST}/court`)}`)) as unknown as {
      source: { id: ArticleId; joined: { event: string; why: string } };
      events: { id: string; text: string }[];
    };
    expect(court.events.map(({ text }) => text)).toEqual([expect.stringContaining('Park Geun-hye')]);
    expect(court.source.joined).toEqual({
      event: court.events[0]?.id,
      why: expect.stringMatching(/^it reports this event of the same day: /),
    });
    const related = (await json(`/v1/related?url=${encodeURIComponent(`https://${HOST}/court`)}`)) as unknown as {
      to: { events: string[] };
    };
    expect(related.to.events).toEqual([court.events[0]?.id]);
    const event = (await json(`/v1/events/${court.events[0]?.id}`)) as unknown as {
      sources: { url: string; article: { title: string } }[];
    };
    expect(event.sources.map(({ url }) => url)).toEqual(['http://example.org/park', expect.stringContaining('/court')]);
    expect(event.sources[1]?.article.title).toBe(COURT);
    const harvest = (await json(`/v1/lookup?url=${encodeURIComponent(`https://${HOST}/harvest`)}`)) as unknown as {
      source: { joined: object };
    };
    expect(harvest.source.joined).toEqual({ why: expect.stringMatching(/so it is one of its own$/) });

    // The portal's page is read again: what joined the event stays with it.
    await reader(db)({
      day: Day.parse('2017-03-10'),
      at: Date.parse('2017-03-12T00:00Z'),
      wikitext: portalPage([
        'The Constitutional Court of South Korea upholds the impeachment of President [[Park Geun-hye]], removing her from office at once. [http://example.org/park (A)]',
        'A storm kills nine people in the north of [[Madagascar]]. [http://example.org/storm (A)]',
      ]),
    });
    const later = (await json(`/v1/events/${court.events[0]?.id}`)) as unknown as { sources: object[] };
    expect(later.sources).toHaveLength(2);
  });

  it('has no new items where ids or titles change', async () => {
    served = { '/feed.xml': rss({ guid: '1', path: '/harvest', title: HARVEST }), '/harvest': article(HARVEST) };
    const id = (await feeds.add(FEED)) ?? 0;
    await readOnce(id);
    served['/feed.xml'] = rss({ guid: 'another id', path: '/harvest', title: 'Another title' });
    await readOnce(id);
    served['/feed.xml'] = rss({ guid: '1', path: '/harvest-moved', title: 'Moved' });
    await readOnce(id);
    expect(await feeds.list()).toMatchObject([{ items: 1 }]);
    expect(await eventTexts()).toEqual([HARVEST]);
    expect(server.requests.filter(({ url }) => url?.startsWith('/harvest'))).toHaveLength(1);
  });

  it('is asked with its validators, and later and later while it fails', async () => {
    served = {
      '/feed.xml': (incoming, response) => {
        if (incoming.headers['if-none-match'] === '"v1"') return void response.writeHead(304).end();
        response.writeHead(200, { 'content-type': 'application/rss+xml', etag: '"v1"' }).end(rss());
      },
    };
    const id = (await feeds.add(FEED)) ?? 0;
    await readOnce(id);
    await readOnce(id);
    const asked = server.requests.filter(({ url }) => url === '/feed.xml');
    expect(asked.map(({ headers }) => headers['if-none-match'])).toEqual([undefined, '"v1"']);
    expect((await feeds.get(id))?.failure).toBeNull();

    const waits: number[] = [];
    for (const reply of ['<html>gone</html>', '', '{"a": 1}']) {
      served['/feed.xml'] = reply;
      await sql`update feed set etag = null`.execute(db);
      await readOnce(id);
      const feed = await feeds.get(id);
      expect(feed?.failure).toBe('it is no feed and no sitemap');
      waits.push(Math.round(((feed?.nextReadAt.getTime() ?? 0) - (feed?.readAt?.getTime() ?? 0)) / 60_000));
    }
    expect(waits).toEqual([60, 120, 240]);
    delete served['/feed.xml'];
    await readOnce(id);
    expect((await feeds.get(id))?.failure).toMatch(/^gone/);
  });

  it('is not asked where robots.txt asks us not to', async () => {
    served = { '/robots.txt': 'User-agent: *\nDisallow: /feed.xml\n', '/feed.xml': rss() };
    const id = (await feeds.add(FEED)) ?? 0;
    await readOnce(id);
    expect((await feeds.get(id))?.failure).toMatch(/robots/);
    expect(server.requests.filter(({ url }) => url === '/feed.xml')).toEqual([]);
  });

  it('is asked for by the sweep when it is due, and by nobody who cannot be written to', async () => {
    const id = await feeds.add(FEED);
    for (const contact of ['ops@example.org', undefined]) {
      const { context, close } = await stationOn(db, { contact });
      const outcome = await sweep.run({}, context, AbortSignal.timeout(10_000), AbortSignal.timeout(10_000));
      const asked =
        outcome.kind === 'done' ? outcome.next.filter(({ payload }) => 'feedId' in (payload as object)) : [];
      expect(asked.map(({ payload }) => payload)).toEqual(contact ? [{ feedId: id }] : []);
      await close();
    }
  });
});

describe('throughline source', () => {
  it('adds, lists and removes', async () => {
    const throughline = (...args: string[]) => runHere(['source', ...args], { DATABASE_URL: database.url });
    expect(await throughline('add', FEED)).toMatchObject({
      code: 0,
      out: `source 1: ${FEED}\n`,
      error: expect.stringContaining('THROUGHLINE_CONTACT'),
    });
    expect((await throughline('add', FEED)).code).toBe(1);
    for (const bad of ['javascript:alert(1)', 'http://127.0.0.1/feed', 'not a url'])
      expect((await throughline('add', bad)).code).toBe(1);
    expect((await throughline('list')).out).toBe(`1  ${FEED}  never read, 0 items\n`);
    expect((await throughline('remove', FEED)).code).toBe(0);
    expect((await throughline('remove', '1')).code).toBe(1);
  });
});

describe('POST /v1/articles', () => {
  it('takes an article as submit does, and has its host asked', async () => {
    const { app, asked } = apiOn(db);
    const post = (body: object, token = OPERATOR_TOKEN) =>
      app.request('/v1/articles', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` },
        body: JSON.stringify(body),
      });
    const taken = await post({ url: `https://${HOST}/court` });
    expect([taken.status, await taken.json()]).toEqual([
      202,
      { id: 1, url: `https://${HOST}/court`, state: 'waiting', events: [] },
    ]);
    expect(asked).toEqual([HOST]);
    expect((await post({ url: `https://${HOST}/court#again` })).status).toBe(202);
    expect((await sql`select from article`.execute(db)).rows).toHaveLength(1);
    for (const url of ['http://localhost/x', 'ftp://a.example/', 'https://user:pw@a.example/', 'x'])
      expect((await post({ url })).status).toBe(422);
    expect((await post({ url: 'https://a.example/' }, 'wrong')).status).toBe(401);
  });
});
