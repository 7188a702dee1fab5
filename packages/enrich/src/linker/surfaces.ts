import type { Atom } from './atoms.ts';
import { count, fading, SLOW_DAYS, type Fading } from './fading.ts';
import { hashText } from './hash.ts';
import { createPrefixes } from './prefixes.ts';
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
}

/** The longest name that is looked up, in atoms. */
const MAX_ATOMS = 14;

export interface Surfaces {
  get(key: string): Surface | undefined;
  /** Every known spelling that is the same but for capitals. */
  foldedLike(key: string): readonly Surface[];
  /** Whether some name that begins with these two atoms, capitals aside, is that long. */
  foldedReach(first: string, second: string | undefined): number;
  /** Counts a link; `atoms` are those of the surface. */
  linked(key: string, atoms: readonly Atom[], title: Title, day: number): Surface;
  /** Every place in a text where a known surface stands, overlapping ones too. */
  scan(text: string, atoms: readonly Atom[], found: (surface: Surface, from: number, to: number) => void): void;
  readonly size: number;
}

/** The form under which a stretch of text is looked up: one sort of apostrophe. */
export const keyOf = (text: string, start: number, end: number): string => {
  const key = text.slice(start, end);
  return key.includes('’') ? key.replaceAll('’', "'") : key;
};

const NONE: readonly Surface[] = [];

export function createSurfaces(): Surfaces {
  const surfaces = new Map<string, Surface>();
  const folded = new Map<string, Surface[]>();
  const prefixes = createPrefixes();
  const foldedPrefixes = createPrefixes();

  function add(key: string, atoms: readonly Atom[], title: Title, day: number): Surface {
    const surface = newSurface(key, title, day);
    surfaces.set(key, surface);
    const lower = key.toLowerCase();
    const alike = folded.get(lower);
    if (alike) alike.push(surface);
    else folded.set(lower, [surface]);
    if (atoms.length <= MAX_ATOMS) {
      prefixes.add(atoms.map((atom) => atom.text));
      foldedPrefixes.add(atoms.map((atom) => atom.lower));
    }
    return surface;
  }

  return {
    get: (key) => surfaces.get(key),
    foldedLike: (key) => folded.get(key.toLowerCase()) ?? NONE,
    foldedReach: (first, second) => foldedPrefixes.reach(first, second),
    linked(key, atoms, title, day) {
      const surface = surfaces.get(key) ?? add(key, atoms, title, day);
      surface.linked++;
      count(surface.linkedSlow, day, SLOW_DAYS);
      surface.lastDay = Math.max(surface.lastDay, day);
      countSense(surface, title, day);
      return surface;
    },
    scan(text, atoms, found) {
      for (let from = 0; from < atoms.length; from++) {
        const start = atoms[from]?.start ?? 0;
        const reach = prefixes.reach(atoms[from]?.text ?? '', atoms[from + 1]?.text);
        for (let to = from; to < Math.min(atoms.length, from + reach); to++) {
          const surface = surfaces.get(keyOf(text, start, atoms[to]?.end ?? 0));
          if (surface !== undefined) found(surface, from, to);
        }
      }
    },
    get size() {
      return surfaces.size;
    },
  };
}

function newSurface(key: string, title: Title, day: number): Surface {
  const sense = { title, linked: 0, slow: fading(), lastDay: day };
  const counts = { linked: 0, unlinked: 0, covered: 0, linkedSlow: fading(), unlinkedSlow: fading() };
  return { key, hash: hashText(key), ...counts, lastDay: day, senses: new Map([[title, sense]]), top: sense };
}

function countSense(surface: Surface, title: Title, day: number): void {
  let sense = surface.senses.get(title);
  if (sense === undefined) surface.senses.set(title, (sense = { title, linked: 0, slow: fading(), lastDay: day }));
  sense.linked++;
  count(sense.slow, day, SLOW_DAYS);
  sense.lastDay = Math.max(sense.lastDay, day);
  if (sense.linked > surface.top.linked) surface.top = sense;
}

/** How often a surface is linked where it could be. */
export const linkRate = ({ linked, unlinked }: Surface): number => (linked + 0.3) / (linked + unlinked + 1);
