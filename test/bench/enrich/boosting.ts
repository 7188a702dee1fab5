/**
 * Gradient boosting of regression trees over binned columns, as LightGBM and
 * XGBoost do it, small enough to read. Only fitting is here: what it makes is
 * evaluated by `packages/enrich/src/boosted-trees.ts`.
 */
import { NO_EDGE, type PackedTrees } from '../../../packages/enrich/src/boosted-trees.ts';

/** Rows by column, each value replaced by the number of edges that are not above it. */
export interface Binned {
  count: number;
  columns: Uint8Array[];
  edges: number[][];
}

export interface TreeOptions {
  depth: number;
  /** How much of a leaf's best value is taken. */
  rate: number;
  /** L2 penalty of a leaf's value. */
  penalty: number;
  /** The least sum of second derivatives on either side of a split. */
  leastHessian: number;
  /** The share of columns that a tree may read. */
  columnShare: number;
}

export interface Tree {
  /** Two numbers an inner node: column, edge. */
  nodes: Uint8Array;
  leaves: Float64Array;
}

const MOST_EDGES = 63;
const SAMPLED = 60_000;

/** Bins `count` rows of `width` values each. */
export function bin(rows: Float32Array, count: number, width: number): Binned {
  const columns: Uint8Array[] = [];
  const edges: number[][] = [];
  for (let column = 0; column < width; column++) {
    const own = Float32Array.from(edgesOf(rows, count, width, column));
    const bins = new Uint8Array(count);
    for (let row = 0; row < count; row++) bins[row] = rank(own, rows[row * width + column] ?? 0);
    edges.push([...own]);
    columns.push(bins);
  }
  return { count, columns, edges };
}

/** Values that part a column into as many parts of about the same size as it has different values, at most 64. */
function edgesOf(rows: Float32Array, count: number, width: number, column: number): number[] {
  const step = Math.max(1, Math.floor(count / SAMPLED));
  const sample = new Float32Array(Math.ceil(count / step));
  for (let at = 0; at < sample.length; at++) sample[at] = rows[at * step * width + column] ?? 0;
  sample.sort();
  const unique = [...new Set(sample)];
  if (unique.length <= MOST_EDGES + 1) return unique.slice(1).map((value, at) => (value + (unique[at] ?? 0)) / 2);
  const edges = new Set<number>();
  for (let part = 1; part <= MOST_EDGES; part++) {
    edges.add(sample[Math.floor((part * sample.length) / (MOST_EDGES + 1))] ?? 0);
  }
  return [...edges];
}

/** How many of the edges are not above `value`. */
function rank(edges: Float32Array, value: number): number {
  let low = 0;
  let high = edges.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((edges[middle] ?? 0) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Fits one tree to the gradients of the `sampled` rows, and says in which leaf every row ends. */
export function growTree(
  binned: Binned,
  gradients: Float64Array,
  hessians: Float64Array,
  sampled: Int32Array,
  options: TreeOptions,
  random: () => number,
): { tree: Tree; leafOf: Int32Array } {
  const { count, columns } = binned;
  const inner = 2 ** options.depth - 1;
  const nodes = new Uint8Array(inner * 2).fill(NO_EDGE);
  const at = new Int32Array(count);
  const readable = columns.map((_, column) => column).filter(() => random() < options.columnShare);
  for (let level = 0; level < options.depth; level++) {
    const splits = bestSplits(binned, gradients, hessians, sampled, at, 2 ** level, readable, options);
    const first = 2 ** level - 1;
    splits.forEach(({ column, edge }, node) => nodes.set([column, edge], (first + node) * 2));
    for (let row = 0; row < count; row++) {
      const split = splits[at[row] ?? 0];
      const goesRight =
        split !== undefined && split.edge !== NO_EDGE && (columns[split.column]?.[row] ?? 0) > split.edge;
      at[row] = 2 * (at[row] ?? 0) + (goesRight ? 1 : 0);
    }
  }
  return { tree: { nodes, leaves: leafValues(gradients, hessians, sampled, at, options) }, leafOf: at };
}

interface Split {
  gain: number;
  column: number;
  edge: number;
}

const BINS = 64;

function bestSplits(
  { columns, edges }: Binned,
  gradients: Float64Array,
  hessians: Float64Array,
  sampled: Int32Array,
  at: Int32Array,
  count: number,
  readable: readonly number[],
  options: TreeOptions,
): Split[] {
  const splits = Array.from({ length: count }, (): Split => ({ gain: 1e-6, column: 0, edge: NO_EDGE }));
  const sums = new Float64Array(count * BINS);
  const squares = new Float64Array(count * BINS);
  for (const column of readable) {
    const bins = columns[column];
    if (bins === undefined || (edges[column]?.length ?? 0) === 0) continue;
    sums.fill(0);
    squares.fill(0);
    for (const row of sampled) {
      const cell = (at[row] ?? 0) * BINS + (bins[row] ?? 0);
      sums[cell] = (sums[cell] ?? 0) + (gradients[row] ?? 0);
      squares[cell] = (squares[cell] ?? 0) + (hessians[row] ?? 0);
    }
    splits.forEach((split, node) => improve(split, column, sums, squares, node * BINS, options));
  }
  return splits;
}

function improve(
  split: Split,
  column: number,
  sums: Float64Array,
  squares: Float64Array,
  offset: number,
  { penalty, leastHessian }: TreeOptions,
): void {
  let [gradient, hessian] = [0, 0];
  for (let bin = offset; bin < offset + BINS; bin++) {
    gradient += sums[bin] ?? 0;
    hessian += squares[bin] ?? 0;
  }
  const whole = gradient ** 2 / (hessian + penalty);
  let [left, leftHessian] = [0, 0];
  for (let edge = 0; edge < BINS - 1; edge++) {
    left += sums[offset + edge] ?? 0;
    leftHessian += squares[offset + edge] ?? 0;
    const [right, rightHessian] = [gradient - left, hessian - leftHessian];
    if (leftHessian < leastHessian) continue;
    if (rightHessian < leastHessian) break;
    const gain = left ** 2 / (leftHessian + penalty) + right ** 2 / (rightHessian + penalty) - whole;
    if (gain > split.gain) Object.assign(split, { gain, column, edge });
  }
}

function leafValues(
  gradients: Float64Array,
  hessians: Float64Array,
  sampled: Int32Array,
  at: Int32Array,
  { depth, rate, penalty }: TreeOptions,
): Float64Array {
  const sums = new Float64Array(2 ** depth);
  const squares = new Float64Array(2 ** depth);
  for (const row of sampled) {
    const leaf = at[row] ?? 0;
    sums[leaf] = (sums[leaf] ?? 0) + (gradients[row] ?? 0);
    squares[leaf] = (squares[leaf] ?? 0) + (hessians[row] ?? 0);
  }
  return sums.map((sum, leaf) => (-rate * sum) / ((squares[leaf] ?? 0) + penalty));
}

/** Fits trees to 0/1 labels under the logistic loss. */
export function fitLogistic(
  binned: Binned,
  labels: ArrayLike<number>,
  weights: ArrayLike<number>,
  { trees, rowShare, ...options }: TreeOptions & { trees: number; rowShare: number },
): PackedTrees {
  const random = randomFrom(1);
  const { count } = binned;
  const bias = logit(labels);
  const sums = new Float64Array(count).fill(bias);
  const [gradients, hessians] = [new Float64Array(count), new Float64Array(count)];
  const fitted: Tree[] = [];
  for (let at = 0; at < trees; at++) {
    for (let row = 0; row < count; row++) {
      const chance = 1 / (1 + Math.exp(-(sums[row] ?? 0)));
      gradients[row] = (weights[row] ?? 1) * (chance - (labels[row] ?? 0));
      hessians[row] = (weights[row] ?? 1) * Math.max(1e-6, chance * (1 - chance));
    }
    const sampled = Int32Array.from(rowsOf(count, rowShare, random));
    const { tree, leafOf } = growTree(binned, gradients, hessians, sampled, options, random);
    for (let row = 0; row < count; row++) sums[row] = (sums[row] ?? 0) + (tree.leaves[leafOf[row] ?? 0] ?? 0);
    fitted.push(tree);
  }
  return packTrees(fitted, binned.edges, bias, options.depth);
}

function logit(labels: ArrayLike<number>): number {
  let sum = 1;
  for (let row = 0; row < labels.length; row++) sum += labels[row] ?? 0;
  return Math.log(sum / (labels.length + 2 - sum));
}

export function* rowsOf(count: number, share: number, random: () => number): Generator<number> {
  for (let row = 0; row < count; row++) if (share >= 1 || random() < share) yield row;
}

/** The same numbers in 0..1 from the same seed: a linear congruential generator (Numerical Recipes). */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
}

const LARGEST_LEAF = 32_767;

export function packTrees(
  trees: readonly Tree[],
  edges: readonly (readonly number[])[],
  bias: number,
  depth: number,
): PackedTrees {
  const largest = Math.max(...trees.flatMap(({ leaves }) => [...leaves].map(Math.abs)), 1e-9);
  const unit = largest / LARGEST_LEAF;
  const leaves = Int16Array.from(trees.flatMap((tree) => [...tree.leaves].map((leaf) => Math.round(leaf / unit))));
  return {
    depth,
    trees: trees.length,
    bias,
    edges: edges.map((own) => own.map((edge) => Number(edge.toPrecision(9)))),
    nodes: Buffer.concat(trees.map(({ nodes }) => nodes)).toString('base64'),
    unit,
    leaves: Buffer.from(leaves.buffer).toString('base64'),
  };
}
