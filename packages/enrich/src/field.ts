import { createRows } from './rows.ts';

/**
 * One kind of feature of events (words, entities, sources, …): which slots
 * have each value, and which values each slot has. Values are interned, so
 * that comparing two events is comparing small integers.
 */
export interface Field {
  /** The id of `value`, or undefined where no event ever had it. */
  idOf(value: string): number | undefined;
  valueOf(id: number): string;
  /** How many values any event ever had: ids are below it. */
  readonly size: number;
  /** The slots that have it, in order of time. */
  slots(id: number): readonly number[];
  /** Where in `ids` a slot's values begin and end: in the order they were put, without repeats. */
  start(slot: number): number;
  end(slot: number): number;
  readonly ids: Int32Array;
  has(slot: number, id: number): boolean;
  put(slot: number, values: Iterable<string>): void;
  clear(slot: number): void;
}

/** Puts slots in order of time. It must not change for a slot while the slot holds values. */
export type Compare = (a: number, b: number) => number;

/** What a slot can hold of one field at most. */
const MAX_VALUES = 2 ** 16 - 1;

export function createField(compare: Compare): Field {
  const ids = new Map<string, number>();
  const values: string[] = [];
  const postings: number[][] = [];
  const rows = createRows();

  function intern(value: string): number {
    const known = ids.get(value);
    if (known !== undefined) return known;
    const id = values.length;
    ids.set(value, id);
    values.push(value);
    postings.push([]);
    return id;
  }

  return {
    idOf: (value) => ids.get(value),
    valueOf: (id) => values[id] ?? '',
    get size() {
      return values.length;
    },
    slots: (id) => postings[id] ?? [],
    start: (slot) => rows.start(slot),
    end: (slot) => rows.end(slot),
    get ids() {
      return rows.pool;
    },
    has(slot, id) {
      const { pool } = rows;
      for (let at = rows.start(slot); at < rows.end(slot); at++) if (pool[at] === id) return true;
      return false;
    },
    put(slot, added) {
      const own = [...new Set([...added].map(intern))].slice(0, MAX_VALUES);
      rows.put(slot, own);
      for (const id of own) insert(postings[id] ?? [], slot, compare);
    },
    clear(slot) {
      for (const id of rows.pool.subarray(rows.start(slot), rows.end(slot))) drop(postings[id] ?? [], slot, compare);
      rows.clear(slot);
    },
  };
}

/** The place of the first element that is not before `slot`. */
function lowerBound(sorted: readonly number[], slot: number, compare: Compare): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compare(sorted[middle] ?? 0, slot) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

export function insert(sorted: number[], slot: number, compare: Compare): void {
  const last = sorted.at(-1);
  if (last === undefined || compare(last, slot) < 0) sorted.push(slot);
  else sorted.splice(lowerBound(sorted, slot, compare), 0, slot);
}

export function drop(sorted: number[], slot: number, compare: Compare): void {
  const at = lowerBound(sorted, slot, compare);
  if (sorted[at] === slot) sorted.splice(at, 1);
}
