import type { Link, Mention, MentionOrigin, Topic } from '@throughline/core';
import type { Linked, Linker } from './linker.ts';
import type { Page } from './linker/page.ts';
import { alias } from './taggers/alias.ts';
import { taggers } from './taggers/index.ts';
import { titleKey } from './title.ts';

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
  /** What else says what it is about, where its sentence alone is short: in order. */
  besides?: readonly { origin: MentionOrigin; text: string }[];
}

export interface Tags {
  /**
   * Where entities are named: in the sentence by offset, then in headers, then
   * in what is read besides, there each entity once.
   */
  mentions: Mention[];
  /** Titles of what the event is about without naming it so that a reader should be shown it; never one that is mentioned. */
  implied: string[];
}

/**
 * Every entity of an event. Where two taggers claim overlapping text, the one
 * listed first in `taggers` wins, so that an editor's own link is never
 * replaced by a guess.
 */
export function tag(event: Taggable, linker?: Linker): Tags {
  const linked = linker?.read(event);
  const mentions: Mention[] = [];
  for (const tagger of taggers) {
    for (const mention of tagger.mentions(event, linked)) {
      if (!mentions.some((other) => overlap(mention, other) || repeats(mention, other))) mentions.push(mention);
    }
  }
  mentions.sort(byPlace);
  const besides = linker ? readBesides(event, linker) : [];
  for (const one of besides.flatMap((read) => read.mentions)) {
    if (!mentions.some(({ title }) => title === one.title)) mentions.push(one);
  }
  const known = new Set(mentions.map(({ title }) => title));
  const implied = [linked, ...besides].flatMap((read) => read?.implied.map(titleKey) ?? []);
  return { mentions, implied: [...new Set(implied)].filter((title) => title !== '' && !known.has(title)) };
}

function readBesides(event: Taggable, linker: Linker): { mentions: Mention[]; implied: string[] }[] {
  return (event.besides ?? []).map(({ origin, text }) => {
    const linked: Linked = linker.read({ text, day: event.day, links: [], topics: [] });
    const mentions = alias.mentions({ ...event, text }, linked).map((mention) => ({ ...mention, origin }));
    return { mentions, implied: linked.implied };
  });
}

function overlap(a: Mention, b: Mention): boolean {
  if (a.start === undefined || a.end === undefined || b.start === undefined || b.end === undefined) return false;
  return a.start < b.end && b.start < a.end;
}

/** A header that says again what is said already. */
const repeats = (a: Mention, b: Mention): boolean => a.start === undefined && a.title === b.title;

const AFTER_TEXT = Number.MAX_SAFE_INTEGER;
const byPlace = (a: Mention, b: Mention): number => (a.start ?? AFTER_TEXT) - (b.start ?? AFTER_TEXT);
