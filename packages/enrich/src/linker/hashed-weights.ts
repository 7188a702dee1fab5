/**
 * A linear model over hashed features that learns one example at a time
 * (AdaGrad). What collides is shared; memory is fixed.
 */
export interface HashedWeights {
  /** The sum of the features' weights. */
  sum(features: Int32Array): number;
  /** Takes one step against `gradient`, the derivative of the loss by the sum. */
  step(features: Int32Array, gradient: number): void;
}

/** Keeps the first steps from being as long as the rate whatever their gradient. Squares that are 0 were never stepped on: so no memory is touched for these. */
const FIRST_SQUARES = Math.fround(0.01);
/** What is forgotten of the squares with each step, so that a weight never stops following the editors' habits. */
const KEPT = 0.998;

export function createHashedWeights(bits: number, rate: number): HashedWeights {
  const mask = 2 ** bits - 1;
  const weights = new Float32Array(2 ** bits);
  const squares = new Float32Array(2 ** bits);
  return {
    sum(features) {
      let sum = 0;
      for (let at = 0; at < features.length; at++) sum += weights[(features[at] ?? 0) & mask] ?? 0;
      return sum;
    },
    step(features, gradient) {
      const square = gradient * gradient;
      for (let at = 0; at < features.length; at++) {
        const place = (features[at] ?? 0) & mask;
        const total = (squares[place] || FIRST_SQUARES) * KEPT + square;
        squares[place] = total;
        weights[place] = (weights[place] ?? 0) - (rate * gradient) / Math.sqrt(total);
      }
    },
  };
}
