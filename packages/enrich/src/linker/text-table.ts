import { hashText } from './hash.ts';

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

  function grow(): void {
    const [old, kept] = [hashes, entries];
    hashes = new Int32Array(old.length * 2);
    entries = Array.from({ length: hashes.length });
    const mask = hashes.length - 1;
    old.forEach((hash, at) => {
      if (hash === 0) return;
      let place = hash & mask;
      while (hashes[place] !== 0) place = (place + 1) & mask;
      hashes[place] = hash;
      entries[place] = kept[at];
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
      entries[place] = { text, value };
      if (size * 2 > hashes.length) grow();
    },
    get size() {
      return size;
    },
  };
}
