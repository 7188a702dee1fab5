/** Boosted regression trees of one depth, flattened: node `n` of a tree has children `2n + 1` and `2n + 2`. */
export interface BoostedTrees {
  depth: number;
  trees: number;
  bias: number;
  /** Per column, ascending: where its values are cut. */
  edges: readonly Float32Array[];
  /** Per column: how the edge next to a value is found. */
  grids: readonly Grid[];
  /** Per tree and inner node: the column read, times 256, and the number of the edge from which on a value goes right; `NO_EDGE` sends every row left. */
  nodes: Uint16Array;
  /** Per tree and leaf. */
  leaves: Float32Array;
}

/** Trees that are walked side by side, so that the processor need not wait for one of them at every node. */
const ABREAST = 4;
/** How many trees are summed before it is asked whether to go on. */
const ROUND = 8;

/**
 * The sum of all trees for a row; minus infinity where the first ones say less
 * after so many rounds than `hopeless` has for that round. The last of
 * `hopeless` holds for all later rounds.
 */
export function evaluate(model: BoostedTrees, row: Float32Array, hopeless?: Float64Array): number {
  const { depth, trees, nodes, leaves } = model;
  const bins = binned(model, row);
  const inner = 2 ** depth - 1;
  let sum = model.bias;
  for (let tree = 0; tree < trees; tree += ABREAST) {
    const base = tree * inner;
    let [a, b, c, d] = [0, 0, 0, 0];
    for (let level = 0; level < depth; level++) {
      a = below(nodes, bins, base, a);
      b = below(nodes, bins, base + inner, b);
      c = below(nodes, bins, base + 2 * inner, c);
      d = below(nodes, bins, base + 3 * inner, d);
    }
    const leaf = base + tree - inner; // a tree has one leaf more than it has inner nodes
    sum += leaves[leaf + a] ?? 0;
    sum += leaves[leaf + inner + 1 + b] ?? 0;
    sum += leaves[leaf + 2 * (inner + 1) + c] ?? 0;
    sum += leaves[leaf + 3 * (inner + 1) + d] ?? 0;
    if (hopeless !== undefined && (tree + ABREAST) % ROUND === 0 && sum < limit(hopeless, tree))
      return Number.NEGATIVE_INFINITY;
  }
  return sum;
}

const limit = (hopeless: Float64Array, tree: number): number =>
  hopeless[Math.min(hopeless.length - 1, Math.floor(tree / ROUND))] ?? Number.NEGATIVE_INFINITY;

function below(nodes: Uint16Array, bins: Uint8Array, base: number, node: number): number {
  const split = nodes[base + node] ?? 0;
  // Without a branch, which no processor could foretell: the sign of the difference is the way.
  return 2 * node + 2 + (((bins[split >> 8] ?? 0) - (split & 255) - 1) >> 31);
}

const MOST_COLUMNS = 256;
const scratch = new Uint8Array(MOST_COLUMNS);

/** How many edges of its column each value is not below. The same array each time. */
function binned({ edges, grids }: BoostedTrees, row: Float32Array): Uint8Array {
  for (let column = 0; column < edges.length; column++) {
    const own = edges[column];
    const grid = grids[column];
    if (own === undefined || grid === undefined || own.length === 0) continue;
    const value = row[column] ?? 0;
    let bin = grid.below[cellOf(grid, value)] ?? 0;
    while (bin < own.length && (own[bin] ?? 0) <= value) bin++;
    scratch[column] = bin;
  }
  return scratch;
}

/** Cells of equal width between the first and the last edge of a column: what is looked through for a value are the edges of its own cell. */
export interface Grid {
  first: number;
  /** Cells to a unit of the column. */
  scale: number;
  /** By cell: how many edges lie in those before it. */
  below: Uint8Array;
}

const CELLS = 64;

function gridOf(edges: Float32Array): Grid {
  const [first, last] = [edges[0] ?? 0, edges.at(-1) ?? 0];
  const grid = { first, scale: last > first ? CELLS / (last - first) : 0, below: new Uint8Array(CELLS) };
  for (const edge of edges) {
    for (let cell = cellOf(grid, edge) + 1; cell < CELLS; cell++) grid.below[cell] = (grid.below[cell] ?? 0) + 1;
  }
  return grid;
}

/** Never falls as the value grows, so an edge in an earlier cell is below. */
function cellOf({ first, scale }: Grid, value: number): number {
  const place = (value - first) * scale;
  return place > 0 ? Math.trunc(Math.min(place, CELLS - 1)) : 0;
}

/**
 * Trees as they are shipped. A threshold is kept by its number among the
 * `edges` of its column, a leaf as a whole number of `unit`s; both in base64.
 */
export interface PackedTrees {
  depth: number;
  trees: number;
  bias: number;
  /** Per column, ascending. */
  edges: readonly (readonly number[])[];
  /** Two bytes an inner node: its column, and the number of its edge; `NO_EDGE` sends every row left. */
  nodes: string;
  unit: number;
  /** Two bytes a leaf, signed, low byte first. */
  leaves: string;
}

export const NO_EDGE = 255;

/** Throws a RangeError where the parts do not fit together. */
export function unpackTrees(packed: PackedTrees): BoostedTrees {
  const { depth, trees, bias, edges, unit } = packed;
  const nodeBytes = bytesOf(packed.nodes);
  const leafBytes = bytesOf(packed.leaves);
  const inner = trees * (2 ** depth - 1);
  if (nodeBytes.length !== inner * 2 || leafBytes.length !== (inner + trees) * 2) {
    throw new RangeError(
      `${trees} trees of depth ${depth} do not fit ${nodeBytes.length} and ${leafBytes.length} bytes`,
    );
  }
  // Whole rounds of trees: those added have leaves of 0.
  const walked = Math.ceil(trees / ABREAST) * ABREAST;
  const nodes = new Uint16Array(walked * (2 ** depth - 1));
  for (let node = 0; node < inner; node++) {
    nodes[node] = (nodeBytes[node * 2] ?? 0) * 256 + (nodeBytes[node * 2 + 1] ?? NO_EDGE);
  }
  const whole = new DataView(leafBytes.buffer);
  const leaves = new Float32Array(walked * 2 ** depth);
  for (let leaf = 0; leaf < inner + trees; leaf++) leaves[leaf] = whole.getInt16(leaf * 2, true) * unit;
  const cuts = edges.map((own) => Float32Array.from(own));
  return { depth, trees: walked, bias, edges: cuts, grids: cuts.map(gridOf), nodes, leaves };
}

const bytesOf = (base64: string): Uint8Array => Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
