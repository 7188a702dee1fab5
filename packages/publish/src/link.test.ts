import { describe, expect, it } from 'vitest';
import { anEventPage } from '../../../test/support/pages.ts';
import { safeUrl, wikiUrl } from './link.ts';

const { origin } = anEventPage();

describe('a URL to link to', () => {
  it.each(['http://a.example/', 'HTTPS://a.example/x?y#z', 'https://xn--e1afmkfd.example/'])('%s is safe', (url) => {
    expect(safeUrl(url)).toBe(url);
  });

  it.each([
    'javascript:alert(1)',
    ' javascript:alert(1)',
    'java\nscript:alert(1)',
    'data:text/html,x',
    'vbscript:x',
    '//a.example/',
    '/path',
    'ftp://a.example/',
    'https://',
    'https://user:secret@a.example/',
    'https://user@a.example/',
    'https:/\\',
    '',
    undefined,
  ])('%j is refused', (url) => expect(safeUrl(url)).toBeUndefined());
});

describe('a wiki link', () => {
  it('leads to the wiki that the text comes from', () => {
    expect(wikiUrl('Deir ez-Zor Governorate', origin)).toBe('https://en.wikipedia.org/wiki/Deir_ez-Zor_Governorate');
    expect(wikiUrl('AC/DC?', { ...origin, url: 'https://de.wikipedia.org/wiki/X' })).toBe(
      'https://de.wikipedia.org/wiki/AC/DC%3F',
    );
    expect(wikiUrl('X', { ...origin, url: 'https://evilwikipedia.org/' })).toBe('https://en.wikipedia.org/wiki/X');
    expect(wikiUrl('\ud800"><script>', { ...origin, url: 'javascript:1' })).toBe(
      'https://en.wikipedia.org/wiki/%22%3E%3Cscript%3E',
    );
  });
});
