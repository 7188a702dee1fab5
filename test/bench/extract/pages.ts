const PAGES = 300;
/** An article's page has some 30 paragraphs among some 1,500 other elements. */
const PARAGRAPHS = 30;
const LINKS = 500;

const WORDS =
  'the a ferry harbour council storm minister said that on monday after talks in northport would resume service to islands repair quay crew weather budget vote'.split(
    ' ',
  );

/** A repeatable sequence of numbers in 0..1 (mulberry32). */
function sequence(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Pages as news sites have them: much navigation, much script, JSON-LD, one article. */
export function* syntheticPages(): Generator<{ url: string; html: string }> {
  for (let index = 0; index < PAGES; index++) {
    const next = sequence(index + 1);
    const words = (count: number) =>
      Array.from({ length: count }, () => WORDS[Math.floor(next() * WORDS.length)]).join(' ');
    const url = `https://www.harbourpost.example/news/${words(5).replaceAll(' ', '-')}-${index}`;
    const headline = words(9);
    const linkedData = JSON.stringify({
      '@context': 'https://schema.org',
      '@type': 'NewsArticle',
      headline,
      datePublished: '2024-03-05T08:30:00Z',
      author: [{ '@type': 'Person', name: 'Ana Duarte' }],
      image: { url: '/img/ferry.jpg' },
    });
    const links = Array.from(
      { length: LINKS },
      (_, at) =>
        `<li class="nav__item nav__item--${at % 9}"><a class="nav__link" href="/topic/${at}" data-track='{"pos":${at}}'>${words(4)}</a></li>`,
    );
    const paragraphs = Array.from({ length: PARAGRAPHS }, () => `<p class="body__text">${words(60)}.</p>`);
    yield {
      url,
      html: `<!doctype html><html lang="en"><head><title>${headline} | Harbour Post</title>
<meta property="og:title" content="${headline}"><meta property="og:site_name" content="Harbour Post">
<meta name="description" content="${words(20)}"><script>${'window.config.push({"a":1,"b":"<p>"});'.repeat(1_200)}</script>
<script type="application/ld+json">${linkedData}</script></head><body><header><ul>${links.slice(0, 250).join('\n')}</ul></header>
<main><article><h1>${headline}</h1><p class="byline">By Ana Duarte</p>${paragraphs.join('\n')}</article></main>
<footer><ul>${links.slice(250).join('\n')}</ul></footer></body></html>`,
    };
  }
}
