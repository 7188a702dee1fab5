/** Boosted regression trees of one depth, flattened: node `n` of a tree has children `2n + 1` and `2n + 2`. */
export interface BoostedTrees {
  depth: number;
  trees: number;
  bias: number;
  /** Per tree and inner node: the column read. */
  columns: Uint8Array;
  /** Per tree and inner node: right if the column's value is at least this. */
  thresholds: Float32Array;
  /** Per tree and leaf. */
  leaves: Float32Array;
}

/** The sum of all trees for a row. */
export function evaluate(model: BoostedTrees, row: Float32Array): number {
  const { depth, trees, columns, thresholds, leaves } = model;
  const inner = 2 ** depth - 1;
  let sum = model.bias;
  for (let tree = 0; tree < trees; tree++) {
    const base = tree * inner;
    let node = 0;
    for (let level = 0; level < depth; level++) {
      const at = base + node;
      node = 2 * node + ((row[columns[at] ?? 0] ?? 0) >= (thresholds[at] ?? 0) ? 2 : 1);
    }
    sum += leaves[base + tree + node - inner] ?? 0;
  }
  return sum;
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
  const thresholds = new Float32Array(inner);
  for (let node = 0; node < inner; node++) {
    columns[node] = nodes[node * 2] ?? 0;
    const edge = nodes[node * 2 + 1] ?? NO_EDGE;
    thresholds[node] = edges[columns[node] ?? 0]?.[edge] ?? Number.POSITIVE_INFINITY;
  }
  const whole = new DataView(leafBytes.buffer);
  const leaves = Float32Array.from({ length: inner + trees }, (_, leaf) => whole.getInt16(leaf * 2, true) * unit);
  return { depth, trees, bias, columns, thresholds, leaves };
}

const bytesOf = (base64: string): Uint8Array => Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
