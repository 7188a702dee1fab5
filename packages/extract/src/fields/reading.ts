import { stringsOf } from '../json-ld.ts';
import type { Page } from '../page.ts';
import type { Rule } from '../rule.ts';

/** A rule that reads `<meta>` elements of one name. */
export const meta = (name: string, confidence: number): Rule => ({
  name: `meta:${name}`,
  confidence,
  read: (page) => page.meta(name),
});

/** A rule that reads a property of the JSON-LD article; of objects it takes `part` (`name` unless said). */
export const ld = (property: string, confidence: number, part?: string): Rule => ({
  name: `json-ld:${property}`,
  confidence,
  read: (page) => stringsOf(page.article()?.[property], page.linkedData(), part),
});

/** A rule that looks at the page's elements, and only where no rule before it found anything. */
export const fallback = (
  name: string,
  confidence: number,
  read: (page: Page) => string | readonly string[] | undefined,
): Rule => ({ name, confidence, read, fallback: true });
