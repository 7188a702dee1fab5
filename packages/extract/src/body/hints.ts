import { attribute } from '../html/attributes.ts';
import { nameWords } from '../html/name-words.ts';
import type { HtmlNode } from '../html/node.ts';

const words = (list: string): ReadonlySet<string> => new Set(list.trim().split(/\s+/));

const TAGS = words('nav footer aside figure figcaption form menu dialog address audio video');

const ROLES = words(
  'navigation complementary contentinfo banner dialog alertdialog search menu menubar alert tablist toolbar',
);

/** Words of a class or id that say: not the article's text. */
const STRONG = words(`
  related relatedposts recommended recommendation recommendations recirc recirculation trending popular mostread mostpopular readnext
  newsletter newsletters signup subscribe subscription promo promos promotion promoted
  share sharing shares social sharebar sharedaddy addthis comments comment commentlist disqus respond
  footer nav navbar navigation breadcrumb breadcrumbs menu submenu pagination pager
  advert adverts advertisement advertising advertorial sponsor sponsored sponsors dfp
  outbrain taboola zergnet cookie cookies consent gdpr privacy popup modal overlay lightbox
  caption captions credit credits byline bylines taglist keywords
  toolbar tooltip disclaimer copyright masthead
  noprint notification toast tweet
`);

/** Words that say it too, but are also used for what holds the text. */
const WEAK = words(`
  widget widgets ad ads tags teaser teasers teaserlist hidden invisible sidebar author authors bio biography infobox factbox
`);

/** Classes under which an element is never shown, or read aloud only. */
const UNSEEN =
  /(?:^|\s)(?:d-none|d-print-\S+|sr-only|visually-?hidden|screen-reader-text|print-only|visuallyhidden)(?:\s|$)/i;

/** What an element's tag, role, class or id says against its text being the article's; undefined where they say nothing. */
export function asideHint(element: HtmlNode, share: number): string | undefined {
  const { tag, source } = element;
  if (share < WHOLE && TAGS.has(tag)) return `tag:${tag}`;
  if (source.length < 5) return undefined;
  if (source.includes('role')) {
    const role = attribute(element, 'role');
    if (role && share < WHOLE && ROLES.has(role)) return `role:${role}`;
  }
  const names = attribute(element, 'class');
  if (names && UNSEEN.test(names) && !SHOWN_ELSEWHERE.test(names)) return 'class:unseen';
  const word = nameWords(element).find((one) => (share < WHOLE && STRONG.has(one)) || (share < PART && WEAK.has(one)));
  return word === undefined ? undefined : `class:${word}`;
}

/** From this share of the page's prose on, an element is not judged by its name: by a weak word, by any. */
const PART = 0.1;
const WHOLE = 0.4;
/** Hidden on one sort of screen only. */
const SHOWN_ELSEWHERE = /(?:sm|md|lg|xl)[:-](?:block|flex|grid)|d-(?:sm|md|lg|xl)-/;

const CONTAINER =
  /^(?:(?:\w*(?:article|story|entry|post|news|blog|single|detail|artikel|articulo|noticia))(?:body|content|text|copy|cuerpo)|(?:body|main|content|copy)(?:text|copy|body)|richtext|storytext|fieldnamebody|articlesection|cuerpo|paragraphs)/;

/** Whether an element is marked as the one that holds the article's text. */
export function isMarkedBody(element: HtmlNode): boolean {
  const { source } = element;
  if (source.length < 8) return false;
  if (
    /articleBody/i.test(source) &&
    /^(?:articleBody)$/i.test(attribute(element, 'itemprop') ?? attribute(element, 'property') ?? '')
  )
    return true;
  for (const name of ['class', 'id']) {
    const value = attribute(element, name);
    if (!value) continue;
    for (const word of value.split(/\s+/)) if (CONTAINER.test(word.toLowerCase().replace(/[^a-z]+/g, ''))) return true;
  }
  return false;
}

/** Whether an element is marked as the line between headline and text. */
export function isMarkedLead(element: HtmlNode): boolean {
  return /(?:^|[^a-z])(?:lead|lede|dek|deck|standfirst|intro|sub-?title|sub-?headline|sub-?head(?:er|ing)?|summary|excerpt|abstract|vorspann|teaser|sapo|bajada|entradilla|chapo|introduction|kicker)/i.test(
    `${attribute(element, 'class') ?? ''} ${attribute(element, 'itemprop') ?? ''}`.replace(/([a-z])([A-Z])/g, '$1-$2'),
  );
}
