import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findFeeds } from './find-feeds.ts';
import { readFeed } from './read-feed.ts';

const BASE = 'https://news.example/feeds/all.xml';
const read = (text: string) => readFeed(Buffer.from(text), BASE);
const MAY = Date.parse('2017-05-02T08:00:00Z');

const RSS = `<?xml version="1.0"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>All &amp; sundry</title>
<item><title><![CDATA[A <b>storm</b> hits]]></title><link>/2017/storm</link><guid isPermaLink="false">17</guid><pubDate>Tue, 02 May 2017 08:00:00 GMT</pubDate></item>
<item><title>No link but a guid</title><guid>https://news.example/2017/guid</guid></item>
<item><title>No address at all</title></item></channel></rss>`;
const RDF = `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"><channel rdf:about="x"><title>Old</title></channel>
<item rdf:about="https://news.example/old"><title>An old one</title><link>https://news.example/old</link><dc:date>2017-05-02T08:00:00Z</dc:date></item></rdf:RDF>`;
const ATOM = `<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://news.example/a/"><title type="text">Atom</title>
<entry><id>tag:news.example,2017:1</id><title type="html">&lt;i&gt;A vote&lt;/i&gt; is held</title><link rel="self" href="x.atom"/><link href="vote"/><updated>2017-05-02T10:00:00+02:00</updated></entry></feed>`;
const JSON_FEED = JSON.stringify({
  version: 'https://jsonfeed.org/version/1.1',
  title: 'JSON',
  items: [
    { id: 5, url: 'https://news.example/json', title: 'A title', date_published: '2017-05-02T08:00:00Z' },
    null,
    { id: 'no url' },
  ],
});
const SITEMAP = `<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"><url><loc> https://news.example/map </loc>
<news:news><news:publication_date>2017-05-02T08:00:00Z</news:publication_date><news:title>On the map</news:title></news:news></url></urlset>`;

describe('readFeed', () => {
  it('reads RSS: relative links, guids that are links, CDATA', () => {
    expect(read(RSS)).toEqual({
      form: 'rss',
      title: 'All & sundry',
      items: [
        { key: '17', url: 'https://news.example/2017/storm', title: 'A storm hits', published: MAY },
        { key: 'https://news.example/2017/guid', url: 'https://news.example/2017/guid', title: 'No link but a guid' },
      ],
      sitemaps: [],
    });
  });

  it.each([
    ['rss', RDF, { url: 'https://news.example/old', title: 'An old one', published: MAY }],
    [
      'atom',
      ATOM,
      { key: 'tag:news.example,2017:1', url: 'https://news.example/a/vote', title: 'A vote is held', published: MAY },
    ],
    ['json', JSON_FEED, { key: '5', url: 'https://news.example/json', title: 'A title', published: MAY }],
    ['sitemap', SITEMAP, { url: 'https://news.example/map', title: 'On the map', published: MAY }],
  ])('reads %s', (form, text, item) => {
    expect(read(text)).toMatchObject({ form, items: [item] });
  });

  it.each([
    ['<title type="xhtml"><div>Rain in <b>un</b>usual places<br/>again</div></title>', 'Rain in unusual places again'],
    [
      '<title type="html">Rain &lt;em&gt;and&lt;/em&gt; wind, &lt;q&gt;of late&lt;/q&gt;</title>',
      'Rain and wind, of late',
    ],
    [`<title mode="base64">${btoa('Rain and wind')}</title>`, 'Rain and wind'],
    ['<title type="html">Rain &amp;amp; wind &lt; last year</title>', 'Rain & wind < last year'],
  ])('reads the words of %s in their order', (title, text) => {
    const entry = `<feed><entry>${title}<link href="https://news.example/1"/></entry></feed>`;
    expect(read(entry)?.items[0]?.title).toBe(text);
  });

  it('lists the sitemaps of an index', () => {
    const index = '<sitemapindex><sitemap><loc>https://news.example/1.xml</loc></sitemap></sitemapindex>';
    expect(read(index)).toMatchObject({ form: 'sitemap', items: [], sitemaps: ['https://news.example/1.xml'] });
  });

  it('reads the charset that a document declares', () => {
    const text =
      '<?xml version="1.0" encoding="windows-1251"?><rss><channel><item><link>https://a.example/</link><title>';
    const cyrillic = Buffer.from([0xcc, 0xe8, 0xf0]);
    const body = Buffer.concat([Buffer.from(text), cyrillic, Buffer.from('</title></item></channel></rss>')]);
    expect(readFeed(body, BASE)?.items[0]?.title).toBe('Мир');
    const marked = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(RDF, 'utf16le')]);
    expect(readFeed(marked, BASE)?.items).toHaveLength(1);
  });

  it('takes no id that several items have for one', () => {
    const items = [1, 2].map(
      (n) => `<item><guid isPermaLink="false">same</guid><link>https://a.example/${n}</link></item>`,
    );
    expect(read(`<rss><channel>${items.join('')}</channel></rss>`)?.items.map(({ key }) => key)).toEqual([
      'https://a.example/1',
      'https://a.example/2',
    ]);
  });

  it('takes no address but http and https', () => {
    const links = [
      'javascript:alert(1)',
      'file:///etc/passwd',
      'data:text/html,x',
      'ftp://a.example/',
      '//a.example/ok',
    ];
    const items = links.map((link) => `<item><link>${link}</link></item>`);
    expect(read(`<rss><channel>${items.join('')}</channel></rss>`)?.items.map(({ url }) => url)).toEqual([
      'https://a.example/ok',
    ]);
  });

  it('is none of what is no feed', () => {
    for (const text of ['', '<html><body>Not found</body></html>', '{}', '{"items":[]}', 'null', '<rs', '\0\0\0'])
      expect(read(text)).toBeUndefined();
  });

  it('never throws, and never takes long, whatever is cut, doubled or put in', () => {
    const documents = [RSS, RDF, ATOM, JSON_FEED, SITEMAP];
    const pieces = fc.constantFrom(
      '<',
      '>',
      '&',
      ']]>',
      '<![CDATA[',
      '<!DOCTYPE x [<!ENTITY a "aaaa">]>',
      '&a;',
      '\0',
      '\uD800',
      '"',
      '</item>',
      '<item>',
    );
    fc.assert(
      fc.property(
        fc.constantFrom(...documents),
        fc.array(fc.tuple(fc.nat(900), pieces), { maxLength: 8 }),
        fc.nat(900),
        (text, put, cut) => {
          let broken = text.slice(0, Math.max(cut, 20));
          for (const [at, piece] of put) broken = broken.slice(0, at) + piece + broken.slice(at);
          for (const { url } of read(broken)?.items ?? []) expect(url).toMatch(/^https?:/);
        },
      ),
      { seed: 6, numRuns: 2_000 },
    );
  });

  it('bears depth, breadth and length without end', () => {
    const deep = `<rss><channel>${'<item>'.repeat(100_000)}`;
    const wide = `<rss><channel>${'<item><link>https://a.example/</link></item>'.repeat(50_000)}`;
    const bomb = `<!DOCTYPE rss [<!ENTITY a "${'x'.repeat(1_000)}">${Array.from({ length: 20 }, (_, n) => `<!ENTITY a${n} "&a;&a;&a;">`).join('')}]><rss><channel><title>&a19;</title></channel></rss>`;
    expect(read(deep)?.form).toBe('rss');
    expect(read(wide)?.items).toHaveLength(1);
    expect(read(bomb)?.title?.length ?? 0).toBeLessThan(100);
  });
});

describe('findFeeds', () => {
  it('finds the feeds that a page names', () => {
    const html = `<!doctype html><head><base href="/en/"><link rel="alternate stylesheet" href="x.css"><link rel="alternate" type="text/html" href="/de">
      <link rel="ALTERNATE" type="application/rss+xml; charset=utf-8" href="feed.xml"><link rel=alternate type=application/atom+xml href=//b.example/atom>
      <link rel="alternate" type="application/rss+xml" href="javascript:alert(1)"></head>`;
    expect(findFeeds(html, 'https://a.example/index.html')).toEqual([
      'https://a.example/en/feed.xml',
      'https://b.example/atom',
    ]);
  });
});
