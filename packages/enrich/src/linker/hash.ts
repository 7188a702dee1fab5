/** 32-bit FNV-1a with a final stir. Equal on every machine: what is learnt depends on it. */
export function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return stir(hash);
}

/** A hash of two hashes, in this order. */
export const mix = (a: number, b: number): number => stir(Math.imul(a ^ (b + 0x9e3779b9), 0x85ebca6b) + b);

function stir(hash: number): number {
  const once = Math.imul(hash ^ (hash >>> 15), 0xc2b2ae35);
  return once ^ (once >>> 13);
}
