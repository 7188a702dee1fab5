import type { ArticleField } from '@throughline/core';
import type { Rule } from '../rule.ts';
import { parseAddress } from '../url.ts';
import { bbc } from './bbc.ts';
import type { Site } from './site.ts';

/** Outlets whose pages the general rules do not read. A new one is one file and one line, with a page in its test that shows the case. */
export const sites: readonly Site[] = [bbc];

/** The rules that an address's outlet has of its own for a field. */
export function siteRules(url: string, field: ArticleField): readonly Rule[] {
  const host = parseAddress(url)?.hostname;
  if (host === undefined) return [];
  const site = sites.find(({ hosts }) => hosts.some((known) => host === known || host.endsWith(`.${known}`)));
  return site?.rules[field] ?? [];
}
