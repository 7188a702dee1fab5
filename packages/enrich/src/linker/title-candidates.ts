import { SHAPE } from './atoms.ts';
import { left, SLOW_DAYS } from './fading.ts';
import { hashText } from './hash.ts';
import type { Memory } from './memory.ts';
import type { Filled } from './patterns.ts';
import type { PlacedFiller, Reading } from './reading.ts';
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
  context: 9,
  alike: 10,
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
  /** How often the surface meant it beside what the sentence names or implies, and the share of that. */
  contextCount: number;
  contextShare: number;
  /** How surely the title names what the sentence names or implies: 0..1. */
  fills: number;
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
  if (span.title === undefined)
    for (const page of memory.titles.alike(span.key).slice(0, MAX_ALIKE)) add(page.title, SOURCE.alike, page);
  if (span.surface !== undefined) addContexts(reading, span, span.surface, add);
  const singular = span.key.endsWith('s') ? memory.surfaces.get(span.key.slice(0, -1)) : undefined;
  if (singular !== undefined) addSenses(singular, SOURCE.singular);
  addShortForms(memory, reading, span, add);
  addPatterns(memory, reading, span, add);
  for (const candidate of candidates) candidate.fills = fillStrength(reading, span, candidate.title);
  return candidates;
}

function fillStrength({ fillers }: Reading, span: Span, title: string): number {
  let most = 0;
  for (const filler of fillers) {
    if (filler.strength <= most || (filler.to >= span.from && filler.from <= span.to)) continue;
    if (filler.title !== title && title.includes(filler.title)) most = filler.strength;
  }
  return most;
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
  contextCount: 0,
  contextShare: 0,
  fills: 0,
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

const MAX_ALIKE = 3;
/** Senses taken in for one filler. */
const MAX_OF_CONTEXT = 2;

/** What the surface meant where the same country, state or body was named or implied. */
function addContexts(
  { fillers }: Reading,
  span: Span,
  { contexts }: Surface,
  add: (title: string, source: number, known?: Title) => Candidate,
): void {
  if (contexts === undefined) return;
  for (const { known, from, to, strength } of fillers) {
    const counts = to < span.from || from > span.to ? contexts.get(known) : undefined;
    if (counts === undefined) continue;
    let total = 1;
    for (const times of counts.values()) total += times;
    const leading = [...counts].sort((a, b) => b[1] - a[1]).slice(0, MAX_OF_CONTEXT);
    for (const [sense, times] of leading) {
      const candidate = add(sense.title.title, SOURCE.context, sense.title);
      candidate.sense ??= sense;
      const share = (strength * times) / total;
      if (share <= candidate.contextShare) continue;
      candidate.contextShare = share;
      candidate.contextCount = times;
    }
  }
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

/** An implied filler is this many atoms farther away than what implies it. */
const IMPLIED_APART = 12;

function nearestTo(span: Span, fillers: Reading['fillers']): Reading['fillers'] {
  if (fillers.length === 0) return fillers;
  const apart = (filler: PlacedFiller) => Math.abs(filler.from - span.from) + IMPLIED_APART * (1 - filler.strength) * 2;
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
