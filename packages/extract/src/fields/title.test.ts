import { describe, expect, it } from 'vitest';
import { extract } from '../extract.ts';

const titleOf = (html: string, path = '/world/2024/ferry-service-resumes-after-the-storm') =>
  extract(html, { url: `https://www.harbourpost.example${path}` }).fields.title?.value;

const HEADLINE = 'Ferry service resumes after the storm';

describe('title', () => {
  it.each([
    ['the outlet after a bar', `<title>${HEADLINE} | Harbour Post</title>`],
    ['the outlet before a dash', `<title>Harbour Post - ${HEADLINE}</title>`],
    ['the outlet with a word or two more', `<title>Old Harbourpost Northport - ${HEADLINE}</title>`],
    ['the domain of another edition', `<title>${HEADLINE} | NORTHERNPOST.NET</title>`],
    ['the outlet and its motto', `<title>${HEADLINE} - Harbour Post - All the coast</title>`],
  ])('is without %s', (_, html) => {
    expect(titleOf(html)).toBe(HEADLINE);
  });

  it.each([['港口恢复通航：居民松了一口气-海港网'], ['여객선 운항 재개… 주민들 안도-항구일보']])(
    'is without an East Asian paper’s name that follows without a space: %s',
    (title) => {
      expect(titleOf(`<title>${title}</title>`)).toBe(title.slice(0, title.indexOf('-')));
    },
  );

  it('keeps a part that begins like the outlet but says more', () => {
    const headline = "Year in Review: HarbourPost's ten most read stories of 2024";

    expect(titleOf(`<h1>${headline}</h1><title>Ten stories | Harbour Post</title>`)).toBe(headline);
  });

  it('is not the site’s name where that is the page’s first heading: the address tells', () => {
    const name = 'Letters from the quiet coast';

    expect(titleOf(`<title>${HEADLINE} | ${name}</title><h1>${name}</h1>`)).toBe(HEADLINE);
  });

  it('is not the site’s name where a lesser heading says the rest of the title', () => {
    const name = 'Letters from the coast';

    expect(titleOf(`<title>${name} - ${HEADLINE}</title><h1><a href="/">${name}</a></h1><h3>§ ${HEADLINE}</h3>`)).toBe(
      HEADLINE,
    );
  });

  it('is, of several first headings, the one most like the page’s address', () => {
    const html = `<title>Ferries in Northport</title><h1>Next on your way to being out in Northport</h1><h1>${HEADLINE} in Northport</h1>`;

    expect(titleOf(html)).toBe(`${HEADLINE} in Northport`);
  });

  it('has entities decoded once, twice where the page escaped them twice', () => {
    expect(titleOf('<meta property="og:title" content="Bread &amp;amp; salt for the crew">')).toBe(
      'Bread & salt for the crew',
    );
  });
});
