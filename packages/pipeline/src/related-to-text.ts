import { dayOfInstant, type Day, type EventId, type Relation } from '@throughline/core';
import type { CatalogueStore } from '@throughline/db';
import { relate } from '@throughline/enrich';
import type { Archive } from './archive.ts';

/** How many words a name has at most, and how many candidates a text gives at most. */
const NAME_WORDS = 6;
const MOST_NAMES = 4_000;
/** A text is no event: it has an id that no event will ever have. */
const NOBODY = '00000000-0000-0000-0000-000000000000' as EventId;

export interface Text {
  text: string;
  /** What is close in time counts; today unless given. */
  day?: Day | undefined;
  limit: number;
}

/**
 * The events that belong with a text, strongest first, each with its reasons:
 * the text's names are looked up among all spellings that editors have used,
 * and what remains is what the pipeline does with an event.
 */
export async function relatedToText(
  { text, day, limit }: Text,
  {
    catalogue,
    archive,
    now,
  }: { catalogue: Pick<CatalogueStore, 'entitiesWritten'>; archive: Archive; now: () => number },
): Promise<Relation[]> {
  const spans = namesIn(text);
  const [titles] = await Promise.all([
    catalogue.entitiesWritten([...new Set(spans.map(({ surface }) => surface))]),
    archive.catchUp(),
  ]);
  const event = {
    id: NOBODY,
    day: day ?? dayOfInstant(now()),
    text,
    section: '',
    entities: longest(spans, titles),
    topics: [],
    sources: [],
  };
  return relate(archive.index, event, { limit });
}

interface Span {
  start: number;
  end: number;
  surface: string;
}

/** Every run of up to six words that begins as a name does. */
export function namesIn(text: string): Span[] {
  const words = [...text.matchAll(/[\p{L}\p{N}][\p{L}\p{M}\p{N}'’.&-]*/gu)].map((match) => ({
    start: match.index,
    end: match.index + match[0].replace(/[.'’-]+$/u, '').length,
  }));
  const spans: Span[] = [];
  for (const [at, { start }] of words.entries()) {
    if (!/^[\p{Lu}\p{Lo}\p{N}]/u.test(text.slice(start))) continue;
    for (const { end } of words.slice(at, at + NAME_WORDS)) {
      spans.push({ start, end, surface: text.slice(start, end).replace(/\s+/g, ' ') });
      if (spans.length === MOST_NAMES) return spans;
    }
  }
  return spans;
}

/** The titles of the names that are known, where names overlap the longer one's. */
function longest(spans: readonly Span[], titles: ReadonlyMap<string, string>): string[] {
  const kept: Span[] = [];
  const known = spans
    .filter(({ surface }) => titles.has(surface))
    .sort((a, b) => b.end - b.start - (a.end - a.start) || a.start - b.start);
  for (const span of known) {
    if (!kept.some((other) => span.start < other.end && other.start < span.end)) kept.push(span);
  }
  return [...new Set(kept.sort((a, b) => a.start - b.start).flatMap(({ surface }) => titles.get(surface) ?? []))];
}
