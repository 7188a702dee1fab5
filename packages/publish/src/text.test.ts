import fc from 'fast-check';
import { expect, it } from 'vitest';
import { clean, counted, oneLine } from './text.ts';

it('folds a text into one line, whatever is in it', () => {
  const slowly = (text: string): string => clean(text).replace(/\s+/g, ' ').trim();
  const space = fc.constantFrom(
    ' ',
    '  ',
    '\n',
    '\t',
    '\u00a0',
    '\u2009',
    '\u3000',
    '\ufeff',
    '\u2028',
    '\u0000',
    '\u0085',
  );
  const piece = fc.oneof(space, fc.string({ unit: 'binary', maxLength: 3 }), fc.string({ maxLength: 3 }));
  fc.assert(
    fc.property(
      fc.array(piece).map((pieces) => pieces.join('')),
      (text) => {
        expect(oneLine(text)).toBe(slowly(text));
      },
    ),
  );
});

it('counts as people write numbers', () => {
  expect([counted(1, 'event'), counted(2_000, 'event')]).toEqual(['1 event', '2,000 events']);
});
