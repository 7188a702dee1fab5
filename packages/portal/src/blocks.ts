import { closesFrame } from './wrappers.ts';

/** One block of a page, as the offsets of its content. */
export interface Block {
  /** `text` is a line that is neither heading nor item. */
  kind: 'heading' | 'item' | 'text';
  /** Of an item: how many lists it is in. */
  depth: number;
  from: number;
  to: number;
}

const BOLD_LINE = /^'''(?!')((?:[^']|'(?!''))+)'''\s*:?\s*$/;
const EQUALS = /^(={2,6})\s*([^=]+?)\s*\1\s*$/;

const [SPACE, TAB, SEMICOLON] = [32, 9, 59];

/** `*`, `:`, `#`, `;`. */
const isMark = (c: number): boolean => c === 42 || c === 58 || c === 35 || c === SEMICOLON;

/** Sorts a page's lines into blocks, in order. */
export function readBlocks(wikitext: string): Block[] {
  const blocks: Block[] = [];
  for (let from = 0; from < wikitext.length;) {
    const end = wikitext.indexOf('\n', from);
    const to = end < 0 ? wikitext.length : end;
    const block = to > from ? readBlock(wikitext, from, to) : undefined;
    if (block) blocks.push(block);
    from = to + 1;
  }
  return blocks;
}

function readBlock(wikitext: string, from: number, to: number): Block | undefined {
  if (isMark(wikitext.charCodeAt(from))) return listBlock(wikitext, from, to);
  const line = wikitext.slice(from, to);
  if (line.trim() === '' || closesFrame(line)) return undefined;
  const heading = line.length < 200 ? (BOLD_LINE.exec(line)?.[1] ?? EQUALS.exec(line)?.[2]) : undefined;
  if (heading === undefined) return { kind: 'text', depth: 0, from, to };
  const start = from + line.indexOf(heading);
  return { kind: 'heading', depth: 0, from: start, to: start + heading.length };
}

/** `;` before words makes a heading wherever it stands; of the other marks each makes one level. */
function listBlock(wikitext: string, from: number, to: number): Block | undefined {
  let [depth, last, at] = [0, 0, from];
  for (; at < to; at++) {
    const c = wikitext.charCodeAt(at);
    if (c === SPACE || c === TAB) continue;
    if (!isMark(c)) break;
    depth++;
    last = c;
  }
  if (at === to) return undefined;
  return { kind: last === SEMICOLON ? 'heading' : 'item', depth, from: at, to };
}
