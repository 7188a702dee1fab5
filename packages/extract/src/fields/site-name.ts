import type { Field } from '@throughline/core';
import { stringsOf, typesOf } from '../json-ld.ts';
import type { Page } from '../page.ts';
import { plainText, textKey } from '../plain.ts';
import type { FieldReader } from '../rule.ts';
import { titleSuffix } from '../suffix.ts';
import { parseAddress } from '../url.ts';
import { fallback, ld, meta } from './reading.ts';

const DOMAIN = /^[\w-]+(?:\.[\w-]+)*\.[a-z]{2,6}$/i;

/**
 * Puts last what is a mere domain (`example.com`), and a name that has nothing
 * of the host's (a section's) after one that has.
 */
function byAffinity(candidates: Field<string>[], page: Page): Field<string>[] {
  const label =
    (parseAddress(page.url)?.hostname ?? '').split('.').find((part) => part.length > 3 && part !== 'news') ?? '';
  const demerits = ({ value }: Field<string>) => {
    const key = textKey(value).replaceAll(' ', '');
    const isAkin =
      label === '' ||
      !/^[\w.]+$/.test(key) ||
      key.includes(label.replaceAll('-', '')) ||
      label.replaceAll('-', '').includes(key) ||
      label.includes(key.slice(0, 4));
    return (DOMAIN.test(value) ? 1 : 0) + (isAkin ? 0 : 2) + (isForeign(value, page) ? 2 : 0);
  };
  return candidates.toSorted((one, other) => demerits(one) - demerits(other));
}

/** A name in another script than the page's own title. */
const isForeign = (name: string, page: Page): boolean => {
  const title = page.titleTag() ?? '';
  return /\p{Script=Latin}/u.test(title) && !/[^\p{Script=Latin}\P{L}]/u.test(title) && !/\p{Script=Latin}/u.test(name);
};

function webSiteName(page: Page): string[] {
  const data = page.linkedData();
  return data.nodes
    .filter((node) => typesOf(node).includes('WebSite'))
    .flatMap((node) => stringsOf(node['name'], data));
}

export const siteName: FieldReader<'siteName'> = {
  name: 'siteName',
  rules: [
    { name: 'json-ld:WebSite', confidence: 0.95, read: webSiteName },
    meta('og:site_name', 0.88),
    ld('publisher', 0.86),
    meta('publisher', 0.8),
    meta('citation_journal_title', 0.9),
    meta('application-name', 0.75),
    meta('apple-mobile-web-app-title', 0.75),
    meta('dc.publisher', 0.7),
    { name: 'dom:title', confidence: 0.6, read: (page) => titleSuffix(page.titleTag() ?? '', page) },
    fallback('url', 0.6, (page) => parseAddress(page.url)?.hostname.replace(/^www\./, '')),
  ],
  clean: ([raw]) => (raw === undefined ? undefined : plainText(raw) || undefined),
  rank: byAffinity,
  same: (one, other) => textKey(one).replaceAll(' ', '') === textKey(other).replaceAll(' ', ''),
};
