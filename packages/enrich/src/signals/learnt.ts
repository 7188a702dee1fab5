import { evaluate, unpackTrees } from '../boosted-trees.ts';
import type { Pair } from '../pair.ts';
import { relationWeights } from '../weights/relation.ts';
import type { Signal } from './signal.ts';

/** Takes one piece of evidence by what is known of it; the row is read before the call returns. */
export type Instance = (row: Float32Array, about?: () => string) => void;

/** A signal whose weights are fitted to the headers under which editors put events. */
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
      facts.instances(pair, (row, about) => {
        const weight = softplus(trees === undefined ? 0 : evaluate(trees, row));
        if (about === undefined) add(weight);
        else add(weight, about());
      });
    },
  };
}

/** Any number as one above 0, so that evidence never speaks against. */
const softplus = (x: number): number => (x > 30 ? x : Math.max(Number.MIN_VALUE, Math.log1p(Math.exp(x))));
