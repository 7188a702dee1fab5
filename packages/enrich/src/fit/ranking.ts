import type { PackedTrees } from '../boosted-trees.ts';
import { bin } from './bins.ts';
import { createForest, type Forest, type ForestOptions } from './forest.ts';

/** What one signal says of many pairs. */
export interface SignalRows {
  name: string;
  columns: number;
  /** Row after row. */
  values: Float32Array;
  /** Per row: the number of the pair that it is evidence for. */
  pairs: Int32Array;
}

/** Pairs of an asked event and one that may belong with it. */
export interface RankingData {
  /** Per pair: 0 does not belong, 1 and 2 belong; pairs of one asked event follow one another. */
  gains: Uint8Array;
  /** Per asked event: its first pair; then the number of pairs. */
  starts: Int32Array;
  signals: readonly SignalRows[];
}

export interface RankingOptions extends ForestOptions {
  /** Trees a signal. */
  trees: number;
  /** What every row says before there is a tree. */
  bias: number;
  onProgress?: ((trees: number, ndcg: number) => void) | undefined;
}

const REPORTED_TREES = 10;

/**
 * Trees by signal, such that pairs that belong come before those that do not.
 * A pair's score is the sum of softplus(trees) over all rows of all signals.
 * The loss is LambdaRank's (Burges 2010, section 4): pairs are put in order
 * two by two, each two by what exchanging them changes of nDCG at 10. Its
 * slope is handed down to each row by the chain rule.
 */
export function fitRanking(data: RankingData, options: RankingOptions): Record<string, PackedTrees> {
  const growing = data.signals.map((signal) => ({
    signal,
    forest: createForest(bin(signal.values, signal.columns), options, options.bias),
  }));
  const loss = createLoss(data.gains.length);
  const chance = randomFrom(1);
  for (let trees = 0; trees < options.trees; trees++) {
    const ndcg = lambdas(data, scoresOf(data, growing), loss);
    if (trees % REPORTED_TREES === 0) options.onProgress?.(trees, ndcg);
    for (const { signal, forest } of growing) growOne(signal, forest, loss, chance);
  }
  return Object.fromEntries(growing.map(({ signal, forest }) => [signal.name, forest.pack()]));
}

interface Growing {
  signal: SignalRows;
  forest: Forest;
}

function scoresOf({ gains }: RankingData, growing: readonly Growing[]): Float64Array {
  const scores = new Float64Array(gains.length);
  for (const { signal, forest } of growing) {
    signal.pairs.forEach((pair, row) => {
      scores[pair] = (scores[pair] ?? 0) + Math.log1p(Math.exp(forest.scores[row] ?? 0));
    });
  }
  return scores;
}

/** The first and second derivatives of the loss, by pair. */
interface Loss {
  slopes: Float64Array;
  bends: Float64Array;
}

const createLoss = (pairs: number): Loss => ({ slopes: new Float64Array(pairs), bends: new Float64Array(pairs) });

/** Each tree is grown on this share of the rows. */
const ROW_SHARE = 0.7;

function growOne({ pairs }: SignalRows, forest: Forest, { slopes, bends }: Loss, chance: () => number): void {
  const gradients = new Float64Array(pairs.length);
  const hessians = new Float64Array(pairs.length);
  pairs.forEach((pair, row) => {
    if (chance() >= ROW_SHARE) return;
    const steepness = 1 / (1 + Math.exp(-(forest.scores[row] ?? 0)));
    gradients[row] = (slopes[pair] ?? 0) * steepness;
    hessians[row] = (bends[pair] ?? 0) * steepness ** 2;
  });
  forest.grow(gradients, hessians);
}

const CUT = 10;
/** Two pairs that are both ranked below this are left in whatever order. */
const LOOKED_AT = 20;
const discount = (rank: number): number => 1 / Math.log2(rank + 2);
const worth = (gain: number): number => 2 ** gain - 1;

/** Fills in the loss, and gives the mean nDCG at 10. */
function lambdas({ gains, starts }: RankingData, scores: Float64Array, loss: Loss): number {
  loss.slopes.fill(0);
  loss.bends.fill(0);
  const queries = starts.length - 1;
  let total = 0;
  for (let query = 0; query < queries; query++) {
    const [from, to] = [starts[query] ?? 0, starts[query + 1] ?? 0];
    const order = Array.from({ length: to - from }, (_, at) => from + at);
    const ideal = dcg(order.map((pair) => gains[pair] ?? 0).sort((a, b) => b - a));
    order.sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0));
    const ranked = order.map((pair) => gains[pair] ?? 0);
    total += dcg(ranked) / ideal;
    for (let upper = 0; upper < Math.min(LOOKED_AT, order.length); upper++) {
      for (let lower = upper + 1; lower < order.length; lower++) {
        const gained = worth(ranked[upper] ?? 0) - worth(ranked[lower] ?? 0);
        if (gained === 0) continue;
        const stake = (Math.abs(gained) * (discount(upper) - discount(lower))) / ideal;
        const [a, b] = [order[upper] ?? 0, order[lower] ?? 0];
        if (gained > 0) pull(a, b, stake, scores, loss);
        else pull(b, a, stake, scores, loss);
      }
    }
  }
  return total / queries;
}

const dcg = (gains: readonly number[]): number =>
  gains.slice(0, CUT).reduce((sum, gain, rank) => sum + worth(gain) * discount(rank), 0);

function pull(better: number, worse: number, stake: number, scores: Float64Array, { slopes, bends }: Loss): void {
  const doubt = 1 / (1 + Math.exp((scores[better] ?? 0) - (scores[worse] ?? 0)));
  const slope = stake * doubt;
  const bend = slope * (1 - doubt);
  slopes[better] = (slopes[better] ?? 0) - slope;
  slopes[worse] = (slopes[worse] ?? 0) + slope;
  bends[better] = (bends[better] ?? 0) + bend;
  bends[worse] = (bends[worse] ?? 0) + bend;
}

/** Park & Miller 1988: the same rows in every run. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
