import { decodeEntities } from './entities.ts';
import { emitExternal } from './external.ts';
import { cite, copy, fold, leave, leaveOut, readInner, type Reader, show, startOfNext } from './reader.ts';
import { isWebAddress, labelOf, newsLink } from './sources.ts';

const [OPEN, CLOSE, BAR, SPACE] = [91, 93, 124, 32];

const [PLAIN, SPECIAL, FORBIDDEN] = [0, 1, 2];
/** What each ASCII character is to a title: no part of any, in need of a closer look, or plain. */
const IN_TITLE = new Uint8Array(128).fill(SPECIAL, 0, 32);
for (const character of ':#&_') IN_TITLE[character.charCodeAt(0)] = SPECIAL;
for (const character of '[]{}<>\n') IN_TITLE[character.charCodeAt(0)] = FORBIDDEN;

/** ASCII characters that start markup in a label, or white space that needs folding. */
const RICH = new Uint8Array(128).fill(1, 0, 32);
for (const character of "[]{}'&<:") RICH[character.charCodeAt(0)] = 1;

/** Whether a character beyond ASCII may be white space or show nothing. */
const mayBeOdd = (c: number): boolean => c === 0xa0 || c === 0xad || (c >= 0x1680 && c <= 0x3000) || c === 0xfeff;

/** More brackets in a row than this mean nothing. */
const MAX_BRACKETS = 4;

const MEDIA = /^(?:file|image|media)$/i;
/** Interwiki prefixes: sister projects and the languages that the portal's pages link to. */
const OTHER_WIKI =
  /^(?:wikt|wiktionary|s|wikisource|q|wikiquote|b|wikibooks|v|wikiversity|voy|wikivoyage|c|commons|d|wikidata|m|meta|species|w|en|de|fr|es|it|ru|ja|zh|nl|sv|ro|pt|pl|ar|he|ko|tr|uk|no|fi|da|cs|el|hu|vi|id|fa|ca|bg|sr|hr|sk|sl|et|lt|lv)$/i;

/** A link's parts as offsets. `label` is -1 where there is none. */
interface Span {
  start: number;
  targetEnd: number;
  label: number;
  end: number;
  /** Whether the target has a colon, a `#`, or anything else that needs a closer look. */
  special: boolean;
  /** Whether the label holds markup. */
  rich: boolean;
}

/** Reads `[[target|label]]trail` at `i`. Returns where to go on. */
export function readLink(r: Reader, i: number, to: number): number {
  const { wikitext } = r;
  if (wikitext.charCodeAt(i + 2) === OPEN || isWebAddress(wikitext, i + 2)) return readBrackets(r, i, to);
  const span = findSpan(wikitext, i, to);
  if (!span) return readUnclosed(r, i, to);
  if (!span.special) return emitLink(r, span, wikitext.slice(span.start, span.targetEnd));
  return readSpecialLink(r, i, span, to);
}

/** Too many brackets: around a web address they mean one pair, before a link they are text. */
function readBrackets(r: Reader, i: number, to: number): number {
  let inner = i;
  while (inner < i + MAX_BRACKETS && r.wikitext.charCodeAt(inner) === OPEN) inner++;
  if (!isWebAddress(r.wikitext, inner)) return i + 1;
  copy(r, i);
  r.run = inner - 1;
  let end = emitExternal(r, inner - 1, to);
  for (let extra = inner - i - 1; extra > 0 && end < to && r.wikitext.charCodeAt(end) === CLOSE; extra--) end++;
  r.run = end;
  return end;
}

/** Finds a link's parts, looking no further than its end, the next link or the end of what is read. */
function findSpan(wikitext: string, i: number, to: number): Span | undefined {
  const start = i + 2;
  let special = wikitext.charCodeAt(start) === SPACE;
  let k = start;
  for (; k < to; k++) {
    const c = wikitext.charCodeAt(k);
    const kind = c < 128 ? IN_TITLE[c] : mayBeOdd(c) ? SPECIAL : PLAIN;
    if (c === BAR)
      return findLabelEnd(wikitext, { start, targetEnd: k, label: k + 1, end: k, special, rich: false }, to);
    if (kind === FORBIDDEN) break;
    special ||= kind === SPECIAL || (c === SPACE && wikitext.charCodeAt(k + 1) === SPACE);
  }
  const closes = wikitext.charCodeAt(k) === CLOSE && wikitext.charCodeAt(k + 1) === CLOSE && k + 2 <= to;
  special ||= wikitext.charCodeAt(k - 1) === SPACE;
  return closes ? { start, targetEnd: k, label: -1, end: k, special, rich: false } : undefined;
}

/** Completes a link whose label begins at `span.label`. */
function findLabelEnd(wikitext: string, span: Span, to: number): Span | undefined {
  let rich = false;
  for (let k = span.label; k < to; k++) {
    const c = wikitext.charCodeAt(k);
    const next = wikitext.charCodeAt(k + 1);
    if (c === CLOSE && next === CLOSE && k + 2 <= to) {
      span.end = k;
      span.rich = rich;
      span.special ||= wikitext.charCodeAt(span.targetEnd - 1) === SPACE;
      return span;
    }
    if (c === OPEN && next === OPEN)
      return isMedia(wikitext, span) ? mediaSpan(wikitext, span.start - 2, to) : undefined;
    rich ||= c < 128 ? RICH[c] === 1 || (c === SPACE && next === SPACE) : mayBeOdd(c);
  }
  return undefined;
}

const isMedia = (wikitext: string, { start, targetEnd }: Span): boolean =>
  /^\s*(?:file|image|media)\s*:/i.test(wikitext.slice(start, Math.min(targetEnd, start + 12)));

/** Captions are short; a longer one never ends. */
const MAX_MEDIA = 1024;

/** `[[File:…|caption with [[links]]]]` ends where its own brackets close. */
function mediaSpan(wikitext: string, i: number, to: number): Span | undefined {
  let depth = 0;
  const limit = Math.min(to, i + MAX_MEDIA);
  for (let k = i; k + 1 < limit; k++) {
    const c = wikitext.charCodeAt(k);
    if ((c !== OPEN && c !== CLOSE) || wikitext.charCodeAt(k + 1) !== c) continue;
    depth += c === OPEN ? 1 : -1;
    if (depth === 0)
      return { start: i + 2, targetEnd: wikitext.indexOf(':', i) + 1, label: -1, end: k, special: true, rich: true };
    k++;
  }
  return undefined;
}

/** A target with a namespace, a section, or odd characters. */
function readSpecialLink(r: Reader, i: number, span: Span, to: number): number {
  const { wikitext } = r;
  const target = wikitext.slice(span.start, span.targetEnd);
  const after = span.end + 2;
  const visible = /^\s*:/.test(target);
  const space = /^\s*:?\s*([A-Za-z][\w -]{0,30}?)\s*:/.exec(target)?.[1] ?? '';
  if (space !== '') {
    const label = span.label < 0 ? '' : wikitext.slice(span.label, span.end);
    if (MEDIA.test(space) && !visible) return leaveOut(r, i, after, 'media');
    if (/^category$/i.test(space) && !visible && !(r.text !== '' && /[a-z]{2}/i.test(label))) {
      return leaveOut(r, i, after, 'category');
    }
    if (newsLink(target)) return readNews(r, i, span, target, label);
    if (label === '' && !visible && /^[a-z]{2}$/.test(space)) return leaveOut(r, i, after, 'interlanguage link');
  }
  if (to < after) return i + 1;
  return emitLink(r, span, target, OTHER_WIKI.test(space));
}

function emitLink(r: Reader, span: Span, target: string, otherWiki = false): number {
  copy(r, span.start - 2);
  const end = closing(r, span);
  const start = startOfNext(r);
  if (span.label < 0 || span.label === end) show(r, span.special ? shownTarget(target) : target);
  else if (span.rich) readInner(r, span.label, end);
  else {
    r.run = span.label;
    copy(r, end);
  }
  const after = end + 2;
  let trail = after;
  while (isLowerCase(r.wikitext.charCodeAt(trail))) trail++;
  if (trail > after) {
    r.run = after;
    copy(r, trail);
  }
  r.run = trail;
  const title = pageOf(target, span.special);
  if (otherWiki) leave(r, `[[${target}]]`, 'link to another wiki');
  else if (title !== '') r.links.push({ start, end: r.text.length, surface: '', title });
  if (span.special && target.includes('#')) leave(r, target, 'section of a link');
  if (span.special && title !== '' && ENCODED.test(target)) leave(r, `[[${target}]]`, 'link written with references');
  return trail;
}

/** A label may end in a bracket of its own: `[[Help:IPA|[a]]]`. */
function closing(r: Reader, span: Span): number {
  const more = span.label >= 0 && r.wikitext.charCodeAt(span.end + 2) === CLOSE;
  return more && r.wikitext.slice(span.label, span.end).includes('[') ? span.end + 1 : span.end;
}

/** A character reference: the page that a target with one names is spelt otherwise. */
const ENCODED = /&#?\w{1,8};/;

const isLowerCase = (c: number): boolean => c >= 97 && c <= 122;
const shownTarget = (target: string): string => decodeEntities(target.replace(/^\s*:/, '').replaceAll('_', ' '));

/** The page that a link's target names: no section, spaces, first letter upper-case. Empty for a mere `#section`. */
function pageOf(target: string, special: boolean): string {
  let page = target;
  if (special) {
    const hash = target.indexOf('#');
    const named = (hash < 0 ? target : target.slice(0, hash)).replace(/^\s*:/, '');
    page = fold(decodeEntities(named).replaceAll('_', ' ')).trim();
  }
  const first = page.charCodeAt(0);
  if (first >= 65 && first <= 90) return page;
  return page === '' ? '' : (page[0] ?? '').toUpperCase() + page.slice(1);
}

function readNews(r: Reader, i: number, span: Span, target: string, label: string): number {
  const source = newsLink(target);
  if (!source) return i + 2;
  copy(r, i);
  const name = labelOf(label);
  if (label === '' || /^\s*\(/.test(label) || /wikinews/i.test(name)) {
    cite(r, { ...source, label: name || 'Wikinews', outlet: 'Wikinews' });
  } else {
    const shown = { ...source, label: name, outlet: 'Wikinews' };
    const start = startOfNext(r);
    const afterSource = r.tail >= 0;
    readInner(r, span.label, span.end);
    r.shown.push({ start, end: r.text.length, source: shown, afterSource });
    cite(r, shown, false);
  }
  r.run = span.end + 2;
  return r.run;
}

const HALF_CLOSED = /\[\[([^[\]{}|<>\n]{1,255})(?:\|([^[\]{}|<>\n]{1,255}))?\](?!\])/y;
const HIDDEN = /\[\[[^[\]{}|<>\n]{0,255}\|?/y;

/** `[[Foo|bar]` or `[[Foo`: the words stay; the brackets and what they hid are noted. */
function readUnclosed(r: Reader, i: number, to: number): number {
  HALF_CLOSED.lastIndex = i;
  const found = HALF_CLOSED.exec(r.wikitext);
  copy(r, i);
  if (found && HALF_CLOSED.lastIndex <= to) {
    const start = startOfNext(r);
    show(r, found[2] ?? found[1] ?? '');
    const title = pageOf(found[1] ?? '', true);
    if (title !== '') r.links.push({ start, end: r.text.length, surface: '', title });
    r.run = i + found[0].length;
    return r.run;
  }
  HIDDEN.lastIndex = i;
  const hidden = (HIDDEN.exec(r.wikitext)?.[0] ?? '[[').slice(0, to - i);
  if (hidden.length > 2) leave(r, hidden, 'link without an end');
  r.run = hidden.endsWith('|') ? i + hidden.length : Math.min(to, i + 2);
  return r.run;
}
