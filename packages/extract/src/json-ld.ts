import { decodeHTML } from 'entities';

export type LdNode = { readonly [property: string]: unknown };

export interface LinkedData {
  /** Every object with a type, in document order, nested ones after the object that holds them. */
  nodes: readonly LdNode[];
  /** Objects by `@id`, the one with the most properties where several share it. */
  byId: ReadonlyMap<string, LdNode>;
}

/** Objects deeper than this or beyond this number are not looked at. */
const MAX_DEPTH = 12;
const MAX_NODES = 2_000;

/** Reads the page's JSON-LD scripts. What cannot be mended is left out. */
export function readLinkedData(scripts: readonly string[]): LinkedData {
  const nodes: LdNode[] = [];
  const byId = new Map<string, LdNode>();
  for (const script of scripts) collect(parseLoosely(script), 0, nodes, byId);
  return { nodes, byId };
}

function collect(value: unknown, depth: number, nodes: LdNode[], byId: Map<string, LdNode>) {
  if (depth > MAX_DEPTH || nodes.length >= MAX_NODES || typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    for (const item of value) collect(item, depth + 1, nodes, byId);
    return;
  }
  const node = value as LdNode;
  if (node['@type'] !== undefined) nodes.push(node);
  const id = node['@id'];
  if (typeof id === 'string' && Object.keys(node).length > Object.keys(byId.get(id) ?? {}).length) byId.set(id, node);
  for (const key in node) collect(node[key], depth + 1, nodes, byId);
}

/**
 * Parses JSON as pages write it: wrapped in comments or CDATA, with raw line
 * breaks in strings, trailing commas, a semicolon at the end, HTML-escaped as a
 * whole, or cut short. Undefined where nothing helps.
 */
export function parseLoosely(script: string): unknown {
  const text = unwrap(script);
  if (text === '') return undefined;
  for (const mend of [same, mendJson, (json: string) => mendJson(decodeHTML(json))]) {
    try {
      return JSON.parse(mend(text));
    } catch {
      // The next mend may help; a page whose JSON nothing mends has other metadata.
    }
  }
  return undefined;
}

const same = (json: string) => json;

/** Without the comment or CDATA marks around it: from the first bracket to the last, or to the end where it was cut. */
function unwrap(script: string): string {
  const start = script.search(/[{[]/);
  if (start < 0) return '';
  // `<![CDATA[` has brackets of its own.
  const from = script.startsWith('[CDATA[', start) ? start + '[CDATA['.length : start;
  const end = Math.max(script.lastIndexOf('}'), script.lastIndexOf(']')) + 1;
  const isCut = end <= from || script.includes('"', end);
  return isCut ? script.slice(from) : script.slice(from, end);
}

/** One walk over the characters: strings are made valid, commas before a closing bracket dropped, open ends closed. */
function mendJson(json: string): string {
  const out: string[] = [];
  const closers: string[] = [];
  let at = 0;
  while (at < json.length) {
    const character = json[at]!;
    if (character === '"') {
      at = mendString(json, at, out);
      continue;
    }
    if (character === '{') closers.push('}');
    else if (character === '[') closers.push(']');
    else if (character === '}' || character === ']') {
      dropTrailingComma(out);
      if (closers.pop() === undefined) break;
      if (closers.length === 0) {
        out.push(character);
        break;
      }
    }
    out.push(character);
    at++;
  }
  dropTrailingComma(out);
  return out.join('') + closers.toReversed().join('');
}

/** Copies the string that opens at `from`; returns where what follows it begins. */
function mendString(json: string, from: number, out: string[]): number {
  out.push('"');
  let at = from + 1;
  for (; at < json.length; at++) {
    const character = json[at]!;
    if (character === '\\') {
      const next = json[at + 1] ?? '';
      out.push(/["\\/bfnrtu]/.test(next) ? character + next : next);
      at++;
    } else if (character === '"' && endsString(json, at)) break;
    else if (character === '"') out.push('\\"');
    else if (character < ' ') out.push(' ');
    else out.push(character);
  }
  out.push('"');
  return at + 1;
}

/** A quote ends its string where structure follows; elsewhere somebody forgot to escape it. */
function endsString(json: string, quote: number): boolean {
  let at = quote + 1;
  while (at < json.length && at < quote + 64 && json.charCodeAt(at) <= 0x20) at++;
  const next = json[at];
  if (next === undefined || next === ':' || next === '}' || next === ']') return true;
  if (next !== ',') return false;
  at++;
  while (at < json.length && at < quote + 128 && json.charCodeAt(at) <= 0x20) at++;
  return /["{[\]}\d\-tfn]/.test(json[at] ?? '"');
}

function dropTrailingComma(out: string[]) {
  let last = out.length - 1;
  while (last >= 0 && out[last]!.trim() === '') last--;
  if (out[last] === ',') out.length = last;
}

/** The last part of a type's name: `NewsArticle` of `schema:NewsArticle` and `https://schema.org/NewsArticle`. */
export function typesOf(node: LdNode): string[] {
  const written = node['@type'];
  const types = Array.isArray(written) ? written : [written];
  return types
    .filter((type): type is string => typeof type === 'string')
    .map((type) => type.slice(Math.max(type.lastIndexOf('/'), type.lastIndexOf(':'), type.lastIndexOf('#')) + 1));
}

/** The strings of a value: its own, those of an array, `@value`, or what `property` says of an object (by reference too). */
export function stringsOf(value: unknown, data: LinkedData, property = 'name', depth = 0): string[] {
  if (typeof value === 'string') return value.trim() === '' ? [] : [value];
  if (typeof value === 'number') return [String(value)];
  if (typeof value !== 'object' || value === null || depth > 4) return [];
  if (Array.isArray(value)) return value.slice(0, 100).flatMap((item) => stringsOf(item, data, property, depth + 1));
  const node = dereference(value as LdNode, data);
  return stringsOf(node['@value'] ?? node[property], data, property, depth + 1);
}

/** The object itself, or the fuller one that its `@id` names. */
export function dereference(node: LdNode, data: LinkedData): LdNode {
  const id = node['@id'];
  const target = typeof id === 'string' ? data.byId.get(id) : undefined;
  return target && Object.keys(target).length > Object.keys(node).length ? target : node;
}
