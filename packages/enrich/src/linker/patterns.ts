import { linkRate, type Surface } from './surfaces.ts';
import { createTextTable } from './text-table.ts';

/**
 * Titles with a blank in them: `president` said of France is linked to
 * `President of France`, of Poland to `President of Poland`, so of Chile it
 * may be `President of Chile`, though nobody ever linked that. Blanks stand
 * for another entity of the sentence, by its title `{T}` or as it is written
 * `{S}`, and for the year `{Y}`, the next `{Y+}` or the last `{Y-}`.
 */
export interface Patterns {
  learn(
    title: string,
    surface: string,
    neighbours: readonly Filler[],
    year: number,
  ): { filler: Filler; pattern: string } | undefined;
  /** Takes out keys that were followed no more than `few` times, and not since `year`. */
  keep(few: number, year: number): void;
  has(key: string): boolean;
  /** Whether the stretch of `text` from `start` to `end` is a key; `hash` is its `hashText`. */
  hasWithin(text: string, start: number, end: number, hash: number): boolean;
  /** False where no key has this `hashText`. */
  mayHave(hash: number): boolean;
  /** Titles for a surface that fills its blanks with `fillers`, nearest first. */
  titles(key: string, fillers: readonly Filler[], year: number): Filled[];
  /** Titles for a surface by its first and its last word, whatever is between: a county's has its state. */
  titlesOfKind(surface: string, fillers: readonly Filler[], year: number): Filled[];
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
const MAX_FILLERS_OF_KIND = 2;
const LEAST_OF_KIND = 3;
/** Patterns of one key; beyond it the rarest gives way. */
const MAX_KEPT = 48;
/** What is added to a surface is short. */
const MAX_ADDED = 32;

/** In a key, where another entity's name stood within the surface itself: `{} president`. */
export const BLANK = '{}';

export function createPatterns(surfaceOf: (key: string) => Surface | undefined): Patterns {
  const patterns = createTextTable<Followed>();

  function add(key: string, pattern: string, year: number): void {
    let known = patterns.get(key);
    if (known === undefined) patterns.set(key, (known = { counts: new Map(), total: 0, year }));
    known.year = Math.max(known.year, year);
    follow(known, pattern);
  }

  /** What is added to a surface of its sort to make its title: `county` → `{X}, {T}`. */
  function learnKind(title: string, surface: string, neighbours: readonly Filler[], year: number): void {
    const at = title.indexOf(surface);
    if (at < 0 || surface.length < 3 || title.length - surface.length > MAX_ADDED) return;
    const rest = `${title.slice(0, at)}{X}${title.slice(at + surface.length)}`;
    const dated = blankYears(rest, year);
    const filled = neighbours.map((filler) => blankFiller(dated, filler)).find((pattern) => pattern !== undefined);
    for (const key of kindsOf(surface)) add(key, filled ?? dated, year);
  }

  return {
    keep: (few, year) => patterns.keep((known) => known.total > few || known.year >= year),
    has: (key) => patterns.get(key) !== undefined,
    hasWithin: (text, start, end, hash) => patterns.within(text, start, end, hash) !== undefined,
    mayHave: (hash) => patterns.mayHave(hash),
    learn(title, surface, neighbours, year) {
      learnKind(title, surface, neighbours, year);
      const dated = blankYears(title, year);
      if (dated !== title) add(surface.replace(String(year), '{Y}').toLowerCase(), dated, year);
      for (const { filler, key } of [...within(surface, surfaceOf), ...beside(surface, neighbours)]) {
        const pattern = blankFiller(title, filler);
        if (pattern === undefined) continue;
        add(key.toLowerCase(), blankYears(pattern, year), year);
        return { filler, pattern };
      }
      return undefined;
    },
    titles(key, fillers, year) {
      const known = patterns.get(key);
      return known === undefined ? [] : fillAll(known, fillers, year);
    },
    titlesOfKind(surface, fillers, year) {
      return kindsOf(surface).flatMap((key) => {
        const known = patterns.get(key);
        if (known === undefined) return [];
        const nearest = fillers.slice(0, MAX_FILLERS_OF_KIND);
        return fillAll(known, nearest, year, LEAST_OF_KIND).flatMap(({ title, count, share }) => {
          const whole = title.replace('{X}', () => surface);
          return whole === surface || whole === title ? [] : [{ title: whole, count, share }];
        });
      });
    },
  };
}

function kindsOf(surface: string): string[] {
  const lower = surface.toLowerCase();
  const first = lower.slice(0, (lower.indexOf(' ') + 1 || lower.length + 1) - 1);
  const last = lower.slice(lower.lastIndexOf(' ') + 1);
  return first === lower ? ['*'] : [`${first} *`, `* ${last}`];
}

interface Leading {
  pattern: string;
  times: number;
  /** Whether it has a blank for a year. */
  dated: boolean;
}

/** The patterns of a key. */
interface Followed {
  counts: Map<string, number>;
  total: number;
  /** When it was last followed. */
  year: number;
  /** Those with the highest counts; made when asked for. */
  leading?: readonly Leading[] | undefined;
}

function follow(known: Followed, pattern: string): void {
  const times = known.counts.get(pattern) ?? 0;
  if (times === 0 && known.counts.size >= MAX_KEPT) known.counts.delete(leastOf(known.counts));
  known.counts.set(pattern, times + 1);
  known.total++;
  known.leading = undefined;
}

function leastOf(counts: ReadonlyMap<string, number>): string {
  let [least, times] = ['', Number.POSITIVE_INFINITY];
  for (const [pattern, count] of counts) if (count < times) [least, times] = [pattern, count];
  return least;
}

function fillAll(known: Followed, fillers: readonly Filler[], year: number, least = 1): Filled[] {
  known.leading ??= leadingOf(known);
  const filled: Filled[] = [];
  for (const { pattern, times, dated } of known.leading) {
    if (times < least) break;
    for (const title of fill(dated ? withYears(pattern, year) : pattern, fillers))
      filled.push({ title, count: times, share: times / known.total });
  }
  return filled;
}

const leadingOf = ({ counts }: Followed): Leading[] =>
  [...counts]
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .slice(0, MAX_PATTERNS)
    .map(([pattern, times]) => ({ pattern, times, dated: pattern.includes('{Y') }));

const withYears = (pattern: string, year: number): string =>
  pattern
    .replace('{Y+}', String(year + 1))
    .replace('{Y-}', String(year - 1))
    .replace('{Y}', String(year));

function fill(dated: string, fillers: readonly Filler[]): string[] {
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
