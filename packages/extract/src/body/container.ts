import type { HtmlDocument, HtmlNode } from '../html/node.ts';
import { type PlacedBlock, SENTENCE } from './aside.ts';
import { isMarkedBody } from './hints.ts';
import { isUnder, sumOver, type Sums } from './sums.ts';

/** How much a character that is no prose counts against the element that holds it. */
const JUNK = 0.35;
/** The elements marked as the body must hold this share of the container's prose to be it. */
const MOST = 0.6;
/** A further article on the page is a whole one from this share of the container's prose on. */
const ANOTHER = 0.15;

/** The element that holds the article's text and as little else as possible. */
export function containerOf(document: HtmlDocument, blocks: readonly PlacedBlock[]): HtmlNode {
  const prose = sumOver(document, blocks, (block) => block.prose);
  const junk = sumOver(document, blocks, ({ prose: own, aside, linked, text }) =>
    own === 0 && (aside !== undefined || linked > 0) ? text.length : 0,
  );
  const score = (element: HtmlNode) => prose.of(element) - JUNK * junk.of(element);
  let best = document.root;
  for (const element of document.elements) {
    if (prose.of(element) === 0 || score(element) < score(best)) continue;
    if (score(element) > score(best) || isUnder(element, best)) best = element;
  }
  return firstArticle(markedPart(document, blocks, best, prose), prose);
}

/** The part of the container that is marked as the article's body, where one or several are that hold most of its prose. */
function markedPart(
  document: HtmlDocument,
  blocks: readonly PlacedBlock[],
  container: HtmlNode,
  prose: Sums,
): HtmlNode {
  const plain = sumOver(document, blocks, ({ aside, text, linked }) =>
    aside === undefined ? text.length - linked : 0,
  );
  const marked = outermost(
    document.elements.filter((element) => plain.of(element) >= SENTENCE && isMarkedBody(element)),
  );
  const inside = marked.filter((element) => isUnder(element, container));
  const held = inside.reduce((sum, element) => sum + prose.of(element), 0);
  if (inside.length > 0 && held > prose.of(container) * MOST) return inside.reduce(commonAncestor);
  // A list of short lines may be the text where the only prose is elsewhere.
  return marked.find((element) => !isUnder(element, container) && plain.of(element) > plain.of(container)) ?? container;
}

/** The elements that are under no other of them. */
function outermost(elements: readonly HtmlNode[]): HtmlNode[] {
  const all = new Set(elements);
  return elements.filter((element) => {
    for (let node = element.parent; node; node = node.parent) if (all.has(node)) return false;
    return true;
  });
}

function commonAncestor(one: HtmlNode, other: HtmlNode): HtmlNode {
  let node = one;
  while (!isUnder(other, node)) node = node.parent!;
  return node;
}

/** The first of several whole articles that one page shows one after another, each under a headline of its own. */
function firstArticle(container: HtmlNode, prose: Sums): HtmlNode {
  const enough = prose.of(container) * ANOTHER;
  const articles: HtmlNode[] = [];
  const collect = (element: HtmlNode) => {
    for (const child of element.children) {
      if (child.tag === '' || prose.of(child) <= enough) continue;
      if (child.tag !== 'article') collect(child);
      else if (holdsHeadline(child)) articles.push(child);
    }
  };
  collect(container);
  return articles.length > 1 ? articles[0]! : container;
}

const holdsHeadline = (element: HtmlNode): boolean =>
  element.children.some((child) => child.tag === 'h1' || (child.tag !== '' && holdsHeadline(child)));
