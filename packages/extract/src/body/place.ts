import { attribute } from '../html/attributes.ts';
import type { HtmlNode } from '../html/node.ts';
import { textOf } from '../html/text.ts';
import { stringsOf } from '../json-ld.ts';
import type { Page } from '../page.ts';
import { plainText, textKey } from '../plain.ts';
import { lengthOf, type PlacedBlock } from './aside.ts';
import { FOREIGN_HEADING, type Place } from './evidence.ts';
import { isUnder, sumOver } from './sums.ts';

/** The blocks among which the article's text is chosen: those of the container, and those between the headline and it. */
export function regionOf(page: Page, blocks: readonly PlacedBlock[], container: HtmlNode): PlacedBlock[] {
  const first = blocks.find(({ element, prose }) => prose > 0 && isUnder(element, container))?.element ?? container;
  const heading = page
    .elements('h1')
    .filter((h1) => h1.order < first.order && textOf(h1).length > 8)
    .at(-1);
  const region = blocks.filter(({ element }) => {
    if (isUnder(element, container)) return true;
    if (!heading || element.order <= heading.order || element.order >= container.order) return false;
    return !isUnder(element, heading);
  });
  return region.slice(0, MAX_BLOCKS);
}

/** No article has more paragraphs. */
const MAX_BLOCKS = 8_000;

/** What the page says elsewhere, as far as it tells what a block is. */
interface Said {
  titles: ReadonlySet<string>;
  descriptions: ReadonlySet<string>;
  authors: readonly string[];
  /** Whether a text stands in that of the JSON-LD; undefined where it has none, or the text is too short to tell. */
  inBody: (text: string) => boolean | undefined;
}

const MANY = 20;
/** The text in JSON-LD tells from this length on, and is looked at so far. */
const BODY = { min: 800, max: 60_000 };

function saidOf(page: Page): Said {
  const data = page.linkedData();
  const article = page.article();
  const keysOf = (texts: readonly string[]) =>
    new Set(texts.slice(0, MANY).flatMap((text) => textKey(plainText(text)) || [])); // no text is an empty title
  const headlines = [...stringsOf(article?.['headline'], data), ...page.elements('h1').slice(0, MANY).map(textOf)];
  const [body = ''] = stringsOf(article?.['articleBody'], data);
  return {
    titles: keysOf([...page.meta('og:title').slice(0, 2), page.titleTag() ?? '', ...headlines]),
    descriptions: keysOf([...page.meta('og:description').slice(0, 2), ...page.meta('description')]),
    authors: [...stringsOf(article?.['author'], data), ...page.meta('author'), ...page.meta('article:author')]
      .slice(0, MANY)
      .map(plainText)
      .filter((name) => name.length > 4 && name.length < 60),
    inBody: finderIn(body.length < BODY.min ? '' : bareKey(body.slice(0, BODY.max).replace(/<[^<>]*>|&\w+;/g, ' '))),
  };
}

/** Looks in a key without spaces for texts that mostly come in its order: first after the last one that was found. */
function finderIn(key: string): Said['inBody'] {
  let from = 0;
  return (text) => {
    if (key === '' || text.length < 30) return undefined;
    const wanted = bareKey(text.slice(0, LONG));
    const at = key.startsWith(wanted, from) ? from : key.indexOf(wanted);
    if (at >= 0) from = at + wanted.length;
    return at >= 0;
  };
}

const bareKey = (text: string): string => textKey(text).replaceAll(' ', '');

/** Describes one block of the region after another as the evidence looks at it. */
export function* placesOf(page: Page, region: readonly PlacedBlock[], container: HtmlNode): Generator<Place> {
  const says = sayings(page);
  const { document } = page;
  const isInside = new Map(region.map((block) => [block, isUnder(block.element, container)]));
  const prose = sumOver(document, region, (block) => (isInside.get(block) ? block.prose : 0));
  const textIn = sumOver(document, region, (block) => block.text.length);
  const links = sumOver(document, region, (block) => block.linked);
  const total = Math.max(1, prose.of(container));
  const linkedIn = (element: HtmlNode | undefined) => links.of(element) / Math.max(1, textIn.of(element));
  const signatures = countBy(
    region,
    ({ element }) => signatureOf(element),
    (block) => block.prose,
  );
  const copies = countBy(
    region,
    (block) => block.text,
    () => 1,
  );
  const since = distances(region);
  const until = distances(region.toReversed()).toReversed();
  const isForeign = foreignHeadings();
  let before = 0;
  for (const [index, block] of region.entries()) {
    const { element, text, linked, strong } = block;
    const said = says(text);
    // Written out, not spread together: spreading so many properties costs more than finding them.
    yield {
      block,
      text,
      tag: element.tag,
      length: lengthOf(text),
      linked: linked / text.length,
      strong: strong / text.length,
      isTitle: said.isTitle,
      isDescription: said.isDescription,
      startsWithAuthor: said.startsWithAuthor,
      inArticleBody: said.inArticleBody,
      sinceProse: since[index]!,
      untilProse: until[index]!,
      isLead: !isInside.get(block)!,
      progress: before / total,
      signature: (signatures.get(signatureOf(element)) ?? 0) / total,
      inParent: prose.of(element.parent) / total,
      parentLinks: linkedIn(element.parent),
      grandparentLinks: linkedIn(element.parent?.parent),
      underForeignHeading: isForeign(block),
      isRepeated: copies.get(text)! > 1,
      ancestors: ancestorsOf(element, container),
      besideImage: isBesideImage(element, container, (node) => textIn.of(node)),
    };
    if (isInside.get(block)) before += block.prose;
  }
}

/** Longer texts are no titles and no descriptions. */
const LONG = 600;

/** Tells of a block's text what the page says of it elsewhere. */
function sayings(page: Page) {
  const { titles, descriptions, authors, inBody } = saidOf(page);
  const mayBegin = beginnings([...titles, ...descriptions]);
  return (text: string) => {
    const key = text.length < LONG && mayBegin(text) ? textKey(text) : '';
    return {
      isTitle: titles.has(key),
      isDescription: key.length > 30 && descriptions.has(key),
      startsWithAuthor: authors.some((name) => text.startsWith(name)),
      inArticleBody: inBody(text),
    };
  };
}

/** Tells, without making a text's key, of most texts that theirs is none of some keys: none of these begins with its first letter. */
function beginnings(keys: readonly string[]): (text: string) => boolean {
  const first = new Set(keys.map((key) => key.charCodeAt(0)));
  return (text) => {
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code > 0x7f) return true;
      const letter = code | 0x20;
      const isLetter = letter >= 0x61 && letter <= 0x7a;
      if (!isLetter && !(code >= 0x30 && code <= 0x39)) continue;
      return first.has(isLetter ? letter : code) || text.charCodeAt(at + 1) > 0x7f; // which may make another letter of it
    }
    return true;
  };
}

function countBy<Item>(items: readonly Item[], key: (item: Item) => string, amount: (item: Item) => number) {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(key(item), (counts.get(key(item)) ?? 0) + amount(item));
  return counts;
}

/** Steps count up to this. */
const FAR = 9;

/** Steps since the prose before each block. */
function distances(region: readonly PlacedBlock[]): number[] {
  let since = FAR;
  return region.map((block) => {
    const here = since;
    since = block.prose > 0 ? 1 : Math.min(FAR, since + 1);
    return here;
  });
}

/** Paragraphs of one text mostly have one tag and class, and so have their parents. */
const signatureOf = (element: HtmlNode): string =>
  `${element.tag}.${attribute(element, 'class') ?? ''}<${element.parent?.tag}.${(element.parent && attribute(element.parent, 'class')) ?? ''}`;

function ancestorsOf(element: HtmlNode, container: HtmlNode): ReadonlySet<string> {
  const tags = new Set<string>();
  for (let node: HtmlNode | undefined = element; node && node !== container; node = node.parent) tags.add(node.tag);
  return tags;
}

/** Tells, block after block, whether the nearest heading before it announces something else than the article. */
function foreignHeadings(): (block: PlacedBlock) => boolean {
  const known = new Map<HtmlNode, boolean>();
  return ({ element, text }) => {
    const isForeign = text.length < 60 && FOREIGN_HEADING.test(text);
    const isHeading = isForeign || /^h[1-6]$/.test(element.tag);
    let node = element.parent;
    for (let steps = 0; node && steps < (isHeading ? 3 : 5); steps++, node = node.parent) {
      if (isHeading) known.set(node, isForeign);
      else if (known.has(node)) return known.get(node)!;
    }
    return isHeading && isForeign;
  };
}

/** A group of elements with more text than this is no picture with its caption. */
const GROUP = 600;

/** Whether a picture stands in the same small group: then the block may be its caption. */
function isBesideImage(element: HtmlNode, container: HtmlNode, textIn: (element: HtmlNode) => number): boolean {
  let node: HtmlNode | undefined = element;
  for (let steps = 0; node && node !== container && steps < 4; steps++, node = node.parent) {
    if (textIn(node) > GROUP) return false;
    if (hasImage(node)) return true;
  }
  return false;
}

const hasImage = (element: HtmlNode): boolean =>
  element.children.some(
    (child) => child.tag === 'img' || child.tag === 'picture' || (child.tag !== '' && hasImage(child)),
  );
