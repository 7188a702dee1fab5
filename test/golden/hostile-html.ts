/** Pages of about a given length, each made of one thing that slows readers of HTML down. */
export const HOSTILE_HTML: Readonly<Record<string, (length: number) => string>> = {
  'nothing but <': (length) => '<'.repeat(length),
  'nothing but &': (length) => '&'.repeat(length),
  'nothing but spaces': (length) => `<p>a${' '.repeat(length)}b`,
  'opening tags without an end': (length) => filled('<div>', length),
  'opening paragraphs and lists': (length) => filled('<p><ul><li>', length),
  'formatting nested and never closed': (length) => filled('<b><i><a href=x>', length),
  'closing tags of nothing': (length) => filled('</div></p>', length),
  'tables in tables': (length) => filled('<table><tr><td>', length),
  'comments never closed': (length) => filled('<!--', length),
  'scripts never closed': (length) => filled('<script>', length),
  'scripts of linked data never closed': (length) => filled('<script type="application/ld+json">{"a":[', length),
  'one attribute': (length) => `<meta property="og:title" content="${'x '.repeat(length / 2)}"><h1>a</h1>`,
  'attributes of one element': (length) => `<div ${filled('a=b ', length)}><p>text`,
  'classes of one element': (length) => `<div class="${filled('articleBody-1 ', length)}"><p>text`,
  'quotes never closed': (length) => filled('<a href="', length),
  'quotes of both kinds': (length) => filled(`<a b='c" d="`, length),
  'equals signs': (length) => `<a ${'='.repeat(length)}`,
  'a title of separators': (length) => `<title>${filled('a | b - ', length)}</title><h1>a</h1>`,
  'a title never closed': (length) => `<title>${filled('word ', length)}`,
  'headings': (length) => filled('<h1>Ferry service resumes</h1>', length),
  'linked headings': (length) => filled('<h2><a href=/x>Ferry service resumes at last</a></h2>', length),
  'names of authors': (length) => `<meta name="author" content="${filled('By Ana and Bo, ', length)}">`,
  'author elements': (length) => filled('<a rel="author" class="byline">By Ana Duarte</a>', length),
  'dates': (length) => filled('<time datetime="2024-03-05">5 March 2024</time>', length),
  'keywords': (length) => `<meta name="keywords" content="${filled('a,', length)}">`,
  'tags of articles': (length) => filled('<meta property="article:tag" content="a b">', length),
  'images': (length) => filled('<figure><img src=/a.jpg><figcaption>Photo: Bo</figcaption></figure>', length),
  'a srcset': (length) => `<article><p>text</p><img srcset="${filled('/a.jpg 1x, ', length)}"></article>`,
  'one paragraph': (length) => `<article><p>${filled('The ferry came. ', length)}</p></article>`,
  'one word': (length) => `<article><p>${'x'.repeat(length)}</p></article>`,
  'paragraphs': (length) => `<article>${filled('<p>The ferry came in after the storm had gone.</p>', length)}</article>`,
  'cards': (length) =>
    filled('<article class=card><h3><a href=/x>Ferry service resumes</a></h3><p>Soon it will.</p></article>', length),
  'linked data deep in brackets': (length) =>
    `<script type="application/ld+json">${'['.repeat(length / 2)}${']'.repeat(length / 2)}</script>`,
  'linked data deep in objects': (length) =>
    `<script type="application/ld+json">${filled('{"@type":"NewsArticle","author":', length)}1</script>`,
  'linked data with many objects': (length) =>
    `<script type="application/ld+json">[${filled('{"@type":"NewsArticle","headline":"a"},', length)}{}]</script>`,
  'linked data with bad quotes': (length) => `<script type="application/ld+json">{"a":"${filled('"b" ', length)}"}</script>`,
  'many scripts of linked data': (length) => filled('<script type="application/ld+json">{"@type":"A"}</script>', length),
};

const filled = (piece: string, length: number): string => piece.repeat(Math.ceil(length / piece.length));
