import type { CitedSource, Leftover, Link } from '@throughline/core';

/** What a page gathers while its lines are read. */
export interface PageNotes {
  leftovers: Leftover[];
  /** Sources of references that have a name. */
  named: Map<string, CitedSource[]>;
  /** What stands in a list of sources for a reference named elsewhere, with its name. */
  uses: Map<CitedSource, string>;
  /** The lists with such stand-ins. */
  unresolved: Set<CitedSource[]>;
}

/** A label of an external link that the text shows, for it may be words of the sentence. */
export interface ShownLabel {
  start: number;
  end: number;
  source: CitedSource;
  /** Whether only separators stand between it and the source before it. */
  afterSource: boolean;
}

/** The state of reading: the page's wikitext, and what has come of the line that is being read. */
export interface Reader {
  wikitext: string;
  page: PageNotes;
  /** The text so far: white space folded, never ending in a space. */
  text: string;
  /** Whether a space comes before whatever is shown next. */
  space: boolean;
  links: Link[];
  sources: CitedSource[];
  shown: ShownLabel[];
  /** Start of the text not yet copied. */
  run: number;
  /** Where endings were last found, so that none is searched for twice. */
  endings: Record<string, number>;
  /** `{{` → the end of its `}}`. */
  braces: ReadonlyMap<number, number>;
  /** Whether there are three apostrophes in a row anywhere. */
  hasBold: boolean;
  /** The apostrophe run that stands for an apostrophe and italics. */
  apostrophe: number;
  /** Text length at which the run of sources now at the end began; -1 when words followed. */
  tail: number;
  depth: number;
  /** Reads a part of the line: for constructs that hold others. */
  read: (reader: Reader, from: number, to: number) => void;
}

/** Constructs nested deeper than this are left as they are written. */
export const MAX_DEPTH = 16;

const SPACE = 32;

/** Characters that are no plain part of a text: controls and spaces to be folded, format characters to be dropped. */
const ODD = /[\0-\x1F\x7F\u00A0\u00AD\u1680\u2000-\u200F\u2028-\u202F\u205F-\u2064\u3000\uFEFF]/; // eslint-disable-line no-control-regex
const INVISIBLE = /[\u00AD\u200B-\u200F\u202A-\u202E\u2060-\u2064\uFEFF]/g;
const BLANKS = /[\s\0-\x1F\x7F]+/g; // eslint-disable-line no-control-regex

/** White space as single spaces, controls as spaces, invisible characters gone. */
export function fold(text: string): string {
  return ODD.test(text) || text.includes('  ') ? text.replace(INVISIBLE, '').replace(BLANKS, ' ') : text;
}

/** Copies the plain text before `to`, which the scan has found free of odd and double spaces. */
export function copy(r: Reader, to: number): void {
  let from = r.run;
  r.run = to;
  if (from >= to) return;
  const { wikitext } = r;
  if (r.tail >= 0) return showAfterSource(r, from, to);
  if (wikitext.charCodeAt(from) === SPACE) {
    from++;
    r.space = true;
  }
  const endsInSpace = to > from && wikitext.charCodeAt(to - 1) === SPACE;
  const end = endsInSpace ? to - 1 : to;
  if (end > from) emit(r, wikitext.slice(from, end));
  if (endsInSpace) r.space = true;
}

/** As `copy`, just after a source: most often a space before the next one. */
function showAfterSource(r: Reader, from: number, to: number): void {
  if (to === from + 1 && r.wikitext.charCodeAt(from) === SPACE) r.space = true;
  else show(r, r.wikitext.slice(from, to));
}

/** Adds words that neither begin nor end in a space. */
function emit(r: Reader, words: string): void {
  r.text += r.space && r.text !== '' ? ` ${words}` : words;
  r.space = false;
}

const SEPARATORS = /^(?:[\s,;.&()–-]|and\b|via\b){0,60}$/;

/** Shows any text, folding its white space. After a source, punctuation closes up and separators are remembered as such. */
export function show(r: Reader, piece: string): void {
  const folded = fold(piece);
  const words = folded.trim();
  if (words === '') {
    r.space ||= folded !== '';
    return;
  }
  if (r.tail >= 0) {
    if (r.tail === r.text.length && /^[.,;:!?)]+(?:\s|$)/.test(words)) r.space = false;
    else if (folded.charCodeAt(0) === SPACE) r.space = true;
    if (!SEPARATORS.test(words)) r.tail = -1;
  } else if (folded.charCodeAt(0) === SPACE) r.space = true;
  emit(r, words);
  r.space = folded.charCodeAt(folded.length - 1) === SPACE;
}

/** The offset at which the next words will stand. */
export function startOfNext(r: Reader): number {
  return r.space && r.text !== '' ? r.text.length + 1 : r.text.length;
}

/** Notes what becomes no part of the event. */
export function leave(r: Reader, text: string, reason: string): void {
  const folded = fold(text).trim();
  if (folded !== '') r.page.leftovers.push({ text: folded, reason });
}

/** Leaves out `from`…`to`, noting it. Returns `to`. */
export function leaveOut(r: Reader, from: number, to: number, reason: string): number {
  copy(r, from);
  leave(r, r.wikitext.slice(from, to), reason);
  r.run = to;
  return to;
}

/** Notes a source. With `hidden` it leaves no trace in the text, and what separates it from the next one is no text either. */
export function cite(r: Reader, source: CitedSource, hidden = true): void {
  r.sources.push(source);
  if (hidden && r.tail < 0) r.tail = r.text.length;
}

/** Reads a part of the line inside a construct: a label. */
export function readInner(r: Reader, from: number, to: number): void {
  if (r.depth >= MAX_DEPTH) return leave(r, r.wikitext.slice(from, to), 'nested too deep');
  r.depth++;
  r.read(r, from, to);
  r.depth--;
}

/** The next `ending` at or after `from`; -1 when there is none. However often it is asked, the whole takes linear time. */
export function nextEnding(r: Reader, ending: string, from: number): number {
  const known = r.endings[ending] ?? 0;
  if (known < 0 || known > from) return known;
  const found = r.wikitext.indexOf(ending, from);
  r.endings[ending] = found;
  return found;
}
