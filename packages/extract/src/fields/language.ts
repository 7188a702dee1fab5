import type { Field } from '@throughline/core';
import { attribute } from '../html/attributes.ts';
import type { Page } from '../page.ts';
import type { FieldReader } from '../rule.ts';
import { CONFUSABLE } from '../stop-words.ts';
import { ld, meta } from './reading.ts';

const TEXT = 'dom:text';

export const language: FieldReader<'language'> = {
  name: 'language',
  rules: [
    { name: 'html:lang', confidence: 0.97, read: declaredLanguage },
    ld('inLanguage', 0.9),
    meta('og:locale', 0.9),
    meta('content-language', 0.85),
    meta('language', 0.8),
    meta('dc.language', 0.85),
    { name: TEXT, confidence: 0.95, read: (page) => page.detected()?.language },
  ],
  clean: ([raw]) => tagOf(raw?.trim() ?? ''),
  same: (one, other) => primary(one) === primary(other),
  rank: byText,
};

function declaredLanguage(page: Page): string[] {
  return page.elements('html').flatMap((html) => attribute(html, 'lang') || attribute(html, 'xml:lang') || []);
}

/** A BCP 47 tag in lower case, of the language alone or with its script and region; old and wrong codes put right. */
function tagOf(written: string): string | undefined {
  const tag = /^[a-z]{2,3}(?:[-_][a-z0-9]{2,8})*(?=$|[.,;\s@])/i.exec(written)?.[0].toLowerCase().replaceAll('_', '-');
  if (tag === undefined) return NAMES[written.toLowerCase()];
  const [first = '', ...rest] = tag.split('-');
  const code = CODES[first] ?? first;
  return code === 'xx' || code === 'und' ? undefined : [code, ...rest].join('-');
}

const CODES: Readonly<Record<string, string>> = {
  iw: 'he',
  in: 'id',
  ji: 'yi',
  jp: 'ja',
  cn: 'zh',
  cz: 'cs',
  gr: 'el',
  ua: 'uk',
  dk: 'da',
};
const NAMES: Readonly<Record<string, string>> = {
  english: 'en',
  german: 'de',
  deutsch: 'de',
  french: 'fr',
  français: 'fr',
  spanish: 'es',
  español: 'es',
  portuguese: 'pt',
  português: 'pt',
  italian: 'it',
  italiano: 'it',
  russian: 'ru',
  русский: 'ru',
  japanese: 'ja',
  chinese: 'zh',
  arabic: 'ar',
  turkish: 'tr',
  dutch: 'nl',
};

const primary = (tag: string): string => tag.split('-', 1)[0]!;

/** How often the text must have the detected language's small words for each of the declared one's. */
const CLEARLY = 1.7;

/**
 * What the page declares, unless its text is clearly in another language:
 * templates in English are filled in every language of the world.
 */
function byText(candidates: Field<string>[], page: Page): Field<string>[] {
  const declared = candidates[0]!;
  const text = candidates.find(({ rule }) => rule === TEXT);
  if (!text || text === declared) return candidates;
  const [one, other] = [primary(declared.value), primary(text.value)];
  if (one === other || CONFUSABLE.some((group) => group.includes(one) && group.includes(other))) return candidates;
  const shares = page.detected()?.shares;
  const isClear = shares !== undefined && (shares.get(other) ?? 1) > (shares.get(one) ?? 0) * CLEARLY;
  return isClear ? [text, ...candidates.filter((candidate) => candidate !== text)] : candidates;
}
