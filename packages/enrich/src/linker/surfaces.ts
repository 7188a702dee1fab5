import type { Atom } from './atoms.ts';
import { count, fading, SLOW_DAYS, type Fading } from './fading.ts';
import { HASH_BEGIN, hashText, stir, takeIn } from './hash.ts';
import { createPrefixes } from './prefixes.ts';
import { fold, type Stretches } from './stretches.ts';
import { createTextTable, type TextTable } from './text-table.ts';
import { unshared } from './unshared.ts';
import type { Title } from './titles.ts';

/** One title that a surface was linked to. */
export interface Sense {
  title: Title;
  linked: number;
  slow: Fading;
  lastDay: number;
}

/** One row of the alias table: a spelling, how often it was linked and how often not, and to what. */
export interface Surface {
  key: string;
  hash: number;
  linked: number;
  /** Texts that have it outside every link. */
  unlinked: number;
  /** Times it stood inside or across another link. */
  covered: number;
  linkedSlow: Fading;
  unlinkedSlow: Fading;
  lastDay: number;
  senses: Map<Title, Sense>;
  /** The sense with most links; of equals the one known longest. */
  top: Sense;
  /** By what the sentence names or implies: how often each sense was meant there. Kept where there is more than one sense. */
  contexts: Map<Title, Map<Sense, number>> | undefined;
  /** The senses that lead on a day, as found when it had been linked so often. */
  leading: { day: number; linked: number; senses: readonly Sense[] } | undefined;
  atoms: number;
  /** The hashes of its first two words, as written and in small letters. */
  first: number;
  second: number | undefined;
  lowerFirst: number;
  lowerSecond: number | undefined;
}

/** The longest name that is looked up, in atoms. */
const MAX_ATOMS = 14;

export interface Surfaces {
  get(key: string): Surface | undefined;
  /** Every known spelling that is the same but for capitals. */
  foldedLike(key: string): readonly Surface[];
  /** Counts a link; `atoms` are those of the surface. */
  linked(key: string, atoms: readonly Atom[], title: Title, day: number): Surface;
  /** Takes out senses whose title is not to be kept, and surfaces that are left with none. */
  keep(isKept: (title: Title) => boolean): void;
  /** Every place in a text where a known surface stands, overlapping ones too. */
  scan(text: Stretches, found: (surface: Surface, from: number, to: number) => void): void;
  /** The same of the spellings that are as there but for capitals, of `most` atoms at most. */
  scanFolded(text: Stretches, most: number, found: (alike: readonly Surface[], from: number, to: number) => void): void;
  readonly size: number;
}

const NONE: readonly Surface[] = [];

export function createSurfaces(): Surfaces {
  const surfaces = createTextTable<Surface>();
  const folded = createTextTable<Surface[]>();
  let prefixes = createPrefixes();
  let foldedPrefixes = createPrefixes();

  function add(key: string, atoms: readonly Atom[], title: Title, day: number): Surface {
    const surface = newSurface(unshared(key), title, day, atoms);
    surfaces.set(key, surface);
    const lower = fold(key);
    const alike = folded.get(lower);
    if (alike) alike.push(surface);
    else folded.set(lower, [surface]);
    addPrefixes(surface);
    return surface;
  }

  function addPrefixes({ atoms, first, second, lowerFirst, lowerSecond }: Surface): void {
    if (atoms === 0 || atoms > MAX_ATOMS) return;
    prefixes.add(first, second, atoms);
    foldedPrefixes.add(lowerFirst, lowerSecond, atoms);
  }

  return {
    get: (key) => surfaces.get(key),
    foldedLike: (key) => folded.get(fold(key)) ?? NONE,
    linked(key, atoms, title, day) {
      const surface = surfaces.get(key) ?? add(key, atoms, title, day);
      surface.linked++;
      count(surface.linkedSlow, day, SLOW_DAYS);
      surface.lastDay = Math.max(surface.lastDay, day);
      countSense(surface, title, day);
      return surface;
    },
    keep(isKept) {
      for (const surface of surfaces.values()) keepSenses(surface, isKept);
      surfaces.keep(({ senses }) => senses.size > 0);
      folded.keep((alike) => {
        const left = alike.filter(({ senses }) => senses.size > 0);
        alike.splice(0, alike.length, ...left);
        return left.length > 0;
      });
      [prefixes, foldedPrefixes] = [createPrefixes(), createPrefixes()];
      for (const surface of surfaces.values()) addPrefixes(surface);
    },
    scan({ atoms, words, plain }, found) {
      for (let from = 0; from < atoms.length; from++) {
        const reach = prefixes.reach(words[from]?.hash ?? 0, words[from + 1]?.hash);
        lookUp(surfaces, plain, atoms, from, reach, found);
      }
    },
    scanFolded({ atoms, lowerWords, lower }, most, found) {
      for (let from = 0; from < atoms.length; from++) {
        const reach = foldedPrefixes.reach(lowerWords[from]?.hash ?? 0, lowerWords[from + 1]?.hash);
        lookUp(folded, lower, atoms, from, Math.min(most, reach), found);
      }
    },
    get size() {
      return surfaces.size;
    },
  };
}

function keepSenses(surface: Surface, isKept: (title: Title) => boolean): void {
  const { senses, contexts } = surface;
  for (const [title] of senses) if (!isKept(title)) senses.delete(title);
  for (const [filler, counts] of contexts ?? []) {
    for (const sense of counts.keys()) if (!senses.has(sense.title)) counts.delete(sense);
    if (counts.size === 0) contexts?.delete(filler);
  }
  surface.leading = undefined;
  const [first, ...others] = senses.values();
  if (first === undefined || senses.has(surface.top.title)) return;
  surface.top = others.reduce((best, sense) => (sense.linked > best.linked ? sense : best), first);
}

/** Looks up the stretches that begin with the atom at `from`, up to `reach` atoms of them, each letter read once. */
function lookUp<T>(
  table: TextTable<T>,
  text: string,
  atoms: readonly Atom[],
  from: number,
  reach: number,
  found: (value: T, from: number, to: number) => void,
): void {
  const start = atoms[from]?.start ?? 0;
  let [taken, read] = [HASH_BEGIN, start];
  for (let to = from; to < Math.min(atoms.length, from + reach); to++) {
    const end = atoms[to]?.end ?? 0;
    taken = takeIn(taken, text, read, end);
    read = end;
    const value = table.within(text, start, end, stir(taken));
    if (value !== undefined) found(value, from, to);
  }
}

function newSurface(key: string, title: Title, day: number, atoms: readonly Atom[]): Surface {
  const sense = { title, linked: 0, slow: fading(), lastDay: day };
  const counts = { linked: 0, unlinked: 0, covered: 0, linkedSlow: fading(), unlinkedSlow: fading() };
  const senses = new Map([[title, sense]]);
  return {
    key,
    hash: hashText(key),
    ...counts,
    lastDay: day,
    senses,
    top: sense,
    contexts: undefined,
    leading: undefined,
    atoms: atoms.length,
    first: hashText(atoms[0]?.text ?? ''),
    second: atoms[1] && hashText(atoms[1].text),
    lowerFirst: hashText(atoms[0]?.lower ?? ''),
    lowerSecond: atoms[1] && hashText(atoms[1].lower),
  };
}

function countSense(surface: Surface, title: Title, day: number): void {
  let sense = surface.senses.get(title);
  if (sense === undefined) surface.senses.set(title, (sense = { title, linked: 0, slow: fading(), lastDay: day }));
  sense.linked++;
  count(sense.slow, day, SLOW_DAYS);
  sense.lastDay = Math.max(sense.lastDay, day);
  if (sense.linked > surface.top.linked) surface.top = sense;
}

/** Fillers kept of a surface; beyond it new ones are not. */
const MAX_CONTEXTS = 400;

/** Counts what a surface meant beside `filler`. */
export function countContext(surface: Surface, filler: Title, meant: Title): void {
  const sense = surface.senses.get(meant);
  if (sense === undefined || surface.senses.size < 2) return;
  surface.contexts ??= new Map();
  let counts = surface.contexts.get(filler);
  if (counts === undefined) {
    if (surface.contexts.size >= MAX_CONTEXTS) return;
    surface.contexts.set(filler, (counts = new Map()));
  }
  counts.set(sense, (counts.get(sense) ?? 0) + 1);
}

/** How often a surface is linked where it could be. */
export const linkRate = ({ linked, unlinked }: Surface): number => (linked + 0.3) / (linked + unlinked + 1);
