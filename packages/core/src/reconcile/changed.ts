import type { Day } from '../day.ts';
import type { CitedSource, Link, ParsedEvent, Topic } from '../event.ts';
import type { Changed } from './reconciliation.ts';
import { sourceKey } from './traits.ts';

type Reading = Omit<ParsedEvent, 'category'>;

/** What differs for an event that was not known before. */
export const EVERYTHING: Changed = {
  text: true,
  topics: true,
  section: true,
  links: true,
  sources: true,
  citations: true,
  position: true,
  day: true,
};

/** What differs between two readings of one event. */
export function changesOf(day: Day, before: Reading, newDay: Day, now: Reading): Changed {
  const citations = citationsKey(before.sources) !== citationsKey(now.sources);
  return {
    text: !isSameText(before.text, now.text),
    topics: topicsKey(before.topics) !== topicsKey(now.topics),
    section: before.section !== now.section,
    links: linksKey(before.links) !== linksKey(now.links),
    sources: citations && sourcesKey(before.sources) !== sourcesKey(now.sources),
    citations,
    position: before.position !== now.position,
    day: day !== newDay,
  };
}

/** Whether two sentences read the same: white space and Unicode composition aside. */
export const isSameText = (a: string, b: string): boolean => a === b || foldText(a) === foldText(b);

const foldText = (text: string): string => text.normalize('NFC').replace(/\s+/gu, ' ').trim();

const topicsKey = (topics: readonly Topic[]): string => JSON.stringify(topics.map(({ title, text }) => title || text));

const linksKey = (links: readonly Link[]): string =>
  JSON.stringify(links.map(({ title, surface }) => [title, surface]));

const citationsKey = (sources: readonly CitedSource[]): string =>
  JSON.stringify(
    sources.map(({ url, label, agency, outlet, title, published }) => [url, label, agency, outlet, title, published]),
  );

const sourcesKey = (sources: readonly CitedSource[]): string =>
  JSON.stringify([...new Set(sources.map(({ url }) => sourceKey(url)))].sort());
