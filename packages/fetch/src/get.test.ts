import { serveOnLoopback, type Loopback, type Reply } from '@throughline/test/loopback';
import type { ServerResponse } from 'node:http';
import { createServer } from 'node:net';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import type { Fetched } from './fetched.ts';
import { setTimeout as sleep } from 'node:timers/promises';
import { createFetcher, type Fetcher, type FetcherOptions, type GetOptions, type Passable } from './get.ts';
import { PAGE_TYPES } from './media-type.ts';

const open: AsyncDisposable[] = [];
afterEach(async () => {
  for (const resource of open.splice(0)) await resource[Symbol.asyncDispose]();
});

async function site(replies: Readonly<Record<string, Reply>>): Promise<Loopback> {
  const server = await serveOnLoopback(replies);
  open.push(server);
  return server;
}

function fetcherWith(options: Partial<FetcherOptions> = {}): Fetcher {
  const fetcher = createFetcher({ userAgent: 'Throughline-test/1', guard: { allowLoopback: true }, ...options });
  open.push({ [Symbol.asyncDispose]: async () => fetcher.close() });
  return fetcher;
}

/** Fetches one path of a site that answers it so. */
async function get(reply: Reply, options: GetOptions = {}, path = '/page'): Promise<Fetched> {
  const { origin } = await site({ [path]: reply });
  return fetcherWith().get(origin + path, options);
}

const html =
  (headers: Record<string, string>, body: string | Uint8Array, status = 200): Reply =>
  (_, response) =>
    void response.writeHead(status, { 'content-type': 'text/html', ...headers }).end(body);
const to =
  (location: string, status = 302): Reply =>
  (_, response) =>
    void response.writeHead(status, { location }).end('moved');
const textOf = (fetched: Fetched) => (fetched.kind === 'ok' ? Buffer.from(fetched.body).toString() : fetched);

/** What `zstd` makes of a line and its end, thirty times over. */
const NEWS_ZSTD = Buffer.from('KLUv/QRYBQEAwDxwPm5ld3Mgb2YgdGhlIHRvd248L3A+IAEA1NpqjgHb0mxA', 'base64');

describe('a page', () => {
  it('comes as bytes, with what is known of them', async () => {
    const fetched = await get(
      html({ 'content-type': 'Text/HTML; Charset="windows-1251"', etag: '"1"' }, Buffer.of(0xcf, 0xf0)),
    );
    expect(fetched).toMatchObject({
      kind: 'ok',
      status: 200,
      contentType: 'text/html',
      charset: 'windows-1251',
      redirects: [],
    });
    expect(fetched).toMatchObject({ headers: { etag: '"1"' }, body: Buffer.of(0xcf, 0xf0) });
  });

  it('is asked for with our name, without cookies, and only in codings that can be undone', async () => {
    const { origin, requests } = await site({ '/': 'x' });
    await fetcherWith().get(`${origin}/#part`, { accept: PAGE_TYPES, headers: { 'accept-language': 'en' } });
    expect(requests[0]?.url).toBe('/');
    expect(requests[0]?.headers).toMatchObject({
      'user-agent': 'Throughline-test/1',
      accept: 'text/html, application/xhtml+xml, */*;q=0.1',
      'accept-encoding': 'gzip, deflate, br, zstd',
      'accept-language': 'en',
    });
    expect(requests[0]?.headers).not.toHaveProperty('cookie');
  });

  it('is refused where its zstd is a bomb, and tried again where it is damaged or cut', async () => {
    const head = [0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x38]; // RFC 8878, 3.1.1: a window of 128 KiB
    const nothing = Array.from({ length: 100_000 }, (_, i) => [i === 99_999 ? 0x03 : 0x02, 0x00, 0x10, 0x00]); // 128 KiB each
    const bomb = Buffer.from([...head, ...nothing.flat()]);
    const damaged = Buffer.from(NEWS_ZSTD);
    damaged[20]! ^= 0x55;
    const endings = [bomb, damaged, NEWS_ZSTD.subarray(0, -6)].map((body) =>
      get(html({ 'content-encoding': 'zstd' }, body)),
    );
    expect(await Promise.all(endings)).toMatchObject([
      { kind: 'refused', reason: 'size' },
      { kind: 'unreachable', reason: 'truncated' },
      { kind: 'unreachable', reason: 'truncated' },
    ]);
  });

  it.each([
    ['gzip', gzipSync('<p>news')],
    ['x-gzip', gzipSync('<p>news')],
    ['deflate', deflateSync('<p>news')],
    ['deflate', deflateRawSync('<p>news')],
    ['br', brotliCompressSync('<p>news')],
    ['zstd', Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x20, 7, (7 << 3) | 1, 0, 0, ...Buffer.from('<p>news')])],
    ['gzip, zstd', Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x20, 27, (27 << 3) | 1, 0, 0, ...gzipSync('<p>news')])],
    ['gzip, br', brotliCompressSync(gzipSync('<p>news'))],
    ['GZIP', Buffer.from('<p>news')],
    ['utf-8', Buffer.from('<p>news')],
    ['identity', Buffer.from('<p>news')],
  ])('is unpacked from Content-Encoding: %s', async (coding, body) => {
    expect(textOf(await get(html({ 'content-encoding': coding }, body)))).toBe('<p>news');
  });

  it('is unpacked from zstd as its own program packs', async () => {
    const fetched = await get(html({ 'content-encoding': 'zstd' }, NEWS_ZSTD));
    expect(textOf(fetched)).toBe('<p>news of the town</p> '.repeat(30));
  });

  it('may be empty', async () => {
    const fetched = await get(html({ 'content-encoding': 'gzip' }, '', 200), { accept: PAGE_TYPES });
    expect(fetched).toMatchObject({ kind: 'ok', body: Buffer.of() });
  });

  it('comes over a connection that is used again', async () => {
    const { origin, requests } = await site({ '/': 'x', '/gone': html({}, 'gone', 410) });
    const fetcher = fetcherWith();
    for (const path of ['/', '/gone', '/']) await fetcher.get(origin + path);
    expect(new Set(requests.map(({ socket }) => socket)).size).toBe(1);
  });

  it('is asked for again where the server had closed the kept connection', async () => {
    const closing = new Set<unknown>();
    const server = await site({
      '/': (request, response) => {
        if (closing.has(request.socket)) request.socket.destroy();
        else response.end('x');
        closing.add(request.socket);
      },
    });
    const fetcher = fetcherWith();
    expect(await fetcher.get(server.origin)).toMatchObject({ kind: 'ok' });
    expect(await fetcher.get(server.origin)).toMatchObject({ kind: 'ok' });
    expect(server.requests).toHaveLength(3);
  });
});

describe('endings that a server decides', () => {
  it.each([404, 410, 451])('%i is gone', async (status) => {
    expect(await get(html({}, 'x', status))).toMatchObject({ kind: 'gone', status, reason: `status ${status}` });
  });

  it.each([400, 401, 402, 403, 405, 429, 999])('%i is blocked', async (status) => {
    expect(await get(html({}, 'x', status))).toMatchObject({ kind: 'blocked', status, reason: `status ${status}` });
  });

  it.each([408, 500, 502, 503, 504, 520])('%i is a server that may recover', async (status) => {
    expect(await get(html({}, 'x', status))).toMatchObject({ kind: 'unreachable', status, reason: 'server-error' });
  });

  it('a challenge is a bot wall, whatever its status', async () => {
    expect(await get(html({ 'cf-mitigated': 'challenge' }, 'x', 503))).toMatchObject({
      kind: 'blocked',
      reason: 'bot wall',
    });
  });

  it('Retry-After is told in both of its forms', async () => {
    expect(await get(html({ 'retry-after': '120' }, 'x', 429))).toMatchObject({ retryAfterMs: 120_000 });
    const date = new Date('2018-01-09T11:00:00Z');
    const later = new Date(date.getTime() + 90_000);
    const dated = html({ date: date.toUTCString(), 'retry-after': later.toUTCString() }, 'x', 503);
    expect(await get(dated)).toMatchObject({ retryAfterMs: 90_000 });
    expect(await get(html({ 'retry-after': 'soon' }, 'x', 503))).not.toHaveProperty('retryAfterMs');
  });

  it('304 answers our validators, and is a fault where we sent none', async () => {
    const { origin, requests } = await site({ '/': html({}, '', 304) });
    const fetcher = fetcherWith();
    const validators = { etag: 'W/"7"', lastModified: 'Tue, 09 Jan 2018 11:00:00 GMT' };
    expect(await fetcher.get(origin, validators)).toMatchObject({ kind: 'not-modified', status: 304 });
    expect(requests[0]?.headers).toMatchObject({
      'if-none-match': 'W/"7"',
      'if-modified-since': validators.lastModified,
    });
    expect(await fetcher.get(origin)).toMatchObject({ kind: 'unreachable', reason: 'protocol' });
  });
});

describe('redirects', () => {
  it('are followed and told, with the permanent ones marked', async () => {
    const { origin } = await site({
      '/a': to('/b', 301),
      '/b': to('c?x=1', 302),
      '/c': to('/d', 308),
      '/d': '<p>here',
    });
    const fetched = await fetcherWith().get(`${origin}/a#part`);
    expect(textOf(fetched)).toBe('<p>here');
    expect(fetched).toMatchObject({
      url: `${origin}/a#part`,
      finalUrl: `${origin}/d#part`,
      redirects: [
        { status: 301, permanent: true, to: `${origin}/b#part` },
        { status: 302, permanent: false, to: `${origin}/c?x=1#part` },
        { status: 308, permanent: true },
      ],
    });
  });

  it('end where they lead back', async () => {
    const { origin, requests } = await site({ '/a': to('/b'), '/b': to('/a') });
    expect(await fetcherWith().get(`${origin}/a`)).toMatchObject({ kind: 'refused', reason: 'redirect-loop' });
    expect(requests).toHaveLength(2);
  });

  it('end after eight', async () => {
    const chain = Object.fromEntries(Array.from({ length: 10 }, (_, index) => [`/${index}`, to(`/${index + 1}`)]));
    const { origin, requests } = await site({ ...chain, '/8': 'the eighth' });
    expect(textOf(await fetcherWith().get(`${origin}/0`))).toBe('the eighth');
    const { origin: longer, requests: asked } = await site(chain);
    expect(await fetcherWith().get(`${longer}/0`)).toMatchObject({ kind: 'refused', reason: 'redirects' });
    expect([requests.length, asked.length]).toEqual([9, 9]);
  });

  it('carry a cookie that the site wants to see, and no further than to that site', async () => {
    const wall: Reply = (request, response) => {
      if (request.headers.cookie === 'seen=1; deep=2') response.end('<p>story');
      else
        response
          .writeHead(302, {
            location: '/story',
            'set-cookie': ['seen=1; Path=/', 'deep=2', 'bad cookie', 'x=1; domain=com'],
          })
          .end();
    };
    const other = await site({ '/': 'x' });
    const { origin } = await site({
      '/story': wall,
      '/away': (_, response) =>
        void response
          .writeHead(302, { 'set-cookie': 'a=b', location: other.origin.replace('127.0.0.1', 'localhost') })
          .end(),
    });
    expect(textOf(await fetcherWith().get(`${origin}/story`))).toBe('<p>story');
    await fetcherWith().get(`${origin}/away`);
    expect(other.requests[0]?.headers).not.toHaveProperty('cookie');
  });

  it('may be written in raw UTF-8', async () => {
    const raw = Buffer.from('/déjà').toString('latin1');
    const { origin } = await site({ '/a': to(raw), '/d%C3%A9j%C3%A0': '<p>vu' });
    expect(textOf(await fetcherWith().get(`${origin}/a`))).toBe('<p>vu');
  });

  it.each([
    ['without a place', 302, {}],
    ['to no URL', 301, { location: 'http://[' }],
    ['of a kind that has none', 300, { location: '/b' }],
  ])('%s are a fault of the server', async (_, status, headers) => {
    expect(await get(html(headers as Record<string, string>, '', status))).toMatchObject({
      kind: 'unreachable',
      reason: 'protocol',
      status,
    });
  });

  it('are followed only as far as the caller may go', async () => {
    const other = await site({ '/': '<p>other' });
    const { origin } = await site({ '/a': to('/b'), '/b': to(`${other.origin}/`) });
    const asked: string[] = [];
    const mayFollow = (answer: Passable) => (target: string) => {
      asked.push(target);
      return Promise.resolve(target === `${origin}/b` || answer);
    };
    for (const [answer, reason] of [
      [false, 'elsewhere'],
      ['robots', 'robots'],
    ] as const) {
      const refused = await fetcherWith().get(`${origin}/a`, { mayFollow: mayFollow(answer) });
      expect(refused).toMatchObject({ kind: 'refused', reason, finalUrl: `${origin}/b` });
      expect(refused.redirects.at(-1)?.to).toBe(`${other.origin}/`);
    }
    expect(other.requests).toHaveLength(0);
    expect(textOf(await fetcherWith().get(`${origin}/a`, { mayFollow: mayFollow(true) }))).toBe('<p>other');
    expect(asked.slice(-2)).toEqual([`${origin}/b`, `${other.origin}/`]);
  });

  it('may be waited for without losing time before the deadline', async () => {
    const { origin } = await site({ '/a': to('/b'), '/b': '<p>here' });
    const mayFollow = () => sleep(600).then(() => true);
    expect(textOf(await fetcherWith().get(`${origin}/a`, { mayFollow, deadlineMs: 500 }))).toBe('<p>here');
    const slow = await site({ '/a': to('/b'), '/b': (_, response) => drip(response.writeHead(200), 20) });
    expect(await fetcherWith().get(`${slow.origin}/a`, { mayFollow, deadlineMs: 500 })).toMatchObject({
      kind: 'unreachable',
      reason: 'timeout',
    });
  });

  it('to where nobody may go are refused before anybody is asked for leave', async () => {
    const { origin } = await site({ '/a': to('http://169.254.169.254/latest/meta-data/') });
    const mayFollow = () => Promise.reject(new Error('asked for leave'));
    expect(await fetcherWith().get(`${origin}/a`, { mayFollow })).toMatchObject({ kind: 'refused', reason: 'guard' });
  });

  it('with a body that does not end do not hold us up', async () => {
    const endless: Reply = (_, response) => {
      response.writeHead(302, { location: '/b' });
      drip(response, 20);
    };
    const { origin } = await site({ '/a': endless, '/b': '<p>here' });
    expect(textOf(await fetcherWith().get(`${origin}/a`))).toBe('<p>here');
  });
});

function drip(response: ServerResponse, everyMs: number): void {
  const timer = setInterval(() => response.write('x'), everyMs);
  response.on('close', () => clearInterval(timer));
}

describe('limits', () => {
  it('a body that drips ends at the deadline', async () => {
    const started = performance.now();
    const fetched = await get((_, response) => drip(response.writeHead(200, { 'content-type': 'text/html' }), 20), {
      deadlineMs: 200,
    });
    expect(fetched).toMatchObject({ kind: 'unreachable', reason: 'timeout', status: 200 });
    expect(performance.now() - started).toBeLessThan(1_000);
  });

  it('the deadline holds for a whole chain of redirects, and for a server that says nothing', async () => {
    let hops = 0;
    const slow: Reply = (_, response) =>
      void setTimeout(() => response.writeHead(302, { location: `/page?${hops++}` }).end(), 60);
    expect(await get(slow, { deadlineMs: 200 })).toMatchObject({ kind: 'unreachable', reason: 'timeout' });
    expect(await get(() => {}, { deadlineMs: 100 })).toMatchObject({ kind: 'unreachable', reason: 'timeout' });
  });

  it('a signal stops a fetch at once, and its reason comes out', async () => {
    const stop = new AbortController();
    const reason = new Error('shutting down');
    setTimeout(() => stop.abort(reason), 50);
    await expect(get(() => {}, { signal: stop.signal })).rejects.toBe(reason);
    await expect(get('x', { signal: stop.signal })).rejects.toBe(reason);
  });

  it('a body that is announced too long is not read', async () => {
    let sent = 0;
    const fetched = await get((_, response) => {
      response.writeHead(200, { 'content-type': 'text/html', 'content-length': '50000000' });
      const pump = () => {
        while (!response.destroyed && sent < 50_000_000 && response.write(Buffer.alloc(65_536))) sent += 65_536;
      };
      response.on('drain', pump);
      pump();
    });
    expect(fetched).toMatchObject({
      kind: 'refused',
      reason: 'size',
      detail: '50000000 bytes announced, the limit is 6000000',
    });
    expect(sent).toBeLessThan(20_000_000);
  });

  it('a body that turns out too long is dropped, or cut where that will do', async () => {
    const long = html({}, `<p>${'x'.repeat(5_000)}`);
    expect(await get(long, { maxBytes: 1_000 })).toMatchObject({ kind: 'refused', reason: 'size' });
    const cut = await get(long, { maxBytes: 1_000, overflow: 'cut' });
    expect(cut).toMatchObject({ kind: 'ok', cut: true });
    expect(textOf(cut)).toHaveLength(1_000);
    expect(await get(long, { maxBytes: 5_003 })).not.toHaveProperty('cut');
  });

  it('a packed body is cut too', async () => {
    const noise = Buffer.from(
      Array.from({ length: 6_000 }, (_, index) => String.fromCharCode(97 + ((index * index * 7) % 26))).join(''),
    );
    const cut = await get(html({ 'content-encoding': 'gzip' }, gzipSync(noise)), { maxBytes: 2_000, overflow: 'cut' });
    expect(textOf(cut)).toBe(noise.subarray(0, 2_000).toString());
  });

  it.each([
    ['gzip', gzipSync(Buffer.alloc(60_000_000))],
    ['br', brotliCompressSync(Buffer.alloc(60_000_000))],
    ['gzip, gzip', gzipSync(gzipSync(Buffer.alloc(60_000_000)))],
  ])('a bomb in %s is refused before it unfolds', async (coding, bomb) => {
    expect(await get(html({ 'content-encoding': coding }, bomb))).toMatchObject({ kind: 'refused', reason: 'size' });
  });

  it('codings that we do not know, or too many, are refused', async () => {
    expect(await get(html({ 'content-encoding': 'compress' }, 'x'))).toMatchObject({
      kind: 'refused',
      reason: 'encoding',
    });
    expect(await get(html({ 'content-encoding': 'br,'.repeat(500) }, 'x'))).toMatchObject({
      kind: 'refused',
      reason: 'encoding',
    });
  });

  it.each([
    ['application/pdf', '%PDF-1.4'],
    ['text/html', '%PDF-1.4'],
    ['', '\x89PNG\r\n\x1a\n'],
    ['video/mp4', 'x'],
    ['application/json', '{}'],
  ])('%s (%j) is not a page', async (type, body) => {
    const fetched = await get(html({ 'content-type': type }, Buffer.from(body, 'latin1')), { accept: PAGE_TYPES });
    expect(fetched).toMatchObject({ kind: 'refused', reason: 'type' });
  });

  it.each(['', 'text/plain', 'application/octet-stream', 'nonsense'])(
    'HTML sent as %j is a page all the same',
    async (type) => {
      const fetched = await get(html({ 'content-type': type }, '\n<!-- hi -->\n<!DOCTYPE html><p>x'), {
        accept: PAGE_TYPES,
      });
      expect(fetched).toMatchObject({ kind: 'ok', contentType: 'text/html' });
    },
  );
});

describe('failures of the network', () => {
  it('a name that does not exist', async () => {
    const lookup = () => Promise.reject(Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' }));
    const fetched = await fetcherWith({ guard: { lookup } }).get('http://nowhere.example.org/');
    expect(fetched).toMatchObject({
      kind: 'unreachable',
      reason: 'dns',
      detail: expect.stringContaining('ENOTFOUND') as string,
    });
    expect(fetched).not.toHaveProperty('status');
  });

  it('a port that nobody listens on', async () => {
    const { port } = await site({});
    await open.pop()?.[Symbol.asyncDispose]();
    expect(await fetcherWith().get(`http://127.0.0.1:${port}/`)).toMatchObject({
      kind: 'unreachable',
      reason: 'refused-connection',
    });
  });

  it('a connection that is cut before the answer, and in the middle of it', async () => {
    expect(await get((request) => request.socket.destroy())).toMatchObject({ kind: 'unreachable', reason: 'reset' });
    const half: Reply = (request, response) => {
      response.writeHead(200, { 'content-type': 'text/html', 'content-length': '100' }).write('<p>half');
      setTimeout(() => request.socket.destroy(), 20);
    };
    expect(await get(half)).toMatchObject({ kind: 'unreachable', reason: 'truncated', status: 200 });
  });

  it('a packed body that is cut short, or is none', async () => {
    const whole = gzipSync('<p>news '.repeat(1_000));
    expect(await get(html({ 'content-encoding': 'gzip' }, whole.subarray(0, 40)))).toMatchObject({
      kind: 'unreachable',
      reason: 'truncated',
    });
    expect(await get(html({ 'content-encoding': 'br' }, 'not brotli'))).toMatchObject({
      kind: 'unreachable',
      reason: 'truncated',
    });
  });

  it('a server that does not speak HTTP, or not TLS', async () => {
    const server = createServer((socket) =>
      socket
        .on('error', () => {})
        .resume()
        .end('SSH-2.0-x\r\n'),
    ).listen(0, '127.0.0.1');
    open.push({ [Symbol.asyncDispose]: () => new Promise((done) => server.close(() => done())) });
    await new Promise((done) => server.once('listening', done));
    const { port } = server.address() as { port: number };
    expect(await fetcherWith().get(`http://127.0.0.1:${port}/`)).toMatchObject({
      kind: 'unreachable',
      reason: 'protocol',
    });
    expect(await fetcherWith().get(`https://127.0.0.1:${port}/`)).toMatchObject({ kind: 'unreachable', reason: 'tls' });
  });

  it('headers without end', async () => {
    const endless: Reply = (request) => {
      request.socket.write('HTTP/1.1 200 OK\r\n');
      const timer = setInterval(() => request.socket.write(`x-a: ${'y'.repeat(4_000)}\r\n`), 1);
      request.socket.on('close', () => clearInterval(timer)).on('error', () => {});
    };
    expect(await get(endless)).toMatchObject({ kind: 'unreachable', reason: 'protocol' });
  });
});

describe('the address guard', () => {
  const guarded = (options: FetcherOptions['guard'] = {}) => fetcherWith({ guard: options });

  it.each([
    'http://127.0.0.1/',
    'http://2130706433/',
    'http://0x7f.1/',
    'http://0177.0.0.1/',
    'http://[::1]/',
    'http://[::ffff:127.0.0.1]/',
    'http://[64:ff9b::7f00:1]/',
    'http://169.254.169.254/latest/meta-data/',
    'http://localhost/',
    'http://metadata.google.internal/',
    'http://user:secret@example.org/',
    'http://example.org:22/',
    'ftp://example.org/',
    'file:///etc/passwd',
    'not a url',
  ])('refuses %s', async (url) => {
    const fetched = await guarded({ lookup: () => Promise.reject(new Error('nothing may be looked up')) }).get(url);
    expect(fetched).toMatchObject({ kind: 'refused', reason: 'guard' });
    expect(JSON.stringify((fetched as { detail: string }).detail)).not.toContain('secret');
  });

  it('refuses names that lead to private addresses, in any family, at the time of connecting', async () => {
    const { port, requests } = await site({ '/': 'secret' });
    for (const [address, family] of [
      ['127.0.0.1', 4],
      ['10.0.0.1', 4],
      ['::1', 6],
      ['::ffff:127.0.0.1', 6],
      ['fe80::1', 6],
    ] as const) {
      const fetcher = guarded({ allowPorts: 'any', lookup: () => Promise.resolve([{ address, family }]) });
      const fetched = await fetcher.get(`http://rebound.example.org:${port}/`);
      expect(fetched).toMatchObject({
        kind: 'refused',
        reason: 'guard',
        detail: expect.stringContaining(address) as string,
      });
    }
    expect(requests).toHaveLength(0);
  });

  it('refuses a name that changes its mind between two requests', async () => {
    const { port, requests } = await site({ '/': 'secret' });
    const answers = ['192.0.2.1', '8.8.8.8', '127.0.0.1'];
    let asked = 0;
    const lookup = () => Promise.resolve([{ address: answers[Math.min(asked++, 2)] ?? '', family: 4 }]);
    const fetcher = guarded({ allowPorts: 'any', lookup });
    const kinds: string[] = [];
    for (let round = 0; round < 4; round++)
      kinds.push((await fetcher.get(`http://rebound.example.org:${port}/`, { deadlineMs: 150 })).kind);
    expect(kinds).toEqual(['refused', 'unreachable', 'refused', 'refused']);
    expect(requests).toHaveLength(0);
  });

  it.each([
    'http://169.254.169.254/',
    'http://10.0.0.1/',
    'http://0xa9.0xfe.43518/',
    'http://[fd00::1]/',
    'http://u:p@example.org/',
    'https://example.org:6379/',
    'file:///etc/passwd',
  ])('refuses a redirect to %s without asking for it', async (target) => {
    const fetched = await get(to(target));
    expect(fetched).toMatchObject({ kind: 'refused', reason: 'guard', redirects: [{ status: 302 }] });
  });

  it('lets a test open loopback, and nothing else', async () => {
    const { origin } = await site({ '/': 'x' });
    const fetcher = guarded({ allowLoopback: true });
    expect(await fetcher.get(origin)).toMatchObject({ kind: 'ok' });
    expect(await fetcher.get('http://10.0.0.1/')).toMatchObject({ kind: 'refused' });
    expect(await fetcher.get('http://example.org:81/')).toMatchObject({ kind: 'refused' });
  });
});

describe('the replay server', () => {
  it('answers for its hosts over real HTTP, as if it were they', async () => {
    const { origin, requests } = await site({ '/a': to('https://other.example.net/b?x=1', 301), '/b': '<p>story' });
    const replay = { origin, hosts: new Set(['www.example.org', 'other.example.net']) };
    const fetched = await fetcherWith({ guard: {}, replay }).get('https://www.example.org/a');
    expect(textOf(fetched)).toBe('<p>story');
    expect(fetched).toMatchObject({
      url: 'https://www.example.org/a',
      finalUrl: 'https://other.example.net/b?x=1',
      redirects: [{ from: 'https://www.example.org/a', to: 'https://other.example.net/b?x=1', permanent: true }],
    });
    expect(requests.map(({ headers }) => [headers.host, headers['x-replay-url']])).toEqual([
      ['www.example.org', 'https://www.example.org/a'],
      ['other.example.net', 'https://other.example.net/b?x=1'],
    ]);
  });

  it('answers for no other host', async () => {
    const { origin, requests } = await site({ '/a': to('http://127.0.0.1/') });
    const fetcher = fetcherWith({ guard: {}, replay: { origin, hosts: (host) => host.endsWith('.example.org') } });
    expect(await fetcher.get('http://www.example.org/a')).toMatchObject({ kind: 'refused', reason: 'guard' });
    expect(await fetcher.get(origin)).toMatchObject({ kind: 'refused', reason: 'guard' });
    expect(requests).toHaveLength(1);
  });
});
