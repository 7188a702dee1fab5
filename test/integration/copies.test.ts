import { ARCHIVE_HOST, Day, type ArticleId } from '@throughline/core';
import { siteStore, type Database } from '@throughline/db';
import { capture, type Context } from '@throughline/pipeline';
import type { ServerResponse } from 'node:http';
import { testDatabase } from '@throughline/test';
import { serveOnLoopback, type Loopback, type Reply } from '@throughline/test/loopback';
import { portalPage, reader } from '@throughline/test/record';
import { stationOn } from '@throughline/test/station';
import { sql } from 'kysely';
import { afterEach, describe, expect, it } from 'vitest';

const DAY = Day.parse('2015-11-13');
const STORY = 'http://news.example/story?id=1';
const COPY = `https://${ARCHIVE_HOST}/web/20151114120000/${STORY}`;
const RAW = '/web/20151114120000id_/http://news.example/story';

const ended: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ended.splice(0).toReversed()) await end();
});

const page = (title: string): string =>
  `<html lang="en"><head><title>${title}</title><meta property="og:type" content="article"><meta property="og:title" content="${title}"><meta property="article:published_time" content="2015-11-13T10:00:00Z"></head><body><article><h1>${title}</h1>${'<p>The council of the town met on Monday evening and voted for a bridge across the river, which will be opened in the spring.</p>'.repeat(4)}</article></body></html>`;

const cdx = (...stamps: string[]): string =>
  JSON.stringify([['timestamp', 'original', 'statuscode'], ...stamps.map((stamp) => [stamp, STORY, '200'])]);

interface World {
  db: Database;
  context: Context;
  web: Loopback;
  /** Requests that the archive got. */
  asked: () => string[];
  /** One job of the capture stage; the archive's own unless told. */
  work: (host?: string) => ReturnType<typeof capture.run>;
  /** The archive's next turn is now, without any time having to go by. */
  turn: () => Promise<void>;
  article: () => Promise<Record<string, unknown>>;
}

/** Event of 2015 whose article answers with 404, and an archive; both really servers on loopback. */
async function world(
  archive: Readonly<Record<string, Reply>>,
  { contact, stories = [STORY] }: { contact?: string; stories?: string[] } = { contact: 'ops@example.org' },
): Promise<World> {
  const web = await serveOnLoopback(archive);
  const { db, drop } = await testDatabase();
  const hosts = new Set([ARCHIVE_HOST, 'news.example']);
  const { context: open, close } = await stationOn(db, { contact, replay: { origin: web.origin, hosts } });
  ended.push(async () => web[Symbol.asyncDispose](), drop, close);
  const context = { ...open, replayed: (host: string) => host !== ARCHIVE_HOST };
  await reader(db)({
    day: DAY,
    wikitext: portalPage(stories.map((url, i) => `A vote in [[Town ${i}]]. [${url} (News)]`)),
  });
  const signal = () => AbortSignal.timeout(30_000);
  return {
    db,
    context,
    web,
    asked: () => web.requests.filter(({ headers }) => headers.host === ARCHIVE_HOST).map(({ url = '' }) => url),
    work: (host = ARCHIVE_HOST) => capture.run({ host }, context, signal(), signal()),
    turn: async () => void (await sql`update host set next_turn_at = '-infinity'`.execute(db)),
    article: async () => (await sql<Record<string, unknown>>`select * from article`.execute(db)).rows[0] ?? {},
  };
}

describe('the copies of many articles of one host', () => {
  const stories = Array.from({ length: 7 }, (_, i) => `http://news.example/2015/11/story-${i}`);
  const listed = stories.slice(0, 6);
  const rows = listed.flatMap((url) => ['20151201000000', '20151114120000'].map((stamp) => [stamp, url, '200']));
  const table = (...lines: string[][]) => JSON.stringify([['timestamp', 'original', 'statuscode'], ...lines]);
  const options = { contact: 'ops@example.org', stories };

  it('are found in one list, and what is not in it one by one', async () => {
    const { db, asked, work, turn, context } = await world(
      {
        '/cdx/search/cdx': (incoming, response) => {
          const isList = incoming.url?.includes('matchType=prefix');
          response.writeHead(200, { 'content-type': 'application/json' }).end(isList ? table(...rows) : '[]');
        },
        '*': (incoming, response) => {
          const isArchive = incoming.headers.host === ARCHIVE_HOST;
          response.writeHead(isArchive ? 200 : 404, { 'content-type': 'text/html' });
          response.end(isArchive ? page(`Copy of ${incoming.url}`) : '');
        },
      },
      options,
    );
    await work('news.example');
    expect(await context.articles.copies()).toMatchObject({ waiting: 7 });
    await work();
    expect(asked()).toHaveLength(1);
    expect(await context.articles.copies()).toEqual({ waiting: 1, located: 6, found: 0, without: 0 });
    for (let jobs = 0; jobs < 20 && (await turn(), (await work()).kind !== 'done'); jobs++);
    expect(await context.articles.copies()).toEqual({ waiting: 0, located: 0, found: 6, without: 1 });
    expect(asked()).toHaveLength(1 + 1 + 6); // the list, the one that is not in it, the bytes
    const found = await sql<{ archivedUrl: string }>`select archived_url from article where archived_url is not null
      order by url`.execute(db);
    expect(found.rows.map(({ archivedUrl }) => archivedUrl)).toEqual(
      listed.map((url) => `https://${ARCHIVE_HOST}/web/20151114120000/${url}`),
    );
  });

  it('are asked for again in one list after a 429, and one by one where the list cannot be read', async () => {
    let answer = 429;
    const { asked, work, turn } = await world(
      {
        '/cdx/search/cdx': (_, response) => void response.writeHead(answer).end(answer === 200 ? '<p>too much' : ''),
      },
      options,
    );
    await work('news.example');
    await work();
    expect((await work()).kind).toBe('snoozed');
    expect(asked()).toHaveLength(1);
    answer = 200;
    await turn();
    await work();
    await turn();
    await work();
    const kinds = asked().map((url) => new URL(url, 'http://a').searchParams.get('matchType'));
    expect(kinds).toEqual(['prefix', 'prefix', null]);
  });
});

describe('the copy of an article that is gone', () => {
  it('is found nearest to the event, read, marked, and shown with its time and place', async () => {
    const { db, context, web, asked, work, turn, article } = await world({
      '/cdx/search/cdx': cdx('20180101000000', '20151114120000'),
      [RAW]: page('Council votes for a bridge'),
    });
    await work('news.example');
    expect(await article()).toMatchObject({ state: 'gone', archivedUrl: null, title: null });
    expect(await context.hosts.due(10, context.reach)).toEqual([ARCHIVE_HOST]);
    expect(await context.articles.copies()).toEqual({ waiting: 1, located: 0, found: 0, without: 0 });

    expect(await work()).toMatchObject({ kind: 'snoozed', facts: { asked: 1, copies: 0 } });
    expect(new URL(asked()[0] ?? '', web.origin).searchParams.get('closest')).toBe('20151113120000');
    expect(await context.articles.copies()).toMatchObject({ located: 1 });
    expect(await work()).toMatchObject({ kind: 'snoozed' }); // 24 a minute: not before 2.5 s
    expect(asked()).toHaveLength(1);

    await turn();
    expect(await work()).toMatchObject({ kind: 'done', facts: { asked: 1, copies: 1 } });
    expect(await article()).toMatchObject({
      state: 'gone',
      title: 'Council votes for a bridge',
      archivedUrl: COPY,
      archivedAt: new Date('2015-11-14T12:00:00Z'),
      copyTryAt: null,
    });
    const { rows } = await sql<{ id: never }>`select id from event`.execute(db);
    const shown = await siteStore(db).page(rows[0]?.id as never);
    expect(shown?.sources).toMatchObject([
      {
        state: 'gone',
        reason: 'status 404',
        archived: { url: COPY, at: '2015-11-14T12:00:00.000Z' },
        article: { title: 'Council votes for a bridge' },
      },
    ]);
    const [snapshot] = (await sql<{ hash: string; url: string }>`select hash, url from snapshot`.execute(db)).rows;
    expect(snapshot?.url).toBe(`https://${ARCHIVE_HOST}/web/20151114120000id_/${STORY}`);
    expect((await context.snapshots.read(snapshot?.hash ?? ''))?.body.toString()).toContain('Council votes');
    await turn();
    expect(await work()).toMatchObject({ kind: 'done', facts: { asked: 0 } });
    expect(await context.hosts.due(10, context.reach)).toEqual([]);
  });

  it('is not looked for while nobody says whom to write to', async () => {
    const { context, asked, work } = await world({}, {});
    await work('news.example');
    expect(await context.hosts.due(10, context.reach)).toEqual([]);
    expect(await work()).toMatchObject({ kind: 'done' });
    expect(asked()).toEqual([]);
  });

  it('is not asked for again within the hour after a 429, which costs the article no try', async () => {
    const { db, asked, work, article } = await world({
      '/cdx/search/cdx': (_, response) => void response.writeHead(429, { 'retry-after': '7200' }).end(),
    });
    await work('news.example');
    await work();
    const { rows } = await sql<{
      wait: number;
    }>`select extract(epoch from next_turn_at - now())::float8 as wait from host where name = ${ARCHIVE_HOST}`.execute(
      db,
    );
    expect(rows[0]?.wait).toBeGreaterThan(7_100);
    expect(await work()).toMatchObject({ kind: 'snoozed' });
    expect(asked()).toHaveLength(1);
    expect(await article()).toMatchObject({ copyAttempts: 0, archivedUrl: null });
    expect((await article())['copyTryAt']).not.toBeNull();
  });

  it.each([
    ['has none', { '/cdx/search/cdx': '[]' }, 1],
    [
      'has only an error page',
      { '/cdx/search/cdx': cdx('20151114120000'), [RAW]: '<title>404 Not Found</title><h1>Not Found</h1>' },
      2,
    ],
    [
      'may not show it',
      {
        '/cdx/search/cdx': cdx('20151114120000'),
        [RAW]: (_: unknown, response: ServerResponse) => void response.writeHead(403).end(),
      },
      2,
    ],
  ])('does without where the archive %s, and can be looked for once more', async (_, replies, requests) => {
    const { context, asked, work, turn, article } = await world(replies);
    await work('news.example');
    for (let round = 0; round < requests + 1; round++) {
      await work();
      await turn();
    }
    expect(asked()).toHaveLength(requests);
    expect(await article()).toMatchObject({ archivedUrl: null, archivedAt: null, copyTryAt: null, title: null });
    expect(await context.articles.copies()).toEqual({ waiting: 0, located: 0, found: 0, without: 1 });
    expect(await context.articles.missAgain()).toBe(1);
    expect(await context.articles.copies()).toMatchObject({ waiting: 1, without: 0 });
  });

  it('is looked for when an article could not be reached for weeks, and given up when the article comes back', async () => {
    const { context, article } = await world({});
    const id = (await context.articles.due('news.example', 1))[0]?.id as ArticleId;
    const failed = { state: 'unreachable', reason: 'dns', status: null, finalUrl: null, nextTryAt: null } as const;
    await context.articles.record(id, new Date(), { ...failed, nextTryAt: new Date(), wantsCopy: false });
    expect((await article())['copyTryAt']).toBeNull();
    await context.articles.record(id, new Date(), { ...failed, wantsCopy: true });
    expect((await article())['copyTryAt']).not.toBeNull();
    const extracted = {
      fields: {},
      rivals: {},
      body: '',
      kind: 'article',
      paywalled: false,
      wordCount: 0,
      direction: 'ltr',
      fingerprint: '',
      faults: [],
    } as const;
    await context.articles.record(id, new Date(), { ...failed, state: 'ok', extracted: { ...extracted, faults: [] } });
    expect((await article())['copyTryAt']).toBeNull();
  });
});
