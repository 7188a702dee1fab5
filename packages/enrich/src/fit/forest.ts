import { NO_EDGE, type PackedTrees } from '../boosted-trees.ts';
import type { Binned } from './bins.ts';

export interface ForestOptions {
  /** Splits from root to leaf. */
  depth: number;
  /** How much of a tree's answer is taken: 0 to 1. */
  rate: number;
  /** A leaf's least sum of hessians. */
  leastHessian: number;
  /** L2 penalty on a leaf's value. */
  penalty: number;
}

/**
 * Trees grown one after another by Newton steps (Friedman 2001; the gain is
 * that of Chen & Guestrin 2016, section 2.2). The loss is the caller's: each
 * `grow` takes its first and second derivatives by row.
 */
export interface Forest {
  /** The sum of all trees, by row. */
  readonly scores: Float64Array;
  /**
   * Adds a tree that lowers the loss; `hessians` are not below 0. A row whose
   * hessian is 0 has no say. The tree reads `columns` only, all unless given.
   */
  grow(gradients: Float64Array, hessians: Float64Array, columns?: readonly number[]): void;
  pack(): PackedTrees;
}

interface Tree {
  columns: Uint8Array;
  edges: Uint8Array;
  leaves: Float64Array;
}

export function createForest(data: Binned, options: ForestOptions, bias = 0): Forest {
  const scores = new Float64Array(data.rows).fill(bias);
  const trees: Tree[] = [];
  const everyColumn = data.edges.map((_, column) => column);
  return {
    scores,
    grow(gradients, hessians, columns = everyColumn) {
      const nodes = new Int32Array(data.rows);
      const tree = growTree(data, { gradients, hessians, columns }, nodes, options);
      trees.push(tree);
      const inner = tree.columns.length;
      for (let row = 0; row < data.rows; row++) {
        scores[row] = (scores[row] ?? 0) + (tree.leaves[(nodes[row] ?? 0) - inner] ?? 0);
      }
    },
    pack: () => packTrees(data, trees, options.depth, bias),
  };
}

/** What a tree is grown from. */
interface Slopes {
  gradients: Float64Array;
  hessians: Float64Array;
  columns: readonly number[];
}

/** `nodes` comes in as 0 for every row and goes out as the number of each row's leaf, counted from the root. */
function growTree(data: Binned, slopes: Slopes, nodes: Int32Array, options: ForestOptions): Tree {
  const inner = 2 ** options.depth - 1;
  const columns = new Uint8Array(inner);
  const edges = new Uint8Array(inner).fill(NO_EDGE);
  for (let level = 0; level < options.depth; level++) {
    const first = 2 ** level - 1;
    const sums = sumsOf(data, slopes, nodes, first);
    for (let node = first; node <= 2 * first; node++) {
      const best = bestSplit(data, sums, slopes.columns, node - first, options);
      if (best === undefined) continue;
      columns[node] = best.column;
      edges[node] = best.edge;
    }
    descend(data, nodes, columns, edges);
  }
  return { columns, edges, leaves: leavesOf(data, slopes, nodes, inner, options) };
}

/** Per node of a level, column and bin: the sums of gradients and hessians, in turn. */
interface Sums {
  width: number;
  values: Float64Array;
}

function sumsOf(data: Binned, { gradients, hessians, columns: read }: Slopes, nodes: Int32Array, first: number): Sums {
  const { rows, columns, bins } = data;
  const reading = Uint16Array.from(read);
  const width = 1 + Math.max(0, ...data.edges.map(({ length }) => length));
  const values = new Float64Array((first + 1) * columns * width * 2);
  for (let row = 0; row < rows; row++) {
    const hessian = hessians[row] ?? 0;
    if (hessian === 0) continue;
    const gradient = gradients[row] ?? 0;
    const base = ((nodes[row] ?? 0) - first) * columns;
    const from = row * columns;
    for (let n = 0; n < reading.length; n++) {
      const column = reading[n] ?? 0;
      const at = ((base + column) * width + (bins[from + column] ?? 0)) * 2;
      values[at] = (values[at] ?? 0) + gradient;
      values[at + 1] = (values[at + 1] ?? 0) + hessian;
    }
  }
  return { width, values };
}

interface Split {
  column: number;
  edge: number;
  gain: number;
}

function bestSplit(
  data: Binned,
  { width, values }: Sums,
  columns: readonly number[],
  node: number,
  options: ForestOptions,
): Split | undefined {
  const { leastHessian, penalty } = options;
  const worth = (gradient: number, hessian: number) => (gradient * gradient) / (hessian + penalty);
  let best: Split | undefined;
  for (const column of columns) {
    const from = (node * data.columns + column) * width * 2;
    let [allGradient, allHessian] = [0, 0];
    for (let at = from; at < from + width * 2; at += 2) {
      allGradient += values[at] ?? 0;
      allHessian += values[at + 1] ?? 0;
    }
    const whole = worth(allGradient, allHessian);
    let [gradient, hessian] = [0, 0];
    const edges = data.edges[column]?.length ?? 0;
    for (let edge = 0; edge < edges; edge++) {
      gradient += values[from + edge * 2] ?? 0;
      hessian += values[from + edge * 2 + 1] ?? 0;
      if (hessian < leastHessian || allHessian - hessian < leastHessian) continue;
      const gain = worth(gradient, hessian) + worth(allGradient - gradient, allHessian - hessian) - whole;
      if (gain > (best?.gain ?? 1e-9)) best = { column, edge, gain };
    }
  }
  return best;
}

function descend(data: Binned, nodes: Int32Array, columns: Uint8Array, edges: Uint8Array): void {
  for (let row = 0; row < data.rows; row++) {
    const node = nodes[row] ?? 0;
    const bin = data.bins[row * data.columns + (columns[node] ?? 0)] ?? 0;
    nodes[row] = 2 * node + (bin > (edges[node] ?? NO_EDGE) ? 2 : 1);
  }
}

function leavesOf(
  data: Binned,
  { gradients, hessians }: Slopes,
  nodes: Int32Array,
  inner: number,
  { rate, penalty }: ForestOptions,
): Float64Array {
  const sums = new Float64Array((inner + 1) * 2);
  for (let row = 0; row < data.rows; row++) {
    const at = ((nodes[row] ?? 0) - inner) * 2;
    sums[at] = (sums[at] ?? 0) + (gradients[row] ?? 0);
    sums[at + 1] = (sums[at + 1] ?? 0) + (hessians[row] ?? 0);
  }
  return Float64Array.from({ length: inner + 1 }, (_, leaf) => {
    const gradient = sums[leaf * 2] ?? 0;
    return gradient === 0 ? 0 : (-rate * gradient) / ((sums[leaf * 2 + 1] ?? 0) + penalty);
  });
}

/** Digits of an edge that are kept: it is rounded down, so that a value equal to it stays on its side. */
const SIGNIFICANT = 7;

/** The greatest whole number a leaf is kept as. */
const MOST = 2 ** 15 - 1;

function packTrees(data: Binned, trees: readonly Tree[], depth: number, bias: number): PackedTrees {
  const used = usedEdges(data.columns, trees);
  const nodes = trees.flatMap(({ columns, edges }) =>
    [...columns].flatMap((column, at) => {
      const edge = edges[at] ?? NO_EDGE;
      return [column, edge === NO_EDGE ? NO_EDGE : (used[column] ?? []).indexOf(edge)];
    }),
  );
  const leaves = trees.flatMap((tree) => [...tree.leaves]);
  const unit = leaves.reduce((most, leaf) => Math.max(most, Math.abs(leaf)), 0) / MOST || 1;
  const whole = new DataView(new ArrayBuffer(leaves.length * 2));
  leaves.forEach((leaf, at) => whole.setInt16(at * 2, Math.round(leaf / unit), true));
  return {
    depth,
    trees: trees.length,
    bias,
    edges: used.map((own, column) => own.map((edge) => roundedDown(data.edges[column]?.[edge] ?? 0))),
    nodes: base64Of(Uint8Array.from(nodes)),
    unit,
    leaves: base64Of(new Uint8Array(whole.buffer)),
  };
}

/** Per column, ascending: the numbers of the edges at which some tree parts its rows. */
function usedEdges(columns: number, trees: readonly Tree[]): number[][] {
  const used = Array.from({ length: columns }, () => new Set<number>());
  for (const tree of trees) {
    tree.columns.forEach((column, at) => {
      const edge = tree.edges[at] ?? NO_EDGE;
      if (edge !== NO_EDGE) used[column]?.add(edge);
    });
  }
  return used.map((own) => [...own].sort((a, b) => a - b));
}

function roundedDown(edge: number): number {
  const near = Number(edge.toPrecision(SIGNIFICANT));
  return near <= edge
    ? near
    : Number((near - 10 ** (Math.floor(Math.log10(Math.abs(edge))) + 1 - SIGNIFICANT)).toPrecision(SIGNIFICANT));
}

const base64Of = (bytes: Uint8Array): string => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
