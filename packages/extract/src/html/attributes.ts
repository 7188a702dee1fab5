import { decodeHTMLAttribute } from 'entities';
import type { HtmlNode } from './node.ts';

const NONE: ReadonlyMap<string, string> = new Map();

/** The value of an attribute with its entities decoded, trimmed; undefined where the element has none of that name. */
export function attribute(node: HtmlNode, name: string): string | undefined {
  node.attributes ??= node.source.length === 0 ? NONE : readAttributes(node.source);
  return node.attributes.get(name);
}

/** The first of an attribute's spellings wins, as in browsers. */
function readAttributes(source: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  let at = 0;
  while (at < source.length) {
    at = skipSpace(source, at);
    const nameStart = at;
    at = endOfName(source, at);
    if (at === nameStart) {
      at++;
      continue;
    }
    const name = source.slice(nameStart, at).toLowerCase();
    const equals = skipSpace(source, at, false);
    let value = '';
    if (source.charCodeAt(equals) === EQUALS) {
      const start = skipSpace(source, equals + 1, false);
      at = endOfValue(source, start);
      value = valueOf(source.slice(start, at));
    }
    if (!found.has(name)) found.set(name, value);
  }
  return found;
}

const EQUALS = 0x3d;
const SLASH = 0x2f;
const DOUBLE = 0x22;
const SINGLE = 0x27;

function skipSpace(source: string, from: number, slashToo = true): number {
  let at = from;
  while (at < source.length) {
    const code = source.charCodeAt(at);
    if (code > 0x20 && !(slashToo && code === SLASH)) break;
    at++;
  }
  return at;
}

function endOfName(source: string, from: number): number {
  let at = from;
  while (at < source.length) {
    const code = source.charCodeAt(at);
    if (code <= 0x20 || code === EQUALS || code === SLASH) break;
    at++;
  }
  return at;
}

function endOfValue(source: string, from: number): number {
  const quote = source.charCodeAt(from);
  if (quote === DOUBLE || quote === SINGLE) {
    const end = source.indexOf(quote === DOUBLE ? '"' : "'", from + 1);
    return end < 0 ? source.length : end + 1;
  }
  let at = from;
  while (at < source.length && source.charCodeAt(at) > 0x20) at++;
  return at;
}

function valueOf(written: string): string {
  const quote = written.charCodeAt(0);
  const bare = quote === DOUBLE || quote === SINGLE ? written.slice(1, -1) : written;
  return (bare.includes('&') ? decodeHTMLAttribute(bare) : bare).trim();
}
