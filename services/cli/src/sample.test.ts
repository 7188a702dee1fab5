import { readdirSync, readFileSync } from 'node:fs';
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { Day } from '@throughline/core';
import { decodePage, decodePageAs, parseDay } from '@throughline/portal';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  locateSample,
  type RecordedAnswer,
  recordedAnswers,
  type ReplayServer,
  sampleDays,
  startReplayServer,
} from './sample.ts';

/** The day of the event that the sample is built around, and those of its ten related ones. */
const SEED_DAYS = `
  2015-11-08 2015-11-20 2015-12-08 2016-01-23 2016-03-14 2017-01-30
  2017-02-05 2017-02-24 2017-03-08 2017-04-11 2017-05-02`
  .trim()
  .split(/\s+/);

const sample = locateSample();
const answers = recordedAnswers(sample);
const days = sampleDays(sample);
/** Found without the parser, which is under test here too. */
const cited = days.flatMap(({ file }) =>
  [...decodePage(readFileSync(file)).matchAll(/\bhttps?:\/\/[^\s\]|}<]+/g)].map(([url]) => url),
);

describe('the bundled sample', () => {
  it('has the eleven days of the seed page, in order', () => {
    const present = days.map(({ day }) => day);
    expect(present).toEqual(present.toSorted());
    expect(SEED_DAYS.filter((day) => !present.includes(Day.parse(day)))).toEqual([]);
  });

  it('has an answer for every URL that a day cites', () => {
    const recorded = new Set(answers.map(({ url }) => url));
    expect(cited.filter((url) => !recorded.has(url))).toEqual([]);
  });

  it('answers nothing that is neither cited, nor reached by a redirect, nor a robots.txt', () => {
    const reached = answers.flatMap(({ url, location }) => (location ? [new URL(location, url).href] : []));
    const known = new Set([...cited, ...reached]);
    const stray = answers.filter(({ url }) => !known.has(url) && new URL(url).pathname !== '/robots.txt');
    expect(stray).toEqual([]);
  });

  it('lists each URL once and each redirect to a URL that it lists', () => {
    const urls = answers.map(({ url }) => url);
    expect(urls).toHaveLength(new Set(urls).size);
    const targets = answers.flatMap(({ url, location }) => (location ? [new URL(location, url).href] : []));
    expect(targets.filter((target) => !urls.includes(target))).toEqual([]);
  });

  it('has every file that it lists, and no other', () => {
    const listed = answers.flatMap(({ file }) => file ?? []).toSorted();
    expect(readdirSync(join(sample, 'pages')).toSorted()).toEqual([...new Set(listed)]);
  });

  it.each(answers.filter(isHtml).map((answer) => [answer.file, answer] as const))(
    'keeps %s in the charset that it declares',
    (_, answer) => {
      const bytes = readFileSync(join(sample, 'pages', answer.file));
      const text = new TextDecoder(declaredCharset(answer, bytes) ?? decodePageAs(bytes).encoding, {
        fatal: true,
      }).decode(bytes);
      expect(text).toMatch(/<html/i);
      expect(text).not.toMatch(/\u{FFFD}|Ã.|Ð./u);
    },
  );
});

/** What the parser may set aside on these pages: template arguments and details of a reference, never text. */
const HARMLESS = [
  'template that shows nothing',
  'template arguments that show nothing',
  'details of a reference',
  'attributes of a tag',
];

describe('the days of the sample', () => {
  const parsed = days.map(({ day, file }) => parseDay(day, decodePage(readFileSync(file))));
  const events = parsed.flatMap((page) => page.events);

  it.each(parsed.map((page) => [page.day, page] as const))('%s is read whole', (_, { wrapper, leftovers, events }) => {
    expect(['header', 'content', 'sandwich']).toContain(wrapper);
    expect(leftovers.filter(({ reason }) => !HARMLESS.includes(reason))).toEqual([]);
    for (const { text, sources } of events) {
      expect(text).toMatch(/\.$/);
      expect(sources).not.toEqual([]);
    }
  });

  it('show every frame, days with and without headings, and both encodings', () => {
    expect(new Set(parsed.map(({ wrapper }) => wrapper))).toEqual(new Set(['header', 'content', 'sandwich']));
    expect(new Set(parsed.map(({ sections }) => sections.length > 0))).toEqual(new Set([true, false]));
    const encodings = days.map(({ file }) => decodePageAs(readFileSync(file)).encoding);
    expect(new Set(encodings)).toEqual(new Set(['utf-8', 'windows-1252']));
  });

  it('have at least fifty events of ten categories or more', () => {
    expect(events.length).toBeGreaterThanOrEqual(50);
    expect(new Set(events.flatMap(({ category }) => category ?? [])).size).toBeGreaterThanOrEqual(10);
  });

  it('cite the sources that the parser finds, and no other', () => {
    const found = events.flatMap(({ sources }) => sources.map(({ url }) => url)).toSorted();
    expect(found).toEqual(cited.toSorted());
  });

  it('give the seed event its five entities', () => {
    const seed = events.find(({ sources }) => sources.some(({ url }) => url.endsWith('idUSKBN15E1KN')));
    const named = [...(seed?.links ?? []), ...(seed?.topics ?? [])].map(({ title }) => title);
    expect(named.toSorted()).toEqual([
      'Deir ez-Zor Governorate',
      'Islamic State of Iraq and the Levant',
      'Ministry of Defence (Russia)',
      'Russian military intervention in Syria',
      'Syria',
    ]);
  });
});

describe('the replay server', () => {
  let server: ReplayServer;
  beforeAll(async () => {
    server = await startReplayServer(sample);
  });
  afterAll(() => server.close());

  it.each(answers.map((answer) => [answer.url, answer] as const))('answers %s as recorded', async (url, answer) => {
    const { status, headers, body } = await ask(server, url);
    expect(status).toBe(answer.status);
    expect(headers).toMatchObject(answer.headers);
    expect(headers.location).toBe(answer.location);
    expect(headers['content-encoding']).toBe(answer.encoding);
    const plain = answer.encoding === 'gzip' ? gunzipSync(body) : body;
    expect(plain).toEqual(answer.file ? readFileSync(join(sample, 'pages', answer.file)) : Buffer.alloc(0));
  });

  it('speaks for every host that a day cites', () => {
    expect(cited.filter((url) => !server.hosts.has(new URL(url).hostname))).toEqual([]);
  });

  it('does not mind the scheme or a fragment', async () => {
    const { status } = await ask(server, 'https://www.interfax.ru/world/498383#top');
    expect(status).toBe(200);
  });

  it('allows everything on a host that records no robots.txt', async () => {
    const { status, body } = await ask(server, 'http://www.interfax.ru/robots.txt');
    expect([status, body.toString()]).toEqual([200, 'User-agent: *\nAllow: /\n']);
  });

  it('says 304 to a request that has the current version', async () => {
    const kept = answers.find(({ headers }) => headers.etag !== undefined);
    const { status, body } = await ask(server, kept?.url ?? '', { 'if-none-match': kept?.headers.etag ?? '' });
    expect([status, body.length]).toEqual([304, 0]);
  });

  it('says 404 for a page or a host that it does not know, and 400 where no URL is given', async () => {
    expect((await ask(server, 'http://www.interfax.ru/world/1')).status).toBe(404);
    expect((await ask(server, 'http://elsewhere.example/robots.txt')).status).toBe(404);
    expect((await ask(server, 'not a url')).status).toBe(400);
  });

  it('listens on loopback only and is gone once closed', async () => {
    const other = await startReplayServer(sample);
    expect(other.origin).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    await other.close();
    await expect(ask(other, answers[0]?.url ?? '')).rejects.toThrow('ECONNREFUSED');
  });
});

function isHtml(answer: RecordedAnswer): answer is RecordedAnswer & { file: string } {
  return answer.file !== undefined && (answer.headers['content-type'] ?? '').startsWith('text/html');
}

function declaredCharset({ headers }: RecordedAnswer, bytes: Buffer): string | undefined {
  const header = /charset=([\w-]+)/.exec(headers['content-type'] ?? '');
  return (header ?? /<meta[^>]+charset=["']?([\w-]+)/i.exec(bytes.toString('latin1')))?.[1];
}

interface Answer {
  status: number | undefined;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

function ask({ origin }: ReplayServer, url: string, headers: Record<string, string> = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(origin, { headers: { ...headers, 'x-replay-url': url } }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks) }),
      );
    });
    request.on('error', reject).end();
  });
}
