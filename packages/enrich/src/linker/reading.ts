import { atomsOf, SHAPE, type Atom } from './atoms.ts';
import { hashText } from './hash.ts';
import type { Memory } from './memory.ts';
import { fillerOf, fillersOf, isPlace } from './homes.ts';
import { elsewhereOf, type Elsewhere } from './elsewhere.ts';
import type { Page } from './page.ts';
import { isTrusted, type Filler } from './patterns.ts';
import { shortFormsOf, type ShortForms } from './short-forms.ts';
import { KIND, nameRuns, spansOf, type NameRun, type Span } from './spans.ts';
import { stretchesOf, type Stretches } from './stretches.ts';
import type { Surface } from './surfaces.ts';
import type { Title } from './titles.ts';

/** A sentence to be linked, with what the linker may know of where it stands. */
export interface Sentence {
  text: string;
  /** Days since 1970-01-01. */
  day: number;
  section: string;
  page?: Page | undefined;
  /** Its place on the page, from 0. */
  place?: number | undefined;
}

/** A sentence taken apart, with what the memory knows of its parts. */
export interface Reading extends Stretches {
  sentence: Sentence;
  year: number;
  /** Where known surfaces stand, overlapping ones too. */
  known: readonly KnownSurface[];
  runs: readonly NameRun[];
  /** The run each atom is in, or undefined. */
  runAt: readonly (NameRun | undefined)[];
  spans: readonly Span[];
  elsewhere: readonly Elsewhere[];
  /** Entities that may fill the blanks of patterns. */
  fillers: readonly PlacedFiller[];
  /** Titles that the sentence names nearly for certain. */
  sure: ReadonlyMap<string, number>;
  shortForms: ShortForms;
  sectionHash: number;
  /** Hashes of the content words, without repeats, in order. */
  contentHashes: readonly number[];
}

/** What may fill a blank, where it is named or by whom it is implied. */
export interface PlacedFiller extends Filler {
  known: Title;
  from: number;
  to: number;
  /** 1 where it is named, and below that how surely it is implied. */
  strength: number;
}

/** A surface where it stands, by its first and last atom. */
export interface KnownSurface {
  surface: Surface;
  from: number;
  to: number;
}

const MAX_CONTENT_WORDS = 30;

export function readSentence(memory: Memory, sentence: Sentence): Reading {
  const atoms = atomsIn(sentence);
  const text = stretchesOf(memory, sentence.text, atoms);
  const known: KnownSurface[] = [];
  memory.surfaces.scan(text, (surface, from, to) => known.push({ surface, from, to }));
  const runs = nameRuns(atoms);
  const spans = spansOf(memory, text, known, runs, sentence.day);
  const runAt = runOfEach(atoms.length, runs);
  const trusted = spans.filter(({ kind, surface }) => kind === 0 && surface !== undefined && isTrusted(surface));
  return {
    sentence,
    year: yearOf(sentence.day),
    ...text,
    known,
    runs,
    runAt,
    spans,
    elsewhere: spans.map((span) => elsewhereOf(memory, span, atoms, sentence)),
    fillers: fillersIn(memory, spans, trusted),
    sure: new Map(trusted.map(({ likely, title }) => [likely, title?.hash ?? 0])),
    shortForms: shortFormsOf(atoms, spans, runAt),
    sectionHash: hashText(sentence.section.slice(0, 8)),
    contentHashes: contentOf(text),
  };
}

const atomsIn = ({ text, page, place }: Sentence): readonly Atom[] =>
  page !== undefined && place !== undefined && page.itemAt(place)?.text === text ? page.atomsAt(place) : atomsOf(text);

const DAYS_PER_YEAR = 365.2425;

/** The calendar year of a day number, which is exact but for the hours around New Year: days begin at midnight UTC. */
function yearOf(day: number): number {
  const guess = 1970 + Math.floor(day / DAYS_PER_YEAR);
  const begins = (year: number) => Date.UTC(year, 0, 1) / 86_400_000;
  if (day < begins(guess)) return guess - 1;
  return day >= begins(guess + 1) ? guess + 1 : guess;
}

function runOfEach(length: number, runs: readonly NameRun[]): (NameRun | undefined)[] {
  const runAt = Array.from<NameRun | undefined>({ length });
  for (const run of runs) for (let at = run.from; at <= run.to; at++) runAt[at] = run;
  return runAt;
}

const MAX_IMPLIED = 3;
/** A span that is linked less often than this says nothing of where the sentence plays. */
const LEAST_PRIOR = 0.2;
/** Nor one that means its likeliest title less often than that. */
const LEAST_TOP_SHARE = 0.6;
/** How surely a title within another's words, a demonym, or what is no place fills a blank. */
const PART = 0.95;
const DEMONYM = 0.9;
const NO_PLACE = 0.3;

function fillersIn(memory: Memory, spans: readonly Span[], trusted: readonly Span[]): PlacedFiller[] {
  const named = spans.flatMap((span) => (isNested(span, trusted) ? [] : asFiller(span)));
  const implied = new Map<Title, PlacedFiller>();
  const take = ({ from, to }: Span, filler: Title, strength: number) => {
    if (named.some((one) => one.known === filler && one.strength >= strength)) return;
    const known = implied.get(filler);
    if (known === undefined || known.strength < strength)
      implied.set(filler, { ...fillerOf(filler), known: filler, from, to, strength });
  };
  for (const span of spans) {
    const { title } = span;
    const demonym = demonymOf(memory, span);
    if (demonym !== undefined) take(span, demonym, DEMONYM);
    if (title === undefined || !isOneName(span)) continue;
    for (const { title: home, share } of memory.homes.of(title)) take(span, home, DEMONYM * share);
    for (const part of fillersOf(memory.titles, title)) if (part !== title) take(span, part, PART);
  }
  const strongest = [...implied.values()].sort((a, b) => b.strength - a.strength || (a.title < b.title ? -1 : 1));
  return [...named, ...strongest.slice(0, MAX_IMPLIED)];
}

/** Whether it is part of a longer name that has nothing to do with it: `Salvador` in `El Salvador`. */
const isNested = (span: Span, trusted: readonly Span[]): boolean =>
  trusted.some(
    ({ from, to, likely }) =>
      from <= span.from && span.to <= to && to - from > span.to - span.from && !likely.includes(span.likely),
  );

/** Whether it is a name, and nearly always of the same: `President` is of many. */
const isOneName = ({ key, kind, prior, surface }: Span): boolean =>
  /^\p{Lu}/u.test(key) &&
  (kind === KIND.name || prior >= LEAST_PRIOR) &&
  (surface === undefined || surface.top.linked >= LEAST_TOP_SHARE * surface.linked);

/** Norway, for `Norwegians`. */
function demonymOf(memory: Memory, { from, to, key }: Span): Title | undefined {
  if (from !== to || !/^\p{Lu}.{3,}s$/u.test(key)) return undefined;
  const title = memory.surfaces.get(key.slice(0, -1))?.top.title;
  return title !== undefined && isPlace(title) ? title : undefined;
}

function asFiller({ kind, surface, title, likely, key, from, to }: Span): PlacedFiller[] {
  if (kind !== KIND.known || surface === undefined || title === undefined || surface.linked < 3) return [];
  const place = isPlace(title);
  if (!place && (title.asFiller === 0 || !isTrusted(surface))) return [];
  return [{ title: likely, surface: key, known: title, from, to, strength: place ? 1 : NO_PLACE }];
}

function contentOf({ atoms, lowerWords }: Stretches): number[] {
  const hashes = new Set<number>();
  for (let at = 0; at < atoms.length && hashes.size < MAX_CONTENT_WORDS; at++) {
    const atom = atoms[at];
    if (atom !== undefined && atom.shape !== SHAPE.mark && atom.text.length > 2 && !atom.connects)
      hashes.add(lowerWords[at]?.hash ?? 0);
  }
  return [...hashes];
}
