import { dayOfNumber, slugOf } from '@throughline/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyText } from '../../../test/support/any-pages.ts';
import { day } from '../../../test/support/pages.ts';
import { dayPath, EXTENSIONS, eventPath, frontPath, parsePath, pathOf, type Place } from './path.ts';

const anyDay = fc.integer({ min: 10_000, max: 40_000 }).map(dayOfNumber);
const anyExt = fc.constantFrom(undefined, ...EXTENSIONS).map((ext) => (ext ? { ext } : {}));
const anyPlace: fc.Arbitrary<Place> = fc.oneof(
  anyExt.map((ext): Place => ({ kind: 'front', ...ext })),
  fc.tuple(anyDay, anyExt).map(([on, ext]): Place => ({ kind: 'day', day: on, ...ext })),
  fc
    .tuple(anyDay, anyText.map(slugOf), anyExt)
    .filter(([, slug]) => slug !== 'index')
    .map(([on, slug, ext]): Place => ({ kind: 'event', day: on, slug, ...ext })),
);

describe('a path', () => {
  it('pads the month and not the day, as the original does', () => {
    expect(dayPath(day('2017-05-02'))).toBe('/news/2017/05/2/index.html');
    expect(eventPath(day('2017-01-30'), 'a-b', 'md')).toBe('/news/2017/01/30/a-b.md');
    expect(eventPath(day('2017-01-30'), 'a-b', 'any')).toBe('/news/2017/01/30/a-b');
    expect(frontPath('json')).toBe('/index.json');
  });

  it('is read back as the place that it was written for', () => {
    fc.assert(
      fc.property(anyPlace, (place) => {
        expect(parsePath(pathOf(place))).toEqual(place);
      }),
    );
  });

  it('survives a URL parser as it is', () => {
    fc.assert(
      fc.property(anyPlace, (place) => {
        expect(new URL(pathOf(place), 'https://news.example').pathname).toBe(pathOf(place));
      }),
    );
  });

  it('may pad the day or leave out the last slash, and has one right spelling', () => {
    for (const [path, right] of [
      ['/news/2017/05/02/a.md', '/news/2017/05/2/a.md'],
      ['/news/2017/05/02', '/news/2017/05/2/'],
      ['/news/2017/05/2/index', '/news/2017/05/2/'],
      ['/news/2017/05/02/index.xml', '/news/2017/05/2/index.xml'],
    ] as const) {
      const place = parsePath(path);
      expect(place && pathOf(place)).toBe(right);
    }
  });

  it('keeps letters of other scripts, percent-encoded', () => {
    const path = eventPath(day('2017-01-30'), 'война-和平');
    expect(path).toMatch(/^[\x21-\x7e]+$/);
    expect(parsePath(path)).toEqual({ kind: 'event', day: '2017-01-30', slug: 'война-和平', ext: 'html' });
  });

  it.each([
    '',
    '/index',
    '/index.txt',
    '/news/2017/02/30/a.html',
    '/news/2017/13/01/a.html',
    '/news/2017/1/30/a.html',
    '/news/17/01/30/a.html',
    '/news/2017/01/30/.html',
    '/news/2017/01/30/%zz.html',
    '/news/2017/01/30/a/b.html',
    '/news/2017/01/30/a.html\n',
  ])('%j names no place', (path) => expect(parsePath(path)).toBeUndefined());

  it('of any kind is read without a throw', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void parsePath(`/news/2017/01/30/${text}`)));
  });
});
