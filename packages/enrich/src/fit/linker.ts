import { dayNumber, type Day } from '@throughline/core';
import type { PackedTrees } from '../boosted-trees.ts';
import type { Example } from '../linker.ts';
import { eachSpan, eachTitle } from '../linker/judge.ts';
import { learnSentence } from '../linker/learn.ts';
import { chooseChances } from '../linker/lattice.ts';
import { createMemory, type Memory } from '../linker/memory.ts';
import { pageOf } from '../linker/page.ts';
import type { Sentence } from '../linker/reading.ts';
import { SPAN_FEATURES } from '../linker/span-features.ts';
import { TITLE_FEATURES } from '../linker/title-features.ts';
import { weigh } from '../linker/weigh.ts';
import { titleKey } from '../title.ts';
import { bin } from './bins.ts';
import { createForest } from './forest.ts';
import { randomFrom } from './random.ts';

interface TreeOptions {
  trees: number;
  depth: number;
  rate: number;
  leastHessian: number;
  penalty: number;
  /** Of the columns and of the rows, the share that a tree is grown from. */
  columnShare: number;
  rowShare: number;
}

const SPANS = { trees: 200, depth: 6, rate: 0.08, leastHessian: 8, penalty: 2, columnShare: 0.4, rowShare: 0.5 };
const TITLES = { ...SPANS, trees: 80, rate: 0.15 };

/** The first day to learn judgement from; what is before teaches names only. */
const FROM = '2016-01-01';
/**
 * The walks through the archive: how many days the memory lags behind the day
 * that is looked at, and from which day on it remembers. So the trees know a
 * linker in step with the news as well as one that is not, and one whose
 * archive has just begun.
 */
const WALKS: readonly { delayDays: number; since?: string }[] = [
  { delayDays: 0 },
  { delayDays: 120 },
  { delayDays: 0, since: '2020-01-01' },
];

/**
 * Fits the trees of the linker to how editors linked `examples`, which come in
 * order of time. Each day is looked at before it is learnt, so what the trees
 * read of the memory is what they will read of it later. The same examples
 * give the same trees.
 */
export function fitLinker(
  examples: readonly Example[],
  log: (line: string) => void = () => {},
): { span: PackedTrees; title: PackedTrees } {
  const { spans, bounds, titles } = collectRows(examples, log);
  log(`${spans.count} spans, ${titles.count} titles`);
  return { span: fitSpans(spans, bounds, log), title: fitTitles(titles, log) };
}

/** Rows of features, each with whether an editor did link so, its weight, and the sentence or span it belongs to. */
interface Rows {
  readonly count: number;
  values(): Float32Array;
  labels: number[];
  weights: number[];
  groups: number[];
}

/** What was looked at: `bounds` are the first and last atom of each of `spans`. */
interface Seen {
  spans: RowList;
  bounds: { from: number; to: number }[];
  titles: RowList;
}

interface Placed {
  example: Example;
  sentence: Sentence;
}

/** A gap this long in the archive leaves the linker behind the news; it is not looked at for a while after. */
const GAP_DAYS = 30;
const CATCH_UP_DAYS = 90;
/** Older examples count for less: habits of linking change. */
const OLD_DAYS = 730;
const OLD_WEIGHT = 0.5;

function collectRows(examples: readonly Example[], log: (line: string) => void) {
  const placed = inPlaces(examples);
  const lastDay = placed.at(-1)?.sentence.day ?? 0;
  const seen: Seen = { spans: createRows(SPAN_FEATURES.length), bounds: [], titles: createRows(TITLE_FEATURES.length) };
  for (const { delayDays, since = '' } of WALKS) {
    const walked = placed.filter(({ example }) => example.day >= since);
    const memory = createMemory();
    let [learnt, caughtUp] = [0, Number.NEGATIVE_INFINITY];
    walked.forEach(({ example, sentence }, at) => {
      const { day } = sentence;
      if (day - (walked[at - 1]?.sentence.day ?? day) > GAP_DAYS) caughtUp = day + CATCH_UP_DAYS;
      for (
        let next = walked[learnt];
        next !== undefined && next.sentence.day < day - delayDays;
        next = walked[learnt]
      ) {
        learnSentence(memory, next.sentence, next.example.links, next.example.topics);
        learnt++;
      }
      if (example.day < FROM || day < caughtUp) return;
      look(memory, { example, sentence }, lastDay - day > OLD_DAYS ? OLD_WEIGHT : 1, seen);
    });
    log(`walked ${delayDays} days behind${since && `, since ${since}`}`);
  }
  return seen;
}

function inPlaces(examples: readonly Example[]): Placed[] {
  const byDay = new Map<string, Example[]>();
  for (const example of examples) {
    const day = byDay.get(example.day);
    if (day) day.push(example);
    else byDay.set(example.day, [example]);
  }
  return [...byDay.values()].flatMap((day) => {
    const page = pageOf(day);
    return day.map((example, place) => ({
      example,
      sentence: { text: example.text, day: dayNumber(example.day as Day), section: example.section ?? '', page, place },
    }));
  });
}

function look(memory: Memory, { example, sentence }: Placed, weight: number, { spans, bounds, titles }: Seen): void {
  const { weighed, titles: onPage } = weigh(memory, sentence);
  const linked = new Map(example.links.map(({ start, end, title }) => [`${start}:${end}`, titleKey(title)]));
  const sentences = (spans.groups.at(-1) ?? -1) + 1;
  eachSpan(memory, weighed, onPage, (span, row) => {
    const title = linked.get(`${span.start}:${span.end}`);
    spans.add(row, title === undefined ? 0 : 1, weight, sentences);
    bounds.push({ from: span.from, to: span.to });
    if (title === undefined) return;
    const group = (titles.groups.at(-1) ?? -1) + 1;
    eachTitle(memory, weighed.reading, span, (candidate, row) => {
      titles.add(row, candidate.title === title ? 1 : 0, weight, group);
    });
  });
}

interface RowList extends Rows {
  add(row: Float32Array, label: number, weight: number, group: number): void;
}

function createRows(width: number): RowList {
  let values = new Float32Array(width * 4096);
  const [labels, weights, groups]: [number[], number[], number[]] = [[], [], []];
  return {
    labels,
    weights,
    groups,
    get count() {
      return labels.length;
    },
    values: () => values.subarray(0, labels.length * width),
    add(row, label, weight, group) {
      const used = labels.length * width;
      if (used + width > values.length) {
        const larger = new Float32Array(values.length * 2);
        larger.set(values);
        values = larger;
      }
      values.set(row, used);
      labels.push(label);
      weights.push(weight);
      groups.push(group);
    },
  };
}

/** Fits trees whose sums say, for all spans of a sentence together, which of them an editor links. */
function fitSpans(rows: Rows, bounds: Seen['bounds'], log: (line: string) => void): PackedTrees {
  return grow(
    rows,
    SPAN_FEATURES.length,
    SPANS,
    (scores, chances) => {
      eachGroup(rows, (first, end) => chooseChances(bounds, scores, chances, first, end - first));
    },
    (trees) => log(`spans: ${trees} trees`),
  );
}

/**
 * Fits trees whose sums are, by softmax, the chances of a span's titles; a
 * title that is not among them has the sum 0.
 */
function fitTitles(rows: Rows, log: (line: string) => void): PackedTrees {
  return grow(
    rows,
    TITLE_FEATURES.length,
    TITLES,
    (scores, chances) => {
      eachGroup(rows, (first, end) => {
        let total = 1;
        for (let row = first; row < end; row++) total += Math.exp(scores[row] ?? 0);
        for (let row = first; row < end; row++) chances[row] = Math.exp(scores[row] ?? 0) / total;
      });
    },
    (trees) => log(`titles: ${trees} trees`),
  );
}

function eachGroup({ count, groups }: Rows, visit: (first: number, end: number) => void): void {
  for (let first = 0; first < count;) {
    let end = first + 1;
    while (end < count && groups[end] === groups[first]) end++;
    visit(first, end);
    first = end;
  }
}

const TOLD_EVERY = 20;
const LEAST_HESSIAN = 1e-6;

/** Newton steps of the loss whose derivative is chance less label. `chancesOf` fills in the chances of all rows. */
function grow(
  rows: Rows,
  width: number,
  { trees, columnShare, rowShare, ...options }: TreeOptions,
  chancesOf: (scores: Float64Array, chances: Float64Array) => void,
  told: (trees: number) => void,
): PackedTrees {
  const random = randomFrom(1);
  const forest = createForest(bin(rows.values(), width), options);
  const [chances, gradients, hessians] = [0, 0, 0].map(() => new Float64Array(rows.count)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  for (let tree = 1; tree <= trees; tree++) {
    chancesOf(forest.scores, chances);
    for (let row = 0; row < rows.count; row++) {
      const weight = random() < rowShare ? (rows.weights[row] ?? 0) : 0;
      const chance = chances[row] ?? 0;
      gradients[row] = weight * (chance - (rows.labels[row] ?? 0));
      hessians[row] = weight * Math.max(LEAST_HESSIAN, chance * (1 - chance));
    }
    const columns = Array.from({ length: width }, (_, column) => column).filter(() => random() < columnShare);
    forest.grow(gradients, hessians, columns);
    if (tree % TOLD_EVERY === 0) told(tree);
  }
  return forest.pack();
}
