import type { ParsedEvent } from '../event.ts';
import { canonicalUrl } from '../url.ts';

/** Words beyond these are not compared: no sentence is that long, and a hostile page shall cost no more. */
const MAX_KEYS = 400;

/** What two items are compared by. */
export interface Traits {
  /** The sentence as letters and digits only, for equality. */
  text: string;
  urls: ReadonlySet<string>;
  links: ReadonlySet<string>;
  words: ReadonlySet<string>;
  topics: string;
  section: string;
  position: number;
}

export function traitsOf(
  event: Pick<ParsedEvent, 'text' | 'section' | 'topics' | 'links' | 'sources' | 'position'>,
): Traits {
  const words = wordsOf(event.text);
  return {
    text: words.join(' ') || event.text,
    urls: new Set(event.sources.slice(0, MAX_KEYS).map(({ url }) => sourceKey(url))),
    links: new Set(event.links.slice(0, MAX_KEYS).map(({ title }) => title)),
    words: new Set(words.slice(0, MAX_KEYS)),
    topics: event.topics.map(({ title, text }) => title || text).join('\n'),
    section: event.section,
    position: event.position,
  };
}

const wordsOf = (text: string): string[] =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .match(/[\p{L}\p{N}]+/gu) ?? [];

/** A source's URL as it is compared: spellings of one page's URL are equal, and a broken one equals itself. */
export const sourceKey = (url: string): string => canonicalUrl(url) ?? url.trim();

export const textKey = ({ text }: Traits): string => text;

/** Shorter sentences than this may be written for two events: "Voters go to the polls", "Immigration to Europe". */
const MIN_TELLING_WORDS = 8;

/** Whether a sentence says by itself which event it is of. */
export const isTelling = ({ words }: Traits): boolean => words.size >= MIN_TELLING_WORDS;

/** Equal for two readings that differ in nothing that says which event they are. */
export const wholeKey = ({ text, topics, urls }: Traits): string => JSON.stringify([text, topics, ...[...urls].sort()]);
