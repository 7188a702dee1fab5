/** Boosted regression trees of one depth, flattened: node `n` of a tree has children `2n + 1` and `2n + 2`. */
export interface BoostedTrees {
  depth: number;
  trees: number;
  bias: number;
  /** Per column, ascending: where its values are cut. */
  edges: readonly Float32Array[];
  /** Per tree and inner node: the column read. */
  columns: Uint8Array;
  /** Per tree and inner node: right if the column's value is at least the edge of this number; `NO_EDGE` sends every row left. */
  cuts: Uint8Array;
  /** Per tree and leaf. */
  leaves: Float32Array;
}

/** How many trees are summed before it is asked again whether to go on. */
const ROUND = 32;

/** The sum of all trees for a row; of its first ones, where these say less than `hopeless` already. */
export function evaluate(model: BoostedTrees, row: Float32Array, hopeless = Number.NEGATIVE_INFINITY): number {
  const { depth, trees, columns, cuts, leaves } = model;
  const bins = binned(model, row);
  const inner = 2 ** depth - 1;
  let sum = model.bias;
  for (let tree = 0; tree < trees; tree++) {
    const base = tree * inner;
    let node = 0;
    for (let level = 0; level < depth; level++) {
      const at = base + node;
      // Without a branch, which no processor could foretell: the sign of the difference is the way.
      node = 2 * node + 2 + (((bins[columns[at] ?? 0] ?? 0) - (cuts[at] ?? 0) - 1) >> 31);
    }
    sum += leaves[base + tree + node - inner] ?? 0;
    if (sum < hopeless && tree % ROUND === ROUND - 1) break;
  }
  return sum;
}

const MOST_COLUMNS = 256;
const scratch = new Uint8Array(MOST_COLUMNS);

/** How many edges of its column each value is not below. The same array each time. */
function binned({ edges }: BoostedTrees, row: Float32Array): Uint8Array {
  for (let column = 0; column < edges.length; column++) {
    const own = edges[column];
    if (own === undefined || own.length === 0) continue;
    const value = row[column] ?? 0;
    let [low, high] = [0, own.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((own[middle] ?? 0) <= value) low = middle + 1;
      else high = middle;
    }
    scratch[column] = low;
  }
  return scratch;
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
  const nodes = bytesOf(packed.nodes);
  const leafBytes = bytesOf(packed.leaves);
  const inner = trees * (2 ** depth - 1);
  if (nodes.length !== inner * 2 || leafBytes.length !== (inner + trees) * 2) {
    throw new RangeError(`${trees} trees of depth ${depth} do not fit ${nodes.length} and ${leafBytes.length} bytes`);
  }
  const columns = new Uint8Array(inner);
  const cuts = new Uint8Array(inner);
  for (let node = 0; node < inner; node++) {
    columns[node] = nodes[node * 2] ?? 0;
    cuts[node] = nodes[node * 2 + 1] ?? NO_EDGE;
  }
  const whole = new DataView(leafBytes.buffer);
  const leaves = Float32Array.from({ length: inner + trees }, (_, leaf) => whole.getInt16(leaf * 2, true) * unit);
  return { depth, trees, bias, edges: edges.map((own) => Float32Array.from(own)), columns, cuts, leaves };
}

const bytesOf = (base64: string): Uint8Array => Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
