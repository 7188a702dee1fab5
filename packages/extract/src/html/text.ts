import { decodeHTML } from 'entities';
import type { HtmlNode } from './node.ts';
import { blocks, unseen } from './tags.ts';

/** A text's characters with its entities decoded, exactly once. */
export const charactersOf = (text: HtmlNode): string =>
  text.verbatim || !text.source.includes('&') ? text.source : decodeHTML(text.source);

/** White space, the no-break and zero-width kinds included, as single spaces; none at the ends. */
export const foldSpace = (text: string): string =>
  isFolded(text)
    ? text
    : text
        .replace(/[\u00AD\u200B\u2060\uFEFF]+/g, '')
        .replace(/\s+/g, ' ')
        .trim();

/** Whether a text has single spaces only, and none at its ends: most short texts do. */
function isFolded(text: string): boolean {
  let wasSpace = true;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 0x20 || (code >= 0xa0 && isOddSpace(code))) return false;
    const isSpace = code === 0x20;
    if (isSpace && wasSpace) return false;
    wasSpace = isSpace;
  }
  return !wasSpace || text === '';
}

const isOddSpace = (code: number): boolean =>
  code === 0xa0 ||
  code === 0xad ||
  code === 0x1680 ||
  (code >= 0x2000 && code <= 0x2060) ||
  code === 0x3000 ||
  code === 0xfeff;

/** What a reader sees of a node on one line: no scripts, blocks and line breaks as spaces. */
export function textOf(node: HtmlNode): string {
  if (node.text === undefined) {
    const parts: string[] = [];
    collectText(node, parts);
    node.text = foldSpace(parts.length === 1 ? parts[0]! : parts.join(''));
  }
  return node.text;
}

/** The first `length` characters of what `textOf` gives; of a large node no more is read than that takes. */
export function startOfText(node: HtmlNode, length: number): string {
  if (node.text !== undefined) return node.text.slice(0, length);
  for (let limit = length * 2 + 16; ; limit *= 4) {
    const parts: string[] = [];
    const isWhole = collectText(node, parts, limit) > 0;
    const text = foldSpace(parts.join(''));
    if (isWhole || text.length > length) return text.slice(0, length);
  }
}

/** What `textOf` gives, where that is at most `limit` characters; far longer texts are not even read. */
export function shortTextOf(node: HtmlNode, limit: number): string | undefined {
  if (node.text === undefined && isLarge(node, limit)) return undefined;
  const text = textOf(node);
  return text.length <= limit ? text : undefined;
}

/** Whether there is so much under a node that its text is longer than `limit` even without its white space. */
export const isLarge = (node: HtmlNode, limit: number): boolean => sizeUpTo(node, limit * 4 + 200) > limit * 4 + 200;

/** The characters of the texts under a node as they stand in the source and its elements, counted until there are more than `limit`. */
function sizeUpTo(node: HtmlNode, limit: number): number {
  let size = 0;
  for (const child of node.children) {
    size += 1 + (child.tag === '' ? child.source.length : unseen.has(child.tag) ? 0 : sizeUpTo(child, limit - size));
    if (size > limit) break;
  }
  return size;
}

/** More characters than any page has. */
const NO_LIMIT = 0x3fff_ffff;

/** Collects the texts under a node until they have `room` characters; returns how many more there was room for. */
function collectText(node: HtmlNode, parts: string[], room = NO_LIMIT): number {
  let left = room;
  for (const child of node.children) {
    if (left <= 0) break;
    if (child.tag === '') {
      const text = charactersOf(child);
      parts.push(text);
      left -= text.length;
    } else if (child.tag === 'br') parts.push(' ');
    else if (!unseen.has(child.tag)) {
      const isBlock = blocks.has(child.tag);
      if (isBlock) parts.push(' ');
      left = collectText(child, parts, left);
      if (isBlock) parts.push(' ');
    }
  }
  return left;
}

/** The characters inside a raw element (script, title), entities decoded where they mean anything there. */
export const rawTextOf = (node: HtmlNode): string => node.children.map(charactersOf).join('');

/** Every element under `node` in document order that `test` accepts. */
export function elementsUnder(node: HtmlNode, test: (element: HtmlNode) => boolean): HtmlNode[] {
  const found: HtmlNode[] = [];
  collectElements(node, test, found);
  return found;
}

function collectElements(node: HtmlNode, test: (element: HtmlNode) => boolean, found: HtmlNode[]) {
  for (const child of node.children) {
    if (child.tag === '') continue;
    if (test(child)) found.push(child);
    collectElements(child, test, found);
  }
}
