import type { Rival } from '@throughline/core';
import { evaluate, type BoostedTrees } from '../boosted-trees.ts';
import type { Memory } from './memory.ts';
import type { Reading, Sentence } from './reading.ts';
import { reasonOf } from './reason.ts';
import { chooseChances } from './lattice.ts';
import { crowdOf, SPAN_FEATURES, spanFeatures, staleDays } from './span-features.ts';
import type { Span } from './spans.ts';
import { titleCandidates, type Candidate } from './title-candidates.ts';
import { TITLE_FEATURES, titleContexts, titleFeatures } from './title-features.ts';
import { weigh, type Weighed, type WeighedTitles } from './weigh.ts';

/** Spans that the linear model holds for less likely are not looked at: of those that the trees would keep, one in a thousand is lost. */
const LEAST_SUM = -4.3;

/**
 * What the boosted trees are shown of each span; training reads the same. The
 * row is the same array each time.
 */
export function eachSpan(
  memory: Memory,
  weighed: Weighed,
  titles: WeighedTitles,
  visit: (span: Span, row: Float32Array) => void,
): void {
  const crowd = crowdOf(memory, weighed);
  const row = new Float32Array(SPAN_FEATURES.length);
  weighed.reading.spans.forEach((span, at) => {
    if ((weighed.sums[at] ?? 0) < LEAST_SUM) return;
    spanFeatures(memory, weighed, titles, crowd, at, row);
    visit(span, row);
  });
}

/** A title that the linear model holds for so much less likely than its favourite is not looked at. */
const MOST_BEHIND = 6;

/** The same of the titles that a span may mean. */
export function eachTitle(
  memory: Memory,
  reading: Reading,
  span: Span,
  visit: (candidate: Candidate, row: Float32Array) => void,
): void {
  const candidates = titleCandidates(memory, reading, span);
  const linear = candidates.map((one) => memory.titleWeights.sum(titleContexts(reading, span, one)));
  const stale = staleDays(memory, reading.sentence.day);
  const row = new Float32Array(TITLE_FEATURES.length);
  const least = Math.max(...linear) - MOST_BEHIND;
  candidates.forEach((candidate, at) => {
    if ((linear[at] ?? 0) < least) return;
    const company = memory.companions.share(reading.sure.keys(), candidate.title);
    titleFeatures(reading, span, candidates, at, linear, stale, company, row);
    visit(candidate, row);
  });
}

/** A span that may well be a link. */
export interface LikelySpan {
  start: number;
  end: number;
  /** That an editor would link just this span. */
  spanChance: number;
  /** Weighs its titles when first asked: that costs as much as finding the span. */
  judged(): Judged;
}

/** A span with its likeliest title. */
export interface Judged {
  start: number;
  end: number;
  title: string;
  /** That such a link would be to this title. */
  titleChance: number;
  /** That an editor would link the span to this title. */
  chance: number;
  /** How the title came to be thought of, in a few words. */
  reason: string;
  /** The other titles that were weighed, likeliest first: at most `MAX_RIVALS`. */
  rivals: readonly Rival[];
}

const MAX_RIVALS = 3;

/** Spans less likely than this are not asked for their title. */
const LEAST_SPAN_CHANCE = 0.05;
/** Sums by rounds of trees: fewer than one in a thousand of the spans that have a fair chance in the end say less. */
const HOPELESS = Float64Array.of(-0.75, -1.15, -1.35, -1.5);

export interface Models {
  span: BoostedTrees;
  title: BoostedTrees;
}

/** Every span of a sentence that may well be a link, in order of their ends. */
export function likelySpans(memory: Memory, sentence: Sentence, models: Models): LikelySpan[] {
  const { weighed, titles } = weigh(memory, sentence);
  const looked: { span: Span; sum: number }[] = [];
  eachSpan(memory, weighed, titles, (span, row) => {
    const sum = evaluate(models.span, row, HOPELESS);
    if (sum > Number.NEGATIVE_INFINITY) looked.push({ span, sum });
  });
  const chances = new Float64Array(looked.length);
  chooseChances(
    looked.map(({ span }) => span),
    Float64Array.from(looked, ({ sum }) => sum),
    chances,
  );
  const likely: LikelySpan[] = [];
  looked.forEach(({ span }, at) => {
    const spanChance = chances[at] ?? 0;
    if (spanChance < LEAST_SPAN_CHANCE) return;
    const { start, end } = span;
    let known: Judged | undefined;
    const judged = () => (known ??= judge(memory, weighed.reading, span, spanChance, models.title));
    likely.push({ start, end, spanChance, judged });
  });
  return likely.sort((a, b) => a.end - b.end || a.start - b.start);
}

function judge(memory: Memory, reading: Reading, span: Span, spanChance: number, model: BoostedTrees): Judged {
  const { chance: titleChance, ...meant } = likeliest(memory, reading, span, model);
  return { start: span.start, end: span.end, ...meant, titleChance, chance: spanChance * titleChance };
}

function likeliest(
  memory: Memory,
  reading: Reading,
  span: Span,
  model: BoostedTrees,
): Rival & Pick<Judged, 'reason' | 'rivals'> {
  const weighed: { candidate: Candidate; power: number }[] = [];
  let total = 1; // a title that nobody thought of
  eachTitle(memory, reading, span, (candidate, row) => {
    const power = Math.exp(evaluate(model, row));
    total += power;
    weighed.push({ candidate, power });
  });
  weighed.sort((a, b) => b.power - a.power || (a.candidate.title < b.candidate.title ? -1 : 1));
  const [best, ...rivals] = weighed
    .slice(0, 1 + MAX_RIVALS)
    .map(({ candidate: { title }, power }) => ({ title, chance: power / total }));
  const reason = weighed[0] === undefined ? '' : reasonOf(span, weighed[0].candidate);
  return { title: best?.title ?? '', chance: best?.chance ?? 0, reason, rivals };
}
