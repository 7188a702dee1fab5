import { parseDate } from './date.ts';
import { attribute } from './html/attributes.ts';
import { nameWords } from './html/name-words.ts';
import type { HtmlNode } from './html/node.ts';
import { shortTextOf, textOf } from './html/text.ts';
import type { Page } from './page.ts';

/** How an element shows that it holds a date. */
type Showing = 'marked' | 'time' | 'named' | 'line' | 'anywhere';

const DATE_WORDS = new Set(
  (
    'date time datetime timestamp published publish publication pubdate posted created dateline datum fecha data meta byline info ' +
    'entrydate postdate articledate stamp submitted updated dt day'
  ).split(' '),
);
const UPDATED =
  /updat|modif|aktualis|mis à jour|actualiz|aggiorn|oppdater|uppdater|bijgewerkt|zmieni|обновл|更新|최종|수정/i;
const ELSEWHERE = new Set(
  'comment comments respond related recommended teaser teasers popular trending latest more card cards sidebar nav menu footer copyright recentcomments upcoming events event'.split(
    ' ',
  ),
);
const MAX_LENGTH = 120;
/** How many elements around the headline its date line may stand. */
const NEAR = { before: 40, after: 80 };

/** Dates as written in the elements of one kind, the likeliest first. */
export function datesNear(page: Page, showing: Showing): string[] {
  const heading = page.elements('h1').find((h1) => textOf(h1).length > 8)?.order ?? page.elements('h1')[0]?.order;
  const found: { text: string; value: number }[] = [];
  for (const element of among(page, showing, heading)) {
    const text = showings[showing](element);
    if (text === undefined || text.length < 6 || text.length > MAX_LENGTH) continue;
    const away = heading === undefined ? element.order / 10 : element.order - heading;
    if (!/\d/.test(text) || isElsewhere(element) || !parseDate(text, page.dateContext())) continue;
    const about = `${element.source} ${text}`;
    const penalty = UPDATED.test(about) && !/publi|creat|post/i.test(about) ? 60 : 0;
    found.push({ text, value: (away < 0 ? -away * 2 : away) + penalty });
  }
  return found.toSorted((one, other) => one.value - other.value).map(({ text }) => text);
}

/** The elements that may hold such a date: all, or those around the headline. */
function among(page: Page, showing: Showing, heading: number | undefined): readonly HtmlNode[] {
  const { elements } = page.document;
  if (showing === 'marked' && !page.source.includes('atePublished')) return [];
  if (showing === 'time') return page.elements('time');
  if (showing !== 'line' || heading === undefined) return elements;
  return elements.slice(Math.max(0, heading - NEAR.before), heading + NEAR.after + 1);
}

const showings: Record<Showing, (element: HtmlNode) => string | undefined> = {
  marked(element) {
    if (element.tag === 'meta' || !element.source.includes('atePublished')) return undefined;
    if (!/^datePublished$/.test(attribute(element, 'itemprop') ?? attribute(element, 'property') ?? ''))
      return undefined;
    return attribute(element, 'content') ?? attribute(element, 'datetime') ?? textOf(element);
  },
  time(element) {
    const stated = attribute(element, 'datetime');
    return stated !== undefined && /\d{4}/.test(stated) ? stated : textOf(element);
  },
  named(element) {
    if (element.source.length < 6 || element.tag === 'meta' || element.tag === 'link') return undefined;
    if (!nameWords(element).some((word) => DATE_WORDS.has(word))) return undefined;
    return (
      attribute(element, 'data-datetime') ??
      attribute(element, 'title')?.match(/^\d{4}-\d\d-\d\d.*/)?.[0] ??
      shortText(element)
    );
  },
  line: (element) => (LINES.has(element.tag) ? shortText(element) : undefined),
  anywhere: (element) =>
    LINES.has(element.tag) && element.children.every(({ tag }) => !LINES.has(tag) || tag === 'span')
      ? shortText(element)
      : undefined,
};

const LINES = new Set([
  'p',
  'div',
  'span',
  'li',
  'small',
  'em',
  'i',
  'b',
  'strong',
  'td',
  'dd',
  'h2',
  'h3',
  'h4',
  'h5',
  'h6',
  'a',
  'section',
  'header',
  'address',
]);

/** An element's text where it is short; the walk is spared where it cannot be. */
function shortText(element: HtmlNode): string | undefined {
  return element.children.length > 12 ? undefined : shortTextOf(element, MAX_LENGTH);
}

function isElsewhere(element: HtmlNode): boolean {
  let node: HtmlNode | undefined = element;
  for (let steps = 0; node && steps < 7; steps++, node = node.parent) {
    if (node.tag === 'body' || node.tag === 'main' || node.tag === 'article') return false;
    if (
      node.tag === 'nav' ||
      node.tag === 'aside' ||
      node.tag === 'figure' ||
      (node.tag === 'footer' && !/meta|entry|post/i.test(node.source))
    )
      return true;
    if (nameWords(node).some((word) => ELSEWHERE.has(word))) return true;
  }
  return false;
}
