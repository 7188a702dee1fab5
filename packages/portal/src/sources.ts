import type { CitedSource } from '@throughline/core';
import { matchBraces } from './braces.ts';
import { decodeEntities } from './entities.ts';
import { fold } from './reader.ts';
import { readTemplate, render } from './templates.ts';

const [COLON, SLASH, F, H, S] = [58, 47, 102, 104, 115];

/** Whether a web address starts at `at`: http, https, ftp, or without a scheme. */
export function isWebAddress(line: string, at: number): boolean {
  const c = line.charCodeAt(at) | 32;
  if (c !== H && c !== F && c !== SLASH) return false;
  let end = at;
  if (c === H && /^http/i.test(line.slice(at, at + 4))) end = at + ((line.charCodeAt(at + 4) | 32) === S ? 5 : 4);
  else if (c === F && /^ftp/i.test(line.slice(at, at + 3))) end = at + 3;
  if (end > at && line.charCodeAt(end++) !== COLON) return false;
  if (line.charCodeAt(end) !== SLASH || line.charCodeAt(end + 1) !== SLASH) return false;
  const next = line.charCodeAt(end + 2);
  return next > 32 && !'[]<>"'.includes(String.fromCharCode(next));
}

/** Characters of a label that are more than words, or two spaces in a row. */
const MARKUP = /[[{<&'|]|\s\s|[^\S ]/;

/** A label as shown: no markup, and without the parentheses that stand around the whole of it. */
export function labelOf(wikitext: string): string {
  if (!MARKUP.test(wikitext)) return withoutParentheses(wikitext.trim());
  const shown = /[[{<&]/.test(wikitext) ? withoutMarkup(wikitext) : withoutQuotes(wikitext);
  const label = fold(shown).trim();
  return withoutParentheses(label.startsWith('|') ? label.slice(1).trimStart() : label);
}

const withoutQuotes = (text: string): string => (text.includes("''") ? text.replace(/'{2,}/g, '') : text);

function withoutMarkup(wikitext: string): string {
  return decodeEntities(
    withoutQuotes(wikitext)
      .replace(/\[\[(?:[^[\]|]*\|)?([^[\]]*)\]\]/g, '$1')
      .replace(/\{\{\s*(?:nowrap|lang\|\w+)\s*\|([^{}]*)\}\}/gi, '$1')
      .replace(/<[^<>]*>/g, ' '),
  );
}

function withoutParentheses(label: string): string {
  if (label.charCodeAt(0) === 40 && label.indexOf(')') === label.length - 1 && label.indexOf('(', 1) < 0) {
    return label.slice(1, -1).trim();
  }
  if (label.charAt(0) !== '(') return label.endsWith(')') && !label.includes('(') ? label.slice(0, -1).trim() : label;
  let depth = 0;
  for (let i = 0; i < label.length; i++) {
    const c = label.charAt(i);
    if (c === '(') depth++;
    else if (c === ')' && --depth === 0) {
      if (i === label.length - 1) return label.slice(1, -1).trim();
      return label.endsWith(')') && !label.includes('(', i) ? label.slice(1, i).trim() : label;
    }
  }
  return label.slice(1).trim();
}

/** The source that `[url label]` cites; `AFP via The Guardian` is an agency and its outlet. */
export function labelled(url: string, wikitext: string, broken: boolean): CitedSource {
  const label = labelOf(wikitext);
  if (label === '') return { url, label, form: broken ? 'broken' : 'bare' };
  const form = broken ? 'broken' : 'link';
  const via = label.includes('ia ') ? / via /i.exec(label) : null;
  if (!via) return { url, label, outlet: label, form };
  const [agency, outlet] = [label.slice(0, via.index).trim(), label.slice(via.index + via[0].length).trim()];
  return { url, label, agency, outlet, form };
}

const NEWS = /^\s*:?\s*(?:n|wikinews)\s*:\s*(?:en\s*:)?([^]+)$/i;

/** The Wikinews page that a link's target names, as a source without label; undefined for any other target. */
export function newsLink(target: string): CitedSource | undefined {
  const page = fold(decodeEntities(NEWS.exec(target)?.[1] ?? '')).trim();
  if (page === '') return undefined;
  const path = encodeURI(page.replace(/[_\s]+/g, '_')).replaceAll('?', '%3F');
  return { url: `https://en.wikinews.org/wiki/${path}`, label: '', form: 'wikinews' };
}

const ADDRESSES = /\[\s{0,3}((?:https?:|ftp:)?\/\/[^\s[\]<>"]+)([^[\]]*)\]|((?:https?|ftp):\/\/[^\s[\]<>"{}|]+)/gi;

/** The sources of a reference's inside, and what of it is none. */
export function referenceSources(inside: string): { sources: CitedSource[]; rest: string } {
  const sources: CitedSource[] = [];
  const rest: string[] = [];
  let at = 0;
  const templates = inside.includes('{{') ? [...matchBraces(inside)].sort(([x], [y]) => x - y) : [];
  for (const [start, end] of templates) {
    if (start < at) continue;
    rest.push(takeAddresses(inside.slice(at, start), sources));
    rest.push(readTemplateOf(inside.slice(start + 2, end - 2), sources));
    at = end;
  }
  rest.push(takeAddresses(inside.slice(at), sources));
  return {
    sources,
    rest: withoutQuotes(rest.join(' '))
      .trim()
      .replace(/^[\s.,;]+/, ''),
  };
}

/** Takes the linked and bare addresses out of a text, into `sources`. */
function takeAddresses(text: string, sources: CitedSource[]): string {
  return text.replace(ADDRESSES, (_whole, url?: string, label = '', bare?: string) => {
    const source = labelled(decodeEntities(url ?? bare ?? ''), label, false);
    sources.push({ ...source, form: 'reference' });
    return ' ';
  });
}

function readTemplateOf(inner: string, sources: CitedSource[]): string {
  const { wikitext, source, unused } = render(readTemplate(inner));
  if (source) sources.push({ ...source, form: 'reference' });
  return [wikitext, ...unused].filter(Boolean).join(' | ');
}
