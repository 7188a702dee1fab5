import { hashText } from './hash.ts';
import { unshared } from './unshared.ts';

/** How one word, as written, behaves towards links. */
export interface Word {
  hash: number;
  seen: number;
  /** Of those, inside a link; as its first or last word; just before or just after one. */
  inside: number;
  first: number;
  last: number;
  before: number;
  after: number;
}

const newWord = (text: string): Word => ({
  hash: hashText(text),
  seen: 0,
  inside: 0,
  first: 0,
  last: 0,
  before: 0,
  after: 0,
});

export interface Words {
  /** What is known of a word; of one never seen, a blank that is not kept. */
  of(text: string): Word;
  /** The same, kept from now on. */
  keep(text: string): Word;
}

export function createWords(): Words {
  const words = new Map<string, Word>();
  return {
    of: (text) => words.get(text) ?? newWord(text),
    keep(text) {
      let word = words.get(text);
      if (word === undefined) words.set(unshared(text), (word = newWord(text)));
      return word;
    },
  };
}

/** `part` of `whole`, pulled towards `prior` where little was seen. */
export const rate = (part: number, whole: number, prior: number): number => (part + 2 * prior) / (whole + 2);
