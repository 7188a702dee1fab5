import { FAST_DAYS, left, SLOW_DAYS } from './fading.ts';
import { hashText, mix } from './hash.ts';
import { createHashList } from './hash-list.ts';
import type { Reading } from './reading.ts';
import { capitalised, type Span } from './spans.ts';
import { SOURCE, type Candidate } from './title-candidates.ts';

/** What the boosted trees read of a title for a span, in the order in which `titleFeatures` writes it. */
export const TITLE_FEATURES: readonly string[] = (
  'source share linked rateSlow since titleLinked titleSlow titleFast titleTopics titleSince ' +
  'patternShare patternCount candidates rank lead fills surfaceLinked isOwn firstShape wordsInText ' +
  'bracket comma words elsewhere contextShare contextCount contextLead fillStrength company linear linearLead stale'
).split(' ');

const UNKNOWN = -1;
const NEVER = 9;

const hashes = createHashList();

/**
 * Hashes of what speaks for a title where it stands: features of the linear
 * model that learns from every page. They stand in the same memory each time.
 */
export function titleContexts(reading: Reading, span: Span, candidate: Candidate): Int32Array {
  const { lowerWords, sectionHash, contentHashes, sure } = reading;
  const title = candidate.hash;
  const open = candidate.title.endsWith(')') ? candidate.title.lastIndexOf('(') : -1;
  const inBrackets = open < 0 ? 0 : hashText(candidate.title.slice(open + 1, -1));
  const last = lowerWords[span.to]?.hash ?? 0;
  hashes.clear();
  hashes.add(mix(200, title));
  hashes.add(mix(mix(201, title), span.hash));
  hashes.add(mix(mix(202, title), sectionHash));
  hashes.add(mix(203, candidate.source));
  hashes.add(mix(mix(204, candidate.source), span.hash));
  hashes.add(mix(mix(205, candidate.source), last));
  hashes.add(mix(mix(206, candidate.source), lowerWords[span.from]?.hash ?? 0));
  hashes.add(mix(mix(207, title), lowerWords[span.from - 1]?.hash ?? 1));
  hashes.add(mix(mix(208, title), lowerWords[span.to + 1]?.hash ?? 2));
  hashes.add(mix(mix(209, inBrackets), sectionHash));
  hashes.add(mix(mix(210, inBrackets), last));
  const fills = Math.ceil(candidate.fills * 3);
  hashes.add(mix(mix(213, fills), span.hash));
  hashes.add(mix(mix(214, fills), candidate.source));
  hashes.add(mix(mix(215, Math.ceil(candidate.contextShare * 3)), span.hash));
  hashes.add(mix(mix(216, Math.ceil(candidate.contextShare * 4)), fills));
  const withWord = mix(211, title);
  for (const word of contentHashes) hashes.add(mix(withWord, word));
  const withTitle = mix(212, title);
  for (const [name, other] of sure) if (name !== candidate.title) hashes.add(mix(withTitle, other));
  return hashes.all();
}

/** Writes the features of one candidate of a span; `linear` holds the linear model's sum for each of them. */
export function titleFeatures(
  reading: Reading,
  span: Span,
  candidates: readonly Candidate[],
  at: number,
  linear: readonly number[],
  staleDays: number,
  company: number,
  row: Float32Array,
): void {
  const candidate = candidates[at];
  if (candidate === undefined) return;
  const column = writeCounts(reading, span, candidate, row);
  writeStanding(reading, span, candidates, candidate, row, column);
  row[TITLE_FEATURES.length - 4] = company;
  const own = linear[at] ?? 0;
  const best = linear.reduce((most, sum, i) => (i === at ? most : Math.max(most, sum)), Number.NEGATIVE_INFINITY);
  row[TITLE_FEATURES.length - 3] = own;
  row[TITLE_FEATURES.length - 2] = candidates.length === 1 ? NEVER : own - best;
  row[TITLE_FEATURES.length - 1] = staleDays;
}

function writeCounts({ sentence: { day } }: Reading, span: Span, candidate: Candidate, row: Float32Array): number {
  const { sense, known, share } = candidate;
  const surfaceSlow = span.surface === undefined ? 0 : left(span.surface.linkedSlow, day, SLOW_DAYS);
  let column = 0;
  row[column++] = candidate.source;
  row[column++] = share;
  row[column++] = Math.log1p(sense?.linked ?? 0);
  row[column++] = ((sense === undefined ? 0 : left(sense.slow, day, SLOW_DAYS)) + 0.2 * share) / (surfaceSlow + 0.2);
  row[column++] = sense === undefined ? NEVER : Math.log1p(Math.max(0, day - sense.lastDay));
  row[column++] = known === undefined ? UNKNOWN : Math.log1p(known.linked);
  row[column++] = known === undefined ? UNKNOWN : Math.log1p(left(known.slow, day, SLOW_DAYS));
  row[column++] = known === undefined ? UNKNOWN : Math.log1p(left(known.fast, day, FAST_DAYS));
  row[column++] = known === undefined ? UNKNOWN : Math.log1p(known.asTopic);
  row[column++] = known === undefined ? NEVER : Math.log1p(Math.max(0, day - known.lastDay));
  row[column++] = candidate.patternShare;
  row[column++] = Math.log1p(candidate.patternCount);
  return column;
}

function writeStanding(
  reading: Reading,
  span: Span,
  candidates: readonly Candidate[],
  candidate: Candidate,
  row: Float32Array,
  start: number,
): void {
  let [rank, best, column] = [0, 0, start];
  for (const other of candidates) {
    if (other === candidate) continue;
    best = Math.max(best, other.share);
    if (
      other.share > candidate.share ||
      (other.share === candidate.share && other.patternShare > candidate.patternShare)
    )
      rank++;
  }
  row[column++] = candidates.length;
  row[column++] = rank;
  row[column++] = candidate.share - best;
  row[column++] = fills(reading, span, candidate) ? 1 : 0;
  row[column++] = Math.log1p(span.surface?.linked ?? 0);
  row[column++] = candidate.title === capitalised(span.key) ? 1 : 0;
  row[column++] = reading.atoms[span.from]?.shape ?? 0;
  row[column++] = shareInText(candidate.title, reading.sentence.text);
  row[column++] = candidate.title.includes('(') ? 1 : 0;
  row[column++] = candidate.title.includes(',') ? 1 : 0;
  row[column++] = span.to - span.from + 1;
  row[column++] = candidate.source !== SOURCE.own && reading.sure.has(candidate.title) ? 1 : 0;
  let bestContext = 0;
  for (const other of candidates) if (other !== candidate) bestContext = Math.max(bestContext, other.contextShare);
  row[column++] = candidate.contextShare;
  row[column++] = Math.log1p(candidate.contextCount);
  row[column++] = candidate.contextShare - bestContext;
  row[column++] = candidate.fills;
}

/** Whether the title names another entity of the sentence. */
const fills = ({ fillers }: Reading, span: Span, { title }: Candidate): boolean =>
  fillers.some(
    (filler) =>
      filler.strength === 1 &&
      (filler.to < span.from || filler.from > span.to) &&
      filler.title !== title &&
      title.includes(filler.title),
  );

function shareInText(title: string, text: string): number {
  const words = title.split(' ', 12);
  return words.filter((word) => text.includes(word)).length / words.length;
}
