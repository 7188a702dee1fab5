import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tokensOf, within } from './within.ts';

describe('an answer', () => {
  it('is never longer than it may be, whatever is in it', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 3_000 });
    fc.assert(
      fc.property(
        fc.integer({ min: 200, max: 2_000 }),
        text,
        fc.array(text, { maxLength: 20 }),
        (most, head, parts) => {
          expect(tokensOf(within(most, head, parts))).toBeLessThanOrEqual(most);
        },
      ),
      { seed: 1, numRuns: 500 },
    );
  });

  it('has everything where there is room, and says how much it left out where there is none', () => {
    expect(within(200, 'head', ['one', 'two'])).toBe('head\none\ntwo');
    const parts = Array.from({ length: 30 }, (_, n) => `part ${n} ${'x'.repeat(50)}`);
    const cut = within(200, 'head', parts);
    const shown = cut.split('\n').filter((line) => line.startsWith('part')).length;
    expect(cut).toContain(`[${30 - shown} more left out to fit max_tokens]`);
    expect(shown).toBeGreaterThan(5);
  });

  it('shows the beginning of what is too long by itself', () => {
    const cut = within(200, 'head', ['é'.repeat(5_000), 'next']);
    expect(cut).toMatch(/^head\né{50,} \[cut to fit max_tokens\]\n\[1 more left out to fit max_tokens\]$/);
  });
});
