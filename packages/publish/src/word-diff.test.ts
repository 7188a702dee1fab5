import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyText } from '../../../test/support/any-pages.ts';
import { wordDiff } from './word-diff.ts';

const joined = (before: string, after: string, without: 'added' | 'removed'): string =>
  wordDiff(before, after)
    .filter(({ kind }) => kind !== without)
    .map(({ text }) => text)
    .join('');

const anyPair = fc.oneof(
  fc.tuple(anyText, anyText),
  fc
    .tuple(fc.array(fc.constantFrom('a', 'b', 'c d', ', ')), fc.array(fc.constantFrom('a', 'b', 'c d', ', ')))
    .map(([a, b]) => [a.join(' '), b.join(' ')] as const),
);

describe('the diff of two wordings', () => {
  it('marks the words that changed, and no more', () => {
    expect(wordDiff('At least ten people die.', 'At least twelve people die in the fire.')).toEqual([
      { kind: 'same', text: 'At least ' },
      { kind: 'removed', text: 'ten' },
      { kind: 'added', text: 'twelve' },
      { kind: 'same', text: ' people die' },
      { kind: 'added', text: ' in the fire' },
      { kind: 'same', text: '.' },
    ]);
  });

  it('takes letters of scripts without spaces one by one', () => {
    expect(wordDiff('三人死亡', '五人死亡')).toEqual([
      { kind: 'removed', text: '三' },
      { kind: 'added', text: '五' },
      { kind: 'same', text: '人死亡' },
    ]);
  });

  it('has both wordings in it, whole', () => {
    fc.assert(
      fc.property(anyPair, ([before, after]) => {
        expect(joined(before, after, 'added')).toBe(before);
        expect(joined(before, after, 'removed')).toBe(after);
      }),
    );
  });

  it('keeps a wording against itself as one part', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(wordDiff(text, text)).toEqual([{ kind: 'same', text }]);
      }),
    );
  });

  it('stays quick on long texts without a word in common, and on megabytes', () => {
    const long = (word: string): string => Array.from({ length: 10_000 }, (_, index) => word + index).join(' ');
    const before = performance.now();
    expect(wordDiff(long('a').slice(0, 40_000), long('b').slice(0, 40_000)).length).toBeGreaterThan(1);
    expect(wordDiff('!'.repeat(5_000_000), '?'.repeat(5_000_000))).toHaveLength(2);
    expect(performance.now() - before).toBeLessThan(1_000);
  });
});
