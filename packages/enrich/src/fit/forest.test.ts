import { describe, expect, it } from 'vitest';
import { evaluate, unpackTrees } from '../boosted-trees.ts';
import { bin } from './bins.ts';
import { createForest } from './forest.ts';

const ROWS = 4000;
const COLUMNS = 3;

/** Three columns, the last of which is noise; true where the first two agree in sign. */
function examples() {
  let state = 1;
  const next = () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
  const values = Float32Array.from({ length: ROWS * COLUMNS }, () => next() * 2 - 1);
  const isTrue = (row: number) => (values[row * COLUMNS] ?? 0) * (values[row * COLUMNS + 1] ?? 0) > 0;
  return { values, isTrue };
}

function fitted(trees: number) {
  const { values, isTrue } = examples();
  const forest = createForest(bin(values, COLUMNS), { depth: 3, rate: 0.3, leastHessian: 1, penalty: 1 });
  const gradients = new Float64Array(ROWS);
  const hessians = new Float64Array(ROWS);
  for (let tree = 0; tree < trees; tree++) {
    for (let row = 0; row < ROWS; row++) {
      const chance = 1 / (1 + Math.exp(-(forest.scores[row] ?? 0)));
      gradients[row] = chance - (isTrue(row) ? 1 : 0);
      hessians[row] = chance * (1 - chance);
    }
    forest.grow(gradients, hessians);
  }
  const rightOf = (score: (row: number) => number) =>
    Array.from({ length: ROWS }, (_, row) => score(row) > 0 === isTrue(row)).filter(Boolean).length / ROWS;
  return { values, forest, rightOf };
}

describe('createForest', () => {
  it('learns what no single column says', () => {
    const { forest, rightOf } = fitted(40);

    expect(rightOf((row) => forest.scores[row] ?? 0)).toBeGreaterThan(0.97);
  });

  it('packs trees that say of a row what the forest says', () => {
    const { values, forest } = fitted(19); // not a multiple of the trees that are walked side by side
    const model = unpackTrees(forest.pack());
    const said = Array.from({ length: ROWS }, (_, row) =>
      evaluate(model, values.subarray(row * COLUMNS, (row + 1) * COLUMNS)),
    );

    const furthest = Math.max(...said.map((score, row) => Math.abs(score - (forest.scores[row] ?? 0))));
    expect(furthest).toBeLessThan(1e-3);
  });

  it('sends a value right from its edge on, wherever the edges of a column lie', () => {
    const edges = [-3, -2.9, 0, 0.5, 0.5001, 700];
    const splits = edges.map((_, at) => [0, at]);
    const nodes = btoa(String.fromCharCode(...splits.flat()));
    const leaves = btoa(String.fromCharCode(...splits.flatMap(() => [0, 0, 1, 0])));
    const model = unpackTrees({ depth: 1, trees: edges.length, bias: 0, edges: [edges], nodes, unit: 1, leaves });
    const values = [
      ...edges.map(Math.fround),
      Number.NEGATIVE_INFINITY,
      -2.95,
      0.4999,
      699,
      1e9,
      Number.POSITIVE_INFINITY,
    ];

    for (const value of values) {
      const notBelow = edges.filter((edge) => Math.fround(edge) <= value).length;
      expect(evaluate(model, Float32Array.of(value)), String(value)).toBe(notBelow);
    }
  });

  it('gives up a row that its first trees say too little of, and only such a one', () => {
    const { values, forest } = fitted(20);
    const model = unpackTrees(forest.pack());
    const row = values.subarray(0, COLUMNS);

    expect(evaluate(model, row, Float64Array.of(-1e6))).toBe(evaluate(model, row));
    expect(evaluate(model, row, Float64Array.of(-1e6, 1e6))).toBe(Number.NEGATIVE_INFINITY);
    expect(evaluate(model, row, Float64Array.of(-1e6, -1e6, 1e6))).toBe(evaluate(model, row)); // 20 trees end before
  });

  it('gives the same trees for the same rows', () => {
    expect(fitted(5).forest.pack()).toEqual(fitted(5).forest.pack());
  });
});

describe('bin', () => {
  it('keeps few values apart, and refuses half a row', () => {
    const { bins, edges } = bin(Float32Array.of(1, 2, 2, 5), 1);

    expect([...bins]).toEqual([0, 1, 1, 2]);
    expect(edges).toEqual([[2, 5]]);
    expect(() => bin(Float32Array.of(1, 2, 3), 2)).toThrow('3 values are no rows of 2 columns');
  });
});
