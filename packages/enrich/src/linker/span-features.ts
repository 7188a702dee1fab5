import { isNameLike, SHAPE, type Atom } from './atoms.ts';
import type { Places } from './elsewhere.ts';
import { FAST_DAYS, left, SLOW_DAYS } from './fading.ts';
import { HASH_BEGIN, stir, takeIn } from './hash.ts';
import type { Memory } from './memory.ts';
import type { Reading } from './reading.ts';
import { KIND, startsSentence, type Span } from './spans.ts';
import type { Weighed, WeighedTitles } from './weigh.ts';
import { rate } from './words.ts';

/** What the boosted trees read of a span, in the order in which `spanFeatures` writes it. */
export const SPAN_FEATURES: readonly string[] = (
  'linked unlinked prior covered linkedSlow rateSlow sinceLinked kind topShare senses titleLinked ' +
  'titleSince titleSlow titleFast titleTopics titleTopicSlow words characters firstShape capitals ' +
  'digits startsSentence place atoms relativePlace fullRun nameBefore nameAfter markBefore markAfter ' +
  'runLength beforeLink afterLink firstOfLink lastOfLink leastInside meanInside mostInside rarest ' +
  'firstLower edges cutBefore cutAfter held wordBeforeSeen longerRate shorterRate sameSurface ' +
  'sameTitle confident crowd density stale patterns ownTitleKnown ownTitleSince pageBefore pageAfter ' +
  'pageApart pageSection titleBefore titleAfter titleApart titleSection pagePlace linear ' +
  'linearLonger linearShorter linearLead linearBefore linearAfter linearSame expected titleLinearBefore ' +
  'titleLinearSection titleLinearAfter titleTimes'
).split(' ');

const NEVER = 9;
const UNKNOWN = -1;
const MAX_STALE_DAYS = 400;

/** What the spans of one sentence have in common. */
export interface Crowd {
  confident: number;
  density: number;
  staleDays: number;
  /** Links that the linear model expects, by word. */
  expected: number;
}

export function crowdOf(memory: Memory, { reading: { sentence, spans, atoms }, sums }: Weighed): Crowd {
  const known = memory.density.get(sentence.section);
  return {
    confident: spans.filter(({ surface, prior }) => surface !== undefined && prior > 0.5).length,
    density: known === undefined ? 0.12 : known.links / (known.atoms + 1),
    staleDays: staleDays(memory, sentence.day),
    expected: expectedLinks(spans, sums) / Math.max(1, atoms.length),
  };
}

export const staleDays = ({ lastDay }: Memory, day: number): number =>
  Math.min(MAX_STALE_DAYS, Math.max(0, day - lastDay));

/** Each stretch of overlapping spans counts as its likeliest one. */
function expectedLinks(spans: readonly Span[], sums: Float64Array): number {
  let [total, best, end] = [0, 0, -1];
  spans.forEach(({ from, to }, at) => {
    if (from > end) [total, best] = [total + best, 0];
    end = Math.max(end, to);
    best = Math.max(best, 1 / (1 + Math.exp(-(sums[at] ?? 0))));
  });
  return total + best;
}

/** Writes the features of the span at `at`. */
export function spanFeatures(
  memory: Memory,
  { reading, sums }: Weighed,
  titles: WeighedTitles,
  crowd: Crowd,
  at: number,
  row: Float32Array,
): void {
  const span = reading.spans[at];
  if (span === undefined) return;
  let column = writeSurface(reading, span, row, 0);
  column = writeTitle(reading, span, row, column);
  column = writeShape(reading, span, row, column);
  column = writeSurroundings(reading, span, row, column);
  column = writeWords(reading, span, row, column);
  column = writeRivals(reading, span, at, row, column);
  column = writeCrowd(memory, reading, span, crowd, row, column);
  column = writePlaces(reading.elsewhere[at]?.words, row, column);
  column = writePlaces(reading.elsewhere[at]?.title, row, column);
  row[column++] = reading.sentence.place ?? UNKNOWN;
  row[column++] = sums[at] ?? 0;
  column = writeNeighbours(reading, sums, span, at, row, column);
  row[column++] = crowd.expected;
  writeTitleOnPage(reading, titles, span, row, column);
}

/** Stands for a neighbour that is not there: no sum is lower. */
const NOBODY = -12;
/** Spans this near, in atoms, are beside one another. */
const NEAR = 4;

function writeNeighbours(
  { spans }: Reading,
  sums: Float64Array,
  span: Span,
  at: number,
  row: Float32Array,
  column: number,
): number {
  let [longer, shorter, before, after, same] = [NOBODY, NOBODY, NOBODY, NOBODY, NOBODY];
  const length = span.to - span.from;
  for (let i = 0; i < spans.length; i++) {
    const other = spans[i];
    const sum = sums[i] ?? NOBODY;
    if (other === undefined || i === at) continue;
    if (other.from > span.to + NEAR) break;
    if (other.to < span.from && other.likely === span.likely) same = Math.max(same, sum);
    if (other.to < span.from - NEAR) continue;
    if (other.to < span.from) before = Math.max(before, sum);
    else if (other.from > span.to) after = Math.max(after, sum);
    else if (other.to - other.from >= length) longer = Math.max(longer, sum);
    else shorter = Math.max(shorter, sum);
  }
  row[column++] = longer;
  row[column++] = shorter;
  row[column++] = Math.min(9, (sums[at] ?? 0) - Math.max(longer, shorter));
  row[column++] = before;
  row[column++] = after;
  row[column++] = same;
  return column;
}

function writeTitleOnPage(
  { sentence: { place = 0, section } }: Reading,
  titles: WeighedTitles,
  span: Span,
  row: Float32Array,
  column: number,
): void {
  let [before, sameSection, after, times] = [NOBODY, NOBODY, NOBODY, 0];
  for (const other of titles.get(span.likely) ?? []) {
    times++;
    if (other.place > place) after = Math.max(after, other.sum);
    if (other.place >= place) continue;
    before = Math.max(before, other.sum);
    if (other.section === section) sameSection = Math.max(sameSection, other.sum);
  }
  row[column++] = before;
  row[column++] = sameSection;
  row[column++] = after;
  row[column] = times;
}

function writePlaces(places: Places | undefined, row: Float32Array, column: number): number {
  row[column++] = places?.before ?? 0;
  row[column++] = places?.after ?? 0;
  row[column++] = places?.apart ?? 0;
  row[column++] = places?.sameSection ?? 0;
  return column;
}

function writeSurface({ sentence: { day } }: Reading, span: Span, row: Float32Array, column: number): number {
  const { surface, prior, kind } = span;
  if (surface === undefined) {
    row[column++] = 0;
    row[column++] = 0;
    row[column++] = UNKNOWN;
    row[column++] = UNKNOWN;
    row[column++] = 0;
    row[column++] = UNKNOWN;
    row[column++] = NEVER;
    row[column++] = kind;
    row[column++] = 0;
    row[column++] = 0;
    return column;
  }
  const { linked, unlinked, covered } = surface;
  const linkedSlow = left(surface.linkedSlow, day, SLOW_DAYS);
  const unlinkedSlow = left(surface.unlinkedSlow, day, SLOW_DAYS);
  row[column++] = Math.log1p(linked);
  row[column++] = Math.log1p(unlinked);
  row[column++] = prior;
  row[column++] = covered / (covered + linked + unlinked);
  row[column++] = Math.log1p(linkedSlow);
  row[column++] = (linkedSlow + 0.3 * prior) / (linkedSlow + unlinkedSlow + 0.3);
  row[column++] = Math.log1p(Math.max(0, day - surface.lastDay));
  row[column++] = kind;
  row[column++] = surface.top.linked / linked;
  row[column++] = surface.senses.size;
  return column;
}

function writeTitle({ sentence: { day } }: Reading, { title }: Span, row: Float32Array, column: number): number {
  row[column++] = title === undefined ? UNKNOWN : Math.log1p(title.linked);
  row[column++] = title === undefined ? NEVER : Math.log1p(Math.max(0, day - title.lastDay));
  row[column++] = title === undefined ? 0 : Math.log1p(left(title.slow, day, SLOW_DAYS));
  row[column++] = title === undefined ? 0 : Math.log1p(left(title.fast, day, FAST_DAYS));
  row[column++] = title === undefined ? 0 : Math.log1p(title.asTopic);
  row[column++] = title === undefined ? 0 : Math.log1p(left(title.topicSlow, day, SLOW_DAYS));
  return column;
}

function writeShape({ atoms, lowerWords }: Reading, span: Span, row: Float32Array, column: number): number {
  let [words, allCapitals, digits] = [0, 1, 0];
  for (let at = span.from; at <= span.to; at++) {
    const atom = atoms[at];
    if (atom === undefined || atom.shape === SHAPE.mark) continue;
    words++;
    if (!isNameLike(atom) && !atom.connects) allCapitals = 0;
    if (atom.shape === SHAPE.number) digits = 1;
  }
  row[column++] = words;
  row[column++] = span.end - span.start;
  row[column++] = atoms[span.from]?.shape ?? 0;
  row[column++] = allCapitals;
  row[column++] = digits;
  row[column++] = startsSentence(atoms, span.from) ? 1 : 0;
  row[column++] = span.from;
  row[column++] = lowerWords.length;
  row[column++] = span.from / lowerWords.length;
  return column;
}

function writeSurroundings({ atoms, runAt }: Reading, span: Span, row: Float32Array, column: number): number {
  const run = runAt[span.from];
  row[column++] = run !== undefined && run.from === span.from && run.to === span.to ? 1 : 0;
  row[column++] = nameNext(atoms[span.from - 1], atoms[span.from - 2]);
  row[column++] = nameNext(atoms[span.to + 1], atoms[span.to + 2]);
  row[column++] = markCode(atoms[span.from - 1]);
  row[column++] = markCode(atoms[span.to + 1]);
  row[column++] = run === undefined ? 0 : run.to - run.from + 1;
  return column;
}

function nameNext(next: Atom | undefined, overnext: Atom | undefined): number {
  if (next === undefined) return 0;
  if (isNameLike(next)) return 1;
  return next.connects && overnext !== undefined && isNameLike(overnext) ? 2 : 0;
}

const MARKS = [',', '.', '(', ')', '-', '–', "'", '’'];

function markCode(atom: Atom | undefined): number {
  if (atom === undefined) return MARKS.length + 2;
  if (atom.shape !== SHAPE.mark) return 0;
  const known = MARKS.indexOf(atom.text);
  return known < 0 ? MARKS.length + 1 : known + 1;
}

function writeWords(reading: Reading, span: Span, row: Float32Array, column: number): number {
  const { words, lowerWords, atoms } = reading;
  const [before, after] = [words[span.from - 1], words[span.to + 1]];
  const [first, last] = [words[span.from], words[span.to]];
  if (first === undefined || last === undefined) return column + 14;
  row[column++] = before === undefined ? UNKNOWN : rate(before.before, before.seen, 0.15);
  row[column++] = after === undefined ? UNKNOWN : rate(after.after, after.seen, 0.15);
  row[column++] = rate(first.first, first.seen, 0.2);
  row[column++] = rate(last.last, last.seen, 0.2);
  column = writeInside(reading, span, row, column);
  row[column++] = atoms[span.from]?.shape === SHAPE.capital ? Math.log1p(lowerWords[span.from]?.seen ?? 0) : UNKNOWN;
  row[column++] = rate(first.first, first.inside, 0.5) * rate(last.last, last.inside, 0.5);
  row[column++] = before === undefined ? UNKNOWN : rate(before.last, before.inside, 0.5);
  row[column++] = after === undefined ? UNKNOWN : rate(after.first, after.inside, 0.5);
  row[column++] = heldTogether(reading, span);
  row[column++] = Math.log1p(before?.seen ?? 0);
  return column;
}

function writeInside({ words, atoms }: Reading, span: Span, row: Float32Array, column: number): number {
  let [least, most, sum, count, rarest] = [1, 0, 0, 0, Number.POSITIVE_INFINITY];
  for (let at = span.from; at <= span.to; at++) {
    const word = words[at];
    if (word === undefined || atoms[at]?.shape === SHAPE.mark) continue;
    const inside = rate(word.inside, word.seen, 0.35);
    least = Math.min(least, inside);
    most = Math.max(most, inside);
    sum += inside;
    count++;
    rarest = Math.min(rarest, word.seen);
  }
  row[column++] = least;
  row[column++] = sum / Math.max(1, count);
  row[column++] = most;
  row[column++] = Math.log1p(rarest);
  return column;
}

/** How surely no link begins or ends within the span. */
function heldTogether({ words }: Reading, span: Span): number {
  let held = 1;
  for (let at = span.from; at < span.to; at++) {
    const [word, next] = [words[at], words[at + 1]];
    if (word === undefined || next === undefined) continue;
    held = Math.min(held, 1 - rate(word.last, word.inside, 0.5), 1 - rate(next.first, next.inside, 0.5));
  }
  return held;
}

function writeRivals({ spans }: Reading, span: Span, at: number, row: Float32Array, column: number): number {
  let [longer, shorter, sameSurface, sameTitle] = [0, 0, 0, 0];
  const length = span.to - span.from;
  for (let i = 0; i < spans.length; i++) {
    const other = spans[i];
    if (other === undefined || other.from > span.to) break;
    if (i < at && other.to < span.from) {
      if (other.hash === span.hash) sameSurface = 1;
      if (other.likely === span.likely) sameTitle = 1;
    }
    if (i === at || other.to < span.from || other.kind !== 0) continue;
    if (other.to - other.from >= length) longer = Math.max(longer, other.prior);
    else shorter = Math.max(shorter, other.prior);
  }
  row[column++] = longer;
  row[column++] = shorter;
  row[column++] = sameSurface;
  row[column++] = sameTitle;
  return column;
}

function writeCrowd(
  memory: Memory,
  reading: Reading,
  span: Span,
  crowd: Crowd,
  row: Float32Array,
  column: number,
): number {
  const { spans, sentence, atoms } = reading;
  const own = ownTitle(memory, reading, span);
  row[column++] = crowd.confident;
  row[column++] = spans.length / Math.max(1, atoms.length);
  row[column++] = crowd.density;
  row[column++] = crowd.staleDays;
  row[column++] = (hasPattern(memory, reading, span) ? 1 : 0) + (span.around.length > 0 ? 2 : 0);
  row[column++] = own === undefined ? UNKNOWN : Math.log1p(own.linked + own.asTopic);
  row[column++] = own === undefined ? NEVER : Math.log1p(Math.max(0, sentence.day - own.lastDay));
  return column;
}

/** The page of the very words of the span. */
function ownTitle({ titles }: Memory, { plain }: Reading, { kind, key, start, end, hash, title }: Span) {
  if (kind !== KIND.known) return title;
  const first = key.charAt(0);
  const capital = first.toUpperCase();
  return capital === first ? titles.within(plain, start, end, hash) : titles.get(capital + key.slice(1));
}

const hasPattern = ({ patterns }: Memory, { lower }: Reading, { start, end }: Span): boolean =>
  patterns.hasWithin(lower, start, end, stir(takeIn(HASH_BEGIN, lower, start, end)));
