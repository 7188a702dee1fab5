import type { HtmlDocument, HtmlNode } from './node.ts';
import {
  endsParagraph,
  formatting,
  impliedEnds,
  known,
  raw,
  rawWithEntities,
  scopes,
  tableParts,
  voids,
} from './tags.ts';

/** Elements nested deeper than this become siblings of the deepest, as browsers do at 512. */
const MAX_DEPTH = 256;

const NO_CHILDREN: HtmlNode[] = [];

const BANG = 0x21;
const DOUBLE = 0x22;
const SINGLE = 0x27;
const SLASH = 0x2f;
const EQUALS = 0x3d;
const CLOSE = 0x3e;
const QUESTION = 0x3f;

interface Builder {
  html: string;
  elements: HtmlNode[];
  /** Open elements, the root first. */
  open: HtmlNode[];
  /** How many elements of a name are open, so that a stray closing tag costs nothing. */
  openCounts: Map<string, number>;
  /** Elements that were too deep to be opened and whose end is awaited. */
  tooDeep: number;
  /** Raw elements known to have no closing tag in the rest of the page. */
  unclosed: Set<string>;
  /** Where the last quotes are: beyond them a quote opens nothing. */
  lastDouble: number;
  lastSingle: number;
}

/**
 * Reads a page into a slim tree, in time linear in its length. It follows the
 * HTML standard where articles depend on it (void and raw elements, implied
 * ends, stray closing tags). Only names are read here; attributes and entities
 * wait until someone asks, which makes it several times as fast as a general parser.
 */
export function parseHtml(html: string): HtmlDocument {
  const root = makeNode('', '', false, undefined, -1);
  const builder: Builder = {
    html,
    elements: [],
    open: [root],
    openCounts: new Map(),
    tooDeep: 0,
    unclosed: new Set(),
    lastDouble: html.lastIndexOf('"'),
    lastSingle: html.lastIndexOf("'"),
  };
  let textStart = 0;
  for (let at = html.indexOf('<'); at >= 0; at = html.indexOf('<', at)) {
    if (!opensMarkup(html.charCodeAt(at + 1))) {
      at++;
      continue;
    }
    addText(builder, textStart, at);
    at = textStart = readMarkup(builder, at);
  }
  addText(builder, textStart, html.length);
  return { root, elements: builder.elements };
}

function makeNode(
  tag: string,
  source: string,
  verbatim: boolean,
  parent: HtmlNode | undefined,
  order: number,
): HtmlNode {
  return {
    tag,
    source,
    verbatim,
    parent,
    children: NO_CHILDREN,
    order,
    attributes: undefined,
    text: undefined,
    names: undefined,
  };
}

/** Most elements have one child at most: a list that was made for it takes no more room than that. */
function addChild(parent: HtmlNode, child: HtmlNode) {
  if (parent.children === NO_CHILDREN) parent.children = [child];
  else parent.children.push(child);
}

const isLetter = (code: number) => (code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a;

const opensMarkup = (code: number) => isLetter(code) || code === SLASH || code === BANG || code === QUESTION;

function addText(builder: Builder, start: number, end: number, verbatim = false) {
  if (end <= start) return;
  const parent = builder.open[builder.open.length - 1]!;
  addChild(parent, makeNode('', builder.html.slice(start, end), verbatim, parent, parent.order));
}

/** Reads the markup whose `<` is at `at`; returns where what follows it begins. */
function readMarkup(builder: Builder, at: number): number {
  const { html } = builder;
  const code = html.charCodeAt(at + 1);
  if (isLetter(code)) return readOpeningTag(builder, at + 1);
  if (code === SLASH && isLetter(html.charCodeAt(at + 2))) return readClosingTag(builder, at + 2);
  const end = html.startsWith('!--', at + 1) ? html.indexOf('-->', at + 2) + 2 : html.indexOf('>', at);
  return end < 2 ? html.length : end + 1;
}

function readOpeningTag(builder: Builder, nameStart: number): number {
  const { html, open, openCounts } = builder;
  const nameEnd = endOfName(html, nameStart);
  const tag = nameOf(html.slice(nameStart, nameEnd));
  const end = endOfTag(builder, nameEnd);
  closeImplied(builder, tag);

  const parent = open[open.length - 1]!;
  const isVoid = voids.has(tag) || (html.charCodeAt(end - 1) === SLASH && isForeign(openCounts));
  const source = html.slice(nameEnd, html.charCodeAt(end - 1) === SLASH ? end - 1 : end);
  const node = makeNode(tag, source, false, parent, builder.elements.length);
  builder.elements.push(node);
  addChild(parent, node);
  if (isVoid) return end + 1;
  if (raw.has(tag)) return readRaw(builder, node, end + 1);
  if (open.length >= MAX_DEPTH) {
    builder.tooDeep++;
  } else {
    open.push(node);
    openCounts.set(tag, (openCounts.get(tag) ?? 0) + 1);
  }
  return end + 1;
}

const isForeign = (openCounts: Map<string, number>) =>
  (openCounts.get('svg') ?? 0) > 0 || (openCounts.get('math') ?? 0) > 0;

/** An element's name in lower case: for known ones the one string of that name, however many elements have it. */
const nameOf = (written: string): string => known.get(written) ?? written.toLowerCase();

function endOfName(html: string, from: number): number {
  let at = from;
  while (at < html.length) {
    const code = html.charCodeAt(at);
    if (code === CLOSE || code <= 0x20 || code === SLASH) break;
    at++;
  }
  return at;
}

/** Where the tag's `>` is, those in quoted values passed over; the page's end where it has none. */
function endOfTag(builder: Builder, from: number): number {
  const { html } = builder;
  for (let at = from; at < html.length; at++) {
    const code = html.charCodeAt(at);
    if (code === CLOSE) return at;
    if (code !== EQUALS) continue;
    while (html.charCodeAt(at + 1) <= 0x20) at++;
    const quote = html.charCodeAt(at + 1);
    if (quote === DOUBLE && at + 1 < builder.lastDouble) at = html.indexOf('"', at + 2);
    else if (quote === SINGLE && at + 1 < builder.lastSingle) at = html.indexOf("'", at + 2);
  }
  return html.length;
}

/** Adds the text of a raw element up to its own closing tag, or nothing where it has none. */
function readRaw(builder: Builder, node: HtmlNode, from: number): number {
  const { html, unclosed } = builder;
  if (unclosed.has(node.tag)) return from;
  for (let at = html.indexOf('</', from); at >= 0; at = html.indexOf('</', at + 2)) {
    const nameEnd = at + 2 + node.tag.length;
    if (html.slice(at + 2, nameEnd).toLowerCase() !== node.tag || isLetter(html.charCodeAt(nameEnd))) continue;
    const text = html.slice(from, at);
    const verbatim = !rawWithEntities.has(node.tag);
    if (text.length > 0) addChild(node, makeNode('', text, verbatim, node, node.order));
    const end = html.indexOf('>', nameEnd);
    return end < 0 ? html.length : end + 1;
  }
  unclosed.add(node.tag);
  return from;
}

function readClosingTag(builder: Builder, nameStart: number): number {
  const { html } = builder;
  const nameEnd = endOfName(html, nameStart);
  const end = html.indexOf('>', nameEnd);
  const tag = nameOf(html.slice(nameStart, nameEnd));
  if (builder.tooDeep > 0 && !voids.has(tag)) builder.tooDeep--;
  else if ((builder.openCounts.get(tag) ?? 0) > 0) close(builder, tag);
  return end < 0 ? html.length : end + 1;
}

/** Ends the nearest open `tag` and all inside it, unless the standard shields it from this closing tag. */
function close(builder: Builder, tag: string) {
  if (tag === 'body' || tag === 'html') return;
  const { open } = builder;
  const isFormatting = formatting.has(tag);
  const isTablePart = tableParts.has(tag);
  for (let depth = open.length - 1; depth > 0; depth--) {
    const name = open[depth]!.tag;
    if (name === tag) return closeTo(builder, depth);
    if (isFormatting ? !formatting.has(name) : !isTablePart && tableParts.has(name)) return;
  }
}

function closeTo(builder: Builder, depth: number) {
  const { open, openCounts } = builder;
  while (open.length > depth) {
    const node = open.pop()!;
    const { tag } = node;
    // A list that grew has room for sixteen more, which no one will need.
    if (node.children.length > 1) node.children = node.children.slice();
    openCounts.set(tag, openCounts.get(tag)! - 1);
  }
}

/** Ends what the opening of `tag` ends without a closing tag: a paragraph before a block, a list item before the next. */
function closeImplied(builder: Builder, tag: string) {
  if (endsParagraph.has(tag)) closeNearest(builder, PARAGRAPH);
  const ends = impliedEnds[tag];
  if (ends) closeNearest(builder, ends);
}

const PARAGRAPH = ['p'];

function closeNearest(builder: Builder, tags: readonly string[]) {
  const { open, openCounts } = builder;
  if (!tags.some((tag) => (openCounts.get(tag) ?? 0) > 0)) return;
  let found = 0;
  for (let depth = open.length - 1; depth > 0; depth--) {
    const name = open[depth]!.tag;
    if (tags.includes(name)) found = depth;
    else if (scopes.has(name)) break;
  }
  if (found > 0) closeTo(builder, found);
}
