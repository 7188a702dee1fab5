import { extract } from '@throughline/extract';
import { describe, expect, it } from 'vitest';

const url = 'https://www.harbourpost.example/world/ferry-service-resumes';

const fieldsOf = (head: string, body = '', address = url) =>
  extract(`<html><head>${head}</head><body>${body}</body></html>`, { url: address }).fields;
const ld = (json: string) => `<script type="application/ld+json">${json}</script>`;
const meta = (name: string, content: string) => `<meta name="${name}" content="${content}">`;

const FULL = `"headline":"Ferry service resumes","datePublished":"2024-03-05T08:30:00+01:00","author":{"name":"Ana Duarte"}`;

describe('linked data is read', () => {
  it.each([
    ['alone', `{"@type":"NewsArticle",${FULL}}`],
    ['in an array', `[{"@type":"WebSite","name":"Harbour Post"},{"@type":"NewsArticle",${FULL}}]`],
    ['in a graph', `{"@graph":[{"@type":"Organization","name":"x"},{"@type":["Article","NewsArticle"],${FULL}}]}`],
    ['with a type by its address', `{"@type":"https://schema.org/ReportageNewsArticle",${FULL}}`],
    ['with a type by its prefix', `{"@type":"schema:BlogPosting",${FULL}}`],
    ['with trailing commas', `{"@type":"NewsArticle",${FULL},}`],
    ['with raw line breaks', `{"@type":"NewsArticle","description":"First line\n second",${FULL}}`],
    ['escaped as HTML', `{&quot;@type&quot;:&quot;NewsArticle&quot;,${FULL.replaceAll('"', '&quot;')}}`],
    ['in a comment', `<!-- {"@type":"NewsArticle",${FULL}} -->`],
    ['with the author by reference', `[{"@type":"NewsArticle",${FULL.replace('{"name":"Ana Duarte"}', '{"@id":"#ana"}')}},{"@type":"Person","@id":"#ana","name":"Ana Duarte"}]`],
    ['beside articles that it lists', `[{"@type":"NewsArticle","url":"/other","headline":"Council votes"},{"@type":"NewsArticle","url":"${url}",${FULL}}]`],
  ])('%s', (_, json) => {
    expect(fieldsOf(ld(json))).toMatchObject({
      title: { value: 'Ferry service resumes', rule: 'json-ld:headline' },
      authors: { value: ['Ana Duarte'] },
      published: { value: '2024-03-05T08:30:00+01:00' },
    });
  });

  it('after the head as before it', () => {
    expect(fieldsOf('', `<p>Text.</p>${ld(`{"@type":"NewsArticle",${FULL}}`)}`).title?.value).toBe('Ferry service resumes');
  });
});

describe('what stands beside linked data is read', () => {
  it.each([
    ['citation_', meta('citation_title', 'Ferry service resumes') + meta('citation_author', 'Duarte, Ana') + meta('citation_publication_date', '2024/03/05')],
    ['parsely-', meta('parsely-title', 'Ferry service resumes') + meta('parsely-author', 'Ana Duarte') + meta('parsely-pub-date', '2024-03-05T08:30:00Z')],
    ['sailthru.', meta('sailthru.title', 'Ferry service resumes') + meta('sailthru.author', 'Ana Duarte') + meta('sailthru.date', '2024 03 05 08:30:00')],
    ['Dublin Core', meta('DC.title', 'Ferry service resumes') + meta('DC.creator', 'Ana Duarte') + meta('DC.date.issued', '2024-03-05')],
    ['Open Graph', '<meta property="og:title" content="Ferry service resumes"><meta property="article:author" content="Ana Duarte"><meta property="article:published_time" content="2024-03-05">'],
  ])('%s', (_, head) => {
    const { title, authors, published } = fieldsOf(head);

    expect(title?.value).toBe('Ferry service resumes');
    expect(authors?.value).toEqual(['Ana Duarte']);
    expect(published?.value.slice(0, 10)).toBe('2024-03-05');
  });

  it('microdata', () => {
    const body = `<article itemscope itemtype="https://schema.org/NewsArticle"><h1 itemprop="headline">Ferry service resumes</h1>
      <span itemprop="author" itemscope><b itemprop="name">Ana Duarte</b></span> <span itemprop="datePublished" content="2024-03-05T08:30:00Z">today</span></article>`;

    expect(fieldsOf('', body)).toMatchObject({
      title: { value: 'Ferry service resumes' },
      authors: { value: ['Ana Duarte'] },
      published: { value: '2024-03-05T08:30:00Z', rule: 'dom:itemprop' },
    });
  });

  it('a time element, a date in the page’s language, a date in its address', () => {
    expect(fieldsOf('', '<h1>Ferry service resumes</h1><time datetime="2024-03-05T08:30">5 March</time>').published?.value).toBe('2024-03-05T08:30:00');
    expect(fieldsOf('', '<h1>Die Fähre fährt wieder</h1><p class="date">Dienstag, 5. März 2024, 08:30 Uhr</p>').published?.value).toBe('2024-03-05T08:30:00');
    expect(fieldsOf('', '<h1>フェリーの運航が再開</h1><p class="date">2024年3月5日 午後8時30分</p>').published?.value).toBe('2024-03-05T20:30:00');
    expect(fieldsOf('', '<h1>여객선 운항 재개 소식</h1><p class="date">2024년 3월 5일 오전 8시 30분</p>').published?.value).toBe('2024-03-05T08:30:00');
    expect(fieldsOf('', '', 'https://www.harbourpost.example/2024/03/05/ferry')).toMatchObject({
      published: { value: '2024-03-05', rule: 'url' },
    });
  });
});

describe('authors', () => {
  const byline = (text: string) => fieldsOf('', `<h1>Ferry service resumes</h1><p class="byline">${text}</p>`).authors?.value;

  it.each([
    ['By Ana Duarte and Bo Lind', ['Ana Duarte', 'Bo Lind']],
    ['Ana Duarte, Bo Lind and Cy Moreau in Beirut', ['Ana Duarte', 'Bo Lind', 'Cy Moreau']],
    ['Von Ana Duarte und Bo Lind', ['Ana Duarte', 'Bo Lind']],
    ['https://www.harbourpost.example/authors/ana', undefined],
    ['Harbour Post', undefined],
    ['Ana Duarte, ANA DUARTE', ['Ana Duarte']],
  ])('%s', (text, names) => {
    expect(byline(text)).toEqual(names);
  });

  it('are people before organisations, which stand for the author only where nobody else does', () => {
    const agency = `"author":{"@type":"Organization","name":"Northern Wire"}`;
    const article = ld(`{"@type":"NewsArticle","headline":"Ferry service resumes",${agency}}`);

    expect(fieldsOf(article, '<h1>Ferry service resumes</h1><p class="byline">By Ana Duarte</p>').authors?.value).toEqual(['Ana Duarte']);
    expect(fieldsOf(article).authors).toMatchObject({ value: ['Northern Wire'], rule: 'json-ld:author-organization' });
    expect(byline('<a rel=author>Ana Duarte</a><br>Associated Press')).toEqual(['Ana Duarte']);
  });

  it('are not the address after an outlet’s name, nor an affiliation without a name before it', () => {
    expect(fieldsOf(meta('author', 'Harbour Post, Northport, Norway')).authors).toBeUndefined();
    expect(fieldsOf(ld('{"@type":"NewsArticle","author":{"name":", The Northport Gazette &amp; Mail"}}')).authors).toBeUndefined();
  });

  it('sign with a name alone in bold beside the text', () => {
    const prose = `<p>${'The ferry to the islands left the quay this morning, for the first time since the storm. '.repeat(2)}</p>`;

    expect(fieldsOf('', `<h1>Ferry service resumes</h1>${prose}<p><strong>Ana Duarte</strong></p>`).authors).toMatchObject({
      value: ['Ana Duarte'],
      rule: 'dom:signature',
    });
    expect(fieldsOf('', `<h1>Ferry service resumes</h1>${prose}<p><strong>What comes next</strong></p>`).authors).toBeUndefined();
  });
});

describe('descriptions', () => {
  const described = (content: string, body = '') => fieldsOf(`<meta property="og:description" content="${content}">`, body).description?.value;

  it('are no boilerplate of the outlet', () => {
    expect(described('Harbour Post brings you the latest news from the islands.')).toBeUndefined();
    expect(described('Get the latest headlines and breaking stories at Harbour Post.')).toBeUndefined();
  });

  it('begin with the description, not with its date', () => {
    expect(described('05.03.2024, 08.30 Uhr : Die Fähre zu den Inseln fährt wieder.')).toBe('Die Fähre zu den Inseln fährt wieder.');
  });

  it('have entities decoded once, twice where they were escaped twice', () => {
    expect(described('Bread &amp; salt came by ferry')).toBe('Bread & salt came by ferry');
    expect(described('Bread &amp;amp; salt came by ferry')).toBe('Bread & salt came by ferry');
  });
});

it('pictures are resolved, and placeholders refused', () => {
  const pictured = (content: string) => fieldsOf(`<meta property="og:image" content="${content}">`).image?.value.url;

  expect(pictured('/img/ferry.jpg')).toBe('https://www.harbourpost.example/img/ferry.jpg');
  expect(pictured('//cdn.harbourpost.example/ferry.jpg')).toBe('https://cdn.harbourpost.example/ferry.jpg');
  for (const none of ['/pf/rcom-default.png', '/logo.png', '/img/sprite.png', '/placeholder.jpg', 'data:image/png;base64,x'])
    expect(pictured(none)).toBeUndefined();
});

it('the language is what the page says, unless its text is plainly in another', () => {
  const german = `<p>${'Die Fähre zu den Inseln ist heute früh zum ersten Mal seit dem Sturm wieder ausgelaufen. '.repeat(4)}</p>`;

  expect(extract(`<html lang="de-AT">${german}`, { url }).fields.language?.value).toBe('de-at');
  expect(extract(`<html lang="en">${german}`, { url }).fields.language).toMatchObject({ value: 'de', rule: 'dom:text' });
  expect(extract(german, { url }).fields.language?.value).toBe('de');
});

it('the text has its paragraphs, without navigation, promotions and captions', () => {
  const sentence = (what: string) => `The ${what} left the quay this morning for the first time since the storm, with ninety people on board.`;
  const { body } = extract(
    `<nav><a href=/a>World</a><a href=/b>Sport</a></nav><article><h1>Ferry service resumes</h1><p>${sentence('ferry')}</p>
     <figure><img src=/a.jpg><figcaption>The quay at dawn, with the first ferry of the week</figcaption></figure>
     <p>${sentence('mail boat')}</p><div class="newsletter-signup"><p>Sign up for our newsletter to get it each morning</p></div>
     <p>${sentence('pilot')}</p></article><aside class="related"><h2>Read more</h2><p>${sentence('other ship')}</p></aside>`,
    { url, wantBody: true },
  );

  expect(body.split('\n\n')).toEqual([sentence('ferry'), sentence('mail boat'), sentence('pilot')]);
});

it('a copy of a text has nearly its fingerprint', () => {
  const read = (more: string) =>
    extract(`<article><h1>Ferry</h1>${['ferry', 'mail boat', 'pilot', 'crane', 'tug'].map((what) => `<p>The ${what} was repaired by Tuesday after three days of storm, the harbour's council said in a note to the islands.</p>`).join('')}${more}</article>`, {
      url,
      wantBody: true,
    }).fingerprint;
  const bits = (one: string, other: string) =>
    (BigInt(`0x${one}`) ^ BigInt(`0x${other}`)).toString(2).split('1').length - 1;

  expect(bits(read(''), read('<p>With additional notes by the wire of the north coast.</p>'))).toBeLessThan(16);
});
