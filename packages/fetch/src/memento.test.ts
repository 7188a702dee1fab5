import { ARCHIVE_HOST } from '@throughline/core';
import { serveOnLoopback, type Loopback, type Reply } from '@throughline/test/loopback';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import type { Fetched } from './fetched.ts';
import { createFetcher } from './get.ts';
import { copyAt, copyOf, cdxListQuery, cdxQuery, createCopyFinder, readCdx, type ArchiveOptions } from './memento.ts';

const open: AsyncDisposable[] = [];
afterEach(async () => {
  for (const resource of open.splice(0)) await resource[Symbol.asyncDispose]();
});

const EVENT_DAY = new Date('2015-11-13T00:00:00Z');
const STORY = 'http://www.example.org/story?id=1&x=2';

const cdx = (...rows: string[][]): Reply => JSON.stringify([['timestamp', 'original', 'statuscode'], ...rows]);
const status =
  (code: number, headers = {}): Reply =>
  (_, response) =>
    void response.writeHead(code, headers).end();

/** An archive that is really a server on loopback. */
async function archiveOf(replies: Readonly<Record<string, Reply>>, options: Partial<ArchiveOptions> = {}) {
  const server: Loopback = await serveOnLoopback(replies);
  const fetcher = createFetcher({
    userAgent: 'test',
    replay: { origin: server.origin, hosts: new Set([ARCHIVE_HOST]) },
  });
  open.push(server, { [Symbol.asyncDispose]: async () => fetcher.close() });
  return { finder: createCopyFinder({ fetcher, ...options }), server };
}

describe('the archive', () => {
  it('gives the copy nearest to the event, and its bytes as they came', async () => {
    const { finder, server } = await archiveOf({
      '/cdx/search/cdx': cdx(
        ['20180101000000', STORY, '200'],
        ['20151114120000', STORY, '200'],
        ['20151001000000', STORY, '200'],
      ),
      '/web/20151114120000id_/http://www.example.org/story': '<p>as it was',
    });
    const answer = await finder.nearest(STORY, EVENT_DAY);
    expect(answer).toMatchObject({
      kind: 'found',
      found: {
        original: STORY,
        at: new Date('2015-11-14T12:00:00Z'),
        url: `https://web.archive.org/web/20151114120000/${STORY}`,
        rawUrl: `https://web.archive.org/web/20151114120000id_/${STORY}`,
      },
    });
    const copy = answer.kind === 'found' && (await finder.fetch(answer.found));
    expect(copy).toMatchObject({ kind: 'found', found: { body: Buffer.from('<p>as it was') } });
    expect(server.requests[0]?.url).toBe(
      new URL(cdxQuery(STORY, EVENT_DAY)).pathname + new URL(cdxQuery(STORY, EVENT_DAY)).search,
    );
    expect(server.requests[1]?.url).toBe(`/web/20151114120000id_/${STORY}`);
  });

  it('asks for the capture by its exact URL and moment', () => {
    const query = new URL(cdxQuery(STORY, EVENT_DAY)).searchParams;
    expect(Object.fromEntries(query)).toMatchObject({
      url: STORY,
      closest: '20151113000000',
      sort: 'closest',
      filter: 'statuscode:200',
    });
  });

  it('lists the copies of many pages of a host at once, from their day on', async () => {
    const { finder, server } = await archiveOf({
      '/cdx/search/cdx': cdx(
        ['20151114120000', 'http://www.example.org/2015/11/a', '200'],
        ['20151115120000', 'http://example.org:80/2015/11/b?x=1', '200'],
      ),
    });
    const urls = [
      'http://www.example.org/2015/11/a',
      'https://example.org/2015/11/b?x=1',
      'http://example.org/2015/11/c/d',
    ];
    const answer = await finder.among(urls, { from: EVENT_DAY, to: new Date('2015-12-31T00:00:00Z') });
    expect(answer).toMatchObject({ kind: 'found', found: [{ at: new Date('2015-11-14T12:00:00Z') }, {}] });
    expect(Object.fromEntries(new URL(server.requests[0]?.url ?? '', server.origin).searchParams)).toEqual({
      url: 'example.org/2015/11/',
      matchType: 'prefix',
      output: 'json',
      fl: 'timestamp,original,statuscode',
      filter: 'statuscode:200',
      collapse: 'digest',
      from: '20151113000000',
      to: '20151231000000',
      limit: '20000',
    });
  });

  it.each([
    [['http://a.example/x', 'http://a.example/y?z=/1/2'], 'a.example/'],
    [['http://a.example/news/x'], 'a.example/news/'],
    [['http://a.example/news/x', 'http://a.example/newsroom/x'], 'a.example/'],
    [['http://a.example/n/2/x', 'http://a.example/n/2/3/x', 'http://a.example/n/2/'], 'a.example/n/2/'],
  ])('lists for %j what begins with %s', (urls, prefix) => {
    const query = new URL(cdxListQuery(urls, { from: EVENT_DAY, to: EVENT_DAY })).searchParams;
    expect(query.get('url')).toBe(prefix);
  });

  it('says so where it has none', async () => {
    for (const reply of ['[]', '', cdx(), status(404), status(403)]) {
      const { finder } = await archiveOf({ '/cdx/search/cdx': reply });
      expect(await finder.nearest(STORY, EVENT_DAY)).toMatchObject({ kind: 'none' });
    }
  });

  it('says later where it is in trouble or has had enough', async () => {
    for (const reply of ['<p>maintenance', status(429), status(503)]) {
      const { finder } = await archiveOf({ '*': reply });
      expect(await finder.nearest(STORY, EVENT_DAY)).toMatchObject({ kind: 'later' });
    }
    const { finder } = await archiveOf({ '*': status(503) });
    expect(await finder.fetch({ rawUrl: `https://${ARCHIVE_HOST}/web/20151114120000id_/${STORY}` })).toMatchObject({
      kind: 'later',
      fetched: { status: 503 },
    });
  });

  it('asks a TimeGate instead, without fetching what it leads to', async () => {
    const location = `https://web.archive.org/web/20151114120000/${STORY}`;
    const { finder, server } = await archiveOf(
      { '/web/http://www.example.org/story': status(302, { location }) },
      { timeGate: `https://${ARCHIVE_HOST}/web/` },
    );
    expect(await finder.nearest(STORY, EVENT_DAY)).toMatchObject({ kind: 'found', found: { url: location } });
    expect(server.requests.map(({ headers }) => headers['accept-datetime'])).toEqual(['Fri, 13 Nov 2015 00:00:00 GMT']);
  });
});

describe('what the archive answers', () => {
  const ok = (body: string): Fetched => ({
    kind: 'ok',
    url: '',
    finalUrl: '',
    redirects: [],
    status: 200,
    headers: {},
    contentType: '',
    body: Buffer.from(body),
  });

  it('is read whatever it is', () => {
    expect(readCdx(ok('<html>busy'))).toBeUndefined();
    expect(readCdx(ok('{"a":1}'))).toBeUndefined();
    expect(readCdx(ok('[["other"],["x"]]'))).toBeUndefined();
    expect(
      readCdx(ok('[["timestamp","original"],["x","http://a"],["20150101000000","javascript:x"],[null,{}]]')),
    ).toEqual([]);
    fc.assert(fc.property(fc.json(), (json) => void readCdx(ok(json))));
  });

  it('is known by its address, with and without a flag', () => {
    const copy = copyOf('20151114120000', STORY);
    for (const flag of ['', 'id_', 'if_']) {
      expect(copyAt(`https://web.archive.org/web/20151114120000${flag}/${STORY}`)).toEqual(copy);
    }
    for (const other of [
      STORY,
      `https://web.archive.org/web/2015/${STORY}`,
      'https://evil.example/web/20151114120000/http://a',
    ]) {
      expect(copyAt(other)).toBeUndefined();
    }
  });

  it('has moments that exist', () => {
    expect(copyOf('20151313000000', STORY)).toBeUndefined();
    expect(copyOf('2015', STORY)).toBeUndefined();
  });
});
