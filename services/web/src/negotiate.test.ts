import { EXTENSIONS } from '@throughline/publish';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { preferredEncoding, preferredFormat } from './negotiate.ts';

describe('the format', () => {
  it.each([
    [undefined, 'html'],
    ['*/*', 'html'],
    ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', 'html'],
    ['application/json', 'json'],
    ['application/xml', 'xml'],
    ['text/markdown, */*;q=0.1', 'md'],
    ['text/*', 'html'],
    ['text/html;q=0, */*', 'md'],
    ['application/*;q=0.5, text/html;q=0.4', 'json'],
    ['APPLICATION/JSON ; Q=0.9 , text/html;q=0.1', 'json'],
    ['image/png', 'html'],
    ['application/json;q=nonsense', 'html'],
    [';;;,,,=', 'html'],
  ])('for Accept: %s is %s', (accept, format) => expect(preferredFormat(accept)).toBe(format));

  it('is one of ours, whatever the header', () => {
    fc.assert(fc.property(fc.string(), (accept) => EXTENSIONS.includes(preferredFormat(accept))));
  });
});

describe('the encoding', () => {
  it.each([
    [undefined, undefined],
    ['gzip, deflate, br', 'br'],
    ['gzip', 'gzip'],
    ['br;q=0, gzip', 'gzip'],
    ['br;q=0.5, gzip;q=0.8', 'gzip'],
    ['*', 'br'],
    ['identity', undefined],
    ['gzip;q=0', undefined],
  ])('for Accept-Encoding: %s is %s', (header, encoding) => expect(preferredEncoding(header)).toBe(encoding));
});
