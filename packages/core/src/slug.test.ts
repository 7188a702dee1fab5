import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RESERVED_SLUG, slugOf } from './slug.ts';

describe('slugOf', () => {
  it.each([
    ['Fires burn near Pedrógão Grande.', 'fires-burn-near-pedrogao-grande'],
    ['Şanlıurfa: İstanbul’s “mayor” quits', 'sanliurfa-istanbul-s-mayor-quits'],
    ['Øresund – Łódź, straße & Þórshöfn', 'oresund-lodz-strasse-thorshofn'],
    ['北京 opens a bridge', '北京-opens-a-bridge'],
    ['…!?', 'item'],
    ['', 'item'],
  ])('folds %j to %j', (text, slug) => {
    expect(slugOf(text)).toBe(slug);
  });

  it('never gives the name of an index', () => {
    expect(['Index', ' index. ', 'ÍNDEX!'].map(slugOf)).toEqual(['index-1', 'index-1', 'index-1']);
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => slugOf(text) !== RESERVED_SLUG));
  });

  it('cuts at a word, within 140 characters', () => {
    const slug = slugOf('a ferry is late and '.repeat(20));
    expect(slug).toBe('a-ferry-is-late-and-'.repeat(7).slice(0, -1));
    expect(slugOf('x'.repeat(200))).toBe('x'.repeat(140));
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', minLength: 100, maxLength: 400 }),
        (text) => slugOf(text).length <= 140,
      ),
    );
  });

  it('gives the same for composed and decomposed spellings, and is a path segment as it stands', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (text) => {
        const slug = slugOf(text);
        expect(slugOf(text.normalize('NFD'))).toBe(slug);
        expect(slugOf(text.normalize('NFC'))).toBe(slug);
        expect(slug).toMatch(/^[\p{L}\p{N}]+(-[\p{L}\p{N}]+)*$/u);
      }),
    );
  });

  it('reads no more of an endless text than its beginning', () => {
    expect(slugOf(`A bridge opens. ${'[['.repeat(2_500_000)}`)).toBe('a-bridge-opens');
    expect(slugOf('a'.repeat(5_000_000))).toBe('a'.repeat(140));
  });
});
