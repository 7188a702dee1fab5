import { hashText } from './hash.ts';
import { unshared } from './unshared.ts';

/**
 * Values by text, for looking up stretches of a longer text: whether any is
 * known costs one look at its hash, and no string is made of it.
 */
export interface TextTable<T> {
  get(text: string): T | undefined;
  /** What is kept for the stretch of `text` from `start` to `end`, whose `hashText` is `hash`. */
  within(text: string, start: number, end: number, hash: number): T | undefined;
  /** False where no text that is kept has this `hashText`; nearly always false where none is the one that was hashed. */
  mayHave(hash: number): boolean;
  set(text: string, value: T): void;
  /** Takes out what is not to be kept. */
  keep(isKept: (value: T) => boolean): void;
  values(): Iterable<T>;
  readonly size: number;
}

/** Stands for the hash 0, which marks a free place. */
const ZERO = 1;
const FIRST_PLACES = 256;

export function createTextTable<T>(): TextTable<T> {
  let hashes = new Int32Array(FIRST_PLACES);
  let entries: ({ text: string; value: T } | undefined)[] = Array.from({ length: FIRST_PLACES });
  let size = 0;

  /** Where the stretch is kept, or the free place where it would be. */
  function placeOf(text: string, start: number, end: number, hash: number): number {
    const mask = hashes.length - 1;
    let place = hash & mask;
    for (; hashes[place] !== 0; place = (place + 1) & mask) {
      if (hashes[place] !== hash) continue;
      const known = entries[place]?.text ?? '';
      if (known.length === end - start && text.startsWith(known, start)) return place;
    }
    return place;
  }

  /** Moves those that are kept into so many places. */
  function move(places: number, isKept: (value: T) => boolean): void {
    const [old, known] = [hashes, entries];
    hashes = new Int32Array(places);
    entries = Array.from({ length: places });
    size = 0;
    const mask = places - 1;
    old.forEach((hash, at) => {
      const entry = known[at];
      if (hash === 0 || entry === undefined || !isKept(entry.value)) return;
      let place = hash & mask;
      while (hashes[place] !== 0) place = (place + 1) & mask;
      hashes[place] = hash;
      entries[place] = entry;
      size++;
    });
  }

  return {
    get: (text) => entries[placeOf(text, 0, text.length, hashText(text) || ZERO)]?.value,
    within: (text, start, end, hash) => entries[placeOf(text, start, end, hash || ZERO)]?.value,
    mayHave(hash) {
      const mask = hashes.length - 1;
      const wanted = hash || ZERO;
      let place = wanted & mask;
      while (hashes[place] !== 0 && hashes[place] !== wanted) place = (place + 1) & mask;
      return hashes[place] !== 0;
    },
    set(text, value) {
      const hash = hashText(text) || ZERO;
      const place = placeOf(text, 0, text.length, hash);
      if (hashes[place] === 0) size++;
      hashes[place] = hash;
      entries[place] = { text: unshared(text), value };
      if (size * 2 > hashes.length) move(hashes.length * 2, () => true);
    },
    keep: (isKept) => move(hashes.length, isKept),
    *values() {
      for (const entry of entries) if (entry !== undefined) yield entry.value;
    },
    get size() {
      return size;
    },
  };
}
