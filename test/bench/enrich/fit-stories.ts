/**
 * Fits the weights by which events are put into stories to the headers under
 * which editors put them, and writes `packages/enrich/src/weights/stories.ts`:
 *
 *   npx tsx --conditions=source test/bench/enrich/fit-stories.ts --events=E.jsonl.gz[,F.jsonl.gz]
 *     [--from=2014-01-01] [--until=2021-12-31] [--likeness-trees=80] [--thread-trees=100]
 *
 * The files have their events' topics, in order of days. An event's thread is
 * its innermost header; the headers themselves are never seen. First the odds
 * that two events are of one thread are boosted (logistic loss), then, with
 * every earlier event in its true thread, the choice among the threads and a
 * new one (softmax over an event's candidates, a new one having score 0).
 */
import { writeFileSync } from 'node:fs';
import type { Day, EventId } from '@throughline/core';
import { unpackTrees, type PackedTrees } from '../../../packages/enrich/src/boosted-trees.ts';
import { bin } from '../../../packages/enrich/src/fit/bins.ts';
import { createForest } from '../../../packages/enrich/src/fit/forest.ts';
import { LIKENESS_COLUMNS, neighboursOf } from '../../../packages/enrich/src/stories/likeness.ts';
import { traitsOf, type StoryEvent, type Traits } from '../../../packages/enrich/src/stories/story-event.ts';
import { THREAD_COLUMNS } from '../../../packages/enrich/src/stories/thread.ts';
import { createThreadState, likelyOf } from '../../../packages/enrich/src/stories/threads.ts';
import { readLinkedEvents } from '../../../services/cli/src/lab/linked-events.ts';
import { untitledEvents } from '../../../services/cli/src/lab/stories.ts';
import { option } from './read-events.ts';

interface Example {
  traits: Traits;
  /** Title of the innermost header; undefined where there is none. */
  thread: string | undefined;
}

const [from, until] = [option('from') ?? '2014-01-01', option('until') ?? '2021-12-31'];
const examples: Example[] = [];
for (const file of (option('events') ?? '').split(',')) {
  const threads = new Map<string, string>();
  for await (const { id, date, topics } of readLinkedEvents(file)) {
    const innermost = topics.at(-1)?.title;
    if (innermost && date >= from && date <= until) threads.set(id, innermost);
  }
  for await (const event of untitledEvents(file)) {
    if (event.day < from || event.day > until) continue;
    examples.push({ traits: traitsOf(withoutPlace(event)), thread: threads.get(event.id) });
  }
}

/** On every third day the order of the page is hidden: in live use it is seldom of use. */
function withoutPlace(event: StoryEvent): StoryEvent {
  const { place: _place, ...rest } = event;
  return Number(event.day.slice(8)) % 3 === 0 ? rest : event;
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

function fitLikeness(trees: number): PackedTrees {
  const rows = table(LIKENESS_COLUMNS.length);
  const [same, weights]: [number[], number[]] = [[], []];
  const state = createThreadState();
  const threadAt: (string | undefined)[] = [];
  examples.forEach(({ traits, thread }, number) => {
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
  console.error(`${same.length} pairs`);
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
    if (round % 20 === 19) console.error(`likeness: tree ${round + 1} of ${trees}`);
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

function fitThread(likeness: PackedTrees, trees: number): PackedTrees {
  const model = unpackTrees(likeness);
  const rows = table(THREAD_COLUMNS.length);
  const choices: Choice[] = [];
  const state = createThreadState();
  const known = new Set<string>();
  let count = 0;
  for (const { traits, thread } of examples) {
    if (thread === undefined) continue;
    const candidates = state.candidates(traits, likelyOf(state.recent(traits.day), traits, model));
    const right = candidates.findIndex((candidate) => candidate.thread.key === thread);
    const isWarm = traits.day > (examples[0]?.traits.day ?? 0) + WARM_DAYS;
    // A thread that is known but not found is neither new nor among them: it teaches nothing.
    if (isWarm && candidates.length > 0 && (right >= 0 || !known.has(thread))) {
      for (const { row } of candidates) rows.add(row);
      choices.push({ first: count, end: count + candidates.length, right: right < 0 ? -1 : count + right });
      count += candidates.length;
    }
    known.add(thread);
    state.add(traits, thread);
  }
  console.error(`${choices.length} choices among ${count} candidates`);
  const forest = createForest(
    bin(rows.values(), THREAD_COLUMNS.length),
    { depth: 4, rate: 0.1, leastHessian: 4, penalty: 4 },
    -2,
  );
  const [gradients, hessians] = [new Float64Array(count), new Float64Array(count)];
  for (let round = 0; round < trees; round++) {
    for (const choice of choices) softmax(choice, forest.scores, gradients, hessians);
    forest.grow(gradients, hessians);
    if (round % 20 === 19) console.error(`thread: tree ${round + 1} of ${trees}`);
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

const likeness = fitLikeness(Number(option('likeness-trees') ?? 80));
const thread = fitThread(likeness, Number(option('thread-trees') ?? 100));
writeFileSync(
  option('out') ?? new URL('../../../packages/enrich/src/weights/stories.ts', import.meta.url),
  [
    '// Fitted by `test/bench/enrich/fit-stories.ts`; not to be edited.',
    "import type { PackedTrees } from '../boosted-trees.ts';",
    '',
    `export const storyWeights: Record<'likeness' | 'thread', PackedTrees> = ${JSON.stringify({ likeness, thread })};`,
    '',
  ].join('\n'),
);
