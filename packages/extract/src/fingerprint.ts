import { wordSpans } from './words.ts';

/** How many words make a shingle. */
const SHINGLE = 3;
/** Words beyond this number do not count. */
const MAX_WORDS = 20_000;
const BITS = 64;

/**
 * A 64-bit similarity hash of a text, 16 hexadecimal digits: equal for equal
 * texts whatever their case and punctuation, within a few bits for texts that
 * share most of their words in order (wire copies), some 32 bits apart for
 * others. Empty where there are no words. Charikar's simhash over shingles of three words.
 */
export function fingerprintOf(text: string): string {
  const plain = text.normalize('NFKC').toLowerCase();
  const spans = wordSpans(plain, MAX_WORDS);
  const words = spans.length / 2;
  if (words === 0) return '';
  const counts = shingleCounts(plain, spans);
  const majority = Math.max(1, words - SHINGLE + 1) / 2;
  return hexadecimal(counts.high.above(majority)) + hexadecimal(counts.low.above(majority));
}

const hexadecimal = (half: number): string => (half >>> 0).toString(16).padStart(8, '0');

/** Counts of up to 2^15 for each of 32 bits, kept as binary numbers that lie across 15 words: adding one takes two steps on average, not 32. */
function bitCounts() {
  const planes = new Int32Array(15);
  return {
    add(bits: number) {
      for (let plane = 0, carry = bits; carry !== 0; plane++) {
        const sum = planes[plane]!;
        planes[plane] = sum ^ carry;
        carry &= sum;
      }
    },
    /** The bits that were counted more than `limit` times. */
    above(limit: number): number {
      let found = 0;
      for (let bit = 0; bit < 32; bit++) {
        const count = planes.reduce((sum, plane, power) => sum + (((plane >>> bit) & 1) << power), 0);
        if (count > limit) found |= 1 << bit;
      }
      return found;
    },
  };
}

const SPACE = 0x20;
const LOW = { start: 0x811c9dc5 | 0, factor: 0x01000193 };
const HIGH = { start: 0x1b873593, factor: 0x85ebca6b | 0 };

/**
 * Counts the bits of two 32-bit hashes of every shingle, its words with a space
 * between them: FNV-1a's steps with a start and a factor each, then mixed as
 * MurmurHash3 ends. A character belongs to three shingles, which are hashed
 * side by side: those that began with this word, the last and the one before.
 */
function shingleCounts(text: string, spans: readonly number[]) {
  const [low, high] = [bitCounts(), bitCounts()];
  let [low0, low1, low2, high0, high1, high2] = [0, 0, LOW.start, 0, 0, HIGH.start];
  const words = spans.length / 2;
  for (let word = 0; word < words; word++) {
    const end = spans[word * 2 + 1]!;
    for (let at = spans[word * 2]!; at < end; at++) {
      const code = text.charCodeAt(at);
      low0 = Math.imul(low0 ^ code, LOW.factor);
      low1 = Math.imul(low1 ^ code, LOW.factor);
      low2 = Math.imul(low2 ^ code, LOW.factor);
      high0 = Math.imul(high0 ^ code, HIGH.factor);
      high1 = Math.imul(high1 ^ code, HIGH.factor);
      high2 = Math.imul(high2 ^ code, HIGH.factor);
    }
    if (word >= SHINGLE - 1) {
      low.add(mix(low0));
      high.add(mix(high0));
    } else if (word === words - 1) {
      low.add(mix(word === 0 ? low2 : low1));
      high.add(mix(word === 0 ? high2 : high1));
    }
    low0 = step(low1, LOW.factor);
    low1 = step(low2, LOW.factor);
    low2 = LOW.start;
    high0 = step(high1, HIGH.factor);
    high1 = step(high2, HIGH.factor);
    high2 = HIGH.start;
  }
  return { low, high };
}

const step = (hash: number, factor: number): number => Math.imul(hash ^ SPACE, factor);

function mix(value: number): number {
  let mixed = value ^ (value >>> 16);
  mixed = Math.imul(mixed, 0x85ebca6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
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
