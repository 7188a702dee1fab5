import { Day } from '@throughline/core';
import { feedStore, hostStore } from '@throughline/db';
import { discover, enrichBehind, lookAtFeed, relatedToPage, type Context } from '@throughline/pipeline';
import { testDatabase } from '@throughline/test';
import { serveOnLoopback, type Reply } from '@throughline/test/loopback';
import { portalPage, reader } from '@throughline/test/record';
import { stationOn } from '@throughline/test/station';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';

// What is asked for beside the capture stage keeps to the hosts' turns and robots.txt all the same.

const HOST = 'paper.example';
const PAGE = `https://${HOST}/court`;
const DAY = Day.parse('2017-03-10');

const database = await testDatabase();
const { db } = database;
const hosts = hostStore(db);
let served: Record<string, Reply> = {};
/** Path and instant of each request. */
const asked: { path: string; at: number }[] = [];
const server = await serveOnLoopback({
  '*'(incoming, response) {
    const { pathname } = new URL(incoming.url ?? '/', 'http://loopback');
    asked.push({ path: pathname, at: performance.now() });
    const reply = served[pathname];
    if (typeof reply === 'function') reply(incoming, response);
    else response.writeHead(reply === undefined ? 404 : 200, { 'content-type': typeOf(pathname) }).end(reply);
  },
});
const typeOf = (path: string) =>
  path.endsWith('.txt') ? 'text/plain' : path.endsWith('.xml') ? 'application/xml' : 'text/html; charset=utf-8';

let context: Context;
let close: () => Promise<void>;
beforeEach(async () => {
  await sql`truncate page, event, change, heading, article, host, entity, topic, feed restart identity cascade`.execute(
    db,
  );
  served = { '/court': page('South Korea: president Park Geun-hye removed by the court') };
  asked.length = 0;
  const replay = { origin: server.origin, hosts: new Set([HOST, 'other.example']) };
  const station = await stationOn(db, { contact: 'ops@example.org', replay });
  context = { ...station.context, replayed: () => false }; // a pace of a second, as for anybody
  close = station.close;
});
afterEach(() => close());
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await database.drop();
});

const page = (title: string) =>
  `<!doctype html><html lang="en"><head><title>${title}</title><meta property="og:type" content="article"></head><body><article><h1>${title}</h1>${'<p>The judges read their decision to a full court room on Friday, and many people waited outside in the cold to hear it.</p>'.repeat(5)}</article></body></html>`;
const signal = () => AbortSignal.timeout(30_000);
const related = (url: string) => relatedToPage(url, 5, context, signal());
const paths = () => asked.map(({ path }) => path);
const gaps = () => asked.slice(1).map(({ at }, i) => at - (asked[i]?.at ?? 0));

describe('an article that no event cites', () => {
  it('is asked for once at its host’s pace, after its robots.txt, and is related to what it reports', async () => {
    await reader(db)({
      day: DAY,
      wikitext: portalPage([
        'The court removes President [[Park Geun-hye]] from office. [http://example.org/park (A)]',
      ]),
    });
    await enrichBehind(context);
    const answer = await related(PAGE);
    expect(answer).toMatchObject({ kind: 'related', title: expect.stringContaining('Park Geun-hye') });
    const events = await sql<{ id: string }>`select id from event`.execute(db);
    expect(answer.kind === 'related' && answer.relations.map(({ to }) => to)).toEqual(events.rows.map(({ id }) => id));
    expect(paths()).toEqual(['/robots.txt', '/court']);
    expect((await related(PAGE)).kind).toBe('related');
    expect(paths()).toEqual(['/robots.txt', '/court', '/court']);
    for (const gap of gaps()) expect(gap).toBeGreaterThan(990);
  });

  it('is not asked for where robots.txt forbids it, at its own host or where that leads', async () => {
    served['/robots.txt'] = 'User-agent: Throughline\nDisallow: /court\n';
    expect(await related(PAGE)).toEqual({ kind: 'unread', reason: 'robots: robots.txt asks us not to' });
    served['/moved'] = (_, response) => void response.writeHead(302, { location: `https://other.example/court` }).end();
    expect(await related(`https://${HOST}/moved`)).toMatchObject({
      reason: expect.stringMatching(/^robots: .*redirect/),
    });
    expect(paths()).toEqual(['/robots.txt', '/moved', '/robots.txt']);
  });

  it.each([
    ['http://169.254.169.254/latest/meta-data', /not a public address/],
    ['http://2130706433/', /not a public address/],
    ['http://me:secret@paper.example/court', /user name or password/],
    ['https://paper.example:8443/court', /neither 80 nor 443/],
    ['file:///etc/passwd', /not supported/],
  ])('is refused at %s, and nothing is kept of it', async (url, says) => {
    expect(await related(url)).toEqual({ kind: 'unread', reason: expect.stringMatching(says) });
    expect((await sql`select from host`.execute(db)).rows).toEqual([]);
    expect(asked).toEqual([]);
  });

  it('does not lead to an address that is not public', async () => {
    served['/court'] = (_, response) =>
      void response.writeHead(302, { location: 'http://169.254.169.254/latest/meta-data' }).end();
    expect(await related(PAGE)).toMatchObject({ kind: 'unread', reason: expect.stringMatching(/^guard: /) });
    expect(paths()).toEqual(['/robots.txt', '/court']);
  });

  it('waits for nobody’s host that another worker has, or that asked for a longer pause', async () => {
    await hosts.lease(HOST, 'another', 60_000);
    expect(await related(PAGE)).toMatchObject({ reason: expect.stringMatching(/a worker is asking its host/) });
    await hosts.release(HOST, 'another', Date.now() + 60_000);
    expect(await related(PAGE)).toMatchObject({ reason: expect.stringMatching(/longer pause/) });
    expect(asked).toEqual([]);
  });
});

describe('a feed', () => {
  const RSS = `<rss version="2.0"><channel><title>The Paper</title><item><guid>1</guid><link>${PAGE}</link><title>Court</title></item></channel></rss>`;

  it('is looked at for a person although its host was never asked before', async () => {
    served['/feed.xml'] = RSS;
    expect(await lookAtFeed(`https://${HOST}/feed.xml`, context, signal())).toMatchObject({ kind: 'feed', items: 1 });
    expect(paths()).toEqual(['/robots.txt', '/feed.xml']);
    expect(gaps()[0]).toBeGreaterThan(990);
  });

  it('waits, as its robots.txt does, while its host is not to be asked', async () => {
    served['/feed.xml'] = RSS;
    await hosts.lease(HOST, 'another', 60_000);
    await hosts.release(HOST, 'another', Date.now() + 60_000);
    const feedId = (await feedStore(db).add(`https://${HOST}/feed.xml`)) ?? 0;
    const outcome = await discover.run({ feedId }, context, signal(), signal());
    expect(outcome.kind).toBe('snoozed');
    expect(asked).toEqual([]);
  });

  it('brings the articles of the sitemaps that it lists, one after another at the host’s pace', async () => {
    const sitemap = (path: string) =>
      `<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>https://${HOST}${path}</loc></url></urlset>`;
    served['/index.xml'] =
      `<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><sitemap><loc>https://${HOST}/1.xml</loc></sitemap><sitemap><loc>https://${HOST}/2.xml</loc></sitemap></sitemapindex>`;
    served['/1.xml'] = sitemap('/one');
    served['/2.xml'] = sitemap('/two');
    const feedId = (await feedStore(db).add(`https://${HOST}/index.xml`)) ?? 0;
    expect(await discover.run({ feedId }, context, signal(), signal())).toMatchObject({ kind: 'done' });
    expect(paths()).toEqual(['/robots.txt', '/index.xml', '/2.xml', '/1.xml']);
    for (const gap of gaps()) expect(gap).toBeGreaterThan(990);
    const { rows } = await sql<{ citedUrl: string }>`select cited_url from article order by 1`.execute(db);
    expect(rows.map(({ citedUrl }) => citedUrl)).toEqual([`https://${HOST}/one`, `https://${HOST}/two`]);
  });
});
