import { attribute } from '../html/attributes.ts';
import type { HtmlDocument, HtmlNode } from '../html/node.ts';
import type { Block } from './blocks.ts';
import { asideHint } from './hints.ts';
import { sumOver } from './sums.ts';

/** A block with what its surroundings say of it. */
export interface PlacedBlock extends Block {
  /** Why its surroundings hold it not to be the article's text; undefined where nothing does. */
  aside: string | undefined;
  /** Its characters that count as prose: those outside links, where they make at least a sentence. */
  prose: number;
}

/** Shortest prose, in characters. */
export const SENTENCE = 60;
/** An element that holds more than this share of the page's prose is no teaser, whatever it looks like. */
const WHOLE = 0.4;

const WIDE = /[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]/g;

/** Length in Latin letters: one Han, kana, hangul or Thai character says as much as some three of them. */
export const lengthOf = (text: string): number => text.length + 1.5 * (text.match(WIDE)?.length ?? 0);

/** Asks of every block whether an element around it says that it is something else than the article's text. */
export function placeBlocks(document: HtmlDocument, blocks: readonly Block[]): PlacedBlock[] {
  const placed = blocks.map((block): PlacedBlock => {
    const { text, element, linked, strong } = block;
    return { text, element, linked, strong, aside: undefined, prose: proseOf(block) };
  });
  const prose = sumOver(document, placed, (block) => block.prose);
  const total = Math.max(1, prose.of(document.root));
  const isTeaser = teasersOf(document, blocks);
  const known = new Map<HtmlNode, string | undefined>();
  const asideOf = (element: HtmlNode): string | undefined => {
    if (known.has(element)) return known.get(element);
    const share = prose.of(element) / total;
    const above = element.parent && asideOf(element.parent);
    const aside = above ?? (share < WHOLE && isTeaser(element) ? 'teaser' : asideHint(element, share));
    known.set(element, aside);
    return aside;
  };
  for (const block of placed) {
    block.aside = asideOf(block.element);
    if (block.aside !== undefined) block.prose = 0;
  }
  return placed;
}

function proseOf(block: Block): number {
  const { length } = block.text;
  const own = lengthOf(block.text) * (1 - block.linked / length);
  return own >= SENTENCE && block.linked < length / 2 ? own : 0;
}

/** Tells teasers of other pages: one of several articles inside an article, or of repeated children that each hold a linked heading. */
function teasersOf(document: HtmlDocument, blocks: readonly Block[]): (element: HtmlNode) => boolean {
  const cards = cardsOf(document, blocks);
  const articles = new Map<HtmlNode, number>();
  for (const { tag, parent } of document.elements) {
    if (tag === 'article') articles.set(parent!, (articles.get(parent!) ?? 0) + 1);
  }
  return (element) =>
    cards.has(element) ||
    (element.tag === 'article' && articles.get(element.parent!)! > 1 && isInArticle(element.parent));
}

function isInArticle(element: HtmlNode | undefined): boolean {
  for (let node = element; node; node = node.parent) if (node.tag === 'article') return true;
  return false;
}

/** Fewer alike are no list of teasers. */
const FEW = 3;
/** A teaser's mean length at most, in characters, and the share of it that is linked at least. */
const CARD = { length: 700, linked: 0.12 };
/** Shortest headline, in characters. */
const HEADLINE = 15;

function cardsOf(document: HtmlDocument, blocks: readonly Block[]): ReadonlySet<HtmlNode> {
  const cards = new Set<HtmlNode>();
  const text = sumOver(document, blocks, (block) => block.text.length);
  const linked = sumOver(document, blocks, (block) => block.linked);
  const headlines = sumOver(document, blocks, ({ text: { length }, linked: inLinks }) =>
    inLinks > length * 0.7 && length >= HEADLINE ? 1 : 0,
  );
  for (const element of document.elements) {
    if (headlines.of(element) < FEW) continue;
    for (const group of alike(element.children.filter((child) => child.tag !== '' && text.of(child) > 0))) {
      const titled = group.filter((child) => headlines.of(child) > 0).length;
      if (titled < FEW || titled < group.length * 0.7) continue;
      const length = group.reduce((sum, child) => sum + text.of(child), 0);
      const links = group.reduce((sum, child) => sum + linked.of(child), 0);
      if (length < CARD.length * group.length && links > CARD.linked * length)
        for (const card of group) cards.add(card);
    }
  }
  return cards;
}

/** Children of one tag and first class. */
function alike(children: readonly HtmlNode[]): Iterable<HtmlNode[]> {
  const groups = new Map<string, HtmlNode[]>();
  for (const child of children) {
    const key = `${child.tag}.${(attribute(child, 'class') ?? '').split(' ', 1)[0]}`;
    const group = groups.get(key);
    if (group) group.push(child);
    else groups.set(key, [child]);
  }
  return groups.values();
}
