import type { Memory } from './memory.ts';
import type { Page } from './page.ts';
import { readSentence, type Reading, type Sentence } from './reading.ts';
import { spanContexts } from './span-contexts.ts';

/** A sentence taken apart, with what the linear model says of each span. */
export interface Weighed {
  reading: Reading;
  sums: Float64Array;
}

/** The likely titles of a page's sentences: where each is, and how surely it is linked there. */
export type WeighedTitles = ReadonlyMap<string, readonly TitlePlace[]>;

export interface TitlePlace {
  place: number;
  section: string;
  sum: number;
}

/** A page as the memory saw it when it had learnt so much. */
export interface WeighedPage {
  learnt: number;
  sentences: readonly Weighed[];
  titles: WeighedTitles;
}

const NO_TITLES: WeighedTitles = new Map();

export function weigh(memory: Memory, sentence: Sentence): { weighed: Weighed; titles: WeighedTitles } {
  const { page, place } = sentence;
  if (page === undefined || place === undefined || page.itemAt(place)?.text !== sentence.text) {
    return { weighed: weighAlone(memory, sentence), titles: NO_TITLES };
  }
  const { sentences, titles } = weighPage(memory, page, sentence.day);
  return { weighed: sentences[place] as Weighed, titles };
}

function weighAlone(memory: Memory, sentence: Sentence): Weighed {
  const reading = readSentence(memory, sentence);
  const sums = Float64Array.from(reading.spans, (span, at) => memory.spanWeights.sum(spanContexts(reading, span, at)));
  return { reading, sums };
}

function weighPage(memory: Memory, page: Page, day: number): WeighedPage {
  const known = memory.weighed.get(page);
  if (known !== undefined && known.learnt === memory.learnt) return known;
  const sentences = Array.from({ length: page.length }, (_, place) => {
    const { text = '', section = '' } = page.itemAt(place) ?? {};
    return weighAlone(memory, { text, day, section, page, place });
  });
  const weighed = { learnt: memory.learnt, sentences, titles: titlesOf(sentences) };
  memory.weighed.set(page, weighed);
  return weighed;
}

function titlesOf(sentences: readonly Weighed[]): WeighedTitles {
  const titles = new Map<string, TitlePlace[]>();
  sentences.forEach(({ reading, sums }, place) => {
    reading.spans.forEach(({ likely }, at) => {
      const sum = sums[at] ?? 0;
      const places = titles.get(likely);
      const last = places?.at(-1);
      if (places === undefined) titles.set(likely, [{ place, section: reading.sentence.section, sum }]);
      else if (last?.place !== place) places.push({ place, section: reading.sentence.section, sum });
      else last.sum = Math.max(last.sum, sum);
    });
  });
  return titles;
}
