import type { PackedTrees } from '../../../packages/enrich/src/boosted-trees.ts';
import { bin, growTree, packTrees, randomFrom, rowsOf, type Tree } from './boosting.ts';

/** One query: its candidates are the pairs from `first` on, one a gain. */
export interface Asked {
  first: number;
  gains: number[];
}

/** The pieces of evidence of one signal: rows of `width` values, and the pair that each belongs to. */
export interface Bag {
  width: number;
  rows: number[];
  pairs: number[];
}

const TREE = { depth: 4, rate: 0.12, penalty: 5, leastHessian: 5, columnShare: 1 };
const ROW_SHARE = 0.7;
/** A piece of evidence weighs softplus of this before anything is learnt. */
const FIRST = -1.5;
/** Only pairs of candidates of which one is ranked above this are put in order. */
const TRUNCATED = 20;

/** Fits one boosted model a bag, all together, so that the sums of softplus order the candidates of each query. */
export function fitRanking(
  asked: readonly Asked[],
  bags: readonly Bag[],
  pairs: number,
  { trees, log }: { trees: number; log: (line: string) => void },
): PackedTrees[] {
  const random = randomFrom(7);
  const models = bags.map((bag) => modelOf(bag, pairs));
  const scores = new Float64Array(pairs);
  const [gradients, hessians] = [new Float64Array(pairs), new Float64Array(pairs)];
  for (let round = 0; round < trees; round++) {
    sumUp(models, scores);
    const ndcg = lambdas(asked, scores, gradients, hessians);
    if (round % 10 === 0) log(`round ${round}: nDCG@10 ${(100 * ndcg).toFixed(2)}`);
    for (const model of models) addTree(model, gradients, hessians, random);
  }
  return models.map(({ grown, binned }) => packTrees(grown, binned.edges, FIRST, TREE.depth));
}

interface Model {
  binned: ReturnType<typeof bin>;
  pairOf: Int32Array;
  /** How many pieces the pair of each piece has. */
  siblings: Float64Array;
  sums: Float64Array;
  grown: Tree[];
}

function modelOf({ rows, width, pairs: owners }: Bag, pairs: number): Model {
  const siblings = new Float64Array(pairs);
  for (const pair of owners) siblings[pair] = (siblings[pair] ?? 0) + 1;
  return {
    binned: bin(Float32Array.from(rows), owners.length, width),
    pairOf: Int32Array.from(owners),
    siblings: Float64Array.from(owners, (pair) => siblings[pair] ?? 1),
    sums: new Float64Array(owners.length).fill(FIRST),
    grown: [],
  };
}

function sumUp(models: readonly Model[], scores: Float64Array): void {
  scores.fill(0);
  for (const { pairOf, sums } of models) {
    pairOf.forEach((pair, piece) => (scores[pair] = (scores[pair] ?? 0) + Math.log1p(Math.exp(sums[piece] ?? 0))));
  }
}

/** One step for one signal: the chain rule takes the pair's gradient through softplus to each piece. */
function addTree(model: Model, gradients: Float64Array, hessians: Float64Array, random: () => number): void {
  const { binned, pairOf, siblings, sums, grown } = model;
  const own = new Float64Array(sums.length);
  const curvature = new Float64Array(sums.length);
  pairOf.forEach((pair, piece) => {
    const slope = 1 / (1 + Math.exp(-(sums[piece] ?? 0)));
    own[piece] = (gradients[pair] ?? 0) * slope;
    curvature[piece] = (hessians[pair] ?? 0) * slope * slope * (siblings[piece] ?? 1);
  });
  const sampled = Int32Array.from(rowsOf(sums.length, ROW_SHARE, random));
  const { tree, leafOf } = growTree(binned, own, curvature, sampled, TREE, random);
  leafOf.forEach((leaf, piece) => (sums[piece] = (sums[piece] ?? 0) + (tree.leaves[leaf] ?? 0)));
  grown.push(tree);
}

/** Fills in LambdaRank's gradients, and returns the mean nDCG@10. */
function lambdas(
  asked: readonly Asked[],
  scores: Float64Array,
  gradients: Float64Array,
  hessians: Float64Array,
): number {
  gradients.fill(0);
  hessians.fill(1e-9);
  let total = 0;
  for (const { first, gains } of asked) {
    const order = gains.map((_, at) => at).sort((a, b) => (scores[first + b] ?? 0) - (scores[first + a] ?? 0));
    const ideal = dcg(gains.toSorted((a, b) => b - a));
    total += dcg(order.map((at) => gains[at] ?? 0)) / ideal;
    for (let high = 0; high < Math.min(TRUNCATED, order.length); high++) {
      for (let low = high + 1; low < order.length; low++) {
        swap(first, order[high] ?? 0, order[low] ?? 0, high, low, gains, ideal, scores, gradients, hessians);
      }
    }
  }
  return total / asked.length;
}

function swap(
  first: number,
  a: number,
  b: number,
  rankA: number,
  rankB: number,
  gains: readonly number[],
  ideal: number,
  scores: Float64Array,
  gradients: Float64Array,
  hessians: Float64Array,
): void {
  const [gainA, gainB] = [worth(gains[a] ?? 0), worth(gains[b] ?? 0)];
  if (gainA === gainB) return;
  const [better, worse] = gainA > gainB ? [first + a, first + b] : [first + b, first + a];
  const delta = (Math.abs(gainA - gainB) * Math.abs(discount(rankA) - discount(rankB))) / ideal;
  const doubt = 1 / (1 + Math.exp((scores[better] ?? 0) - (scores[worse] ?? 0)));
  const [push, bend] = [delta * doubt, delta * doubt * (1 - doubt)];
  gradients[better] = (gradients[better] ?? 0) - push;
  gradients[worse] = (gradients[worse] ?? 0) + push;
  hessians[better] = (hessians[better] ?? 0) + bend;
  hessians[worse] = (hessians[worse] ?? 0) + bend;
}

const CUT = 10;
const worth = (gain: number): number => 2 ** gain - 1;
/** Beyond the cut a place still counts a little, or what is far down would never be pushed up. */
const discount = (rank: number): number => (rank < CUT ? 1 : 0.5) / Math.log2(rank + 2);

const dcg = (gains: readonly number[]): number =>
  gains.slice(0, CUT).reduce((sum, gain, rank) => sum + worth(gain) / Math.log2(rank + 2), 0);
