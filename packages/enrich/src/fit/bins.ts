/** Rows of numbers cut into few bins a column, as tree growing reads them. */
export interface Binned {
  rows: number;
  columns: number;
  /** Row after row: the bin of each column. Bin `b` holds what is at least `edges[column][b - 1]` and below `edges[column][b]`. */
  bins: Uint8Array;
  /** Per column, ascending. */
  edges: readonly (readonly number[])[];
}

/** One less than the number of bins; the highest number of an edge is `NO_EDGE - 1`. */
const MOST_EDGES = 63;
/** Quantiles are read from this many rows at most, evenly spread. */
const SAMPLED = 200_000;

/** Cuts each column at its quantiles. `values` holds `columns` numbers a row; every one must be a number. */
export function bin(values: Float32Array, columns: number, mostEdges = MOST_EDGES): Binned {
  const rows = columns === 0 ? 0 : values.length / columns;
  if (!Number.isInteger(rows)) throw new RangeError(`${values.length} values are no rows of ${columns} columns`);
  const edges = Array.from({ length: columns }, (_, column) => edgesOf(values, columns, column, mostEdges));
  const bins = new Uint8Array(values.length);
  for (let at = 0; at < values.length; at++) bins[at] = binOf(edges[at % columns] ?? [], values[at] ?? 0);
  return { rows, columns, bins, edges };
}

function edgesOf(values: Float32Array, columns: number, column: number, mostEdges: number): number[] {
  const rows = values.length / columns;
  const step = Math.max(1, Math.floor(rows / SAMPLED));
  const seen = Float32Array.from(
    { length: Math.ceil(rows / step) },
    (_, n) => values[n * step * columns + column] ?? 0,
  );
  seen.sort();
  const edges = new Set<number>();
  for (let n = 1; n <= mostEdges; n++) edges.add(seen[Math.floor((n * seen.length) / (mostEdges + 1))] ?? 0);
  const lowest = seen[0] ?? 0;
  return [...edges].filter((edge) => edge > lowest);
}

function binOf(edges: readonly number[], value: number): number {
  let low = 0;
  let high = edges.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((edges[middle] ?? 0) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}
