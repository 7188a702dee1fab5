import type { Atom } from './atoms.ts';
import type { Memory } from './memory.ts';
import type { Page } from './page.ts';
import type { Sentence } from './reading.ts';
import type { Span } from './spans.ts';
import { stretchesOf } from './stretches.ts';
import { linkRate } from './surfaces.ts';

/** Where else on its page the words of a span are, and what it likely means. */
export interface Elsewhere {
  words: Places;
  title: Places;
}

export interface Places {
  before: number;
  after: number;
  /** Sentences between this one and the last one before it; 0 where there is none. */
  apart: number;
  /** Of those before, how many stand in the same section. */
  sameSection: number;
}

const NONE: Places = { before: 0, after: 0, apart: 0, sameSection: 0 };
const NOWHERE: Elsewhere = { words: NONE, title: NONE };

export function elsewhereOf(memory: Memory, span: Span, atoms: readonly Atom[], sentence: Sentence): Elsewhere {
  const { page, place, section } = sentence;
  if (page === undefined || place === undefined) return NOWHERE;
  const words = page.places(atoms[span.from]?.text ?? '', atoms[span.to]?.text ?? '');
  const title = titlePlaces(memory, page).get(span.likely) ?? [];
  return { words: around(words, place, page, section), title: around(title, place, page, section) };
}

function around(places: readonly number[], place: number, page: Page, section: string): Places {
  let [before, sameSection, last, after] = [0, 0, -1, 0];
  for (const other of places) {
    if (other > place) after++;
    if (other >= place) continue;
    before++;
    last = other;
    if (page.itemAt(other)?.section === section) sameSection++;
  }
  return before + after === 0 ? NONE : { before, after, apart: last < 0 ? 0 : place - last, sameSection };
}

const LEAST_RATE = 0.15;

function titlePlaces(memory: Memory, page: Page): ReadonlyMap<string, readonly number[]> {
  const known = memory.pages.get(page);
  if (known !== undefined) return known;
  const places = new Map<string, number[]>();
  for (let place = 0; place < page.length; place++) {
    const text = page.itemAt(place)?.text ?? '';
    memory.surfaces.scan(stretchesOf(memory, text, page.atomsAt(place)), (surface) => {
      if (linkRate(surface) < LEAST_RATE) return;
      const { title } = surface.top.title;
      const those = places.get(title);
      if (those === undefined) places.set(title, [place]);
      else if (those.at(-1) !== place) those.push(place);
    });
  }
  memory.pages.set(page, places);
  return places;
}
