import { dayNumber, type Day, type Link, type Mention, type Topic } from '@throughline/core';
import { unpackTrees } from './boosted-trees.ts';
import { choose } from './linker/choose.ts';
import { likelySpans, type Judged, type LikelySpan, type Models } from './linker/judge.ts';
import { forget } from './linker/forget.ts';
import { learnSentence } from './linker/learn.ts';
import { createMemory, type Memory } from './linker/memory.ts';
import { pageOf } from './linker/page.ts';
import type { Sentence } from './linker/reading.ts';
import type { Taggable } from './tag.ts';
import { spanWeights, titleWeights } from './weights/linker.ts';

/** A name that the linker found: `score` is the probability that an editor would link just so. */
export type LinkedName = Required<Omit<Mention, 'tagger' | 'origin'>> & {
  /** Whether an editor has ever linked to the title, or put it above events. */
  isKnown: boolean;
};

/** What a linker says of a text. */
export interface Linked {
  /** In text order, not overlapping. */
  mentions: LinkedName[];
  /** Titles the text is about as well, though an editor would not link them there: named again, too common, or gone without saying. */
  implied: string[];
}

/** Finds names in text that no editor linked. */
export interface Linker {
  read(event: Taggable): Linked;
}

/** An event whose links are an example of how editors link. */
export interface Example {
  text: string;
  /** `YYYY-MM-DD`. */
  day: string;
  section?: string;
  links: readonly Link[];
  topics: readonly Topic[];
}

/** A linker that learns from the archive. */
export interface LearningLinker extends Linker {
  /**
   * Takes in events with their links, whole days in order of time: those of
   * one day, in page order, are read as one page. What is taken in twice
   * counts twice.
   */
  learn(examples: readonly Example[]): void;
}

/** Below this a link is not made: the best F1 of titles on later days. */
const LEAST_CHANCE = 0.36;
/** An unlinked name still says what the text is about if its title is this sure, and it is a name at all. */
const LEAST_TITLE_CHANCE = 0.5;
const LEAST_NAME_CHANCE = 0.05;

export function createLinker(models: Models = shippedModels()): LearningLinker {
  const memory = createMemory();
  return {
    learn(examples) {
      for (const day of byDay(examples)) learnDay(memory, day);
    },
    read(event) {
      const likely = likelySpans(memory, sentenceOf(event), models);
      const likelier = likely.filter(({ spanChance }) => spanChance > LEAST_CHANCE);
      const chosen = choose(
        likelier.map((span) => span.judged()),
        LEAST_CHANCE,
      );
      const mentions = chosen.map(({ title, start, end, chance, reason, rivals }) => ({
        title,
        surface: event.text.slice(start, end),
        start,
        end,
        score: chance,
        reason,
        rivals,
        isKnown: memory.titles.get(title) !== undefined,
      }));
      return { mentions, implied: impliedBy(memory, likely, chosen) };
    },
  };
}

const shippedModels = (): Models => ({ span: unpackTrees(spanWeights), title: unpackTrees(titleWeights) });

function* byDay(examples: readonly Example[]): Generator<readonly Example[]> {
  for (let from = 0; from < examples.length;) {
    let to = from + 1;
    while (to < examples.length && examples[to]?.day === examples[from]?.day) to++;
    yield examples.slice(from, to);
    from = to;
  }
}

function learnDay(memory: Memory, examples: readonly Example[]): void {
  const page = pageOf(examples);
  examples.forEach((example, place) => {
    learnSentence(memory, sentenceOf({ ...example, page, place }), example.links, example.topics);
  });
  forget(memory);
}

const sentenceOf = ({ text, day, section = '', page, place }: Omit<Taggable, 'links' | 'topics'>): Sentence => ({
  text,
  day: dayNumber(day as Day),
  section,
  page,
  place,
});

function impliedBy(memory: Memory, likely: readonly LikelySpan[], chosen: readonly Judged[]): string[] {
  const isCovered = (one: LikelySpan) => chosen.some(({ start, end }) => one.start < end && start < one.end);
  const unlinked = likely
    .filter((one) => one.spanChance >= LEAST_NAME_CHANCE && !isCovered(one))
    .map((one) => one.judged())
    .filter(({ title, titleChance }) => titleChance >= LEAST_TITLE_CHANCE && memory.titles.get(title) !== undefined);
  const known = new Set(chosen.map(({ title }) => title));
  const also = unlinked.map(({ title }) => title).filter((title) => !known.has(title));
  const company = [...known, ...also].flatMap((title) => memory.companions.of(memory, title));
  return [...new Set([...also, ...company])].filter((title) => !known.has(title));
}
