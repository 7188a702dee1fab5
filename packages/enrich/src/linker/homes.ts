import type { Filler } from './patterns.ts';
import type { Title, Titles } from './titles.ts';

/**
 * Where a title is at home: the country, state or body that is named beside
 * it, or within the titles beside it. `president` said with Guillermo Lasso is
 * that of Ecuador, though the sentence does not name Ecuador.
 */
export interface Homes {
  /** Counts the fillers that were named in one sentence with these titles. */
  learn(titles: readonly Title[]): void;
  /** Counts that a title filled the blank of a pattern. */
  filled(filler: Title, pattern: string, whole: Title): void;
  /** Takes out the titles that are not to be kept. */
  keep(isKept: (title: Title) => boolean): void;
  /** The title's homes, the likeliest first: at most `MAX_HOMES`. */
  of(title: Title): readonly Home[];
}

export interface Home {
  title: Title;
  /** Of the sentences with the title, the share that names its home: 0..1. */
  share: number;
}

/** A title is a place, in a wide sense, if it filled so many patterns that so many others fill too: a country does, a vaccine does not. */
const LEAST_PATTERNS = 3;
const LEAST_FILLERS = 5;
/** Beyond these nothing more is kept. */
const MAX_FILLERS = 64;
const MAX_PATTERNS = 32;
const MAX_HOMES = 2;
const LEAST_SHARE = 0.2;
/** A home is told after one sentence only as half as sure as after many. */
const DOUBT = 1;
/** Beyond this many a title is at home everywhere, and new ones are not kept. */
const MAX_KEPT = 12;
/** Sentences with more links than this are lists. */
const MAX_TITLES = 12;

interface Known {
  sentences: number;
  counts: Map<Title, number>;
  homes: readonly Home[] | undefined;
}

const NOWHERE: readonly Home[] = [];

export function createHomes(titles: Titles): Homes {
  const known = new Map<Title, Known>();
  const fillersBy = new Map<string, Set<Title>>();

  function count(title: Title, fillers: ReadonlySet<Title>): void {
    let own = known.get(title);
    if (own === undefined) known.set(title, (own = { sentences: 0, counts: new Map(), homes: undefined }));
    own.sentences++;
    own.homes = undefined;
    for (const filler of fillers) {
      if (filler === title || (own.counts.size >= MAX_KEPT && !own.counts.has(filler))) continue;
      own.counts.set(filler, (own.counts.get(filler) ?? 0) + 1);
    }
  }

  return {
    filled(filler, pattern, whole) {
      let fillers = fillersBy.get(pattern);
      if (fillers === undefined) fillersBy.set(pattern, (fillers = new Set()));
      whole.made = fillers;
      if (fillers.has(filler)) return;
      if (fillers.size < MAX_FILLERS) fillers.add(filler);
      if (filler.filled.length < MAX_PATTERNS) filler.filled.push(fillers);
    },
    learn(linked) {
      const unique = [...new Set(linked)].slice(0, MAX_TITLES);
      const fillers = new Set(unique.flatMap((title) => fillersOf(titles, title)));
      for (const title of unique) count(title, fillers);
    },
    keep(isKept) {
      for (const title of known.keys()) if (!isKept(title)) known.delete(title);
      for (const [pattern, fillers] of fillersBy) if (fillers.size < 2) fillersBy.delete(pattern);
    },
    of(title) {
      const own = known.get(title);
      return own === undefined ? NOWHERE : (own.homes ??= homesOf(own));
    },
  };
}

const homesOf = ({ sentences, counts }: Known): Home[] =>
  [...counts]
    .map(([title, times]) => ({ title, share: times / (sentences + DOUBT) }))
    .filter(({ share }) => share >= LEAST_SHARE)
    .sort((a, b) => b.share - a.share || (a.title.title < b.title.title ? -1 : 1))
    .slice(0, MAX_HOMES);

/** The title itself where it fills blanks, and those within its words that do. */
export function fillersOf(titles: Titles, title: Title): Title[] {
  if (isPlace(title)) return [title];
  return partsOf(titles, title).filter(isPlace);
}

/** How many patterns that many titles fill this one fills. */
function placehood({ filled }: Title): number {
  let many = 0;
  for (const fillers of filled) if (fillers.size >= LEAST_FILLERS) many++;
  return many;
}

/** More titles of one pattern than that are no places, but of places: `Government of …`. */
const MOST_ALIKE = 10;

export const isPlace = (title: Title): boolean =>
  (title.made === undefined || title.made.size < MOST_ALIKE) && placehood(title) >= LEAST_PATTERNS;

const MAX_PART_WORDS = 4;
const MAX_WORDS = 14;

/** Titles within the words of a title, looked for again when it was linked twice as often. */
function partsOf(titles: Titles, title: Title): readonly Title[] {
  const { parts } = title;
  if (parts !== undefined && title.linked < 2 * parts.linked) return parts.titles;
  const found = findParts(titles, title.title);
  title.parts = { linked: Math.max(1, title.linked), titles: found };
  return found;
}

function findParts(titles: Titles, title: string): Title[] {
  const words = title.replace(/[(),]/g, ' ').split(/\s+/, MAX_WORDS).filter(Boolean);
  const found: Title[] = [];
  for (let from = 0; from < words.length; from++) {
    if (!/^\p{Lu}/u.test(words[from] ?? '')) continue;
    let part = '';
    for (let to = from; to < Math.min(words.length, from + MAX_PART_WORDS); to++) {
      part += to === from ? words[to] : ` ${words[to]}`;
      const known = part === title || part.length < 4 ? undefined : titles.get(part);
      if (known !== undefined) found.push(known);
    }
  }
  return found;
}

export const fillerOf = ({ title }: Title): Filler => ({ title, surface: title });
