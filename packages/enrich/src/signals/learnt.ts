import { evaluate, unpackTrees } from '../boosted-trees.ts';
import type { Pair } from '../pair.ts';
import { relationWeights } from '../weights/relation.ts';
import type { Signal } from './signal.ts';

/**
 * Takes one piece of evidence by what is known of it; the row is read before
 * the call returns. `name` is what it is called, where not as its signal.
 */
export type Instance = (row: Float32Array, about?: () => string, name?: string) => void;

/**
 * A signal whose weights are fitted to the headers under which editors put
 * events: each piece weighs softplus of what trees say of its row. A row holds
 * facts of the piece and circumstances of the pair, never whether there are
 * other pieces.
 */
export interface LearntSignal extends Signal {
  /** What a row says, in order. */
  readonly columns: readonly string[];
  instances(pair: Pair, found: Instance): void;
}

export function learntSignal(facts: Omit<LearntSignal, 'weigh'>): LearntSignal {
  const packed = relationWeights[facts.name];
  const trees = packed === undefined ? undefined : unpackTrees(packed);
  return {
    ...facts,
    weigh(pair, add) {
      facts.instances(pair, (row, about, name) => {
        add(softplus(trees === undefined ? 0 : evaluate(trees, row)), about, name);
      });
    },
  };
}

export const isLearnt = (signal: Signal): signal is LearntSignal => 'instances' in signal;

/** Any number as one above 0, so that evidence never speaks against. */
const softplus = (x: number): number => (x > 30 ? x : Math.max(Number.MIN_VALUE, Math.log1p(Math.exp(x))));
