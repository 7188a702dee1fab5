import { atomsOf, type Atom } from './atoms.ts';

/**
 * The sentences of one day's page, in order. Editors link a name where the
 * page first has it, so whether to link depends on the sentences before.
 */
export interface Page {
  readonly length: number;
  /** The places, ascending, of the sentences that have both words. */
  places(first: string, last: string): readonly number[];
  itemAt(place: number): PageItem | undefined;
  atomsAt(place: number): readonly Atom[];
}

export interface PageItem {
  text: string;
  section?: string;
}

const NOWHERE: readonly number[] = [];
const NOTHING: readonly Atom[] = [];

export function pageOf(items: readonly PageItem[]): Page {
  const atoms = items.map(({ text }) => atomsOf(text));
  const byWord = new Map<string, number[]>();
  atoms.forEach((those, place) => {
    for (const word of new Set(those.map((atom) => atom.text))) {
      const places = byWord.get(word);
      if (places) places.push(place);
      else byWord.set(word, [place]);
    }
  });
  return {
    length: items.length,
    itemAt: (place) => items[place],
    atomsAt: (place) => atoms[place] ?? NOTHING,
    places(first, last) {
      const starts = byWord.get(first) ?? NOWHERE;
      if (first === last) return starts;
      const ends = byWord.get(last);
      return ends === undefined ? NOWHERE : starts.filter((place) => ends.includes(place));
    },
  };
}
