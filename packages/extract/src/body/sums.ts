import type { HtmlDocument, HtmlNode } from '../html/node.ts';
import type { Block } from './blocks.ts';

/** An amount of blocks summed over each element that holds them. */
export interface Sums {
  of(element: HtmlNode | undefined): number;
}

/** Sums an amount of every block over the elements that hold it, in time linear in elements and blocks. */
export function sumOver<Item extends Block>(
  document: HtmlDocument,
  blocks: readonly Item[],
  amount: (block: Item) => number,
): Sums {
  // Place 0 is the root's; an element always comes after its parent.
  const sums = new Float64Array(document.elements.length + 1);
  for (const block of blocks) sums[block.element.order + 1]! += amount(block);
  for (let at = document.elements.length - 1; at >= 0; at--) {
    const own = sums[at + 1]!;
    if (own !== 0) sums[document.elements[at]!.parent!.order + 1]! += own;
  }
  return { of: (element) => (element === undefined ? 0 : sums[element.order + 1]!) };
}

/** Whether an element is another or stands anywhere in it. */
export function isUnder(element: HtmlNode, container: HtmlNode): boolean {
  for (let node: HtmlNode | undefined = element; node && node.order >= container.order; node = node.parent) {
    if (node === container) return true;
  }
  return false;
}
