import { linkRate, type Surface } from './surfaces.ts';

/**
 * Titles with a blank in them: `president` said of France is linked to
 * `President of France`, of Poland to `President of Poland`, so of Chile it
 * may be `President of Chile`, though nobody ever linked that. Blanks stand
 * for another entity of the sentence, by its title `{T}` or as it is written
 * `{S}`, and for the year `{Y}`, the next `{Y+}` or the last `{Y-}`.
 */
export interface Patterns {
  learn(title: string, surface: string, neighbours: readonly Filler[], year: number): readonly Filler[];
  has(key: string): boolean;
  /** Titles for a surface that fills its blanks with `fillers`, nearest first. */
  titles(key: string, fillers: readonly Filler[], year: number): Filled[];
}

/** What may fill a blank. */
export interface Filler {
  title: string;
  surface: string;
}

export interface Filled {
  title: string;
  /** How often the pattern was followed, and its share of all patterns of the surface. */
  count: number;
  share: number;
}

/** Kept short: a few patterns make nearly all of the sense, and each costs time for every mention. */
const MAX_PATTERNS = 6;
const MAX_FILLERS = 4;

/** In a key, where another entity's name stood within the surface itself: `{} president`. */
export const BLANK = '{}';

export function createPatterns(surfaceOf: (key: string) => Surface | undefined): Patterns {
  const patterns = new Map<string, Map<string, number>>();

  function add(key: string, pattern: string): void {
    const known = patterns.get(key) ?? new Map<string, number>();
    known.set(pattern, (known.get(pattern) ?? 0) + 1);
    patterns.set(key, known);
  }

  return {
    has: (key) => patterns.has(key),
    learn(title, surface, neighbours, year) {
      const dated = blankYears(title, year);
      if (dated !== title) add(surface.replace(String(year), '{Y}').toLowerCase(), dated);
      for (const { filler, key } of [...within(surface, surfaceOf), ...beside(surface, neighbours)]) {
        const pattern = blankFiller(title, filler);
        if (pattern === undefined) continue;
        add(key.toLowerCase(), blankYears(pattern, year));
        return [filler];
      }
      return [];
    },
    titles(key, fillers, year) {
      const known = patterns.get(key);
      return known === undefined ? [] : fillAll(known, fillers, year);
    },
  };
}

function fillAll(known: ReadonlyMap<string, number>, fillers: readonly Filler[], year: number): Filled[] {
  let total = 0;
  for (const times of known.values()) total += times;
  const leading = known.size <= MAX_PATTERNS ? [...known] : mostFrequent(known);
  return leading.flatMap(([pattern, times]) =>
    fill(pattern, fillers, year).map((title) => ({ title, count: times, share: times / total })),
  );
}

const mostFrequent = (known: ReadonlyMap<string, number>): [string, number][] =>
  [...known].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, MAX_PATTERNS);

function fill(pattern: string, fillers: readonly Filler[], year: number): string[] {
  const dated = pattern
    .replace('{Y+}', String(year + 1))
    .replace('{Y-}', String(year - 1))
    .replace('{Y}', String(year));
  if (dated.includes('{T}')) return fillers.slice(0, MAX_FILLERS).map(({ title }) => dated.replace('{T}', () => title));
  if (dated.includes('{S}'))
    return fillers.slice(0, MAX_FILLERS).map(({ surface }) => dated.replace('{S}', () => surface));
  return [dated];
}

/** Other entities whose names are parts of the surface, with the surface blanked there. */
function within(surface: string, surfaceOf: (key: string) => Surface | undefined): Placed[] {
  const words = surface.split(' ');
  const placed: Placed[] = [];
  if (words.length < 2 || words.length > 8) return placed;
  for (let from = 0; from < words.length; from++) {
    for (let to = from + 1; to <= Math.min(words.length, from + 3); to++) {
      if (to - from === words.length) continue;
      const part = words.slice(from, to).join(' ');
      const own = part.endsWith("'s") ? "'s" : '';
      const known = surfaceOf(part.slice(0, part.length - own.length));
      if (known === undefined || !isTrusted(known)) continue;
      const key = [...words.slice(0, from), BLANK + own, ...words.slice(to)].join(' ');
      placed.push({ filler: { title: known.top.title.title, surface: known.key }, key });
    }
  }
  return placed;
}

interface Placed {
  filler: Filler;
  key: string;
}

const beside = (surface: string, neighbours: readonly Filler[]): Placed[] =>
  neighbours.map((filler) => ({ filler, key: surface }));

/** Whether a surface is linked often enough to lend its name to others. */
export const isTrusted = (surface: Surface): boolean => surface.linked > 2 && linkRate(surface) > 0.2;

function blankFiller(title: string, filler: Filler): string | undefined {
  return blankWord(title, filler.title, '{T}') ?? blankWord(title, filler.surface, '{S}');
}

function blankWord(title: string, word: string, blank: string): string | undefined {
  if (word.length < 3 || word.length >= title.length) return undefined;
  const at = title.indexOf(word);
  if (at < 0 || isWordPart(title[at - 1]) || isWordPart(title[at + word.length])) return undefined;
  return title.slice(0, at) + blank + title.slice(at + word.length);
}

const isWordPart = (letter: string | undefined): boolean => letter !== undefined && /[\p{L}\p{N}]/u.test(letter);

const blankYears = (title: string, year: number): string =>
  title
    .replace(String(year), '{Y}')
    .replace(String(year + 1), '{Y+}')
    .replace(String(year - 1), '{Y-}');
