import { atomsOf, SHAPE, type Atom } from './atoms.ts';
import { hashText } from './hash.ts';
import type { Memory } from './memory.ts';
import { elsewhereOf, type Elsewhere } from './elsewhere.ts';
import type { Page } from './page.ts';
import { isTrusted, type Filler } from './patterns.ts';
import { shortFormsOf, type ShortForms } from './short-forms.ts';
import { nameRuns, spansOf, type NameRun, type Span } from './spans.ts';
import { stretchesOf, type Stretches } from './stretches.ts';
import type { Surface } from './surfaces.ts';

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
  fillers: readonly (Filler & { from: number; to: number })[];
  /** Titles that the sentence names nearly for certain. */
  sure: ReadonlyMap<string, number>;
  shortForms: ShortForms;
  sectionHash: number;
  /** Hashes of the content words, without repeats, in order. */
  contentHashes: readonly number[];
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
    fillers: trusted.flatMap(asFiller),
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

const asFiller = ({ from, to, likely, key, title }: Span) =>
  title !== undefined && title.asFiller > 0 ? [{ title: likely, surface: key, from, to }] : [];

function contentOf({ atoms, lowerWords }: Stretches): number[] {
  const hashes = new Set<number>();
  for (let at = 0; at < atoms.length && hashes.size < MAX_CONTENT_WORDS; at++) {
    const atom = atoms[at];
    if (atom !== undefined && atom.shape !== SHAPE.mark && atom.text.length > 2 && !atom.connects)
      hashes.add(lowerWords[at]?.hash ?? 0);
  }
  return [...hashes];
}
