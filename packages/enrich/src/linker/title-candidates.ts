import { SHAPE } from './atoms.ts';
import { left, SLOW_DAYS } from './fading.ts';
import { hashText } from './hash.ts';
import type { Memory } from './memory.ts';
import type { Filled } from './patterns.ts';
import type { Reading } from './reading.ts';
import { capitalised, KIND, type Span } from './spans.ts';
import type { Sense, Surface } from './surfaces.ts';
import type { Title } from './titles.ts';

/**
 * How a title may come to be thought of: the archive links this spelling so; it
 * links one so that differs in capitals; the name is the title; the singular
 * is; `president` beside Chile; `Chilean president`; counties have their state;
 * it was named in full before; who of that surname was in the news lately.
 */
export const SOURCE = {
  alias: 0,
  otherCapitals: 1,
  own: 2,
  singular: 3,
  pattern: 4,
  around: 5,
  kind: 6,
  short: 7,
  surname: 8,
} as const;

/** One title that a span may mean. */
export interface Candidate {
  title: string;
  hash: number;
  known: Title | undefined;
  source: number;
  sense: Sense | undefined;
  /** Its share of the surface's links. */
  share: number;
  patternCount: number;
  patternShare: number;
}

const MAX_SENSES = 6;

/** The titles worth weighing for a span, without repeats. */
export function titleCandidates(memory: Memory, reading: Reading, span: Span): Candidate[] {
  const candidates: Candidate[] = [];
  const add = (title: string, source: number, known?: Title): Candidate => {
    const hash = known?.hash ?? hashText(title);
    for (const candidate of candidates) if (candidate.hash === hash && candidate.title === title) return candidate;
    const page = known ?? memory.titles.within(title, 0, title.length, hash);
    const candidate = newCandidate(title, hash, source, page);
    candidates.push(candidate);
    return candidate;
  };
  const addSenses = (surface: Surface, source: number) => {
    for (const sense of leadingSenses(surface, reading.sentence.day)) {
      const candidate = add(sense.title.title, source, sense.title);
      if (candidate.sense !== undefined) continue;
      candidate.sense = sense;
      candidate.share = sense.linked / surface.linked;
    }
  };
  if (span.surface !== undefined)
    addSenses(span.surface, span.kind === KIND.known ? SOURCE.alias : SOURCE.otherCapitals);
  const alike = memory.surfaces.foldedLike(span.key);
  for (const surface of alike.slice(0, 3)) if (surface !== span.surface) addSenses(surface, SOURCE.otherCapitals);
  add(capitalised(span.key), SOURCE.own);
  const singular = span.key.endsWith('s') ? memory.surfaces.get(span.key.slice(0, -1)) : undefined;
  if (singular !== undefined) addSenses(singular, SOURCE.singular);
  addShortForms(memory, reading, span, add);
  addPatterns(memory, reading, span, add);
  return candidates;
}

const newCandidate = (title: string, hash: number, source: number, known: Title | undefined): Candidate => ({
  title,
  hash,
  known,
  source,
  sense: undefined,
  share: 0,
  patternCount: 0,
  patternShare: 0,
});

/** A recent link counts for as much as this many old ones. */
const RECENT_LINKS = 20;

/** Found once for a day, as long as no link of the surface is learnt. */
function leadingSenses(surface: Surface, day: number): readonly Sense[] {
  const { leading, linked } = surface;
  if (leading !== undefined && leading.day === day && leading.linked === linked) return leading.senses;
  const senses = leadingNow(surface, day);
  surface.leading = { day, linked, senses };
  return senses;
}

function leadingNow({ senses }: Surface, day: number): Sense[] {
  const all = [...senses.values()];
  if (all.length <= MAX_SENSES) return all;
  const value = (sense: Sense) => sense.linked + RECENT_LINKS * left(sense.slow, day, SLOW_DAYS);
  return all
    .map((sense) => ({ sense, value: value(sense) }))
    .sort((a, b) => b.value - a.value || (a.sense.title.title < b.sense.title.title ? -1 : 1))
    .slice(0, MAX_SENSES)
    .map(({ sense }) => sense);
}

const MAX_NAMESAKES = 3;

/** Whom or what the text named in full before, and who of that name was in the news lately. */
function addShortForms(
  memory: Memory,
  { shortForms, atoms }: Reading,
  span: Span,
  add: (title: string, source: number) => Candidate,
): void {
  if (span.from !== span.to || atoms[span.from]?.shape === SHAPE.lower) return;
  for (const title of shortForms.get(span.key) ?? []) add(title, SOURCE.short);
  if (!isLittleKnown(span)) return;
  for (const { title } of memory.titles.endingIn(span.key).slice(-MAX_NAMESAKES)) add(title, SOURCE.surname);
}

const FEW_LINKS = 5;

const isLittleKnown = ({ kind, surface }: Span): boolean =>
  kind !== KIND.pattern && (surface === undefined || surface.linked < FEW_LINKS);

function addPatterns(
  memory: Memory,
  { fillers, year }: Reading,
  span: Span,
  add: (title: string, source: number) => Candidate,
): void {
  const nearest = nearestTo(span, fillers);
  take(memory.patterns.titles(span.key.toLowerCase(), nearest, year), SOURCE.pattern, add);
  if (isLittleKnown(span)) take(memory.patterns.titlesOfKind(span.key, nearest, year), SOURCE.kind, add);
  for (const { key, filler } of span.around) take(memory.patterns.titles(key, [filler], year), SOURCE.around, add);
}

function nearestTo(span: Span, fillers: Reading['fillers']): Reading['fillers'] {
  if (fillers.length === 0) return fillers;
  const apart = (filler: { from: number }) => Math.abs(filler.from - span.from);
  return fillers.filter(({ from, to }) => to < span.from || from > span.to).sort((a, b) => apart(a) - apart(b));
}

function take(filled: readonly Filled[], source: number, add: (title: string, source: number) => Candidate): void {
  for (const { title, count, share } of filled) {
    const candidate = add(title, source);
    if (share <= candidate.patternShare) continue;
    candidate.patternShare = share;
    candidate.patternCount = count;
  }
}
