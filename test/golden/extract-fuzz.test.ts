import { extract } from '@throughline/extract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HOSTILE_HTML } from './hostile-html.ts';

const url = 'https://www.harbourpost.example/world/ferry-service-resumes';

const PAGE = `<!doctype html><html lang="en"><head><title>Ferry service resumes | Harbour Post</title>
<meta property="og:title" content="Ferry service resumes"><meta name="author" content="Ana Duarte">
<script type="application/ld+json">{"@graph":[{"@type":["NewsArticle"],"@id":"#a","headline":"Ferry service resumes",
"datePublished":"2024-03-05T08:30:00+01:00","author":[{"name":"Ana Duarte"}],"image":{"url":"/a.jpg"}}]}</script></head>
<body><nav><ul><li><a href=/x>World</a><li><a href=/y>Sport</a></ul></nav><article><h1>Ferry service resumes</h1>
<p class=byline>By <a rel=author href=/ana>Ana Duarte</a>, <time datetime=2024-03-05>5 March 2024</time></p>
<figure><img src=/a.jpg srcset="/a.jpg 1x, /b.jpg 2x"><figcaption>The quay. Photo: Bo Lind</figcaption></figure>
<p>The ferry to the islands left the quay this morning for the first time since the storm, with ninety on board.</p>
<table><tr><td>Boats<td>3</table><p>Others will follow, the council said &amp; hoped.</p></article></body></html>`;

/** What holds for every page, however broken. */
function expectSoundReading(html: string) {
  const read = extract(html, { url, wantBody: true });

  expect(read.faults).toEqual([]);
  expect(['article', 'bot-wall', 'consent-wall', 'soft-404', 'listing', 'empty']).toContain(read.kind);
  expect(read.fingerprint).toMatch(/^(?:[\da-f]{16})?$/);
  for (const field of Object.values(read.fields)) {
    expect(field.rule).not.toBe('');
    expect(field.confidence).toBeGreaterThan(0);
    expect(field.confidence).toBeLessThanOrEqual(1);
  }
  if (read.fields.image) expect(read.fields.image.value.url).toMatch(/^https?:\/\//);
  if (read.fields.title) expect(read.fields.title.value.trim()).not.toBe('');
  expect(() => JSON.stringify(read)).not.toThrow();
}

const aCut = fc.tuple(fc.nat(PAGE.length), fc.nat(PAGE.length)).map(([one, other]) => {
  const [from, to] = [Math.min(one, other), Math.max(one, other)];
  return [PAGE.slice(0, from) + PAGE.slice(to), PAGE.slice(from, to) + PAGE, PAGE.slice(0, from)];
});

const aPiece = fc.oneof(
  fc.constantFrom(...(PAGE.match(/<[^>]*>|[^<]+/g) ?? [])),
  fc.constantFrom('<', '>', '"', "'", '&', '&#x', '</', '<!--', '-->', '\0', '\ud800', '<![CDATA[', '{', '[', '\\'),
  fc.string({ unit: 'binary', maxLength: 20 }),
);

describe('extract never throws, and no rule of it', () => {
  it('on pages that are cut, doubled or missing a part', () => {
    fc.assert(fc.property(aCut, (pages) => pages.forEach(expectSoundReading)), { numRuns: 150 });
  });

  it('on pages spliced of pieces in any order', () => {
    fc.assert(
      fc.property(fc.array(aPiece, { maxLength: 60 }), (pieces) => expectSoundReading(pieces.join(''))),
      { numRuns: 300 },
    );
  });

  it('on bytes that are no page at all', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2_000 }), (bytes) => expectSoundReading(String.fromCharCode(...bytes))),
      { numRuns: 150 },
    );
  });

  it.each(Object.entries(HOSTILE_HTML))('on 100 kB of %s', (_name, page) => {
    expectSoundReading(page(100_000));
  });

  it('with addresses that are none', () => {
    for (const address of ['', 'x', 'http://', 'data:text/html,x', 'https://a.example/%E0%A4%A'])
      expect(extract(PAGE, { url: address, wantBody: true }).fields.title?.value).toBe('Ferry service resumes');
  });
});
