import { evaluate, type BoostedTrees } from '../boosted-trees.ts';
import type { Memory } from './memory.ts';
import { readSentence, type Reading, type Sentence } from './reading.ts';
import { spanContexts } from './span-contexts.ts';
import { crowdOf, SPAN_FEATURES, spanFeatures, type Crowd } from './span-features.ts';
import type { Span } from './spans.ts';
import { titleCandidates, type Candidate } from './title-candidates.ts';
import { TITLE_FEATURES, titleContexts, titleFeatures } from './title-features.ts';

/** What the boosted trees are shown: training reads the same rows. */
export interface SpanRow {
  span: Span;
  features: Float32Array;
}

export interface TitleRow {
  candidate: Candidate;
  features: Float32Array;
}

export function spanRows(memory: Memory, reading: Reading): SpanRow[] {
  const crowd: Crowd = crowdOf(memory, reading);
  return reading.spans.map((span, at) => {
    const features = new Float32Array(SPAN_FEATURES.length);
    spanFeatures(memory, reading, crowd, at, memory.spanWeights.sum(spanContexts(reading, span, at)), features);
    return { span, features };
  });
}

export function titleRows(memory: Memory, reading: Reading, span: Span): TitleRow[] {
  const candidates = titleCandidates(memory, reading, span);
  const linear = candidates.map((one) => memory.titleWeights.sum(titleContexts(reading, span, one)));
  const { staleDays } = crowdOf(memory, reading);
  return candidates.map((candidate, at) => {
    const features = new Float32Array(TITLE_FEATURES.length);
    titleFeatures(reading, span, candidates, at, linear, staleDays, features);
    return { candidate, features };
  });
}

/** A span with its likeliest title. */
export interface Judged {
  start: number;
  end: number;
  title: string;
  /** That an editor would link the span. */
  spanChance: number;
  /** That such a link would be to this title. */
  titleChance: number;
  /** That an editor would link the span to this title. */
  chance: number;
}

/** Spans less likely than this are not asked for their title. */
const LEAST_SPAN_CHANCE = 0.05;

export interface Models {
  span: BoostedTrees;
  title: BoostedTrees;
}

/** Every span of a sentence that may well be a link, in order of their ends. */
export function judge(memory: Memory, sentence: Sentence, models: Models): Judged[] {
  const reading = readSentence(memory, sentence);
  const judged: Judged[] = [];
  for (const { span, features } of spanRows(memory, reading)) {
    const spanChance = sigmoid(evaluate(models.span, features));
    if (spanChance < LEAST_SPAN_CHANCE) continue;
    const { title, chance: titleChance } = likeliest(titleRows(memory, reading, span), models.title);
    judged.push({ start: span.start, end: span.end, title, spanChance, titleChance, chance: spanChance * titleChance });
  }
  return judged.sort((a, b) => a.end - b.end || a.start - b.start);
}

function likeliest(rows: readonly TitleRow[], model: BoostedTrees): { title: string; chance: number } {
  let best = { title: '', sum: Number.NEGATIVE_INFINITY };
  for (const { candidate, features } of rows) {
    const sum = evaluate(model, features);
    if (sum > best.sum) best = { title: candidate.title, sum };
  }
  return { title: best.title, chance: sigmoid(best.sum) };
}

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
