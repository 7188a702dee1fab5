import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalUrl, checkSubmittable, hostOf, MAX_URL_LENGTH } from './url.ts';

/** Pieces that real and hostile URLs are made of, put together at random. */
const anyUrlLike = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        'http://',
        'https://',
        'HTTP://',
        '//',
        'user:pw@',
        'www.',
        'm.',
        'amp.',
        'www2.',
        'example',
        '.org',
        '.co.uk',
      ),
      fc.constantFrom(
        ':80',
        ':443',
        ':8080',
        '/',
        '//',
        '/./',
        '/../',
        '/amp',
        '/index.html',
        '.amp',
        '.amp.html',
        ';jsessionid=A1',
      ),
      fc.constantFrom(
        '?',
        '&',
        '=',
        '+',
        '%',
        '%2',
        '%20',
        '%2e',
        '%7E',
        '%C3%A9',
        'é',
        'utm_source=x',
        'ref=y',
        'id=1',
        'b=2',
      ),
      fc.constantFrom(
        '#',
        '#!',
        '#/news',
        '[::1]',
        '127.1',
        '0x7f.1',
        'www.google.com/amp/s/',
        'x.cdn.ampproject.org/c/s/',
        '\\',
        '\t',
      ),
      fc.string({ maxLength: 4 }),
    ),
    { maxLength: 12 },
  )
  .map((pieces) => pieces.join(''));

const anyUrl = fc.oneof(
  fc.webUrl({ withQueryParameters: true, withFragments: true, validSchemes: ['http', 'https'] }),
  anyUrlLike.map((rest) => `https://example.org/${rest}`),
  anyUrlLike,
);

describe('canonicalUrl', () => {
  it.each([
    ['the scheme', 'http://example.org/a', 'https://example.org/a'],
    ['the host’s case and final dot', 'https://EXAMPLE.org./a', 'https://example.org/a'],
    ['www and its numbered twins', 'https://www2.example.org/a', 'https://example.org/a'],
    ['mobile hosts', 'https://m.example.org/a', 'https://example.org/a'],
    ['mobile hosts behind a language', 'https://en.m.wikipedia.org/wiki/X', 'https://en.wikipedia.org/wiki/X'],
    ['AMP hosts', 'https://amp.example.org/a', 'https://example.org/a'],
    ['an AMP path at the end', 'https://example.org/2016/story/amp/', 'https://example.org/2016/story'],
    ['an AMP path in the middle', 'http://www.bbc.co.uk/news/amp/37214635', 'https://bbc.com/news/37214635'],
    ['an AMP suffix', 'https://example.org/story.amp.html', 'https://example.org/story.html'],
    ['an AMP parameter', 'https://example.org/story?outputType=amp', 'https://example.org/story'],
    ['an AMP cache', 'https://www-example-org.cdn.ampproject.org/c/s/www.example.org/a', 'https://example.org/a'],
    ['an AMP viewer', 'https://www.google.com/amp/s/m.example.org/a/amp/', 'https://example.org/a'],
    [
      'a search engine’s link',
      'https://www.google.com/url?sa=t&url=http%3A%2F%2Fexample.org%2Fa',
      'https://example.org/a',
    ],
    ['the port', 'http://example.org:80/a', 'https://example.org/a'],
    ['tracking', 'https://example.org/a?utm_source=x&fbclid=1&gclid=2&id=7', 'https://example.org/a?id=7'],
    ['the fragment', 'https://example.org/a#comments', 'https://example.org/a'],
    ['the query’s order', 'https://example.org/a?b=2&a=1', 'https://example.org/a?a=1&b=2'],
    ['the trailing slash', 'https://example.org/a/', 'https://example.org/a'],
    ['doubled slashes', 'https://example.org//a//b', 'https://example.org/a/b'],
    ['an index page', 'https://example.org/a/index.html', 'https://example.org/a'],
    ['needless escapes', 'https://example.org/%7Ea%2Cb', 'https://example.org/~a,b'],
    ['the case of escapes', 'https://example.org/%c3%a9', 'https://example.org/%C3%A9'],
    ['raw letters', 'https://example.org/é', 'https://example.org/%C3%A9'],
    ['session ids', 'https://example.org/a;jsessionid=0F?x=1', 'https://example.org/a?x=1'],
    ['credentials', 'https://me:pw@example.org/a', 'https://example.org/a'],
  ])('folds %s', (_, url, canonical) => {
    expect(canonicalUrl(url)).toBe(canonical);
  });

  it.each([
    ['the path’s case', 'https://example.org/A', 'https://example.org/a'],
    ['parameters that name a page', 'https://example.org/?id=1', 'https://example.org/?id=2'],
    ['other ports', 'https://example.org:8443/a', 'https://example.org/a'],
    ['fragments that are routes', 'https://example.org/#/news/one', 'https://example.org/#/news/two'],
    ['escaped slashes', 'https://example.org/a%2Fb', 'https://example.org/a/b'],
    ['hosts that only look like a prefix', 'https://m.me/a', 'https://me/a'],
  ])('keeps %s apart', (_, one, other) => {
    expect(canonicalUrl(one)).not.toBe(canonicalUrl(other));
  });

  it.each([
    '',
    'example.org',
    'ftp://example.org/',
    'javascript:alert(1)',
    'http://',
    'http://[',
    `https://example.org/${'a'.repeat(MAX_URL_LENGTH)}`,
  ])('has no form for %j', (url) => {
    expect(canonicalUrl(url)).toBeUndefined();
  });

  it('is its own canonical form, and never throws', () => {
    fc.assert(
      fc.property(anyUrl, (url) => {
        const canonical = canonicalUrl(url);
        if (canonical === undefined) return;
        expect(canonicalUrl(canonical)).toBe(canonical);
        expect(canonical.length).toBeLessThanOrEqual(MAX_URL_LENGTH);
      }),
      { numRuns: 2_000 },
    );
  });

  it('does not depend on scheme, www, fragment or the order of parameters', () => {
    const parameter = fc.tuple(fc.constantFrom('a', 'b', 'id', 'page'), fc.stringMatching(/^[a-z0-9]{0,5}$/));
    const path = fc.stringMatching(/^(\/[a-z0-9-]{1,8}){0,4}$/);
    fc.assert(
      fc.property(path, fc.array(parameter), (pathname, parameters) => {
        const query = (pairs: typeof parameters) => pairs.map((pair) => pair.join('=')).join('&');
        const one = canonicalUrl(`https://example.org${pathname}?${query(parameters)}`);
        expect(
          canonicalUrl(`http://www.example.org${pathname}/?${query(parameters.toReversed())}&utm_medium=z#top`),
        ).toBe(one);
      }),
    );
  });

  it('takes time in proportion to the URL, whatever is in it', () => {
    const unwrapping = `https://www.google.com/amp/s/${'www.google.com/amp/s/'.repeat(180)}x.org`;
    const started = performance.now();
    for (const unit of ['/amp', '%', '%41', 'www.', ';jsessionid=', '&a=', '//', '.m.'])
      canonicalUrl(`https://example.org/${unit.repeat(900)}`);
    canonicalUrl(unwrapping);
    expect(performance.now() - started).toBeLessThan(500);
  });
});

describe('hostOf', () => {
  it('is the name that robots.txt and pace belong to', () => {
    expect(hostOf('https://WWW.Example.org./a')).toBe('www.example.org');
    expect(hostOf('http://example.org:8080/')).toBe('example.org:8080');
    expect(hostOf('mailto:a@example.org')).toBeUndefined();
  });
});

describe('checkSubmittable', () => {
  it('gives back the URL as browsers write it, without its fragment', () => {
    expect(checkSubmittable(' http://Example.org/a b#c ')).toEqual({ ok: true, url: 'http://example.org/a%20b' });
  });

  it.each([
    ['not a url', '"not a url" is not a URL'],
    ['ftp://example.org/', '"ftp:" is not supported: the URL must begin with http:// or https://'],
    ['http://me:secret@example.org/', 'the URL of "example.org" carries a user name or password'],
    ['http://127.0.0.1/', '"127.0.0.1" is not a public address (loopback)'],
    ['http://2130706433/', '"127.0.0.1" is not a public address (loopback)'],
    ['http://10.1.2.3/', '"10.1.2.3" is not a public address (private)'],
    ['http://[::ffff:192.168.0.1]/', '"[::ffff:c0a8:1]" is not a public address (private)'],
    ['http://example.org:8080/', 'port 8080 of "example.org" is neither 80 nor 443'],
    ['http://localhost:8080/', '"localhost" is not a public host name'],
    ['http://printer/', '"printer" is not a public host name'],
    ['http://db.internal./', '"db.internal" is not a public host name'],
  ])('says what is wrong with %s', (url, problem) => {
    expect(checkSubmittable(url)).toEqual({ ok: false, problem });
  });

  it('never throws, and never echoes a password', () => {
    fc.assert(
      fc.property(anyUrlLike, (url) => {
        const checked = checkSubmittable(`https://me:hunter2@${url}`);
        if (!checked.ok) expect(checked.problem).not.toContain('hunter2');
      }),
    );
  });
});
