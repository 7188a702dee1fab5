import type { CitedSource, Link } from '@throughline/core';
import { matchBraces } from './braces.ts';
import { decodeEntities } from './entities.ts';
import { addressEnd, emitExternal } from './external.ts';
import { readLink } from './links.ts';
import { cite, copy, leave, MAX_DEPTH, type PageNotes, type Reader, show } from './reader.ts';
import { placeLinks, sentenceOf } from './tail.ts';
import { readTag } from './tags.ts';
import { readTemplate, render } from './templates.ts';

/** One line's content, read. */
export interface Inline {
  text: string;
  links: Link[];
  sources: CitedSource[];
}

const NO_BRACES: ReadonlyMap<number, number> = new Map();

const [QUOTE, AMPERSAND, COLON, SLASH, LESS_THAN, OPEN_SQUARE, OPEN_BRACE, CLOSE_BRACE] = [
  39, 38, 58, 47, 60, 91, 123, 125,
];

/** Characters that may start a construct, or are no plain text. */
const SPECIAL = new Uint8Array(128).fill(1, 0, 32);
for (const character of "[{}'&<:\x7F") SPECIAL[character.charCodeAt(0)] = 1;

/**
 * Where plain text ends: at a special character, one beyond ASCII, the first of two spaces. At `]` too, so that the
 * search for the end of a label's text does not run on to the end of the line.
 */
const PLAIN_END = /[\0-\x1F[\]{}'&<:\x7F-\uFFFF]| (?= )/g; // eslint-disable-line no-control-regex

/** Makes ready to read parts of a page's wikitext, of which no construct runs over more than one line. */
export const newReader = (wikitext: string, page: PageNotes): Reader => ({
  wikitext,
  page,
  text: '',
  space: false,
  links: [],
  sources: [],
  shown: [],
  run: 0,
  endings: {},
  braces: bracesOf(wikitext),
  hasBold: wikitext.includes("'''"),
  apostrophe: -1,
  tail: -1,
  depth: 0,
  read: readRange,
});

const bracesOf = (wikitext: string) => (wikitext.includes('{{') ? matchBraces(wikitext) : NO_BRACES);

/** Reads what stands between two offsets, of one line: its text, the links in it, and the sources it cites. */
export function readInline(r: Reader, from: number, to: number): Inline {
  r.text = '';
  r.space = false;
  r.links = [];
  r.sources = [];
  r.tail = -1;
  if (r.shown.length > 0) r.shown = [];
  if (r.hasBold) r.apostrophe = literalApostrophe(r.wikitext, from, to);
  readRange(r, from, to);
  const text = sentenceOf(r);
  return { text, links: placeLinks(r.links, text), sources: r.sources };
}

function readRange(r: Reader, from: number, to: number): void {
  const { wikitext } = r;
  const special = SPECIAL;
  r.run = from;
  for (let i = from; i < to;) {
    const c = wikitext.charCodeAt(i);
    if (c > 127) i = isOdd(c) ? readOdd(r, i) : i + 1;
    else if (special[c] === 1) i = readSpecial(r, c, i, to);
    else if (c === 32 && wikitext.charCodeAt(i + 1) === 32) i = readSpaces(r, i, to);
    else i = plainEnd(wikitext, i + 1, to);
  }
  copy(r, to);
}

function plainEnd(wikitext: string, from: number, to: number): number {
  PLAIN_END.lastIndex = from;
  return PLAIN_END.test(wikitext) ? Math.min(PLAIN_END.lastIndex - 1, to) : to;
}

/** White space other than a space, and characters that show nothing. */
function isOdd(c: number): boolean {
  if (c < 0x1680) return c === 0xa0 || c === 0xad;
  return (
    c === 0x1680 ||
    (c >= 0x2000 && c <= 0x200f) ||
    (c >= 0x2028 && c <= 0x202f) ||
    (c >= 0x205f && c <= 0x2064) ||
    c === 0x3000 ||
    c === 0xfeff
  );
}

function readOdd(r: Reader, i: number): number {
  copy(r, i);
  show(r, r.wikitext.charAt(i));
  r.run = i + 1;
  return r.run;
}

function readSpaces(r: Reader, i: number, to: number): number {
  copy(r, i + 1);
  let end = i + 1;
  while (end < to && r.wikitext.charCodeAt(end) === 32) end++;
  r.run = end;
  r.space = true;
  return end;
}

/** Reads the construct that starts at `i`, if one does. Returns where to go on: always after `i`. */
function readSpecial(r: Reader, c: number, i: number, to: number): number {
  const next = r.wikitext.charCodeAt(i + 1);
  if (c === OPEN_SQUARE) return next === OPEN_SQUARE ? readLink(r, i, to) : emitExternal(r, i, to);
  if (c === QUOTE) return next === QUOTE ? readQuotes(r, i, to) : i + 1;
  if (c === COLON) return next === SLASH && r.wikitext.charCodeAt(i + 2) === SLASH ? readBareAddress(r, i, to) : i + 1;
  if (c === AMPERSAND) return readEntity(r, i, to);
  if (c === LESS_THAN) return readTag(r, i, to);
  if (c === OPEN_BRACE) return next === OPEN_BRACE ? readBraces(r, i, to) : i + 1;
  if (c === CLOSE_BRACE) return next === CLOSE_BRACE ? readStrayBraces(r, i) : i + 1;
  return readOdd(r, i);
}

function readStrayBraces(r: Reader, i: number): number {
  copy(r, i);
  r.run = i + 2;
  return r.run;
}

/** `http://…` without brackets. */
function readBareAddress(r: Reader, i: number, to: number): number {
  const scheme = /(?:https?|ftp)$/i.exec(r.wikitext.slice(Math.max(r.run, i - 5), i))?.[0];
  if (!scheme) return i + 1;
  const from = i - scheme.length;
  let end = addressEnd(r.wikitext, from, to);
  while (end > i + 3 && ".,;:!?)'|}".includes(r.wikitext.charAt(end - 1))) end--;
  if (end <= i + 3) return i + 1;
  copy(r, from);
  cite(r, { url: decodeEntities(r.wikitext.slice(from, end)), label: '', form: 'bare' });
  r.run = end;
  return end;
}

// Templates

function readBraces(r: Reader, i: number, to: number): number {
  const end = r.braces.get(i);
  copy(r, i);
  if (end === undefined || end > to) {
    leave(r, r.wikitext.slice(i, Math.min(to, i + 40)), 'template without an end');
    r.run = Math.min(to, i + 2);
    return r.run;
  }
  const raw = r.wikitext.slice(i + 2, end - 2);
  if (r.depth >= MAX_DEPTH) leave(r, raw, 'nested too deep');
  else showTemplate(r, raw);
  r.run = end;
  return end;
}

function showTemplate(r: Reader, raw: string): void {
  const template = readTemplate(raw);
  const { wikitext, source, unused } = render(template);
  if (source) cite(r, source);
  if (unused.length > 0) leave(r, `${template.name}|${unused.join('|')}`, 'template arguments that show nothing');
  else if (wikitext === '' && !source) leave(r, template.name, 'template that shows nothing');
  if (wikitext !== '') readOther(r, wikitext);
}

/** Reads other wikitext in this place. */
function readOther(r: Reader, other: string): void {
  const { wikitext, endings, braces, hasBold, apostrophe } = r;
  Object.assign(r, { wikitext: other, endings: {}, braces: bracesOf(other), hasBold: false, apostrophe: -1 });
  r.depth++;
  readRange(r, 0, other.length);
  r.depth--;
  Object.assign(r, { wikitext, endings, braces, hasBold, apostrophe });
}

// Quotes and character references

function readQuotes(r: Reader, i: number, to: number): number {
  let end = i;
  while (end < to && r.wikitext.charCodeAt(end) === QUOTE) end++;
  const count = end - i;
  const literal = i === r.apostrophe || count === 4 ? 1 : Math.max(0, count - 5);
  copy(r, i);
  if (literal > 0) show(r, "'".repeat(literal));
  r.run = end;
  return end;
}

/**
 * Where three apostrophes stand for one and italics: MediaWiki's rule for a
 * line whose bold and italic marks are both odd in number. It takes the first
 * run after a one-letter word, else after a longer word, else after a space.
 */
function literalApostrophe(wikitext: string, from: number, to: number): number {
  const line = wikitext.slice(from, to);
  if (!line.includes("'''")) return -1;
  let [italic, bold] = [0, 0];
  let [single, longer, space] = [-1, -1, -1];
  for (const { 0: run, index } of line.matchAll(/'{2,}/g)) {
    if (run.length === 2 || run.length >= 5) italic++;
    if (run.length !== 2) bold++;
    if (run.length !== 3) continue;
    if (line[index - 1] === ' ') space = space < 0 ? index : space;
    else if (line[index - 2] === ' ') single = single < 0 ? index : single;
    else longer = longer < 0 ? index : longer;
  }
  if (italic % 2 === 0 || bold % 2 === 0) return -1;
  const found = single >= 0 ? single : longer >= 0 ? longer : space;
  return found < 0 ? -1 : from + found;
}

const REFERENCE = /&(?:amp;)?#?\w{1,8};/y;

function readEntity(r: Reader, i: number, to: number): number {
  REFERENCE.lastIndex = i;
  const found = REFERENCE.exec(r.wikitext)?.[0];
  if (!found || i + found.length > to) return i + 1;
  const decoded = decodeEntities(found);
  if (decoded === found) return i + 1;
  copy(r, i);
  show(r, decoded);
  r.run = i + found.length;
  return r.run;
}
