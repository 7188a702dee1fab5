import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { addDays, type Day } from '@throughline/core';
import { dayOfTitle, pageTitle } from '@throughline/portal';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { planBackfill, portalSource, type PortalOptions } from './portal.ts';
import type { SourceRead } from './source.ts';

const DAY = '2026-03-01' as Day;
const later = (days: number): Day => addDays(DAY, days);

interface Asked {
  parameters: URLSearchParams;
  headers: IncomingMessage['headers'];
  at: number;
}

type Answer = (asked: Asked, response: ServerResponse) => void;

/** A wiki on loopback: `answers` are given in turn, the last one again and again. */
let wiki: { endpoint: string; asked: Asked[]; answers: Answer[]; underWay: number; mostUnderWay: number };
let close: () => void;

beforeEach(async () => {
  const server = createServer((request, response) => {
    const asked = {
      parameters: new URL(request.url ?? '', 'http://wiki').searchParams,
      headers: request.headers,
      at: Date.now(),
    };
    wiki.asked.push(asked);
    wiki.mostUnderWay = Math.max(wiki.mostUnderWay, ++wiki.underWay);
    response.once('close', () => wiki.underWay--);
    const answer = wiki.answers.length > 1 ? wiki.answers.shift() : wiki.answers[0];
    (answer ?? pages)(asked, response);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  wiki = { endpoint: `http://127.0.0.1:${port}/w/api.php`, asked: [], answers: [], underWay: 0, mostUnderWay: 0 };
  close = () => {
    server.closeAllConnections();
    server.close();
  };
});

afterEach(() => close());

const json = (response: ServerResponse, body: unknown, headers: Record<string, string> = {}): void => {
  response.writeHead(200, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
};

const revision = (title: string, id = 100) => ({
  pageid: id,
  ns: 100,
  title,
  revisions: [
    {
      revid: id,
      parentid: id - 1,
      timestamp: '2026-03-02T10:00:00Z',
      slots: { main: { contentmodel: 'wikitext', contentformat: 'text/x-wiki', content: `* Text of ${title}.` } },
    },
  ],
});

/** Answers with a page for every title asked for. */
const pages: Answer = ({ parameters }, response) =>
  json(response, { batchcomplete: true, query: { pages: titlesOf(parameters).map((title) => revision(title)) } });

const titlesOf = (parameters: URLSearchParams): string[] => (parameters.get('titles') ?? '').split('|');

const error =
  (code: string, headers: Record<string, string> = {}): Answer =>
  (_asked, response) =>
    json(response, { error: { code, info: `made up for ${code}` } }, headers);

const status =
  (code: number, headers: Record<string, string> = {}): Answer =>
  (_asked, response) =>
    void response.writeHead(code, headers).end('no');

const FAST = { pace: { perMinute: 60_000, atOnce: 3 }, backoffMs: 5, deadlineMs: 2_000 };

async function readAll(days: readonly Day[], options: Partial<PortalOptions> = {}): Promise<SourceRead[]> {
  const source = portalSource({
    contact: 'ops@example.org',
    version: '1.2.3',
    endpoint: wiki.endpoint,
    ...FAST,
    ...options,
  });
  const reads: SourceRead[] = [];
  for await (const read of source.read(days, { signal: AbortSignal.timeout(10_000) })) reads.push(read);
  return reads;
}

describe('portalSource', () => {
  it('refuses to be made without a contact, and says what to set and why', () => {
    for (const contact of [undefined, '', '  ']) {
      expect(() => portalSource({ contact, version: '1' })).toThrow(/THROUGHLINE_CONTACT.*whom to write to/s);
    }
  });

  it('says who is asking: client, operator, library', async () => {
    await readAll([DAY]);

    expect(wiki.asked[0]?.headers['user-agent']).toMatch(/^Throughline\/1\.2\.3 \(ops@example\.org\) axios\/\d/);
  });

  it('gives a page with its revision, parent and time', async () => {
    const [read] = await readAll([DAY]);

    expect(read).toEqual({
      kind: 'page',
      day: DAY,
      title: 'Portal:Current events/2026 March 1',
      wikitext: '* Text of Portal:Current events/2026 March 1.',
      revision: 100,
      parent: 99,
      at: Date.parse('2026-03-02T10:00:00Z'),
    });
  });

  it('asks for at most fifty titles a call, with the main slot, redirects and maxlag', async () => {
    const days = Array.from({ length: 120 }, (_, index) => later(index));

    const reads = await readAll(days);

    expect(reads.map(({ day }) => day)).toEqual(days);
    expect(wiki.asked.map(({ parameters }) => titlesOf(parameters).length).toSorted((x, y) => x - y)).toEqual([
      20, 50, 50,
    ]);
    expect(Object.fromEntries(wiki.asked[0]?.parameters ?? [])).toMatchObject({
      action: 'query',
      prop: 'revisions',
      rvslots: 'main',
      redirects: '1',
      maxlag: '5',
      formatversion: '2',
    });
  });

  it('takes a missing day for no error', async () => {
    wiki.answers = [
      (_asked, response) =>
        json(response, {
          query: { pages: [{ ns: 100, title: pageTitle(DAY), missing: true }, revision(pageTitle(later(1)))] },
        }),
    ];

    expect((await readAll([DAY, later(1)])).map(({ kind }) => kind)).toEqual(['missing', 'page']);
  });

  it('follows normalised titles and redirects to the page they stand for', async () => {
    const [asked, moved] = [pageTitle(DAY), 'Portal:Current events/2026 March 01'];
    wiki.answers = [
      (_asked, response) =>
        json(response, {
          query: {
            normalized: [{ fromencoded: false, from: asked, to: `${asked} x` }],
            redirects: [{ from: `${asked} x`, to: moved }],
            pages: [revision(moved, 7)],
          },
        }),
    ];

    expect((await readAll([DAY]))[0]).toMatchObject({ kind: 'page', title: moved, revision: 7 });
  });

  it('goes on where an answer says that there is more', async () => {
    const [first, second] = [pageTitle(DAY), pageTitle(later(1))];
    wiki.answers = [
      (_asked, response) =>
        json(response, {
          continue: { rvcontinue: '20260302|5', continue: '||' },
          query: { pages: [revision(first), { pageid: 2, ns: 100, title: second }] },
        }),
      ({ parameters }, response) => {
        expect(parameters.get('rvcontinue')).toBe('20260302|5');
        json(response, { query: { pages: [{ pageid: 1, ns: 100, title: first }, revision(second)] } });
      },
    ];

    expect((await readAll([DAY, later(1)])).map(({ kind }) => kind)).toEqual(['page', 'page']);
  });

  it('gives up a wiki that continues for ever', async () => {
    wiki.answers = [(_asked, response) => json(response, { continue: { continue: 'x' }, query: { pages: [] } })];

    expect((await readAll([DAY]))[0]).toMatchObject({ kind: 'failed', reason: expect.stringMatching(/for ever/) });
    expect(wiki.asked.length).toBeLessThanOrEqual(100);
  });

  it.each(['ratelimited', 'maxlag', 'readonly'])(
    'takes %s, which comes with status 200, for an error and asks again',
    async (code) => {
      wiki.answers = [error(code), error(code), pages];

      expect((await readAll([DAY]))[0]).toMatchObject({ kind: 'page' });
      expect(wiki.asked).toHaveLength(3);
    },
  );

  it('waits as long as Retry-After says, in seconds or as a date', async () => {
    const date = new Date(Date.now() + 2_000).toUTCString();
    for (const value of ['1', date]) {
      wiki.asked.length = 0;
      wiki.answers = [status(429, { 'retry-after': value }), pages];

      await readAll([DAY]);

      const [refused, again] = wiki.asked;
      expect((again?.at ?? 0) - (refused?.at ?? 0)).toBeGreaterThanOrEqual(900);
    }
  });

  it('does not ask again what passes with no time, and says why', async () => {
    wiki.answers = [status(403)];

    expect((await readAll([DAY]))[0]).toMatchObject({
      kind: 'failed',
      reason: expect.stringMatching(/403.*THROUGHLINE_CONTACT/),
    });
    expect(wiki.asked).toHaveLength(1);
  });

  it('gives up after some tries, and goes on with the days of other calls', async () => {
    const days = Array.from({ length: 60 }, (_, index) => later(index));
    wiki.answers = [
      (asked, response) => (titlesOf(asked.parameters).length === 50 ? error('maxlag') : pages)(asked, response),
    ];

    const reads = await readAll(days, { attempts: 3 });

    expect(reads.filter(({ kind }) => kind === 'failed')).toHaveLength(50);
    expect(reads.filter(({ kind }) => kind === 'page')).toHaveLength(10);
    expect(wiki.asked).toHaveLength(4);
  });

  it('leaves the wiki alone when it asks for more patience than we have', async () => {
    wiki.answers = [status(429, { 'retry-after': '86400' })];

    expect((await readAll([DAY]))[0]).toMatchObject({ kind: 'failed', reason: expect.stringMatching(/429/) });
    expect(wiki.asked).toHaveLength(1);
  });

  it('reports a truncated body as one', async () => {
    wiki.answers = [
      (_asked, response) => {
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': '5000' });
        response.write('{"query":');
        setTimeout(() => response.destroy(), 10);
      },
    ];

    expect((await readAll([DAY], { attempts: 2 }))[0]).toMatchObject({
      kind: 'failed',
      reason: expect.stringMatching(/broke off/),
    });
    expect(wiki.asked).toHaveLength(2);
  });

  it('reports JSON that stops early as cut off', async () => {
    wiki.answers = [(_asked, response) => void response.writeHead(200).end('{"query":{"pages":[')];

    expect((await readAll([DAY], { attempts: 1 }))[0]).toMatchObject({
      kind: 'failed',
      reason: expect.stringMatching(/cut off/),
    });
  });

  it('ends a body that drips for ever at its deadline', async () => {
    wiki.answers = [
      (_asked, response) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        const drip = setInterval(() => response.write(' '), 20);
        response.once('close', () => clearInterval(drip));
      },
    ];
    const before = Date.now();

    const [read] = await readAll([DAY], { attempts: 1, deadlineMs: 200 });

    expect(read).toMatchObject({ kind: 'failed', reason: expect.stringMatching(/did not end within 0\.2 s/) });
    expect(Date.now() - before).toBeLessThan(1_500);
  });

  it('asks for fewer days at once where an answer is longer than its limit', async () => {
    const reads = await readAll([DAY, later(1), later(2)], { maxBytes: 700 });

    expect(reads.map(({ kind }) => kind)).toEqual(['page', 'page', 'page']);
    expect(wiki.asked.length).toBeGreaterThan(1);
  });

  it('reports a page that alone is longer than the limit', async () => {
    expect((await readAll([DAY], { maxBytes: 100 }))[0]).toMatchObject({
      kind: 'failed',
      reason: expect.stringMatching(/longer than 100 bytes/),
    });
  });

  it('never has more than three requests under way, and keeps its pace', async () => {
    wiki.answers = [(asked, response) => void setTimeout(() => pages(asked, response), 40)];
    const days = Array.from({ length: 50 * 9 }, (_, index) => later(index));

    await readAll(days, { pace: { perMinute: 3_000, atOnce: 3 } });

    const times = wiki.asked.map(({ at }) => at);
    expect(wiki.mostUnderWay).toBeLessThanOrEqual(3);
    expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(8 * 20 - 20);
  });

  it('stops when it is told to', async () => {
    wiki.answers = [() => undefined];
    const source = portalSource({ contact: 'ops@example.org', version: '1', endpoint: wiki.endpoint, ...FAST });
    const reads = source.read([DAY], { signal: AbortSignal.timeout(50) })[Symbol.asyncIterator]();

    await expect(reads.next()).rejects.toThrow();
  });

  it('names days so that the wiki knows them', async () => {
    await readAll([DAY]);

    expect(dayOfTitle(titlesOf(wiki.asked[0]?.parameters ?? new URLSearchParams())[0] ?? '')).toBe(DAY);
  });

  it('is due for nothing for a while after a failure', async () => {
    wiki.answers = [status(403)];
    const source = portalSource({ contact: 'ops@example.org', version: '1', endpoint: wiki.endpoint, ...FAST });
    const none = () => Promise.resolve(new Map<Day, number>());
    expect(await source.due?.(Date.now(), none)).toHaveLength(8);

    for await (const read of source.read([DAY], { signal: AbortSignal.timeout(5_000) }))
      expect(read.kind).toBe('failed');

    expect(await source.due?.(Date.now(), none)).toEqual([]);
    expect(await source.due?.(Date.now() + 3_600_000, none)).not.toEqual([]);
  });
});

describe('planBackfill', () => {
  it('counts fifty days a call and 200 calls a minute', () => {
    expect(planBackfill('1999-01-01' as Day, '2024-07-08' as Day)).toEqual({ days: 9_321, calls: 187, seconds: 57 });
    expect(planBackfill(DAY, DAY)).toEqual({ days: 1, calls: 1, seconds: 1 });
  });

  it('plans nothing for a span that ends before it begins', () => {
    expect(planBackfill(later(1), DAY)).toEqual({ days: 0, calls: 0, seconds: 0 });
  });
});
