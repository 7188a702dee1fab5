import type { HtmlNode } from '../html/node.ts';
import { stringsOf } from '../json-ld.ts';
import type { Page } from '../page.ts';
import { plainText } from '../plain.ts';
import { placeBlocks } from './aside.ts';
import { blocksOf } from './blocks.ts';
import { containerOf } from './container.ts';
import { evidence, type Place } from './evidence.ts';
import { placesOf, regionOf } from './place.ts';

export interface MainText {
  /** Paragraphs, separated by a blank line. */
  text: string;
  /** The element that holds them. */
  container: HtmlNode;
}

/** The article's text and where it stands. */
export function mainTextOf(page: Page): MainText {
  const { document } = page;
  const blocks = placeBlocks(document, blocksOf(document.root));
  const container = containerOf(document, blocks);
  const chosen: string[] = [];
  for (const place of placesOf(page, regionOf(page, blocks, container), container)) {
    if (weigh(place) > 0) chosen.push(place.text);
  }
  const seen = chosen.join('\n\n');
  const told = articleBodyOf(page);
  return { text: told.length > FULLER && told.length > 2 * seen.length ? told : seen, container };
}

/** Above 0 the evidence speaks for the block. */
function weigh(place: Place): number {
  let sum = 0;
  for (const one of evidence) sum += one.weight * Number(one.of(place));
  return sum;
}

/** From this length on the text in the page's JSON-LD is believed where the page itself shows less than half of it. */
const FULLER = 600;

function articleBodyOf(page: Page): string {
  const [body] = stringsOf(page.article()?.['articleBody'], page.linkedData());
  if (body === undefined) return '';
  return body
    .split(/\r?\n|<\/p>|<br\s{0,9}\/?>/i)
    .map(plainText)
    .filter(Boolean)
    .join('\n\n');
}
