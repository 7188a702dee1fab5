import { dayNumber, type Day, type EventId } from '@throughline/core';
import { termsOf } from '../terms.ts';

/** What threading needs to know of an event. */
export interface StoryEvent {
  id: EventId;
  day: Day;
  text: string;
  /** The category, or the heading as written where it has none. */
  section: string;
  /** Titles of what it names, in the order of the sentence. */
  entities: readonly string[];
  /** Titles of what that implies. */
  implied: readonly string[];
  /** URLs of its sources. */
  sources: readonly string[];
  /**
   * Its place on the day's page, from 0, where events of one header stand
   * together but the headers themselves are not known. Left out elsewhere: of
   * events that editors put under no header their order says nothing.
   */
  place?: number;
  /** Title of the innermost linked header above it: what editors say it is a part of. */
  topic?: string;
}

/** The kinds of features that two events can share. */
export const KINDS = ['named', 'terms', 'urlWords', 'entities'] as const;
export type Kind = (typeof KINDS)[number];

/** An event as it is compared with others. */
export interface Traits extends Record<Kind, readonly string[]> {
  id: EventId;
  /** Days since 1970-01-01. */
  day: number;
  place: number | undefined;
  section: string;
  urls: ReadonlySet<string>;
  hosts: ReadonlySet<string>;
}

export function traitsOf(event: StoryEvent): Traits {
  const urls = event.sources.flatMap(parsed);
  return {
    id: event.id,
    day: dayNumber(event.day),
    place: event.place,
    section: sectionOf(event.section),
    named: [...new Set(event.entities)],
    entities: [...new Set([...event.entities, ...event.implied])],
    terms: [...new Set(termsOf(event.text))],
    urlWords: [...new Set(urls.flatMap(wordsOf))],
    urls: new Set(event.sources),
    hosts: new Set(urls.map(({ host }) => host)),
  };
}

/** Headings begin alike over the years: `Armed conflicts and attacks`, `Armed conflict`; so do the names of categories. */
const sectionOf = (section: string): string => /^\p{L}+/u.exec(section.toLowerCase())?.[0] ?? '';

const parsed = (url: string): URL[] => (URL.canParse(url) ? [new URL(url)] : []);

/** Words of paths that every article of a site has. */
const COMMON_PATH = /^(?:html?|php|asp|news|world|articl|story)$/;

/** What the path of an article says it is about. */
function wordsOf({ pathname }: URL): string[] {
  const words = termsOf(decoded(pathname).replaceAll(/[-_/.+]/g, ' '));
  return words.filter((word) => word.length > 2 && !/\d/.test(word) && !COMMON_PATH.test(word));
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
