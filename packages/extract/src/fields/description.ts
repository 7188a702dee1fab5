import type { Field } from '@throughline/core';
import { isMarkedLead } from '../body/hints.ts';
import { textOf } from '../html/text.ts';
import type { Page } from '../page.ts';
import { plainText, textKey } from '../plain.ts';
import type { FieldReader } from '../rule.ts';
import { outletNames } from '../suffix.ts';
import { fallback, ld, meta } from './reading.ts';

export const description: FieldReader<'description'> = {
  name: 'description',
  rules: [
    meta('og:description', 0.8),
    meta('description', 0.8),
    ld('description', 0.8),
    meta('twitter:description', 0.77),
    meta('sailthru.description', 0.77),
    meta('dc.description', 0.8),
    meta('dcterms.description', 0.8),
    meta('dcterms.abstract', 0.8),
    meta('citation_abstract', 0.8),
    { name: 'dom:lead', confidence: 0.55, read: leadText },
    fallback('dom:paragraph', 0.4, firstParagraph),
  ],
  clean(raw, page) {
    const text = raw.map((written) => plainText(written).replace(STAMP, '')).find((candidate) => candidate.length > 0);
    return text === undefined || isBoilerplate(text, page) ? undefined : text;
  },
  same: (one, other) => textKey(one).startsWith(textKey(other)) || textKey(other).startsWith(textKey(one)),
  rank: wholeOnesFirst,
};

/** When it was written, before what was written: `31.10.2023, 10.19 Uhr : …`. */
const STAMP =
  /^\d{1,2}[./-]\d{1,2}[./-]\d{4}[\s,]{0,3}(?:\d{1,2}[.:]\d{2}(?: ?(?:Uhr|h|am|pm))?)?\s{0,3}[:|–—-]\s{1,3}/i;

/** Phrases with which an outlet describes itself rather than the article. */
const BOILERPLATE = [
  /\bbrings you (?:the )?(?:latest|breaking|all)/i,
  /\b(?:latest|breaking|top|local) (?:\w+ )?(?:news|headlines|stories)\b.{0,80}\b(?:from|at|on)\b/i,
  /^(?:get|find|read|see|follow|watch|discover) (?:all )?(?:the )?(?:latest|breaking|more)\b/i,
  /\byour (?:trusted|number one|no\. ?1|leading|premier|one-stop|daily) (?:\w+ )?(?:source|destination|guide|resource)\b/i,
  /\b(?:official (?:site|website|home) of|is a (?:leading|daily|weekly|online) (?:news|newspaper|magazine))/i,
  /\b(?:stay|keep) (?:up[- ]to[- ]date|informed|updated) with\b/i,
  /\b(?:aktuelle|neueste) (?:nachrichten|news|meldungen)\b.{0,60}\b(?:aus|von|bei|auf|rund)\b/i,
  /\b(?:toute|suivez) l['’]actualité\b|\ben direct et en continu\b/i,
  /\b(?:últimas|ultimas) (?:noticias|notícias) (?:de|sobre|en)\b/i,
  /\bhigh-quality contents?\b|\bcookies? (?:to|um|pour)\b|\bjavascript\b/i,
];

function isBoilerplate(text: string, page: Page): boolean {
  const key = textKey(text);
  if (page.headlineKeys().has(key) || page.meta('og:title').some((title) => textKey(title) === key)) return true;
  if (outletNames(page).includes(key.replaceAll(' ', ''))) return true;
  return text.length < 400 && BOILERPLATE.some((phrase) => phrase.test(text.slice(0, 400)));
}

/** A description shorter than this is a teaser where the page has a longer one. */
const SHORT = 70;

/** Puts last what is broken by a wrong charset or but a teaser. */
function wholeOnesFirst(candidates: Field<string>[]): Field<string>[] {
  const longest = Math.max(...candidates.map(({ value }) => (/[.!?…。]/.test(value) ? value.length : 0)));
  const demerits = ({ value }: Field<string>) =>
    (value.includes('\uFFFD') ? 2 : 0) + (value.length < SHORT && longest > value.length * 1.5 ? 1 : 0);
  return candidates.toSorted((one, other) => demerits(one) - demerits(other));
}

/** How many elements after the headline the line that introduces the text may stand. */
const NEAR = 60;

const headlineOf = (page: Page) => page.elements('h1').find((heading) => textOf(heading).length > 8);

/** The line between headline and text that is marked as introducing the text. */
function leadText(page: Page): string | undefined {
  const h1 = headlineOf(page);
  if (!h1) return undefined;
  for (const element of page.document.elements.slice(h1.order + 1, h1.order + NEAR)) {
    if (element.source.length < 6 || !isMarkedLead(element)) continue;
    const text = textOf(element);
    if (text.length >= 40 && text.length <= 800) return text;
  }
  return undefined;
}

/** The first whole paragraph after the headline. */
function firstParagraph(page: Page): string | undefined {
  const from = headlineOf(page)?.order ?? 0;
  for (const element of page.document.elements) {
    if (element.order <= from || element.tag !== 'p') continue;
    const text = textOf(element);
    if (text.length >= 80 && /[.!?…。]["”»]?$/.test(text)) return text;
  }
  return undefined;
}
