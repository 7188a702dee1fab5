import { dayNumber } from '@throughline/core';
import { unpackTrees, type PackedTrees } from '../boosted-trees.ts';
import { bin } from '../fit/bins.ts';
import { createForest } from '../fit/forest.ts';
import { LIKENESS_COLUMNS, neighboursOf } from './likeness.ts';
import { traitsOf, type StoryEvent } from './story-event.ts';
import { THREAD_COLUMNS } from './thread.ts';
import { createThreadState, likelyOf, type StoryWeights } from './threads.ts';

/** An event, and the thread that it is on: undefined where that is not known. */
export interface StoryExample {
  event: StoryEvent;
  thread: string | undefined;
}

type Log = (line: string) => void;

/**
 * Fits the weights by which events are put into threads to examples in order
 * of time. First the odds that two events are of one thread are boosted
 * (logistic loss), then, with every earlier event in its true thread, the
 * choice among the threads and a new one (softmax over an event's candidates,
 * a new one having score 0).
 */
export function fitStories(
  examples: readonly StoryExample[],
  { likenessTrees, threadTrees, log }: { likenessTrees: number; threadTrees: number; log: Log },
): StoryWeights {
  const likeness = fitLikeness(examples, likenessTrees, log);
  return { likeness, thread: fitThread(examples, likeness, threadTrees, log) };
}

/** Rows of numbers, as they come. */
function table(columns: number) {
  let values = new Float32Array(columns * 1024);
  let used = 0;
  return {
    add(row: Float32Array) {
      if (used + columns > values.length) {
        const longer = new Float32Array(values.length * 2);
        longer.set(values);
        values = longer;
      }
      values.set(row, used);
      used += columns;
    },
    values: () => values.subarray(0, used),
  };
}

/** Unlike pairs beyond the first so many of an event are read only one in `THIN`, at the weight of as many. */
const FULL = 25;
const THIN = 6;

function fitLikeness(examples: readonly StoryExample[], trees: number, log: Log): PackedTrees {
  const rows = table(LIKENESS_COLUMNS.length);
  const [same, weights]: [number[], number[]] = [[], []];
  const state = createThreadState();
  const threadAt: (string | undefined)[] = [];
  const all = examples.map(({ event, thread }) => ({ traits: traitsOf(event), thread }));
  all.forEach(({ traits, thread }, number) => {
    const recent = state.recent(traits.day);
    const pairs = neighboursOf(recent, traits).filter(
      ({ slot }) => thread !== undefined && threadAt[slot] !== undefined,
    );
    const alike = pairs.filter(({ slot }) => threadAt[slot] === thread).length;
    pairs.forEach(({ slot, row }, place) => {
      const isSame = threadAt[slot] === thread;
      if (!isSame && place >= FULL && (place + number) % THIN !== 0) return;
      rows.add(row);
      same.push(isSame ? 1 : 0);
      // Great threads have as many pairs as events squared: each event should count about alike.
      weights.push(isSame ? 1 / Math.sqrt(alike) : place >= FULL ? THIN / 4 : 0.5);
    });
    threadAt.push(thread);
    state.add(traits, thread ?? `event:${traits.id}`);
  });
  log(`${same.length} pairs`);
  const forest = createForest(
    bin(rows.values(), LIKENESS_COLUMNS.length),
    { depth: 5, rate: 0.2, leastHessian: 8, penalty: 3 },
    -3,
  );
  const [gradients, hessians] = [new Float64Array(same.length), new Float64Array(same.length)];
  for (let round = 0; round < trees; round++) {
    same.forEach((isSame, row) => {
      const chance = 1 / (1 + Math.exp(-(forest.scores[row] ?? 0)));
      gradients[row] = (weights[row] ?? 0) * (chance - isSame);
      hessians[row] = (weights[row] ?? 0) * chance * (1 - chance);
    });
    forest.grow(gradients, hessians);
    if (round % 20 === 19) log(`likeness: tree ${round + 1} of ${trees}`);
  }
  return forest.pack();
}

/** The candidates of one event: rows `first` up to `end`, of which `right` is the one, -1 for none. */
interface Choice {
  first: number;
  end: number;
  right: number;
}

/** Days before this many have no history to choose from. */
const WARM_DAYS = 60;

function fitThread(examples: readonly StoryExample[], likeness: PackedTrees, trees: number, log: Log): PackedTrees {
  const model = unpackTrees(likeness);
  const rows = table(THREAD_COLUMNS.length);
  const choices: Choice[] = [];
  const state = createThreadState();
  const known = new Set<string>();
  let count = 0;
  const first = examples[0] ? dayNumber(examples[0].event.day) : 0;
  for (const { event, thread } of examples) {
    if (thread === undefined) continue;
    const traits = traitsOf(event);
    const candidates = state.candidates(traits, likelyOf(state.recent(traits.day), traits, model));
    const right = candidates.findIndex((candidate) => candidate.thread.key === thread);
    const isWarm = traits.day > first + WARM_DAYS;
    // A thread that is known but not found is neither new nor among them: it teaches nothing.
    if (isWarm && candidates.length > 0 && (right >= 0 || !known.has(thread))) {
      for (const { row } of candidates) rows.add(row);
      choices.push({ first: count, end: count + candidates.length, right: right < 0 ? -1 : count + right });
      count += candidates.length;
    }
    known.add(thread);
    state.add(traits, thread);
  }
  log(`${choices.length} choices among ${count} candidates`);
  const forest = createForest(
    bin(rows.values(), THREAD_COLUMNS.length),
    { depth: 4, rate: 0.1, leastHessian: 4, penalty: 4 },
    -2,
  );
  const [gradients, hessians] = [new Float64Array(count), new Float64Array(count)];
  for (let round = 0; round < trees; round++) {
    for (const choice of choices) softmax(choice, forest.scores, gradients, hessians);
    forest.grow(gradients, hessians);
    if (round % 20 === 19) log(`thread: tree ${round + 1} of ${trees}`);
  }
  return forest.pack();
}

function softmax(
  { first, end, right }: Choice,
  scores: Float64Array,
  gradients: Float64Array,
  hessians: Float64Array,
): void {
  let most = 0;
  for (let row = first; row < end; row++) most = Math.max(most, scores[row] ?? 0);
  let all = Math.exp(-most);
  for (let row = first; row < end; row++) all += Math.exp((scores[row] ?? 0) - most);
  for (let row = first; row < end; row++) {
    const chance = Math.exp((scores[row] ?? 0) - most) / all;
    gradients[row] = chance - (row === right ? 1 : 0);
    hessians[row] = Math.max(chance * (1 - chance), 1e-6);
  }
}
