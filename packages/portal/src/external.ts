import { decodeEntities } from './entities.ts';
import { cite, copy, leave, readInner, type Reader, startOfNext } from './reader.ts';
import { isWebAddress, labelled } from './sources.ts';

const [SPACE, OPEN, CLOSE] = [32, 91, 93];

/** Characters that end a web address: white space, brackets, angle brackets, double quotes. */
const ENDS_ADDRESS = new Uint8Array(128).fill(1, 0, 33);
for (const character of '[]<>"') ENDS_ADDRESS[character.charCodeAt(0)] = 1;

/** Reads `[url label]`, `[url]`, or `[url label` without an end, at `i`. Returns where to go on. */
export function emitExternal(r: Reader, i: number, to: number): number {
  const { wikitext } = r;
  let from = i + 1;
  while (wikitext.charCodeAt(from) === SPACE) from++;
  if (!isWebAddress(wikitext, from)) return i + 1;
  const urlEnd = addressEnd(wikitext, from, to);
  const close = labelEnd(wikitext, urlEnd, to);
  const broken = close < 0;
  const labelTo = broken ? brokenEnd(wikitext, urlEnd, to) : close;
  const label = wikitext.slice(urlEnd, labelTo);
  copy(r, i);
  const source = labelled(decodeEntities(wikitext.slice(from, urlEnd)), label, broken);
  if (label.includes('[[')) leave(r, label, 'link in a label');
  if (broken || source.label === '' || /^[\s|]*[([]/.test(label) || standsInParentheses(r, labelTo, to))
    cite(r, source);
  else {
    const start = startOfNext(r);
    const afterSource = r.tail >= 0;
    readInner(r, urlEnd, labelTo);
    r.shown.push({ start, end: r.text.length, source, afterSource });
    cite(r, source, false);
  }
  r.run = broken ? labelTo : labelTo + 1;
  return r.run;
}

/** Where the web address that starts at `from` ends. */
export function addressEnd(wikitext: string, from: number, to: number): number {
  let end = from;
  while (end < to) {
    const c = wikitext.charCodeAt(end);
    if (c < 128 ? ENDS_ADDRESS[c] === 1 : c === 0xa0 || c === 0x3000) break;
    end++;
  }
  return end;
}

/** The `]` that closes a label, past brackets inside it; -1 when another source begins before it ends. */
function labelEnd(wikitext: string, from: number, to: number): number {
  let depth = 0;
  for (let k = from; k < to; k++) {
    const c = wikitext.charCodeAt(k);
    if (c === CLOSE && --depth < 0) return k;
    if (c !== OPEN) continue;
    if (isWebAddress(wikitext, k + 1)) return -1;
    depth++;
  }
  return -1;
}

/** Where a label without an end stops: the next link or the end of what is read. */
function brokenEnd(wikitext: string, from: number, to: number): number {
  const next = wikitext.indexOf('[', from);
  return next < 0 || next > to ? to : next;
}

/** Whether a source's parentheses stand outside its brackets: `([url Reuters])`. */
function standsInParentheses(r: Reader, labelTo: number, to: number): boolean {
  let k = labelTo + 1;
  while (r.wikitext.charCodeAt(k) === SPACE) k++;
  const c = k < to ? r.wikitext.charCodeAt(k) : 0;
  if (c !== 41 && c !== 44 && c !== 59) return false; // ) , ;
  return r.tail >= 0 || r.text.endsWith('(');
}
