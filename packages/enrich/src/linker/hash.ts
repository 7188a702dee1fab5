/** What hashing begins with. */
export const HASH_BEGIN = 0x811c9dc5;

/** 32-bit FNV-1a of one letter after another: what was taken in before, and then `text` from `start` to `end`. */
export function takeIn(taken: number, text: string, start: number, end: number): number {
  let hash = taken;
  for (let at = start; at < end; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash;
}

/** The hash of a text. Equal on every machine: what is learnt depends on it. */
export const hashText = (text: string): number => stir(takeIn(HASH_BEGIN, text, 0, text.length));

/** A hash of two hashes, in this order. */
export const mix = (a: number, b: number): number => stir(Math.imul(a ^ (b + 0x9e3779b9), 0x85ebca6b) + b);

/** Makes the hash of what was taken in. */
export function stir(taken: number): number {
  const once = Math.imul(taken ^ (taken >>> 15), 0xc2b2ae35);
  return once ^ (once >>> 13);
}
