import { mix } from './hash.ts';

/** How names begin: which stretches of atoms are worth looking up at all. Atoms are given by the hashes of their words. */
export interface Prefixes {
  /** Takes in a name of `atoms` atoms that begins with these two; `second` is left out where it has but one. */
  add(first: number, second: number | undefined, atoms: number): void;
  /**
   * No fewer than the most atoms of any name that begins with these two, or
   * with the first alone; 0 where none does. More only where hashes are equal
   * by chance.
   */
  reach(first: number, second: number | undefined): number;
}

const ALONE = 0;
/** Stands for the hash 0, which marks a free place. */
const ZERO = 1;
const FIRST_PLACES = 256;

export function createPrefixes(): Prefixes {
  /** Pairs of a hash and a reach, found from the hash's own place onwards. */
  let places = new Int32Array(2 * FIRST_PLACES);
  let size = 0;

  function placeOf(hash: number): number {
    const mask = places.length / 2 - 1;
    let place = hash & mask;
    while (places[2 * place] !== 0 && places[2 * place] !== hash) place = (place + 1) & mask;
    return 2 * place;
  }

  function keep(hash: number, reach: number): void {
    const place = placeOf(hash);
    if (places[place] === 0) size++;
    places[place] = hash;
    places[place + 1] = Math.max(places[place + 1] ?? 0, reach);
    if (size * 4 > places.length) grow();
  }

  function grow(): void {
    const old = places;
    places = new Int32Array(old.length * 2);
    for (let at = 0; at < old.length; at += 2) {
      if (old[at] === 0) continue;
      const place = placeOf(old[at] ?? 0);
      places[place] = old[at] ?? 0;
      places[place + 1] = old[at + 1] ?? 0;
    }
  }

  const reachOf = (first: number, second: number): number => places[placeOf(mix(first, second) || ZERO) + 1] ?? 0;

  return {
    add(first, second, atoms) {
      keep(mix(first, second ?? ALONE) || ZERO, atoms);
    },
    reach(first, second) {
      const further = second === undefined ? 0 : reachOf(first, second);
      return further > 0 ? further : reachOf(first, ALONE);
    },
  };
}
