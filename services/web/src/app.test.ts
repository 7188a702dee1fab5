import { gunzipSync, brotliDecompressSync } from 'node:zlib';
import { describe, expect, it, vi } from 'vitest';
import { aHostileEvent, aRichDay, aRichEvent, aRichFront, anEventPage, day } from '../../../test/support/pages.ts';
import { siteInMemory } from '../../../test/support/site-reader.ts';
import { createApp } from './app.ts';
import { contentSecurityPolicy } from './security.ts';

const rich = aRichEvent();
const gone = anEventPage({ text: 'A rumour.', slug: 'a-rumour' });
const spring = anEventPage({ day: day('2017-05-02'), text: 'Spring arrives.', slug: 'spring-arrives' });
const reader = siteInMemory({
  events: [rich, spring, aHostileEvent()],
  days: [aRichDay('2017-01-30')],
  front: aRichFront(),
  moved: { '2017-01-30/old-wording': { day: rich.day, slug: rich.slug } },
  gone: [{ page: gone, at: '2017-02-01T10:00:00Z' }],
});
const app = createApp(reader, { publicUrl: 'https://news.example' });
const base = `/news/2017/01/30/${rich.slug}`;
const get = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
  app.request(path, { headers, method });
const type = (response: Response) => response.headers.get('Content-Type')?.split(';')[0];

describe('the site', () => {
  it.each([
    ['/', 'text/html'],
    ['/index.html', 'text/html'],
    ['/index.md', 'text/markdown'],
    ['/index.json', 'application/json'],
    ['/index.xml', 'application/xml'],
    ['/index_rss.xml', 'application/rss+xml'],
    ['/news/2017/01/30/', 'text/html'],
    ['/news/2017/01/30/index.json', 'application/json'],
    [`${base}.html`, 'text/html'],
    [`${base}.md`, 'text/markdown'],
    [`${base}.json`, 'application/json'],
    [`${base}.xml`, 'application/xml'],
    [base, 'text/html'],
    ['/news/2017/05/2/spring-arrives.html', 'text/html'],
    ['/robots.txt', 'text/plain'],
    ['/favicon.svg', 'image/svg+xml'],
    ['/healthz', 'application/json'],
  ])('answers %s as %s', async (path, mediaType) => {
    const response = await get(path);
    expect([response.status, type(response)]).toEqual([200, mediaType]);
    expect((await response.text()).length).toBeGreaterThan(0);
  });

  it.each([
    ['/news/2017/05/02/spring-arrives.html', '/news/2017/05/2/spring-arrives.html'],
    ['/news/2017/01/30', '/news/2017/01/30/'],
    ['/news/2017/01/30/old-wording.md', `${base}.md`],
    ['/news/2017/01/30/old-wording', base],
  ])('sends %s on to %s for good', async (path, to) => {
    const response = await get(path);
    expect([response.status, response.headers.get('Location')]).toEqual([301, to]);
  });

  it('leads from an event’s id to its page in the format that the client reads', async () => {
    const response = await get(`/events/${rich.id}`);
    expect([response.status, response.headers.get('Location')]).toEqual([303, `${base}.html`]);
    expect((await get(`/events/${rich.id}`, { Accept: 'application/json' })).headers.get('Location')).toBe(
      `${base}.json`,
    );
    expect((await get(`/events/${rich.id}.md`)).headers.get('Location')).toBe(`${base}.md`);
    expect((await get('/events/1234')).status).toBe(404);
    expect((await get('/events/00000000-0000-4000-8000-000000000000')).status).toBe(404);
  });

  it('chooses the format by Accept where the path has no extension, and says so', async () => {
    const response = await get(base, { Accept: 'text/html;q=0.5, text/markdown' });
    expect(type(response)).toBe('text/markdown');
    expect(response.headers.get('Vary')).toBe('Accept, Accept-Encoding');
    expect(response.headers.get('Content-Location')).toBe(`${base}.md`);
  });

  it('keeps a tombstone of what was withdrawn, in every format', async () => {
    for (const ext of ['html', 'md', 'json', 'xml']) {
      const response = await get(`/news/2017/01/30/a-rumour.${ext}`);
      expect(response.status).toBe(410);
      expect(await response.text()).toContain('A rumour.');
    }
  });
});

describe('an answer', () => {
  it('is not sent again to a client that has it', async () => {
    const first = await get(`${base}.html`);
    const etag = first.headers.get('ETag') ?? '';
    const again = await get(`${base}.html`, { 'If-None-Match': `"other", ${etag}` });
    expect(again.status).toBe(304);
    expect(await again.text()).toBe('');
    expect(again.headers.get('ETag')).toBe(etag);
    expect((await get(`${base}.html`, { 'If-None-Match': '"other"' })).status).toBe(200);
    expect((await get(`${base}.html`, { 'If-None-Match': etag.replace('W/', '') })).status).toBe(304);
    expect((await get(`${base}.md`)).headers.get('ETag')).not.toBe(etag);
  });

  it('is compressed as the client can read it, with the same text', async () => {
    const plain = await (await get(`${base}.html`)).text();
    const br = await get(`${base}.html`, { 'Accept-Encoding': 'gzip, deflate, br' });
    const gzip = await get(`${base}.html`, { 'Accept-Encoding': 'gzip, br;q=0' });
    expect([br, gzip].map((response) => response.headers.get('Content-Encoding'))).toEqual(['br', 'gzip']);
    expect(brotliDecompressSync(Buffer.from(await br.arrayBuffer())).toString()).toBe(plain);
    expect(gunzipSync(Buffer.from(await gzip.arrayBuffer())).toString()).toBe(plain);
    expect((await get(`${base}.html`)).headers.get('Content-Encoding')).toBeNull();
    expect(br.headers.get('Vary')).toContain('Accept-Encoding');
  });

  it('has no body for HEAD, but all headers of GET', async () => {
    const full = await get(`${base}.html`);
    const head = await get(`${base}.html`, {}, 'HEAD');
    expect(head.status).toBe(200);
    expect(await head.text()).toBe('');
    expect(Object.fromEntries(head.headers)).toEqual(Object.fromEntries(full.headers));
  });

  it('forbids scripts, framing and guessing of types, errors included', async () => {
    for (const path of ['/', `${base}.json`, '/nowhere', '/news/2017/01/30/a-rumour.html']) {
      const { headers } = await get(path);
      expect(headers.get('Content-Security-Policy')).toMatch(/default-src 'none'.*frame-ancestors 'none'/);
      expect(headers.get('Content-Security-Policy')).not.toMatch(/script-src|unsafe/);
      expect(headers.get('X-Content-Type-Options')).toBe('nosniff');
      expect(headers.get('Referrer-Policy')).toBeTruthy();
    }
  });
});

describe('a bad request', () => {
  it.each([
    ['/news/2017/13/45/index.html', 400],
    ['/news/2017/02/30/x.html', 400],
    ['/news/2017/01/30/%zz.html', 400],
    ['/news/2017/01/30/%00.html', 400],
    ['/%ff', 400],
    [`/${'x'.repeat(5000)}`, 414],
    ['/news/2017/01/29/', 404],
    ['/news/2017/01/30/nothing-of-the-kind.html', 404],
    ['/wp-login.php', 404],
    ['//evil.example/', 404],
    ['/news/2017/01/30/../../../etc/passwd', 404],
  ])('for %s is answered with %i', async (path, status) => {
    const response = await get(path);
    expect([response.status, type(response)]).toEqual([status, 'text/html']);
  });

  it('gets a problem in the client’s format', async () => {
    const json = await get('/news/2017/01/30/nothing.json');
    expect([json.status, type(json)]).toEqual([404, 'application/problem+json']);
    expect(await json.json()).toMatchObject({ type: 'about:blank', status: 404, title: 'No such event' });
    expect(type(await get('/nowhere', { Accept: 'application/json' }))).toBe('application/problem+json');
    expect(type(await get('/nowhere.xml'))).toBe('application/problem+xml');
    expect(type(await get('/nowhere.md'))).toBe('text/markdown');
  });

  it('with another method than GET or HEAD is told so', async () => {
    const response = await get(`${base}.html`, {}, 'DELETE');
    expect([response.status, response.headers.get('Allow')]).toEqual([405, 'GET, HEAD']);
  });

  it('never learns what broke inside, while the log does', async () => {
    const errors: unknown[] = [];
    const log = { info: () => {}, error: (facts: object) => void errors.push(facts) };
    const broken = createApp(
      { ...reader, event: async () => Promise.reject(new Error('password=hunter2 at /srv/secret.ts:1')) },
      { publicUrl: 'https://news.example', log },
    );
    for (const ext of ['html', 'json', 'xml', 'md']) {
      const response = await broken.request(`${base}.${ext}`);
      expect(response.status).toBe(500);
      expect(response.headers.get('Cache-Control')).toBe('no-store');
      expect(await response.text()).not.toMatch(/hunter2|secret|\/srv/);
    }
    expect(errors).toHaveLength(4);
  });
});

describe('the health check', () => {
  it('answers 503 when something is wrong, throws or hangs', async () => {
    const health = async (check: () => Promise<{ ok: boolean }>) =>
      (await createApp({ ...reader, health: check }, { publicUrl: 'https://news.example' }).request('/healthz')).status;
    expect(await health(async () => ({ ok: false }))).toBe(503);
    expect(await health(async () => Promise.reject(new Error('no database')))).toBe(503);
    vi.useFakeTimers();
    const hanging = health(() => new Promise(() => {}));
    await vi.advanceTimersByTimeAsync(10_000);
    vi.useRealTimers();
    expect(await hanging).toBe(503);
  });
});

describe('a page that was asked for before', () => {
  it('is not read again until something changed, and then at once', async () => {
    let seq = 1;
    let text = 'First wording.';
    let reads = 0;
    const changing = {
      ...reader,
      news: async () => ({ seq }),
      event: async () => (reads++, { kind: 'found' as const, page: anEventPage({ text, slug: 'x' }) }),
    };
    const kept = createApp(changing, { publicUrl: 'https://news.example' });
    const read = async (headers = {}) => kept.request('/news/2017/01/30/x.html', { headers });
    await read();
    const again = await read();
    const etag = again.headers.get('ETag') ?? '';
    expect([reads, await again.text()]).toEqual([1, expect.stringContaining('First wording.')]);
    expect((await read({ 'If-None-Match': etag })).status).toBe(304);
    expect((await read({ 'Accept-Encoding': 'br' })).headers.get('Content-Encoding')).toBe('br');
    [text, seq] = ['Second wording.', 2];
    const changed = await read({ 'If-None-Match': etag });
    expect([changed.status, await changed.text()]).toEqual([200, expect.stringContaining('Second wording.')]);
  });
});

describe('an address of several formats', () => {
  it('is kept apart for each', async () => {
    const kept = createApp({ ...reader, news: async () => ({ seq: 1 }) }, { publicUrl: 'https://news.example' });
    const types = [];
    for (const accept of ['text/html', 'application/json', 'text/markdown', 'text/html']) {
      types.push(type(await kept.request(base, { headers: { Accept: accept } })));
    }
    expect(types).toEqual(['text/html', 'application/json', 'text/markdown', 'text/html']);
  });
});

describe('an extension', () => {
  it('may have a policy of its own', async () => {
    const policy = contentSecurityPolicy({ styles: ['b{}'], scripts: true });
    const extended = createApp(reader, {
      publicUrl: 'https://news.example',
      extend: (routes) => routes.get('/ops', (c) => c.text('ops', 200, { 'Content-Security-Policy': policy })),
    });
    expect((await extended.request('/ops')).headers.get('Content-Security-Policy')).toBe(policy);
    expect(policy).toMatch(/script-src 'self'/);
    expect(policy).not.toMatch(/unsafe/);
  });

  it('adds routes before the site’s own, under the same headers', async () => {
    const extended = createApp(reader, {
      publicUrl: 'https://news.example',
      extend: (routes, site) => routes.get('/ops', (c) => c.text(`ops of ${site.name}`)),
      navigation: [{ label: 'Operations', href: '/ops' }],
    });
    const response = await extended.request('/ops');
    expect(await response.text()).toBe('ops of Throughline');
    expect(response.headers.get('X-Content-Type-Options')).toBe('nosniff');
    expect(await (await extended.request('/')).text()).toContain('<a href="/ops">Operations</a>');
  });
});

describe('a collection', () => {
  const page = aRichEvent();
  const collections = createApp(siteInMemory({ events: [page] }), { publicUrl: 'https://news.example' });

  it.each([
    ['an entity', '/entities/deir-ez-zor-governorate.html', 'Deir ez-Zor Governorate'],
    ['a category', '/categories/armed-conflicts.html', 'Armed conflicts and attacks'],
    ['a story', '/stories/battle-for-deir-ez-zor.html', 'The battle for Deir ez-Zor'],
    ['a search', '/search?q=bombers', 'Nothing was found'],
    ['an empty search', '/search', 'Words are found in all their forms'],
    ['the archive', '/archive.html', 'The archive'],
  ])('%s has a page', async (_, path, text) => {
    const response = await collections.request(path);
    expect([response.status, type(response)]).toEqual([200, 'text/html']);
    expect(await response.text()).toContain(text);
  });

  it('that was a story and has no event any more is gone, not unknown', async () => {
    const dissolved = createApp(
      {
        ...siteInMemory({ events: [page] }),
        story: async () => ({ title: 'A rumour', goneAt: '2021-03-09T10:00:00Z' }),
      },
      { publicUrl: 'https://news.example' },
    );
    const response = await dissolved.request('/stories/a-rumour.html');
    expect(response.status).toBe(410);
    expect(await response.text()).toContain('No public event is in “A rumour” since 2021-03-09');
  });

  it('has one address: without its ending it leads there', async () => {
    const response = await collections.request('/entities/deir-ez-zor-governorate');
    expect([response.status, response.headers.get('Location')]).toEqual([
      301,
      '/entities/deir-ez-zor-governorate.html',
    ]);
  });

  it.each([
    '/entities/nobody.html',
    '/topics/x.html',
    '/topics/0',
    '/categories/gossip.html',
    '/stories/none.html',
    '/archive/1850.html',
    '/archive/20.html',
  ])('that there is none of is not found: %s', async (path) =>
    expect((await collections.request(path)).status).toBe(404),
  );
});

describe('the sitemap', () => {
  const mapped = createApp(siteInMemory({ events: [rich, spring], days: [aRichDay('2017-01-30')] }), {
    publicUrl: 'https://news.example',
  });
  const locations = async (path: string): Promise<string[]> => {
    const response = await mapped.request(path);
    expect([path, response.status, type(response)]).toEqual([path, 200, 'application/xml']);
    return [...(await response.text()).matchAll(/<loc>([^<]*)<\/loc>/g)].map(([, location = '']) => location);
  };

  it('is named in robots.txt, and leads to every page there is', async () => {
    expect(await (await mapped.request('/robots.txt')).text()).toContain('Sitemap: https://news.example/sitemap.xml');
    const lists = await locations('/sitemap.xml');
    const pages = (await Promise.all(lists.map((list) => locations(new URL(list).pathname)))).flat();
    expect(pages).toEqual(
      expect.arrayContaining([
        'https://news.example/index.html',
        'https://news.example/archive/2017.html',
        `https://news.example${base}.html`,
        'https://news.example/entities/deir-ez-zor-governorate.html',
        'https://news.example/stories/battle-for-deir-ez-zor.html',
      ]),
    );
    for (const page of pages.filter((one) => !one.includes('/news/'))) {
      expect([page, (await mapped.request(new URL(page).pathname)).status]).toEqual([page, 200]);
    }
  });

  it.each(['/sitemaps/1850.xml', '/sitemaps/entities-9.xml', '/sitemaps/x'])('has no list %s', async (path) =>
    expect((await mapped.request(path)).status).toBe(404),
  );
});
