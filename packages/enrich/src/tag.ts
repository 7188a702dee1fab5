import type { Link, Mention, Topic } from '@throughline/core';
import type { Linker } from './linker.ts';
import type { Page } from './linker/page.ts';
import { taggers } from './taggers/index.ts';

/** What a tagger reads of an event: its sentence, what editors linked in it, and the headers above it. */
export interface Taggable {
  text: string;
  links: readonly Link[];
  topics: readonly Topic[];
  /** The heading above it. */
  section?: string;
  /** `YYYY-MM-DD`; the linker prefers what was in the news shortly before it. */
  day: string;
  /** The sentences of its day (`pageOf`), and which of them it is, from 0. */
  page?: Page;
  place?: number;
}

/**
 * Every entity of an event, with where it is named: mentions in the text by
 * offset first, then those of the headers, then, of tagger `implied`, what the
 * event is about without naming it so that a reader should be shown it. Where
 * two taggers claim overlapping text, the one listed first in `taggers` wins,
 * so that an editor's own link is never replaced by a guess.
 */
export function tag(event: Taggable, linker?: Linker): Mention[] {
  const linked = linker?.read(event);
  const kept: Mention[] = [];
  for (const tagger of taggers) {
    for (const mention of tagger.mentions(event, linked)) {
      if (!kept.some((other) => overlap(mention, other) || repeats(mention, other))) kept.push(mention);
    }
  }
  return kept.sort(byPlace);
}

/** Whether a mention is one to show a reader; the others help to relate. */
export const isNamed = ({ tagger }: Mention): boolean => tagger !== 'implied';

function overlap(a: Mention, b: Mention): boolean {
  if (a.start === undefined || a.end === undefined || b.start === undefined || b.end === undefined) return false;
  return a.start < b.end && b.start < a.end;
}

/** A header, or something implied, that says again what is said already. */
const repeats = (a: Mention, b: Mention): boolean => a.start === undefined && a.title === b.title;

const AFTER_TEXT = Number.MAX_SAFE_INTEGER;
const byPlace = (a: Mention, b: Mention): number => (a.start ?? AFTER_TEXT) - (b.start ?? AFTER_TEXT);
