import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyText } from '../../../test/support/any-pages.ts';
import { segments } from './sentence.tsx';

const anyLink = fc.record({
  start: fc.oneof(fc.integer({ min: -5, max: 40 }), fc.constantFrom(Number.NaN, 1e9, 0.5)),
  end: fc.integer({ min: -5, max: 60 }),
  surface: anyText,
  title: fc.oneof(anyText, fc.constant(' ')),
});

describe('the segments of a sentence', () => {
  it('are cut at its links', () => {
    expect(segments('A b c', [{ start: 2, end: 3, surface: 'b', title: 'B' }])).toEqual([
      { text: 'A ' },
      { text: 'b', title: 'B' },
      { text: ' c' },
    ]);
  });

  it('are the whole sentence, whatever the links say', () => {
    fc.assert(
      fc.property(anyText, fc.array(anyLink), (text, links) => {
        expect(
          segments(text, links)
            .map((segment) => segment.text)
            .join(''),
        ).toBe(text);
      }),
    );
  });
});
