import { isNameLike, SHAPE, type Atom } from './atoms.ts';
import { left, SLOW_DAYS } from './fading.ts';
import { HASH_BEGIN, hashText, stir, takeIn } from './hash.ts';
import type { Memory } from './memory.ts';
import { BLANK, isTrusted, type Filler } from './patterns.ts';
import type { KnownSurface } from './reading.ts';
import type { Stretches } from './stretches.ts';
import { linkRate, type Surface } from './surfaces.ts';
import type { Title } from './titles.ts';

/** Why a span is looked at at all. */
export const KIND = { known: 0, otherCapitals: 1, name: 2, pattern: 3 } as const;

/** A stretch of text that may be a link. */
export interface Span {
  /** Its first and last atom. */
  from: number;
  to: number;
  start: number;
  end: number;
  key: string;
  hash: number;
  kind: number;
  /** The alias of exactly this spelling, or one that differs in capitals only. */
  surface: Surface | undefined;
  /** 0..1: how often this spelling is linked where it stands. */
  prior: number;
  /** The title it is most likely to mean by itself. */
  likely: string;
  title: Title | undefined;
  /** Patterns of the surface around another entity, and that entity. */
  around: { key: string; filler: Filler }[];
}

/** A run of words written like a name, as atom numbers, both included. */
export interface NameRun {
  from: number;
  to: number;
}

/** A surface that is hardly ever linked is not looked at. */
const MIN_RATE = 0.012;
const MIN_RECENT_RATE = 0.02;
const MIN_OTHER_RATE = 0.03;
const MAX_OTHER_ATOMS = 6;
const MAX_NAME_ATOMS = 12;
const MAX_NAME_WORDS = 7;
const PRIOR_OF_NAME = 0.15;
const PRIOR_OF_PATTERN = 0.1;
const OTHER_CAPITALS_DISCOUNT = 0.7;

/** All spans of a text worth a look, in text order. */
export function spansOf(
  memory: Memory,
  text: Stretches,
  known: readonly KnownSurface[],
  runs: readonly NameRun[],
  day: number,
): Span[] {
  const found = new Map<number, Span>();
  const add: Add = (from, to, kind, hash, surface) => {
    const place = from * 1024 + to;
    let span = found.get(place);
    if (span === undefined) found.set(place, (span = newSpan(memory, text, { from, to, kind }, hash, surface)));
    return span;
  };
  for (const { surface, from, to } of known) {
    if (isEverLinked(surface, day)) add(from, to, KIND.known, surface.hash, surface);
  }
  const trusted = [...found.values()].filter(({ surface }) => surface !== undefined && isTrusted(surface));
  addOtherCapitals(memory, text, add);
  addNames(text, runs, add);
  addPatterns(memory, text, trusted, add);
  return [...found.values()].sort((a, b) => a.from - b.from || a.to - b.to);
}

/** Takes in a span, by the hash of its key where that is at hand; one that was found before stays as it was found. */
type Add = (from: number, to: number, kind: number, hash?: number, surface?: Surface) => Span;

function newSpan(
  memory: Memory,
  { atoms, plain }: Stretches,
  { from, to, kind }: { from: number; to: number; kind: number },
  knownHash: number | undefined,
  surface?: Surface,
): Span {
  const start = atoms[from]?.start ?? 0;
  const end = atoms[to]?.end ?? 0;
  const key = kind === KIND.known && surface !== undefined ? surface.key : plain.slice(start, end);
  const hash = knownHash ?? hashText(key);
  if (surface !== undefined) {
    const prior = linkRate(surface) * (kind === KIND.known ? 1 : OTHER_CAPITALS_DISCOUNT);
    const { title } = surface.top;
    return { from, to, start, end, key, hash, kind, surface, prior, likely: title.title, title, around: [] };
  }
  const likely = capitalised(key);
  const prior = kind === KIND.name ? PRIOR_OF_NAME : PRIOR_OF_PATTERN;
  const title = likely === key ? memory.titles.within(plain, start, end, hash) : memory.titles.get(likely);
  return { from, to, start, end, key, hash, kind, surface, prior, likely, title, around: [] };
}

/** A surface as a title of its own. */
export function capitalised(key: string): string {
  const code = key.charCodeAt(0);
  if (code >= 65 && code <= 90) return key;
  if (code >= 97 && code <= 122) return String.fromCharCode(code - 32) + key.slice(1);
  return key.replace(/^./u, (letter) => letter.toUpperCase());
}

function isEverLinked(surface: Surface, day: number): boolean {
  if (linkRate(surface) >= MIN_RATE) return true;
  const linked = left(surface.linkedSlow, day, SLOW_DAYS);
  return linked / (linked + left(surface.unlinkedSlow, day, SLOW_DAYS) + 1) >= MIN_RECENT_RATE;
}

/** Names known under other capitals: `Video game` at the start of a sentence, `MIG-29`. */
function addOtherCapitals(memory: Memory, text: Stretches, add: Add): void {
  const { atoms, plain } = text;
  memory.surfaces.scanFolded(text, MAX_OTHER_ATOMS, (alike, from, to) => {
    const first = atoms[from];
    if (first === undefined || first.shape === SHAPE.mark || atoms[to]?.shape === SHAPE.mark) return;
    if (from === to && !mayStandAlone(atoms, from)) return;
    const best = mostLinked(alike);
    if (best !== undefined && !plain.startsWith(best.key, first.start) && linkRate(best) > MIN_OTHER_RATE)
      add(from, to, KIND.otherCapitals, undefined, best);
  });
}

/** One word alone differs from a name by its capitals where it has none, or where a sentence gave them to it. */
function mayStandAlone(atoms: readonly Atom[], at: number): boolean {
  const shape = atoms[at]?.shape;
  return shape === SHAPE.lower || (shape === SHAPE.capital && startsSentence(atoms, at));
}

const mostLinked = (surfaces: readonly Surface[]): Surface | undefined =>
  surfaces.length < 2 ? surfaces[0] : surfaces.reduce((best, one) => (one.linked > best.linked ? one : best));

export const startsSentence = (atoms: readonly Atom[], at: number): boolean =>
  at === 0 || '.:;!?"“'.includes(atoms[at - 1]?.text ?? ' ');

/** Maximal runs of capitalised words and numbers, with the small words that join them. */
export function nameRuns(atoms: readonly Atom[]): NameRun[] {
  const runs: NameRun[] = [];
  for (let from = 0; from < atoms.length; from++) {
    const first = atoms[from];
    if (first === undefined || !isNameLike(first)) continue;
    const to = endOfRun(atoms, from);
    runs.push({ from, to });
    from = to;
  }
  return runs;
}

function endOfRun(atoms: readonly Atom[], from: number): number {
  let last = from;
  for (let at = from + 1; at < atoms.length; at++) {
    const atom = atoms[at];
    if (atom === undefined) break;
    if (isNameLike(atom)) last = at;
    else if (!atom.connects || at - last >= 4) break;
  }
  return last;
}

function addNames(text: Stretches, runs: readonly NameRun[], add: Add): void {
  for (const run of runs) {
    for (let from = run.from; from <= run.to; from++) addNamesFrom(text, run, from, add);
  }
}

function addNamesFrom(text: Stretches, run: NameRun, from: number, add: Add): void {
  const { atoms, plain } = text;
  const first = atoms[from];
  if (first === undefined || !isNameLike(first)) return;
  let [words, taken, read] = [0, HASH_BEGIN, first.start];
  for (let to = from; to <= Math.min(run.to, from + MAX_NAME_ATOMS - 1); to++) {
    const last = atoms[to];
    if (last === undefined || !isNameLike(last)) continue;
    if (++words > MAX_NAME_WORDS) break;
    taken = takeIn(taken, plain, read, last.end);
    read = last.end;
    if (canBeName(text, from, to)) add(from, to, KIND.name, stir(taken));
  }
}

/** A number or a letter alone is no name, nor is a usual word that only begins a sentence. */
function canBeName({ atoms, lowerWords }: Stretches, from: number, to: number): boolean {
  const first = atoms[from];
  if (first === undefined) return false;
  if (first.shape === SHAPE.number && atoms[to]?.shape === SHAPE.number) return false;
  if (from !== to) return true;
  if (first.text.length < 2) return false;
  const begins = from === 0 || atoms[from - 1]?.text === '.';
  return !(begins && first.shape === SHAPE.capital && (lowerWords[from]?.seen ?? 0) > 3);
}

const BEFORE = 3;
const AFTER = 4;

/** Words around a known entity that were linked together with such a one before: `Chilean president`. */
function addPatterns(memory: Memory, text: Stretches, trusted: readonly Span[], add: Add): void {
  for (const inner of trusted) {
    for (let from = Math.max(0, inner.from - BEFORE); from <= inner.from; from++) {
      if (text.atoms[from]?.shape !== SHAPE.mark) addPatternsFrom(memory, text, inner, from, add);
    }
  }
}

function addPatternsFrom(memory: Memory, text: Stretches, inner: Span, from: number, add: Add): void {
  const { atoms, lowerAsWritten: lower } = text;
  const start = atoms[from]?.start ?? 0;
  let taken = takeIn(takeIn(HASH_BEGIN, lower, start, inner.start), BLANK, 0, BLANK.length);
  let read = inner.end;
  for (let to = inner.to; to <= Math.min(atoms.length - 1, inner.to + AFTER); to++) {
    const last = atoms[to];
    if (last === undefined) break;
    taken = takeIn(taken, lower, read, last.end);
    read = last.end;
    if ((from === inner.from && to === inner.to) || last.shape === SHAPE.mark) continue;
    if (!memory.patterns.mayHave(stir(taken))) continue;
    const key = `${lower.slice(start, inner.start)}${BLANK}${lower.slice(inner.end, last.end)}`;
    if (!memory.patterns.has(key)) continue;
    const filler = { title: inner.likely, surface: inner.key };
    add(from, to, KIND.pattern).around.push({ key, filler });
  }
}
