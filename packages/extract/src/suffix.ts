import { stringsOf } from './json-ld.ts';
import { type Page } from './page.ts';
import { plainText, textKey } from './plain.ts';
import { slugShare } from './slug.ts';
import { parseAddress } from './url.ts';

const SEPARATOR = /\s+(?:[|•·»›«:–—-]|::|\/\/|[-–—|]{2,3})\s+|\s*[|｜ㅣǀ]\s*/g;
/** Separators that need no space where an outlet's name follows: `…-新华网`. */
const TIGHT = /[-_–—:：|]/g;

/** How many parts may be cut from a title. */
const MAX_CUTS = 4;
/** Titles longer than this are searched for separators only so far. */
const MAX_LENGTH = 600;

/** A title without the outlet's name or section before its first or after its last separator. */
export function withoutOutlet(title: string, page: Page): string {
  let text = title.slice(0, MAX_LENGTH);
  for (let cut = 0; cut < MAX_CUTS; cut++) {
    const shorter = cutOnce(text, page);
    if (shorter === text) break;
    text = shorter;
  }
  return text;
}

function cutOnce(title: string, page: Page): string {
  const parts = [...title.matchAll(SEPARATOR)].map((separator) => ({
    before: title.slice(0, separator.index).trim(),
    after: title.slice(separator.index + separator[0].length).trim(),
  }));
  const names = outletNames(page);
  const first = parts[0];
  const last = parts.at(-1);
  if (!first || !last) return cutTight(title, names);
  if (isOutlet(last.after, names)) return last.before;
  if (isOutlet(first.before, names)) return first.after;
  const headline =
    lesserHeading(parts, page) ??
    parts.find(({ before }) => isHeading(before, page))?.before ??
    parts.find(({ after }) => isHeading(after, page))?.after ??
    parts.find(({ before }) => before.length >= LONG && page.headingKeys().has(textKey(before)))?.before;
  if (headline) return headline;
  // `Headline - Outlet - Its motto`: from the outlet's name on, all is the outlet's.
  const middle = parts.find(
    ({ before, after }) => before.split(' ').length > 2 && isOutlet(after.split(SEPARATOR)[0]!, names),
  );
  return middle?.before ?? cutTight(title, names);
}

interface Parts {
  before: string;
  after: string;
}

/**
 * The side of a separator that is the headline although the other one stands on
 * the page as its `<h1>`: a site that makes its own name its first heading. The
 * page's address tells, or a lesser heading that says the longer side.
 */
function lesserHeading(parts: readonly Parts[], page: Page): string | undefined {
  const slug = page.slugWords();
  for (const { before, after } of parts) {
    for (const [heading, other] of [
      [before, after],
      [after, before],
    ] as const) {
      if (!isHeading(heading, page) || other.length <= heading.length) continue;
      if (page.headingKeys().has(textKey(other)) && !isHeading(other, page)) return other;
      if (slugShare(other, slug) > slugShare(heading, slug) + CLEARLY) return other;
    }
  }
  return undefined;
}

/** By which share of the address's words one side must be ahead to be believed. */
const CLEARLY = 0.3;

function cutTight(title: string, names: readonly string[]): string {
  const last = [...title.matchAll(TIGHT)].at(-1);
  if (!last || last.index < 8) return title;
  const tail = textKey(title.slice(last.index + 1)).replaceAll(' ', '');
  return tail !== '' &&
    (names.some(
      (name) => name === tail || (name.length > 5 && tail.startsWith(name) && tail.length <= name.length + MORE),
    ) ||
      EASTERN_PAPER.test(tail))
    ? title.slice(0, last.index).trim()
    : title;
}

/** Names of East Asian papers and sites end so; they follow a headline without a space. */
const EASTERN_PAPER =
  /^[\p{Script=Han}\p{Script=Hangul}\p{Script=Katakana}]{1,8}(?:网|網|报|報|新闻|新聞|在线|ニュース|뉴스|일보|신문|방송)$/u;

/** What follows the headline in the page's `<title>`: mostly the outlet's name. */
export function titleSuffix(title: string, page: Page): string | undefined {
  const parts = title
    .slice(0, MAX_LENGTH)
    .split(SEPARATOR)
    .map((part) => part.trim());
  const last = parts.at(-1);
  return parts.length > 1 && last !== undefined && last.length < 50 && isHeading(parts[0]!, page) ? last : undefined;
}

/** From this length on a part of the title that is any heading of the page is the headline. */
const LONG = 20;

/** Whether the text stands on the page as its headline, so that what is around it in the title is no part of it. */
function isHeading(text: string, page: Page): boolean {
  const key = textKey(text);
  return key.length >= 12 && key.includes(' ') && page.headlineKeys().has(key);
}

/** Parts of titles that stand for the site on any site. */
const GENERIC = /^(?:blogarchive?|archiv|home|homepage|startseite|news|aktuelles|blog|start|inicio|accueil)$/;

/** A part that is nothing but a site's domain. */
const DOMAIN = /^(?:www\.)?[a-z\d-]{2,40}\.(?:com|net|org|info|io|eu|[a-z]{2})$/i;
/** How many letters may stand around an outlet's name in what is still no more than its name. */
const MORE = 16;

function isOutlet(text: string, names: readonly string[]): boolean {
  const key = textKey(text).replaceAll(' ', '');
  if (key === '' || GENERIC.test(key) || DOMAIN.test(text)) return true;
  return names.some(
    (name) =>
      name === key ||
      (name.length > 3 && key.startsWith(name) && key.length <= name.length + MORE) ||
      (key.length > 3 && name.startsWith(key)) ||
      (name.length > 5 && key.endsWith(name)) ||
      (name.length > 8 && key.includes(name) && key.length <= name.length + MORE),
  );
}

/** How the outlet is called on the page, as keys without spaces. */
export function outletNames(page: Page): string[] {
  const host = parseAddress(page.url)?.hostname.replace(/^www\./, '') ?? '';
  const written = [
    ...page.meta('og:site_name'),
    ...page.meta('application-name'),
    ...stringsOf(page.article()?.['publisher'], page.linkedData()),
    host,
    host.split('.').slice(0, -1).join(''),
    host.split('.').at(-2) ?? '',
  ];
  return written.map((name) => textKey(plainText(name)).replaceAll(' ', '')).filter((name) => name.length > 1);
}
