/** How many words make a shingle. */
const SHINGLE = 3;
/** Words beyond this number do not count. */
const MAX_WORDS = 20_000;
const BITS = 64;

const WORD =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]|[\p{L}\p{N}\p{M}]+/gu;

/** A text's words: of scripts without spaces, its characters. */
export const wordsOf = (text: string): string[] => text.match(WORD) ?? [];

/**
 * A 64-bit similarity hash of a text, 16 hexadecimal digits: equal for equal
 * texts whatever their case and punctuation, within a few bits for texts that
 * share most of their words in order (wire copies), some 32 bits apart for
 * others. Empty where there are no words. Charikar's simhash over shingles of three words.
 */
export function fingerprintOf(text: string): string {
  const words = wordsOf(text.normalize('NFKC').toLowerCase()).slice(0, MAX_WORDS);
  if (words.length === 0) return '';
  const ones = new Int32Array(BITS);
  const shingles = Math.max(1, words.length - SHINGLE + 1);
  for (let at = 0; at < shingles; at++) {
    const [low, high] = hashOf(words, at, Math.min(words.length, at + SHINGLE));
    for (let bit = 0; bit < 32; bit++) {
      ones[bit]! += (low >>> bit) & 1;
      ones[bit + 32]! += (high >>> bit) & 1;
    }
  }
  return halfOf(ones, 32, shingles / 2) + halfOf(ones, 0, shingles / 2);
}

/** The bits that more than half of the shingles have. */
function halfOf(ones: Int32Array, from: number, majority: number): string {
  let half = 0;
  for (let bit = 0; bit < 32; bit++) if (ones[from + bit]! > majority) half |= 1 << bit;
  return (half >>> 0).toString(16).padStart(8, '0');
}

const SPACE = 0x20;

/** Two independent 32-bit hashes of words with a space between them (FNV-1a with different offsets, then mixed as MurmurHash3 ends). */
function hashOf(words: readonly string[], from: number, to: number): [number, number] {
  let low = 0x811c9dc5;
  let high = 0x1b873593;
  for (let index = from; index < to; index++) {
    const word = words[index]!;
    for (let at = index === from ? 0 : -1; at < word.length; at++) {
      const code = at < 0 ? SPACE : word.charCodeAt(at);
      low = Math.imul(low ^ code, 0x01000193);
      high = Math.imul(high ^ code, 0x85ebca6b);
    }
  }
  return [mix(low), mix(high)];
}

function mix(value: number): number {
  let mixed = value ^ (value >>> 16);
  mixed = Math.imul(mixed, 0x85ebca6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

/** In how many of their bits two fingerprints differ, 0..64; 64 where one is empty. */
export function distance(one: string, other: string): number {
  if (one === '' || other === '') return BITS;
  let differing = 0;
  for (let at = 0; at < BITS / 4; at += 8) {
    let bits = Number.parseInt(one.slice(at, at + 8), 16) ^ Number.parseInt(other.slice(at, at + 8), 16);
    for (; bits !== 0; bits &= bits - 1) differing++;
  }
  return differing;
}
