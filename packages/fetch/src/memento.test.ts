import { serveOnLoopback, type Loopback, type Reply } from '@throughline/test/loopback';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import type { Fetched } from './fetched.ts';
import { createFetcher } from './get.ts';
import type { HostTurn } from './host-turn.ts';
import {
  ARCHIVE_HOST,
  cdxQuery,
  copyOf,
  createArchive,
  readCdx,
  type Archive,
  type ArchiveOptions,
} from './memento.ts';

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

/** An archive that is really a server on loopback, and a clock to move by hand. */
async function archiveOf(replies: Readonly<Record<string, Reply>>, options: Partial<ArchiveOptions> = {}) {
  const server: Loopback = await serveOnLoopback(replies);
  const fetcher = createFetcher({
    userAgent: 'test',
    replay: { origin: server.origin, hosts: new Set([ARCHIVE_HOST]) },
  });
  open.push(server, { [Symbol.asyncDispose]: async () => fetcher.close() });
  const clock = { now: Date.parse('2026-09-01T00:00:00Z') };
  const archive = createArchive({ fetcher, contact: 'ops@example.org', now: () => clock.now, ...options }) as Archive;
  return { archive, clock, server };
}

describe('the archive', () => {
  it('is not there for who does not say whom to write to', () => {
    const fetcher = { get: () => Promise.reject(new Error('nothing may be asked')) };
    for (const contact of [undefined, '', ' ']) expect(createArchive({ fetcher, contact })).toBeUndefined();
  });

  it('gives the copy nearest to the event, and its bytes as they came', async () => {
    const { archive, clock, server } = await archiveOf({
      '/cdx/search/cdx': cdx(
        ['20180101000000', STORY, '200'],
        ['20151114120000', STORY, '200'],
        ['20151001000000', STORY, '200'],
      ),
      '/web/20151114120000id_/http://www.example.org/story': '<p>as it was',
    });
    const answer = await archive.nearest(STORY, EVENT_DAY);
    expect(answer).toEqual({
      kind: 'found',
      found: {
        original: STORY,
        at: new Date('2015-11-14T12:00:00Z'),
        url: `https://web.archive.org/web/20151114120000/${STORY}`,
        rawUrl: `https://web.archive.org/web/20151114120000id_/${STORY}`,
      },
    });
    clock.now += 2_500;
    const copy = answer.kind === 'found' && (await archive.fetch(answer.found));
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

  it('says so where it has none', async () => {
    for (const reply of ['[]', '', cdx(), status(404), status(403)]) {
      const { archive } = await archiveOf({ '/cdx/search/cdx': reply });
      expect(await archive.nearest(STORY, EVENT_DAY)).toEqual({ kind: 'none' });
    }
  });

  it('asks a TimeGate instead, without fetching what it leads to', async () => {
    const location = `https://web.archive.org/web/20151114120000/${STORY}`;
    const { archive, server } = await archiveOf(
      { '/web/http://www.example.org/story': status(302, { location }) },
      { timeGate: `https://${ARCHIVE_HOST}/web/` },
    );
    expect(await archive.nearest(STORY, EVENT_DAY)).toMatchObject({ kind: 'found', found: { url: location } });
    expect(server.requests.map(({ headers }) => headers['accept-datetime'])).toEqual(['Fri, 13 Nov 2015 00:00:00 GMT']);
  });
});

describe('the archive’s patience', () => {
  it('is never asked more than 24 times a minute, nor twice at once', async () => {
    const { archive, clock, server } = await archiveOf({ '/cdx/search/cdx': '[]' });
    for (const end = clock.now + 60_000; clock.now < end; clock.now += 100) {
      await Promise.all([archive.nearest(STORY, EVENT_DAY), archive.nearest(STORY, EVENT_DAY)]);
    }
    expect(server.requests).toHaveLength(24);
  });

  it('is not tried for an hour after the first 429, longer where it says so, and the turn outlives a restart', async () => {
    const turns: HostTurn[] = [];
    const { archive, clock, server } = await archiveOf(
      { '/cdx/search/cdx': status(429, { 'retry-after': '7200' }) },
      { onTurn: (turn) => turns.push(turn) },
    );
    const refused = await archive.nearest(STORY, EVENT_DAY);
    expect(refused).toMatchObject({
      kind: 'later',
      at: clock.now + 7_200_000,
      fetched: { kind: 'blocked', status: 429 },
    });
    clock.now += 7_199_000;
    expect(await archive.nearest(STORY, EVENT_DAY)).toMatchObject({ kind: 'later' });
    expect(server.requests).toHaveLength(1);

    const [turn] = turns;
    const again = await archiveOf({ '/cdx/search/cdx': '[]' }, { now: () => clock.now, ...(turn && { turn }) });
    expect(await again.archive.nearest(STORY, EVENT_DAY)).toMatchObject({ kind: 'later' });
    clock.now += 1_000;
    expect(await again.archive.nearest(STORY, EVENT_DAY)).toEqual({ kind: 'none' });
  });

  it('is left alone for longer and longer while it is in trouble', async () => {
    const { archive, clock } = await archiveOf({ '/cdx/search/cdx': status(503) });
    const waits: number[] = [];
    for (let round = 0; round < 3; round++) {
      const answer = await archive.nearest(STORY, EVENT_DAY);
      if (answer.kind === 'later') waits.push(answer.at - clock.now);
      clock.now += waits.at(-1) ?? 0;
    }
    expect(waits).toEqual([3_600_000, 7_200_000, 14_400_000]);
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

  it('has moments that exist', () => {
    expect(copyOf('20151313000000', STORY)).toBeUndefined();
    expect(copyOf('2015', STORY)).toBeUndefined();
  });
});
