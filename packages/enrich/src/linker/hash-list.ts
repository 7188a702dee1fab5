/** Hashes one after another, always in the same memory: making a list for every span costs more than what is written into it. */
export interface HashList {
  readonly length: number;
  clear(): void;
  add(hash: number): void;
  /** What was added since it was cleared; what is added next may overwrite it. */
  all(): Int32Array;
}

export function createHashList(): HashList {
  let hashes = new Int32Array(128);
  let length = 0;
  return {
    get length() {
      return length;
    },
    clear() {
      length = 0;
    },
    add(hash) {
      if (length === hashes.length) {
        const larger = new Int32Array(length * 2);
        larger.set(hashes);
        hashes = larger;
      }
      hashes[length++] = hash;
    },
    all: () => hashes.subarray(0, length),
  };
}
