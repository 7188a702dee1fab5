import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chooseChances } from './lattice.ts';

interface Weighed {
  from: number;
  to: number;
  sum: number;
}

const span = fc
  .tuple(fc.nat(5), fc.nat(3), fc.double({ min: -4, max: 4, noNaN: true }))
  .map(([from, length, sum]): Weighed => ({ from, to: from + length, sum }));

/** All choices of spans that do not overlap. */
function* choices(spans: readonly Weighed[], from = 0): Generator<readonly Weighed[]> {
  const [first, ...rest] = spans;
  if (first === undefined) return yield [];
  yield* choices(rest, from);
  if (first.from < from) return;
  for (const others of choices(rest, first.to + 1)) yield [first, ...others];
}

function chancesOf(spans: readonly Weighed[]): number[] {
  const chances = new Float64Array(spans.length);
  chooseChances(
    spans,
    Float64Array.from(spans, ({ sum }) => sum),
    chances,
  );
  return [...chances];
}

describe('the chances of overlapping spans', () => {
  it('are those of all choices, counted one by one', () => {
    fc.assert(
      fc.property(fc.array(span, { maxLength: 7 }), (unordered) => {
        const spans = unordered.toSorted((a, b) => a.from - b.from || a.to - b.to);
        const weights = [...choices(spans)].map((chosen) => ({
          chosen,
          weight: Math.exp(chosen.reduce((total, { sum }) => total + sum, 0)),
        }));
        const all = weights.reduce((total, { weight }) => total + weight, 0);
        const counted = spans.map(
          (one) =>
            weights.filter(({ chosen }) => chosen.includes(one)).reduce((total, { weight }) => total + weight, 0) / all,
        );
        chancesOf(spans).forEach((chance, at) => expect(chance).toBeCloseTo(counted[at] ?? -1, 9));
      }),
    );
  });

  it('are read from a row of sentences, each by itself', () => {
    const [one, two] = [
      { from: 0, to: 1, sum: 1 },
      { from: 1, to: 1, sum: 2 },
    ];
    const spans = [one, two, one, two];
    const chances = new Float64Array(4);
    const sums = Float64Array.from(spans, ({ sum }) => sum);
    chooseChances(spans, sums, chances, 0, 2);
    chooseChances(spans, sums, chances, 2, 2);
    expect([...chances]).toEqual([...chancesOf([one, two]), ...chancesOf([one, two])]);
  });

  it('leave out what has no chance', () => {
    const [chance, none] = chancesOf([
      { from: 0, to: 0, sum: 0 },
      { from: 0, to: 2, sum: Number.NEGATIVE_INFINITY },
    ]);
    expect(chance).toBeCloseTo(0.5, 12);
    expect(none).toBe(0);
  });
});
