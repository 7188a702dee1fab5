/**
 * A short list of numbers for each slot, all in one block of memory: a million
 * small arrays would cost more than what is in them.
 */
export interface Rows {
  /** Where a slot's list begins and ends in `pool`, which is another block after a `put`. */
  start(slot: number): number;
  end(slot: number): number;
  readonly pool: Int32Array;
  put(slot: number, values: ArrayLike<number>): void;
  clear(slot: number): void;
}

const FIRST_POOL = 4096;
const FIRST_SLOTS = 256;

export function createRows(): Rows {
  let pool = new Int32Array(FIRST_POOL);
  let starts = new Uint32Array(FIRST_SLOTS);
  let lengths = new Uint16Array(FIRST_SLOTS);
  let used = 0;
  let live = 0;

  /** Moves what is alive into a block with room for as much again. */
  function makeRoom(more: number): void {
    const next = new Int32Array(Math.max(FIRST_POOL, (live + more) * 2));
    let at = 0;
    for (let slot = 0; slot < lengths.length; slot++) {
      const [start, length] = [starts[slot] ?? 0, lengths[slot] ?? 0];
      next.set(pool.subarray(start, start + length), at);
      starts[slot] = at;
      at += length;
    }
    pool = next;
    used = at;
  }

  function clear(slot: number): void {
    live -= lengths[slot] ?? 0;
    if (slot < lengths.length) lengths[slot] = 0;
  }

  return {
    start: (slot) => starts[slot] ?? 0,
    end: (slot) => (starts[slot] ?? 0) + (lengths[slot] ?? 0),
    get pool() {
      return pool;
    },
    clear,
    put(slot, values) {
      clear(slot);
      if (slot >= lengths.length) {
        starts = grown(starts, new Uint32Array((slot + 1) * 2));
        lengths = grown(lengths, new Uint16Array((slot + 1) * 2));
      }
      if (used + values.length > pool.length) makeRoom(values.length);
      pool.set(values, used);
      starts[slot] = used;
      lengths[slot] = values.length;
      used += values.length;
      live += values.length;
    },
  };
}

function grown<T extends Uint16Array | Uint32Array>(old: T, next: T): T {
  next.set(old);
  return next;
}
