import { isConnector, isNameLike, SHAPE, type Atom } from './atoms.ts';
import { left, SLOW_DAYS } from './fading.ts';
import { hashText } from './hash.ts';
import type { Memory } from './memory.ts';
import { BLANK, isTrusted, type Filler } from './patterns.ts';
import { keyOf, linkRate, type Surface } from './surfaces.ts';
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
  surface?: Surface;
  /** 0..1: how often this spelling is linked where it stands. */
  prior: number;
  /** The title it is most likely to mean by itself. */
  likely: string;
  title?: Title | undefined;
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
export function spansOf(memory: Memory, text: string, atoms: readonly Atom[], runs: readonly NameRun[], day: number) {
  const found = new Map<number, Span>();
  const at = (from: number, to: number) => from * 1024 + to;
  const add = (from: number, to: number, kind: number, surface?: Surface): Span => {
    const known = found.get(at(from, to));
    if (known !== undefined) return known;
    const span = newSpan(memory, text, atoms, { from, to, kind }, surface);
    found.set(at(from, to), span);
    return span;
  };
  memory.surfaces.scan(text, atoms, (surface, from, to) => {
    if (isEverLinked(surface, day)) add(from, to, KIND.known, surface);
  });
  const trusted = [...found.values()].filter(({ surface }) => surface !== undefined && isTrusted(surface));
  addOtherCapitals(memory, text, atoms, add);
  addNames(memory, atoms, runs, add);
  addPatterns(memory, text, atoms, trusted, add);
  return [...found.values()].sort((a, b) => a.from - b.from || a.to - b.to);
}

type Add = (from: number, to: number, kind: number, surface?: Surface) => Span;

function newSpan(
  memory: Memory,
  text: string,
  atoms: readonly Atom[],
  { from, to, kind }: { from: number; to: number; kind: number },
  surface?: Surface,
): Span {
  const start = atoms[from]?.start ?? 0;
  const end = atoms[to]?.end ?? 0;
  const key = keyOf(text, start, end);
  const place = { from, to, start, end, key, kind, around: [] };
  if (surface !== undefined) {
    const hash = kind === KIND.known ? surface.hash : hashText(key);
    const prior = linkRate(surface) * (kind === KIND.known ? 1 : OTHER_CAPITALS_DISCOUNT);
    return { ...place, hash, surface, prior, likely: surface.top.title.title, title: surface.top.title };
  }
  const likely = capitalised(key);
  const prior = kind === KIND.name ? PRIOR_OF_NAME : PRIOR_OF_PATTERN;
  return { ...place, hash: hashText(key), prior, likely, title: memory.titles.get(likely) };
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
function addOtherCapitals(memory: Memory, text: string, atoms: readonly Atom[], add: Add): void {
  for (let from = 0; from < atoms.length; from++) {
    const first = atoms[from];
    if (first === undefined || first.shape === SHAPE.mark) continue;
    const alone = first.shape === SHAPE.lower || (first.shape === SHAPE.capital && startsSentence(atoms, from));
    const reach = Math.min(MAX_OTHER_ATOMS, memory.surfaces.foldedReach(first.lower, atoms[from + 1]?.lower));
    for (let to = alone ? from : from + 1; to < Math.min(atoms.length, from + reach); to++) {
      if (atoms[to]?.shape === SHAPE.mark) continue;
      const key = keyOf(text, first.start, atoms[to]?.end ?? 0);
      const best = mostLinked(memory.surfaces.foldedLike(key));
      if (best !== undefined && best.key !== key && linkRate(best) > MIN_OTHER_RATE)
        add(from, to, KIND.otherCapitals, best);
    }
  }
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
    else if (!isConnector(atom) || at - last >= 4) break;
  }
  return last;
}

function addNames(memory: Memory, atoms: readonly Atom[], runs: readonly NameRun[], add: Add): void {
  for (const run of runs) {
    for (let from = run.from; from <= run.to; from++) {
      const first = atoms[from];
      if (first === undefined || !isNameLike(first)) continue;
      let words = 0;
      for (let to = from; to <= Math.min(run.to, from + MAX_NAME_ATOMS - 1); to++) {
        const last = atoms[to];
        if (last === undefined || !isNameLike(last)) continue;
        if (++words > MAX_NAME_WORDS) break;
        if (canBeName(memory, atoms, from, to)) add(from, to, KIND.name);
      }
    }
  }
}

/** A number or a letter alone is no name, nor is a usual word that only begins a sentence. */
function canBeName(memory: Memory, atoms: readonly Atom[], from: number, to: number): boolean {
  const first = atoms[from];
  if (first === undefined) return false;
  if (first.shape === SHAPE.number && atoms[to]?.shape === SHAPE.number) return false;
  if (from !== to) return true;
  if (first.text.length < 2) return false;
  const begins = from === 0 || atoms[from - 1]?.text === '.';
  return !(begins && first.shape === SHAPE.capital && memory.words.of(first.lower).seen > 3);
}

const BEFORE = 3;
const AFTER = 4;

/** Words around a known entity that were linked together with such a one before: `Chilean president`. */
function addPatterns(memory: Memory, text: string, atoms: readonly Atom[], trusted: readonly Span[], add: Add): void {
  for (const inner of trusted) {
    for (let from = Math.max(0, inner.from - BEFORE); from <= inner.from; from++) {
      const before = text.slice(atoms[from]?.start ?? 0, inner.start).toLowerCase();
      for (let to = inner.to; to <= Math.min(atoms.length - 1, inner.to + AFTER); to++) {
        const [first, last] = [atoms[from], atoms[to]];
        if ((from === inner.from && to === inner.to) || first === undefined || last === undefined) continue;
        if (first.shape === SHAPE.mark || last.shape === SHAPE.mark) continue;
        const key = `${before}${BLANK}${text.slice(inner.end, last.end).toLowerCase()}`;
        if (!memory.patterns.has(key)) continue;
        const filler = { title: inner.likely, surface: inner.key };
        add(from, to, KIND.pattern).around.push({ key, filler });
      }
    }
  }
}
