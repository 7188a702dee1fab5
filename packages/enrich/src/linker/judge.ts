import { evaluate, type BoostedTrees } from '../boosted-trees.ts';
import type { Memory } from './memory.ts';
import type { Reading, Sentence } from './reading.ts';
import { crowdOf, SPAN_FEATURES, spanFeatures, staleDays } from './span-features.ts';
import type { Span } from './spans.ts';
import { REASONS, SOURCE, titleCandidates, type Candidate, type Reason } from './title-candidates.ts';
import { TITLE_FEATURES, titleContexts, titleFeatures } from './title-features.ts';
import { weigh, type Weighed, type WeighedTitles } from './weigh.ts';

/** What the boosted trees are shown: training reads the same rows. */
export interface SpanRow {
  span: Span;
  features: Float32Array;
}

export interface TitleRow {
  candidate: Candidate;
  features: Float32Array;
}

export function spanRows(memory: Memory, weighed: Weighed, titles: WeighedTitles): SpanRow[] {
  const crowd = crowdOf(memory, weighed);
  return weighed.reading.spans.map((span, at) => {
    const features = new Float32Array(SPAN_FEATURES.length);
    spanFeatures(memory, weighed, titles, crowd, at, features);
    return { span, features };
  });
}

export function titleRows(memory: Memory, reading: Reading, span: Span): TitleRow[] {
  const candidates = titleCandidates(memory, reading, span);
  const linear = candidates.map((one) => memory.titleWeights.sum(titleContexts(reading, span, one)));
  const stale = staleDays(memory, reading.sentence.day);
  return candidates.map((candidate, at) => {
    const features = new Float32Array(TITLE_FEATURES.length);
    titleFeatures(reading, span, candidates, at, linear, stale, features);
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
  /** How the title came to be thought of. */
  reason: Reason;
  /** The other titles that were weighed, likeliest first: at most `MAX_RIVALS`. */
  rivals: readonly WeighedTitle[];
}

/** A title with the chance that a link would be to it. */
export interface WeighedTitle {
  title: string;
  chance: number;
}

const MAX_RIVALS = 3;

/** Spans less likely than this are not asked for their title. */
const LEAST_SPAN_CHANCE = 0.05;
/** No span of such log odds, after some of the trees, rises above the least chance with the rest. */
const HOPELESS = -4.5;

export interface Models {
  span: BoostedTrees;
  title: BoostedTrees;
}

/** Every span of a sentence that may well be a link, in order of their ends. */
export function judge(memory: Memory, sentence: Sentence, models: Models): Judged[] {
  const { weighed, titles } = weigh(memory, sentence);
  const judged: Judged[] = [];
  for (const { span, features } of spanRows(memory, weighed, titles)) {
    const spanChance = sigmoid(evaluate(models.span, features, HOPELESS));
    if (spanChance < LEAST_SPAN_CHANCE) continue;
    const { chance: titleChance, ...meant } = likeliest(titleRows(memory, weighed.reading, span), models.title);
    judged.push({
      start: span.start,
      end: span.end,
      ...meant,
      spanChance,
      titleChance,
      chance: spanChance * titleChance,
    });
  }
  return judged.sort((a, b) => a.end - b.end || a.start - b.start);
}

function likeliest(rows: readonly TitleRow[], model: BoostedTrees): WeighedTitle & Pick<Judged, 'reason' | 'rivals'> {
  const powers = rows.map(({ features }) => Math.exp(evaluate(model, features)));
  const total = powers.reduce((sum, power) => sum + power, 1); // 1: a title that nobody thought of
  const weighed = rows.map(({ candidate: { title, source } }, at) => ({
    title,
    source,
    chance: (powers[at] ?? 0) / total,
  }));
  weighed.sort((a, b) => b.chance - a.chance || (a.title < b.title ? -1 : 1));
  const [best = { title: '', source: SOURCE.own, chance: 0 }, ...others] = weighed;
  const rivals = others.slice(0, MAX_RIVALS).map(({ title, chance }) => ({ title, chance }));
  return { title: best.title, chance: best.chance, reason: REASONS[best.source] ?? 'name', rivals };
}

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
