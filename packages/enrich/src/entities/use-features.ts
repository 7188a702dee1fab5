import { nameOf } from '@throughline/core';
import { hashText } from '../linker/hash.ts';

/** One place in a sentence where a title is named. */
export interface NameUse {
  /** As it is written there. */
  surface: string;
  /** The text before and after it; some 60 characters are enough. */
  before: string;
  after: string;
  section: string;
}

/** Hashed features with their values, each once for every time that it was met. */
export interface UseFeatures {
  places: number[];
  values: number[];
}

/** Of so many uses no more is learnt than of the first. */
export const USES_READ = 40;

export const FEATURE_BITS = 14;
const MASK = 2 ** FEATURE_BITS - 1;

/**
 * What a title's words and the words around its uses tell of what it is. With
 * `isNameHidden` its words tell nothing but how many they are and how they are
 * written: a model that learns from names that say what they are (`… Province`)
 * must learn to do without.
 */
export function useFeatures(title: string, uses: readonly NameUse[], isNameHidden = false): UseFeatures {
  const features: UseFeatures = { places: [], values: [] };
  const add = (feature: string, value: number) => {
    features.places.push(hashText(feature) & MASK);
    features.values.push(value);
  };
  const words = nameOf(title).split(' ');
  const read = uses.slice(0, USES_READ);
  addContexts(read, add);
  addSurfaces(title, words, read, add);
  add(`shape ${words.slice(0, 5).map(shapeOf).join('')}`, 1);
  add(`words ${Math.min(6, words.length)}`, 0.5);
  add(`uses ${Math.floor(Math.log2(Math.min(64, uses.length)))}`, 0.5);
  for (const word of words.slice(1, -1)) add(`mid ${word.toLowerCase()}`, 0.6);
  if (!isNameHidden) addName(words, add);
  add('bias', 1);
  return features;
}

type Add = (feature: string, value: number) => void;

/** How much of a kind of context counts beside the word right before. */
const CONTEXT_VALUES = { before: 1, before2: 0.7, after: 1, after2: 0.7, section: 0.5 };

function addContexts(uses: readonly NameUse[], add: Add): void {
  const counts = new Map<string, { kind: keyof typeof CONTEXT_VALUES; count: number }>();
  const count = (kind: keyof typeof CONTEXT_VALUES, what: string) => {
    const known = counts.get(`${kind} ${what}`);
    if (known) known.count++;
    else counts.set(`${kind} ${what}`, { kind, count: 1 });
  };
  for (const { before, after, section } of uses) {
    const [last, next] = [tokensOf(before), tokensOf(after)];
    count('before', formOf(last.at(-1)));
    count('before2', `${formOf(last.at(-2))} ${formOf(last.at(-1))}`);
    count('after', after.startsWith("'s") ? "'s" : formOf(next[0]));
    count('after2', `${formOf(next[0])} ${formOf(next[1])}`);
    count('section', section);
  }
  for (const [feature, { kind, count: times }] of counts)
    add(feature, CONTEXT_VALUES[kind] * Math.sqrt(times / uses.length));
}

const tokensOf = (text: string): string[] => text.match(/[\p{L}\p{N}][\p{L}\p{N}'’.-]*|[,;:()"]/gu) ?? [];

/** A word as context: numbers are one, initials are one, at the end of the text there is none. */
function formOf(word: string | undefined): string {
  if (word === undefined) return '^';
  if (/\d/.test(word)) return '#';
  if (!/^\p{Lu}/u.test(word)) return word;
  return word.length > 1 && word.toUpperCase() === word ? 'AA' : `A:${word.toLowerCase()}`;
}

/** How editors shorten it: people by their last word, organisations by initials. */
function addSurfaces(title: string, words: readonly string[], uses: readonly NameUse[], add: Add): void {
  if (words.length < 2) return;
  const share = (feature: string, isSo: (surface: string) => boolean) => {
    const times = uses.filter(({ surface }) => isSo(surface)).length;
    if (times > 0) add(`${feature}${times * 2 > uses.length ? ' mostly' : ''}`, Math.sqrt(times / uses.length) + 0.3);
  };
  share('by its last word', (surface) => surface === words.at(-1));
  share('by initials', (surface) => /^[A-Z.]{2,6}$/.test(surface));
  share('shorter', (surface) => surface !== title && surface.split(' ').length < words.length);
}

function shapeOf(word: string): string {
  if (/^\p{Lu}\.$/u.test(word)) return 'I';
  if (word.length > 1 && /^[\p{Lu}\d.&-]+$/u.test(word)) return 'A';
  if (/^\p{Lu}/u.test(word)) return 'X';
  if (/^\d/.test(word)) return '#';
  return /^(?:al|bin|de|van|von|el)/.test(word) ? 'p' : 'x';
}

function addName(words: readonly string[], add: Add): void {
  const lower = words.map((word) => word.toLowerCase());
  const [first = '', last = ''] = [lower[0], lower.at(-1)];
  add(`first ${first}`, 1);
  if (words.length > 1) add(`last ${last}`, 1);
  for (const length of [2, 3, 4]) {
    add(`first ends ${first.slice(-length)}`, 0.4);
    add(`last ends ${last.slice(-length)}`, 0.4);
  }
  for (const word of lower) {
    const framed = `^${word}$`;
    for (let at = 0; at + 3 <= framed.length; at++) add(`part ${framed.slice(at, at + 3)}`, 0.25);
  }
}
