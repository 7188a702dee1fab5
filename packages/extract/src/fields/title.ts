import type { Field } from '@throughline/core';
import { attribute } from '../html/attributes.ts';
import type { HtmlNode } from '../html/node.ts';
import { elementsUnder, textOf } from '../html/text.ts';
import type { Page } from '../page.ts';
import { plainText, textKey } from '../plain.ts';
import type { FieldReader } from '../rule.ts';
import { slugShare } from '../slug.ts';
import { outletNames, withoutOutlet } from '../suffix.ts';
import { parseAddress } from '../url.ts';
import { ld, meta } from './reading.ts';

export const title: FieldReader<'title'> = {
  name: 'title',
  rules: [
    ld('headline', 0.88),
    meta('citation_title', 0.9),
    meta('parsely-title', 0.85),
    meta('sailthru.title', 0.85),
    { name: 'dom:headline', confidence: 0.86, read: markedHeadline },
    { name: 'dom:h1', confidence: 0.82, read: firstHeading },
    meta('og:title', 0.8),
    meta('twitter:title', 0.78),
    meta('hdl', 0.8),
    meta('dc.title', 0.75),
    meta('dcterms.title', 0.75),
    { name: 'dom:title', confidence: 0.6, read: (page) => page.titleTag() },
    { name: 'dom:h2', confidence: 0.5, read: headingInTitle, fallback: true },
  ],
  clean: ([raw], page) => (raw === undefined ? undefined : withoutOutlet(plainText(raw), page) || undefined),
  same: (one, other) => textKey(one) === textKey(other),
  rank: byVotes,
};

/**
 * How much each place's word counts, as it was best on pages whose headline is
 * known: what a reader sees (the `<h1>`) and what JSON-LD says outweigh what was
 * written for sharing and search. A heading of one or two words is mostly a section's.
 */
const VOTES: Readonly<Record<string, number>> = {
  'json-ld:headline': 1.15,
  'dom:h1': 1.05,
  'meta:citation_title': 1.5,
  'meta:parsely-title': 0.9,
  'meta:sailthru.title': 0.9,
  'meta:twitter:title': 0.45,
  'meta:og:title': 0.25,
  'dom:headline': 0.12,
  'dom:title': 0.05,
};

/** The value that has most of the votes; the place with the strongest vote stands for it. */
function byVotes(candidates: Field<string>[]): Field<string>[] {
  const votes = new Map<string, number>();
  const voteOf = ({ rule, value }: Field<string>) =>
    (VOTES[rule] ?? 0.1) *
    (rule === 'dom:h1' && value.split(' ').length < 3 && /\p{Script=Latin}/u.test(value) ? 0.05 : 1);
  for (const candidate of candidates) {
    const key = textKey(candidate.value);
    votes.set(key, (votes.get(key) ?? 0) + voteOf(candidate));
  }
  const ranked = candidates.toSorted(
    (one, other) => votes.get(textKey(other.value))! - votes.get(textKey(one.value))! || voteOf(other) - voteOf(one),
  );
  return withoutGluedKicker(ranked);
}

/** Prefers the headline alone to one that begins with its kicker (`Storm in the north Ferries …`), where the page has both. */
function withoutGluedKicker(ranked: Field<string>[]): Field<string>[] {
  const winner = ranked[0]!;
  const bare = ranked.find(({ value }) => {
    if (value.length <= 12 || value.length >= winner.value.length || !winner.value.endsWith(value)) return false;
    const kicker = winner.value.slice(0, -value.length).trim();
    return (
      kicker.split(' ').length < MAX_KICKER &&
      kicker.includes(' ') &&
      !/[\p{P}\p{S}]$/u.test(kicker.replace(/[-–—|/]$/, ''))
    );
  });
  return bare ? [bare, ...ranked.filter((field) => field !== bare)] : ranked;
}

/** A kicker has fewer words than this. */
const MAX_KICKER = 7;

/** A heading whose class or property calls it the headline, and which shares a word with what the page calls itself. */
function markedHeadline(page: Page): string | undefined {
  const named = ownWords(page);
  const texts = page
    .headings()
    .filter((heading) =>
      /headline|(?:entry|post|article|story|news)[-_]*(?:title|heading)/i.test(
        `${attribute(heading, 'itemprop') ?? ''} ${attribute(heading, 'class') ?? ''}`,
      ),
    )
    .slice(0, MAX_HEADINGS)
    .map(withoutKicker);
  return texts.find((text) => named.size < 2 || sharedWords(text, named) > 0);
}

/** The words of the page's `og:title` and `<title>`. */
const ownWords = (page: Page): ReadonlySet<string> =>
  new Set([...page.meta('og:title'), page.titleTag() ?? ''].flatMap((text) => textKey(plainText(text)).split(' ')));

const sharedWords = (text: string, words: ReadonlySet<string>): number =>
  [...new Set(textKey(text).split(' '))].filter((word) => words.has(word)).length;

/** The `<h1>` most like what the page calls itself elsewhere; one that shares nothing with it is the outlet's name. */
function firstHeading(page: Page): string | undefined {
  const titleTag = plainText(page.titleTag() ?? '');
  const names = outletNames(page);
  const named = ownWords(page);
  const texts = page
    .elements('h1')
    .slice(0, MAX_HEADINGS)
    .filter((h1) => !leadsHome(h1, page))
    .map(withoutKicker)
    .filter(
      (text) => text !== '' && !names.includes(textKey(text).replaceAll(' ', '')) && !isTitleTail(text, titleTag),
    );
  const slug = page.slugWords();
  const likeness = (text: string) => sharedWords(text, named) + slugShare(text, slug) * SLUG_WORDS;
  const best = texts.toSorted((one, other) => likeness(other) - likeness(one))[0];
  return best !== undefined && (named.size < 2 || sharedWords(best, named) > 0) ? best : undefined;
}

const MAX_HEADINGS = 20;

/** How many words of the page's title the whole of its address is worth. */
const SLUG_WORDS = 3;

/** A heading that links to the site's front page is its logo. */
function leadsHome(heading: HtmlNode, page: Page): boolean {
  const link = heading.parent?.tag === 'a' ? heading.parent : elementsUnder(heading, ({ tag }) => tag === 'a')[0];
  const href = link && attribute(link, 'href');
  const target = href === undefined || href.startsWith('#') ? undefined : parseAddress(href, page.url);
  return target !== undefined && /^\/(?:index\.\w+)?$/.test(target.pathname) && target.search === '';
}

/** Whether the title ends with it, after a separator: then it is the outlet's name. */
function isTitleTail(text: string, title: string): boolean {
  return title.length > text.length + 6 && title.endsWith(text) && /[-–—|·•:»]\s*$/.test(title.slice(0, -text.length));
}

const KICKER =
  /kicker|overline|dachzeile|topline|eyebrow|roofline|spitzmarke|volanta|antetitulo|supertitle|pre-?title|headline-?intro|vignette|surtitre|^sub-?title$/i;

/** A heading's text without the line above the headline that some pages put into it. */
function withoutKicker(heading: HtmlNode): string {
  const kicker = elementsUnder(heading, (element) => KICKER.test(attribute(element, 'class') ?? ''))[0];
  const whole = textOf(heading);
  const start = kicker && textOf(kicker);
  return start && whole.startsWith(start) && whole.length > start.length
    ? whole.slice(start.length).replace(/^[\s:|–—-]+/, '')
    : whole;
}

/** A lesser heading that is a part of the title: a page whose `<h1>` is the outlet's name. */
function headingInTitle(page: Page): string | undefined {
  const whole = textKey(page.titleTag() ?? '');
  return page
    .headings()
    .map(textOf)
    .find((text) => text.length > 8 && whole.includes(textKey(text)));
}
