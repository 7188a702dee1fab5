import type { IncomingMessage, ServerResponse } from 'node:http';
import { Day } from '@throughline/core';
import { catalogueStore, changeStore } from '@throughline/db';
import { capture, importCapture, rereadArticle, type Context } from '@throughline/pipeline';
import { testDatabase } from '@throughline/test';
import { serveOnLoopback } from '@throughline/test/loopback';
import { portalPage, reader } from '@throughline/test/record';
import { stationOn } from '@throughline/test/station';
import { sql } from 'kysely';
import { afterEach, describe, expect, it } from 'vitest';

const DAY = Day.parse('2026-03-10');
const ended: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ended.splice(0).toReversed()) await end();
});

interface Asked {
  url: URL;
  headers: IncomingMessage['headers'];
}
type Site = (asked: Asked, response: ServerResponse) => void;

const page = (title: string, head = ''): string =>
  `<!doctype html><html lang="en"><head><title>${title}</title>${head}<meta property="og:type" content="article"><meta property="og:title" content="${title}"><meta property="article:published_time" content="2026-03-09T10:00:00Z"></head><body><article><h1>${title}</h1>${'<p>The council of the town met on Monday evening and voted for a bridge across the river, which will be opened in the spring of next year.</p>'.repeat(4)}</article></body></html>`;
const html = (response: ServerResponse, body: string, headers: Record<string, string> = {}) =>
  void response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', ...headers }).end(body);
const canonical = (url: string) => `<link rel="canonical" href="${url}">`;

/** Events that cite these URLs, and the web that answers for them. */
async function world(urls: readonly string[], site: Site) {
  const asked: Asked[] = [];
  const web = await serveOnLoopback({
    '*'(request, response) {
      const one = { url: new URL(String(request.headers['x-replay-url'])), headers: request.headers };
      if (one.url.pathname === '/robots.txt') return void response.writeHead(404).end();
      asked.push(one);
      site(one, response);
    },
  });
  const { db, drop } = await testDatabase();
  const hosts = new Set(['a.example', 'www.a.example', 'b.example', 'evil.example']);
  const { context, close } = await stationOn(db, { replay: { origin: web.origin, hosts } });
  ended.push(async () => web[Symbol.asyncDispose](), drop, close);
  const items = urls.map((url, i) => `Item ${i} of [[Town ${i}]]. [${url} (A)]`);
  await reader(db)({ day: DAY, wikitext: portalPage(items) });
  const signal = () => AbortSignal.timeout(30_000);
  return {
    db,
    context,
    asked,
    paths: () => asked.map(({ url }) => url.pathname),
    work: async (...names: string[]) => {
      for (const host of names) await capture.run({ host }, context, signal(), signal());
    },
    articles: async () => (await sql<Record<string, unknown>>`select * from article order by id`.execute(db)).rows,
    changes: async () => changeStore(db).latest(),
  };
}

describe('an article that is asked for again', () => {
  it('is sent again only where it has changed, and announced only where readers see that', async () => {
    let version = 1;
    const { context, asked, work, articles, changes, db } = await world(
      ['http://a.example/1'],
      ({ headers }, response) => {
        const etag = `"${version}"`;
        if (headers['if-none-match'] === etag) return void response.writeHead(304, { etag }).end();
        html(response, page(version < 3 ? 'Story' : 'Story, corrected'), {
          etag,
          'last-modified': 'Mon, 09 Mar 2026 10:00:00 GMT',
        });
      },
    );
    await work('a.example');
    const [first] = await articles();
    const told = await changes();
    const again = async () => {
      expect(await context.articles.revisit({ host: 'a.example' })).toBe(1);
      await work('a.example');
      return (await articles())[0];
    };
    const second = await again();
    expect(asked[1]?.headers).toMatchObject({
      'if-none-match': '"1"',
      'if-modified-since': 'Mon, 09 Mar 2026 10:00:00 GMT',
    });
    expect(second).toMatchObject({
      state: 'ok',
      status: 304,
      title: 'Story',
      capturedAt: first?.['capturedAt'],
      nextTryAt: null,
    });
    expect(second?.['triedAt']).not.toEqual(first?.['triedAt']);
    version = 2; // other bytes, the same for readers
    expect(await again()).toMatchObject({ etag: '"2"', title: 'Story' });
    expect(await changes()).toBe(told);
    version = 3;
    expect(await again()).toMatchObject({ etag: '"3"', title: 'Story, corrected' });
    expect(await changes()).toBe(told + 1);
    expect((await sql`select from snapshot`.execute(db)).rows).toHaveLength(2); // the second had the same bytes as the first
  });

  it('keeps what was read when it is gone or shows an error page later', async () => {
    let answer: Site = (_, response) => html(response, page('Story'), { etag: '"1"' });
    const { context, work, articles } = await world(['http://a.example/1'], (...given) => answer(...given));
    await work('a.example');
    for (const [later, state] of [
      [(_: Asked, response: ServerResponse) => void response.writeHead(410).end(), 'gone'],
      [
        (_: Asked, response: ServerResponse) =>
          html(response, '<title>Page not found</title><h1>404: page not found</h1>'),
        'not-article',
      ],
    ] as const) {
      answer = later;
      await context.articles.revisit({ host: 'a.example' });
      await work('a.example');
      expect(await articles()).toMatchObject([{ state, title: 'Story', kind: 'article', copyTryAt: null }]);
    }
  });

  it('does not send validators of a page that was no article', async () => {
    const { context, asked, work } = await world(['http://a.example/1'], (_, response) =>
      html(response, '<title>Page not found</title><h1>404: page not found</h1>', { etag: '"x"' }),
    );
    await work('a.example');
    await context.articles.revisit({ host: 'a.example' });
    await work('a.example');
    expect(asked.map(({ headers }) => headers['if-none-match'])).toEqual([undefined, undefined]);
  });

  it('is asked for where it has moved for good, at its own host from then on', async () => {
    const { context, paths, work, articles } = await world(['http://a.example/old'], ({ url }, response) => {
      if (url.hostname === 'a.example')
        return void response.writeHead(301, { location: 'http://www.a.example/new' }).end();
      html(response, page('Story'));
    });
    await work('a.example');
    expect(await articles()).toMatchObject([
      { citedUrl: 'http://a.example/old', movedTo: 'http://www.a.example/new', host: 'www.a.example', state: 'ok' },
    ]);
    await context.articles.revisit({ host: 'www.a.example' });
    await work('www.a.example');
    expect(paths()).toEqual(['/old', '/new', '/new']);
  });

  it('is not asked for elsewhere after a redirect for the time being', async () => {
    const { work, articles } = await world(['http://a.example/old'], ({ url }, response) => {
      if (url.pathname === '/old') return void response.writeHead(302, { location: '/new' }).end();
      html(response, page('Story'));
    });
    await work('a.example');
    expect(await articles()).toMatchObject([{ movedTo: null, finalUrl: 'http://a.example/new', state: 'ok' }]);
  });
});

describe('articles that turn out to be one', () => {
  it('are merged where one redirects to the other for good, with all their spellings, events and snapshots', async () => {
    const { db, context, work, articles } = await world(
      ['http://a.example/story', 'http://b.example/moved', 'http://b.example/moved?page=2'],
      ({ url }, response) => {
        if (url.hostname === 'b.example')
          return void response.writeHead(308, { location: 'http://a.example/story' }).end();
        html(response, page('Story'));
      },
    );
    await work('a.example', 'b.example', 'b.example');
    expect(await articles()).toMatchObject([
      { id: 1, mergedInto: null, state: 'ok', title: 'Story' },
      { id: 2, mergedInto: 1, nextTryAt: null, citedUrl: 'http://b.example/moved' },
      { id: 3, mergedInto: 1, nextTryAt: null },
    ]);
    for (const url of ['https://a.example/story', 'https://b.example/moved', 'https://b.example/moved?page=2']) {
      expect(await context.articles.citing(url)).toHaveLength(3);
    }
    expect((await sql`select distinct article_id from snapshot`.execute(db)).rows).toEqual([{ articleId: 1 }]);
    expect((await sql`select url from event_source order by url`.execute(db)).rows).toEqual(
      ['http://a.example/story', 'http://b.example/moved', 'http://b.example/moved?page=2'].map((url) => ({ url })),
    );
    expect(await context.articles.states()).toEqual({ ok: 1 });
    expect(await context.events.behindCount()).toBe(3);
  });

  it('are merged by rel=canonical where the other has not been read, or has the same title', async () => {
    const { work, articles } = await world(
      ['http://a.example/amp?id=1', 'http://a.example/story', 'http://a.example/print/1'],
      (_, response) => html(response, page('Story', canonical('http://www.a.example/story'))),
    );
    await work('a.example');
    expect(await articles()).toMatchObject([{ mergedInto: null, state: 'ok' }, { mergedInto: 1 }, { mergedInto: 1 }]);
  });

  it('are not, where every page of a site claims the same address', async () => {
    const { work, articles } = await world(
      ['http://a.example/1', 'http://a.example/2', 'http://a.example/3'],
      ({ url }, response) => html(response, page(`Story ${url.pathname}`, canonical('http://a.example/article'))),
    );
    await work('a.example');
    expect((await articles()).map(({ mergedInto }) => mergedInto)).toEqual([null, null, null]);
  });

  it('are not, because a page claims the address of another site', async () => {
    const { context, work, articles } = await world(
      ['http://evil.example/trap', 'http://b.example/story'],
      ({ url }, response) =>
        html(
          response,
          url.hostname === 'evil.example' ? page('Lies', canonical('http://b.example/story')) : page('Story'),
        ),
    );
    await work('evil.example');
    expect(await context.articles.find('https://b.example/story')).toMatchObject({ state: 'waiting', merged: [] });
    await work('b.example');
    expect(await articles()).toMatchObject([
      { title: 'Story', mergedInto: null },
      { title: 'Lies', mergedInto: null },
    ]);
  });
});

/** A reader that gives up every page. */
const givesUp: Context['readPage'] = async () => ({ kind: 'unreadable', reason: 'reading it took longer than 30 s' });

describe('a page that cannot be read', () => {
  it('is kept and recorded, and read once that can be done', async () => {
    const { context, work, articles, db } = await world(['http://a.example/1', 'http://a.example/2'], (_, response) =>
      html(response, page('Story')),
    );
    const { readPage } = context;
    context.readPage = givesUp;
    await work('a.example');
    const unread = { state: 'not-article', reason: 'unreadable: reading it took longer than 30 s', nextTryAt: null };
    expect(await articles()).toMatchObject([
      { ...unread, title: null },
      { ...unread, title: null },
    ]);
    const [kept] = await context.snapshotIndex.ofArticles(0, 1);
    expect(await rereadArticle(kept?.snapshots ?? [], context)).toBe('unreadable');
    context.readPage = readPage;
    expect(await rereadArticle(kept?.snapshots ?? [], context)).toBe('changed');
    expect(await articles()).toMatchObject([{ state: 'ok', reason: null, title: 'Story' }, unread]);
    expect((await sql`select from snapshot`.execute(db)).rows).toHaveLength(2);
  });

  it('is kept all the same where it was captured elsewhere', async () => {
    const { context, articles } = await world(['http://a.example/1'], () => {});
    const captured = {
      url: 'http://a.example/1',
      at: new Date('2026-03-10T12:00:00Z'),
      status: 200,
      headers: { 'content-type': 'text/html' },
      body: Buffer.from(page('Story')),
    };
    expect(await importCapture(captured, { ...context, readPage: givesUp })).toBe('unreadable');
    const [kept] = await context.snapshotIndex.ofArticles(0, 1);
    expect(await rereadArticle(kept?.snapshots ?? [], context)).toBe('changed');
    expect(await articles()).toMatchObject([{ title: 'Story' }]);
  });
});

it('what its page says beside the fields is kept and told', async () => {
  const body = page('Story')
    .replace(
      '<h1>Story</h1>',
      '<h1>Another line</h1><figure><img src="/bridge-800.jpg" width="800" height="500"><figcaption>The bridge. Photo: Ada Bell</figcaption></figure>',
    )
    .replace('2026-03-09T10:00:00Z', '2026-03-09');
  const { work, db } = await world(['http://a.example/1'], (_, response) => html(response, body));
  await work('a.example');
  const { items } = await catalogueStore(db).sources({}, { limit: 5 });
  expect(items).toMatchObject([
    {
      article: { title: 'Story' },
      reading: {
        kind: 'article',
        wordCount: 108,
        paywalled: false,
        direction: 'ltr',
        publishedBounds: { earliest: '2026-03-08T10:00:00Z', latest: '2026-03-10T11:59:59Z' },
        images: [{ url: 'http://a.example/bridge-800.jpg', width: 800, height: 500 }],
        rivals: { title: [{ value: 'Another line', rule: 'dom:h1' }] },
      },
    },
  ]);
});

describe('what a page turns out to be', () => {
  it.each([
    [
      'a redirect to the front page',
      ({ url }: Asked, response: ServerResponse) =>
        url.pathname === '/'
          ? html(response, page('Home'))
          : void response.writeHead(302, { location: '/?from=old' }).end(),
      { state: 'ok' },
    ],
    [
      'a redirect to the bare front page',
      ({ url }: Asked, response: ServerResponse) =>
        url.pathname === '/' ? html(response, page('Home')) : void response.writeHead(301, { location: '/' }).end(),
      { state: 'gone', reason: 'redirected to the front page', title: null },
    ],
    [
      'an error page',
      (_: Asked, response: ServerResponse) =>
        html(response, '<title>Page not found</title><h1>404: page not found</h1>'),
      { state: 'not-article', reason: 'soft-404', title: null },
    ],
    [
      'a wall against programs',
      (_: Asked, response: ServerResponse) =>
        html(
          response,
          '<html><head><title>Just a moment...</title></head><body><h1>Checking your browser before accessing</h1><div id="cf-challenge-running"></div><noscript>Enable JavaScript and cookies to continue</noscript></body></html>',
        ),
      { state: 'blocked', reason: 'bot wall', title: null },
    ],
  ])('is recorded: %s', async (_, site, ending) => {
    const { work, articles } = await world(['http://a.example/1'], site);
    await work('a.example');
    expect(await articles()).toMatchObject([ending]);
  });
});
