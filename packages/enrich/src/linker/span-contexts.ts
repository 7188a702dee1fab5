import { SHAPE, type Atom } from './atoms.ts';
import type { Places } from './elsewhere.ts';
import { mix } from './hash.ts';
import { createHashList } from './hash-list.ts';
import type { Reading } from './reading.ts';
import type { Span } from './spans.ts';

/** Stand-ins for the words before the first and after the last. */
const BEGIN = 1;
const END = 2;
const TITLE_WITH_WORD = 99;

const hashes = createHashList();

/** Each feature by its number, so that equal values of two are not taken for one. */
const add = (a: number, b = 0): void => hashes.add(mix(mix(hashes.length + 1, a), b));

/**
 * What a span is, its words, and what stands around it, each as a hash: the
 * features of the linear model that learns from every page. They stand in the
 * same memory each time.
 */
export function spanContexts(reading: Reading, span: Span, at: number): Int32Array {
  hashes.clear();
  addWords(reading, span);
  addShapes(reading, span);
  addPlace(reading, span, at);
  if (span.surface !== undefined) {
    const title = mix(TITLE_WITH_WORD, span.title?.hash ?? 0);
    for (const word of reading.contentHashes) hashes.add(mix(title, word));
  }
  return hashes.all();
}

function addWords({ lowerWords, words, sectionHash }: Reading, { from, to, hash, title }: Span): void {
  const before = lowerWords[from - 1]?.hash ?? BEGIN;
  const after = lowerWords[to + 1]?.hash ?? END;
  const [first, last] = [words[from]?.hash ?? 0, lowerWords[to]?.hash ?? 0];
  const meant = title?.hash ?? 0;
  add(hash);
  add(meant);
  add(meant, sectionHash);
  add(hash, before);
  add(hash, after);
  add(hash, sectionHash);
  add(first, last);
  add(before, first);
  add(last, after);
  add(before);
  add(after);
  add(before, lowerWords[from - 2]?.hash ?? BEGIN);
  add(after, lowerWords[to + 2]?.hash ?? END);
  add(first);
  add(last);
  add(before, after);
}

function addShapes({ atoms, lowerWords, sectionHash }: Reading, { from, to, kind, prior }: Span): void {
  const before = lowerWords[from - 1]?.hash ?? BEGIN;
  const after = lowerWords[to + 1]?.hash ?? END;
  let shape = 0;
  for (let at = from; at <= to; at++) shape = mix(shape, shapeCode(atoms[at]));
  const around = shapeCode(atoms[from - 1]) * 1000 + shapeCode(atoms[to + 1]);
  const tenth = Math.min(9, Math.floor(prior * 10));
  add(shape);
  add(shape, around);
  add(around);
  add(shape, after);
  add(shape, before);
  add(shape, kind);
  add(sectionHash);
  add(tenth, sectionHash);
  add(tenth, after);
  add(tenth, before);
  add(tenth, around);
  add(0);
}

const NOTHING = 9;
const CONNECTOR = 7;
const MARKS = 16;

function shapeCode(atom: Atom | undefined): number {
  if (atom === undefined) return NOTHING;
  if (atom.shape === SHAPE.mark) return MARKS + atom.text.charCodeAt(0);
  return atom.connects ? CONNECTOR : atom.shape;
}

function addPlace({ elsewhere, spans, sectionHash, sentence }: Reading, span: Span, at: number): void {
  const { words, title } = elsewhere[at] ?? { words: undefined, title: undefined };
  const earlier = standsBefore(spans, span, at) ? 1 : 0;
  const meant = span.title?.hash ?? 0;
  add(earlier, span.hash);
  add(earlier, meant);
  addSeen(placesCode(words), span, meant, sectionHash);
  addSeen(placesCode(title), span, meant, sectionHash);
  add(Math.min(sentence.place ?? 99, 20), sectionHash);
}

function addSeen(seen: number, { hash, kind }: Span, meant: number, sectionHash: number): void {
  add(seen, hash);
  add(seen, meant);
  add(seen, sectionHash);
  add(seen, kind);
}

/** Whether the same words stand before it. */
function standsBefore(spans: readonly Span[], { hash, from }: Span, at: number): boolean {
  for (let i = 0; i < at; i++) {
    const other = spans[i];
    if (other !== undefined && other.hash === hash && other.to < from) return true;
  }
  return false;
}

const placesCode = (places: Places | undefined): number =>
  places === undefined
    ? 0
    : Math.min(places.before, 3) + (places.apart === 1 ? 4 : 0) + (places.sameSection > 0 ? 8 : 0);
