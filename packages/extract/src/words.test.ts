import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countWords, wordSpans } from './words.ts';

const wordsOf = (text: string, most?: number): string[] => {
  const spans = wordSpans(text, most);
  return spans.flatMap((at, index) => (index % 2 === 0 ? [text.slice(at, spans[index + 1])] : []));
};

describe('words', () => {
  it('are letters and digits together, and single characters where words are not set apart', () => {
    expect(wordsOf('Ferry 12, 港口 e-mail')).toEqual(['Ferry', '12', '港', '口', 'e', 'mail']);
    expect(countWords('Ferry 12, 港口 e-mail')).toBe(6);
  });

  it('go on with characters of any script once they have begun', () => {
    expect(wordsOf('A港口 港A')).toEqual(['A港口', '港', 'A']);
  });

  it('are known beyond the basic plane, and lone surrogates are none', () => {
    expect(wordsOf('\u{20000}\u{20001} \u{1d400}b \u{1f600} \ud800x\udc00')).toEqual([
      '\u{20000}',
      '\u{20001}',
      '\u{1d400}b',
      'x',
    ]);
  });

  it('are no more than asked for', () => {
    expect(wordsOf('one two three', 2)).toEqual(['one', 'two']);
  });

  it('are what one expression finds', () => {
    const word =
      /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]|[\p{L}\p{N}\p{M}]+/gu;
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' })), (text) => {
        expect(wordsOf(text)).toEqual(text.match(word) ?? []);
      }),
      { numRuns: 500 },
    );
  });
});
