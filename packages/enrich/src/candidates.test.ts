import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { leastOfGreatest } from './candidates.ts';

describe('leastOfGreatest', () => {
  it('is what sorting all of them would put there', () => {
    const numbers = fc.array(fc.integer({ min: -20, max: 20 }), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(numbers, fc.nat(), (values, some) => {
        const count = 1 + (some % values.length);
        const descending = values.toSorted((a, b) => b - a);
        expect(leastOfGreatest(Float64Array.from(values), count)).toBe(descending[count - 1]);
      }),
    );
  });
});
