import { attribute } from '../html/attributes.ts';
import type { HtmlNode } from '../html/node.ts';
import { blocks as blockTags, unseen } from '../html/tags.ts';
import { charactersOf, foldSpace } from '../html/text.ts';

/** A stretch of text on lines of its own: a paragraph, a heading, a list item, a cell. */
export interface Block {
  text: string;
  /** The block element nearest around it. */
  element: HtmlNode;
  /** How many of its characters are in links. */
  linked: number;
  /** How many of its characters are bold or emphasised. */
  strong: number;
}

interface Line {
  parts: string[];
  linked: number;
  strong: number;
}

const STRONG = new Set(['b', 'strong', 'em', 'i']);

/** Splits what a reader sees under `root` into blocks, in page order. */
export function blocksOf(root: HtmlNode): Block[] {
  const found: Block[] = [];
  const line: Line = { parts: [], linked: 0, strong: 0 };
  const flush = (element: HtmlNode) => {
    if (line.parts.length === 0) return;
    const text = foldSpace(line.parts.join(''));
    if (text !== '') found.push({ text, element, linked: line.linked, strong: line.strong });
    line.parts = [];
    line.linked = 0;
    line.strong = 0;
  };
  const walk = (element: HtmlNode, block: HtmlNode, isLinked: boolean, isStrong: boolean) => {
    let breaks = 0;
    for (const child of element.children) {
      const { tag } = child;
      if (tag === '') {
        const text = charactersOf(child);
        line.parts.push(text);
        const length = text.trim().length;
        if (isLinked) line.linked += length;
        if (isStrong) line.strong += length;
        if (length > 0) breaks = 0;
      } else if (tag === 'br') {
        line.parts.push(' ');
        if (++breaks === 2) flush(block);
      } else if (!unseen.has(tag) && !isHidden(child)) {
        const linked = isLinked || tag === 'a';
        const strong = isStrong || STRONG.has(tag);
        if (blockTags.has(tag)) {
          flush(block);
          walk(child, child, linked, strong);
          flush(child);
        } else walk(child, block, linked, strong);
      }
    }
  };
  walk(root, root, false, false);
  flush(root);
  return found;
}

function isHidden(element: HtmlNode): boolean {
  const { source } = element;
  if (source.length < 6) return false;
  if (/\shidden(?=[\s=/]|$)/i.test(source) && attribute(element, 'hidden') !== undefined) return true;
  return source.includes('display') && /display\s*:\s*none/i.test(attribute(element, 'style') ?? '');
}
