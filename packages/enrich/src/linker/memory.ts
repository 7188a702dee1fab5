import { createCompanions, type Companions } from './companions.ts';
import { createHashedWeights, type HashedWeights } from './hashed-weights.ts';
import type { Page } from './page.ts';
import { createHomes, type Homes } from './homes.ts';
import { createPatterns, type Patterns } from './patterns.ts';
import { createSurfaces, type Surfaces } from './surfaces.ts';
import { createTitles, type Titles } from './titles.ts';
import type { WeighedPage } from './weigh.ts';
import { createWords, type Words } from './words.ts';

/** Everything a linker has learnt from the archive. */
export interface Memory {
  surfaces: Surfaces;
  titles: Titles;
  words: Words;
  patterns: Patterns;
  companions: Companions;
  homes: Homes;
  /** Links a word of recent text has, by section. */
  density: Map<string, { links: number; atoms: number }>;
  /** Whether a span is linked, and to which title, from its words and those around it. */
  spanWeights: HashedWeights;
  titleWeights: HashedWeights;
  /** Where the pages in hand name what: title → places, ascending. */
  pages: WeakMap<Page, ReadonlyMap<string, readonly number[]>>;
  /** The pages in hand, weighed. */
  weighed: WeakMap<Page, WeighedPage>;
  lastDay: number;
  /** Titles there must be before any are forgotten again. */
  leastToForget: number;
  /** How many sentences were learnt. */
  learnt: number;
}

export function createMemory(): Memory {
  const surfaces = createSurfaces();
  const titles = createTitles();
  return {
    surfaces,
    titles,
    words: createWords(),
    patterns: createPatterns((key) => surfaces.get(key)),
    companions: createCompanions(),
    homes: createHomes(titles),
    density: new Map(),
    spanWeights: createHashedWeights(22, 0.06),
    titleWeights: createHashedWeights(22, 0.1),
    pages: new WeakMap(),
    weighed: new WeakMap(),
    lastDay: Number.NEGATIVE_INFINITY,
    leastToForget: 0,
    learnt: 0,
  };
}
