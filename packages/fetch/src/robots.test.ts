import { serveOnLoopback, type Reply } from '@throughline/test/loopback';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFetcher } from './get.ts';
import { crawlDelaySeconds, fetchRobots, MAX_ROBOTS_BYTES, parseRobots, robotsAllow, robotsFor } from './robots.ts';

const US = 'Throughline/0.1 (ops@example.org)';
const allows = (text: string, path: string, agent = US) =>
  robotsAllow(parseRobots(text), `https://example.org${path}`, agent);
const forAll = (...rules: string[]) => ['User-agent: *', ...rules].join('\n');

describe('which group is ours', () => {
  it('the one that names our token, in any case and with any version', () => {
    const text = 'User-agent: *\nDisallow: /\n\nUSER-AGENT: ThroughLine/2.0\nDisallow: /private';
    expect(allows(text, '/a')).toBe(true);
    expect(allows(text, '/private/a')).toBe(false);
    expect(allows(text, '/a', 'Otherbot')).toBe(false);
  });

  it('all that name it together, and then not the one for everyone', () => {
    const text =
      'User-agent: throughline\nDisallow: /a\n\nUser-agent: *\nDisallow: /\n\nUser-agent: x\nUser-agent: throughline\nDisallow: /b';
    expect(['/a', '/b', '/c'].map((path) => allows(text, path))).toEqual([false, false, true]);
  });

  it('the one for everyone where none names it, and none where there is neither', () => {
    expect(allows(forAll('Disallow: /a'), '/a')).toBe(false);
    expect(allows('User-agent: otherbot\nDisallow: /', '/a')).toBe(true);
    expect(allows('Disallow: /', '/a')).toBe(true);
  });

  it('not one whose name only begins as ours', () => {
    expect(allows('User-agent: Through\nDisallow: /', '/a')).toBe(true);
    expect(allows('User-agent: Throughline-News\nDisallow: /', '/a')).toBe(true);
  });

  it('is not parted by lines that belong to no group', () => {
    const text =
      'User-agent: throughline\nSitemap: https://example.org/map.xml\nNoindex: /x\nUser-agent: otherbot\nDisallow: /a';
    expect(allows(text, '/a')).toBe(false);
    expect(parseRobots(text).sitemaps).toEqual(['https://example.org/map.xml']);
  });

  it('may be empty, which allows everything', () => {
    expect(allows('User-agent: throughline\nDisallow:\n\nUser-agent: *\nDisallow: /', '/a')).toBe(true);
  });
});

describe('which rule decides', () => {
  it.each([
    ['nothing said', [], '/a', true],
    ['a prefix', ['Disallow: /fish'], '/fishheads/yummy.html', false],
    ['a prefix is case-sensitive', ['Disallow: /fish'], '/Fish.asp', true],
    ['a folder', ['Disallow: /fish/'], '/fish', true],
    ['the longer rule', ['Allow: /p', 'Disallow: /'], '/page', true],
    ['the longer rule, in any order', ['Disallow: /', 'Allow: /p'], '/page', true],
    ['allow where they are as long', ['Disallow: /page', 'Allow: /page'], '/page', true],
    ['a star', ['Disallow: /*.php'], '/folder/any.php.file.html', false],
    ['a star for nothing', ['Disallow: /a*b'], '/ab', false],
    ['stars one after another', ['Disallow: /a**b'], '/axxb', false],
    ['a final dollar', ['Disallow: /*.php$'], '/a.php?x', true],
    ['a final dollar at the end', ['Disallow: /*.php$'], '/a.php', false],
    ['a star and a dollar that overlap', ['Disallow: /ab*b$'], '/ab', true],
    ['a dollar before the end means itself', ['Disallow: /$a'], '/$a', false],
    ['only a dollar', ['Disallow: /$'], '/', false],
    ['only a dollar, deeper', ['Disallow: /$'], '/a', true],
    ['the query', ['Disallow: /*?print='], '/a?print=1', false],
    ['robots.txt itself', ['Disallow: /'], '/robots.txt', true],
    ['a comment', ['Disallow: /a # and more'], '/a', false],
    ['no space', ['disallow:/a'], '/a', false],
    ['spelled wrong as many do', ['Dissallow: /a'], '/a', false],
    ['escapes of plain letters', ['Disallow: /foo/bar/%62%61%7A'], '/foo/bar/baz', false],
    ['raw letters', ['Disallow: /ツ'], '/%e3%83%84', false],
    ['escaped delimiters stay apart', ['Disallow: /a%2Fb'], '/a/b', true],
    ['a pattern without its slash', ['Disallow: *.gif'], '/x.gif', false],
  ])('%s', (_, rules, path, allowed) => {
    expect(allows(forAll(...rules), path)).toBe(allowed);
  });

  it('reads any line ending and a byte order mark', () => {
    expect(allows('\ufeffUser-agent: *\rDisallow: /a\r\nDisallow: /b\n', '/a')).toBe(false);
    expect(allows('\ufeffUser-agent: *\rDisallow: /a\r\nDisallow: /b\n', '/b')).toBe(false);
  });

  it('agrees with a plain regular expression on any small pattern', () => {
    const pattern = fc.stringMatching(/^[ab*]{0,6}\$?$/);
    const path = fc.stringMatching(/^[ab]{0,8}$/);
    fc.assert(
      fc.property(pattern, path, (rest, tail) => {
        const source = rest.replace(/\$$/, '').replaceAll('*', '.*');
        const matches = new RegExp(`^/${source}${rest.endsWith('$') ? '$' : ''}`).test(`/${tail}`);
        expect(allows(forAll(`Disallow: /${rest}`), `/${tail}`)).toBe(!matches);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('Crawl-delay', () => {
  it('is our group’s, in seconds', () => {
    const robots = parseRobots(
      'User-agent: *\nCrawl-delay: 30\n\nUser-agent: throughline\nCrawl-delay: 2.5\nDisallow: /x',
    );
    expect(crawlDelaySeconds(robots, US)).toBe(2.5);
    expect(crawlDelaySeconds(robots, 'Otherbot')).toBe(30);
  });

  it.each(['', '-1', 'slow', 'Infinity', '1e400'])('is nothing where it says %j', (value) => {
    expect(crawlDelaySeconds(parseRobots(forAll(`Crawl-delay: ${value}`)), US)).toBeUndefined();
  });
});

describe('what is kept', () => {
  it('answers as the whole file does, after a trip through JSON', () => {
    const line = fc.oneof(
      fc.constantFrom(
        'User-agent: *',
        'User-agent: throughline',
        'User-agent: other',
        '',
        'Crawl-delay: 3',
        'Sitemap: x',
      ),
      fc.stringMatching(/^(Allow|Disallow): \/[ab*$]{0,4}$/),
      fc.string({ maxLength: 12 }),
    );
    fc.assert(
      fc.property(fc.array(line), fc.stringMatching(/^\/[ab]{0,4}$/), (lines, path) => {
        const whole = parseRobots(lines.join('\n'));
        const kept = JSON.parse(JSON.stringify(robotsFor(whole, US))) as typeof whole;
        const url = `https://example.org${path}`;
        expect(robotsAllow(kept, url, US)).toBe(robotsAllow(whole, url, US));
        expect(crawlDelaySeconds(kept, US)).toBe(crawlDelaySeconds(whole, US));
      }),
    );
  });

  it('is read in bounded time, whatever the file', () => {
    const worst = forAll(
      ...Array.from({ length: 240 }, (_, index) => `Disallow: /*${'a'.repeat(1_900)}b${index}*${'a*'.repeat(30)}c`),
    );
    const started = performance.now();
    allows(worst, `/${'a'.repeat(1_900)}`);
    parseRobots('User-agent: a\n'.repeat(40_000));
    parseRobots(`User-agent: ${'*'.repeat(500_000)}`);
    parseRobots(':'.repeat(500_000));
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});

describe('fetchRobots', () => {
  async function answer(replies: Readonly<Record<string, Reply>>) {
    await using server = await serveOnLoopback(replies);
    const fetcher = createFetcher({ userAgent: US, guard: { allowLoopback: true } });
    const robots = await fetchRobots(fetcher, `${server.origin}/news/1?x=2`, US);
    fetcher.close();
    return robots;
  }
  const status =
    (code: number, headers = {}): Reply =>
    (_, response) =>
      void response.writeHead(code, headers).end('Disallow: /');
  const text =
    (body: string): Reply =>
    (_, response) =>
      void response.writeHead(200, { 'content-type': 'text/plain' }).end(body);
  const everything = { kind: 'rules', robots: { groups: [], sitemaps: [] } };

  it('gives the rules for us', async () => {
    const found = await answer({
      '/robots.txt': text('User-agent: *\nDisallow: /\n\nUser-agent: throughline\nDisallow: /x'),
    });
    expect(found).toEqual({
      kind: 'rules',
      robots: { groups: [{ agents: ['*'], rules: [{ allow: false, pattern: '/x' }] }], sitemaps: [] },
    });
  });

  it.each([400, 401, 403, 404, 410, 451])('allows all where the server says %i', async (code) => {
    expect(await answer({ '/robots.txt': status(code) })).toEqual(everything);
  });

  it.each([429, 500, 503])('allows nothing for now where it says %i', async (code) => {
    expect(await answer({ '/robots.txt': status(code, { 'retry-after': '5' }) })).toMatchObject({
      kind: 'unreachable',
      fetched: { status: code, retryAfterMs: 5_000 },
    });
  });

  it('allows nothing for now where it does not answer', async () => {
    expect(await answer({ '/robots.txt': (request) => request.socket.destroy() })).toMatchObject({
      kind: 'unreachable',
    });
  });

  it('follows five redirects, and takes more for no file', async () => {
    const chain = (length: number) =>
      Object.fromEntries(
        Array.from({ length }, (_, index) => [
          index === 0 ? '/robots.txt' : `/${index}`,
          status(301, { location: `/${index + 1}` }),
        ]),
      );
    expect(await answer({ ...chain(5), '/5': text(forAll('Disallow: /')) })).toMatchObject({
      robots: { groups: [{}] },
    });
    expect(await answer({ ...chain(6), '/6': text(forAll('Disallow: /')) })).toEqual(everything);
  });

  it('takes a page of HTML for no file', async () => {
    expect(await answer({ '/robots.txt': '<!doctype html><p>User-agent: *\nDisallow: /' })).toEqual(everything);
  });

  it('reads the first 500 KiB of a file without end', async () => {
    const endless: Reply = (_, response) => {
      response.writeHead(200, { 'content-type': 'text/plain' });
      response.write('User-agent: *\nDisallow: /a\n');
      const pump = () => {
        while (!response.destroyed && response.write('# nothing\n'.repeat(1_000)));
      };
      response.on('drain', pump);
      pump();
    };
    expect(await answer({ '/robots.txt': endless })).toMatchObject({
      robots: { groups: [{ rules: [{ pattern: '/a' }] }] },
    });
    expect(allows(`${'#'.repeat(MAX_ROBOTS_BYTES)}\n${forAll('Disallow: /')}`, '/')).toBe(true);
  });
});
