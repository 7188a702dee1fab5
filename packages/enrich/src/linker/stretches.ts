import type { Atom } from './atoms.ts';
import type { Memory } from './memory.ts';
import type { Word } from './words.ts';

/** A text as names are looked up in it, stretch by stretch: no further than its atoms go. */
export interface Stretches {
  atoms: readonly Atom[];
  /** What is known of each atom as written, and of its lower-case form. */
  words: readonly Word[];
  lowerWords: readonly Word[];
  /** As long as the text itself, as are the others: with one sort of apostrophe. */
  plain: string;
  /** The same in lower case. */
  lower: string;
  /** The text in lower case, with its own apostrophes. */
  lowerAsWritten: string;
}

export function stretchesOf(memory: Memory, text: string, atoms: readonly Atom[]): Stretches {
  const read = text.slice(0, atoms.at(-1)?.end ?? 0);
  const plain = plainly(read);
  const lower = fold(plain);
  const words = atoms.map((atom) => memory.words.of(atom.text));
  const lowerWords = atoms.map((atom, at) =>
    atom.text === atom.lower ? (words[at] as Word) : memory.words.of(atom.lower),
  );
  return { atoms, words, lowerWords, plain, lower, lowerAsWritten: plain === read ? lower : fold(read) };
}

const plainly = (text: string): string => (text.includes('’') ? text.replaceAll('’', "'") : text);

/** The form under which a stretch of text is looked up: one sort of apostrophe. */
export const keyOf = (text: string, start: number, end: number): string => plainly(text.slice(start, end));

/** Lower case, letter by letter, so that every letter stays where it is: İ has none of one letter and stays as it is. */
export function fold(text: string): string {
  const lower = text.toLowerCase();
  if (lower.length === text.length) return lower;
  return Array.from({ length: text.length }, (_, at) => foldLetter(text.charAt(at))).join('');
}

function foldLetter(letter: string): string {
  const lower = letter.toLowerCase();
  return lower.length === 1 ? lower : letter;
}
