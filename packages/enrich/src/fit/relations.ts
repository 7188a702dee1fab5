import type { PackedTrees } from '../boosted-trees.ts';
import { candidates } from '../candidates.ts';
import type { EventIndex, IndexedEvent } from '../event-index.ts';
import { pairOf, type Pair } from '../pair.ts';
import { queryOf } from '../query.ts';
import { signals } from '../signals/index.ts';
import { isLearnt } from '../signals/learnt.ts';
import { fitRanking, type RankingData, type SignalRows } from './ranking.ts';

/** How well another event answers an asked one: 0 not, 1 well, 2 best; undefined where nobody can tell. */
export type GainOf = (asked: IndexedEvent, other: IndexedEvent['id']) => number | undefined;

/** An event, and the archive in which it is asked about. */
export interface AskedOf {
  index: EventIndex;
  event: IndexedEvent;
}

export interface FitOptions {
  /** Trees a signal. */
  trees: number;
  /** Called now and then with how good the order is by now, on what is learnt from: mean nDCG at 10, 0 to 1. */
  onProgress?: ((trees: number, ndcg: number) => void) | undefined;
}

const TREES = { depth: 4, rate: 0.15, leastHessian: 1, penalty: 5, bias: -1 };

/**
 * The weights of all learnt signals: fitted such that what belongs with the
 * asked events comes first among the earlier events that relating would weigh.
 */
export function fitRelations(
  asked: readonly AskedOf[],
  gainOf: GainOf,
  { trees, onProgress }: FitOptions,
): Record<string, PackedTrees> {
  return fitRanking(examplesOf(asked, gainOf), { ...TREES, trees, onProgress });
}

/** Candidates of one asked event that are learnt from, besides those that belong with it: these first, and as many of the rest. */
const FIRST = 60;
const OTHERS = 40;

function examplesOf(asked: readonly AskedOf[], gainOf: GainOf): RankingData {
  const collected = signals.filter(isLearnt).map((signal) => ({ signal, rows: createRowList(signal.columns.length) }));
  const gains: number[] = [];
  const starts: number[] = [];
  for (const { index, event } of asked) {
    const judged = judgedCandidates(index, event, gainOf);
    if (!judged.some(({ gain }) => gain > 0)) continue;
    starts.push(gains.length);
    for (const { pair, gain } of sampled(judged)) {
      for (const { signal, rows } of collected) signal.instances(pair, (row) => rows.add(row, gains.length));
      gains.push(gain);
    }
  }
  return {
    gains: Uint8Array.from(gains),
    starts: Int32Array.from([...starts, gains.length]),
    signals: collected.map(({ signal, rows }) => rows.finish(signal.name)),
  };
}

interface Judged {
  pair: Pair;
  gain: number;
}

/** Those that share an entity: what else is alike is seldom told by editors. */
function judgedCandidates(index: EventIndex, event: IndexedEvent, gainOf: GainOf): Judged[] {
  const query = queryOf(index, event);
  return candidates(query, 'earlier').flatMap((slot) => {
    const gain = gainOf(event, index.idAt(slot));
    return gain === undefined || !sharesEntity(query.asked.entities, index, slot)
      ? []
      : [{ pair: pairOf(query, slot), gain }];
  });
}

function sharesEntity(asked: ReadonlyMap<number, unknown>, { fields }: EventIndex, slot: number): boolean {
  const { entities } = fields;
  return entities.ids.subarray(entities.start(slot), entities.end(slot)).some((id) => asked.has(id));
}

function sampled(judged: readonly Judged[]): Judged[] {
  const step = Math.max(1, Math.floor((judged.length - FIRST) / OTHERS));
  return judged.filter(({ gain }, at) => gain > 0 || at < FIRST || at % step === 0);
}

/** A list of rows that grows. */
function createRowList(columns: number) {
  let values = new Float32Array(columns * 1024);
  let pairs = new Int32Array(1024);
  let length = 0;
  return {
    add(row: Float32Array, pair: number): void {
      if (length === pairs.length) {
        const [wider, longer] = [new Float32Array(values.length * 2), new Int32Array(length * 2)];
        wider.set(values);
        longer.set(pairs);
        [values, pairs] = [wider, longer];
      }
      values.set(row, length * columns);
      pairs[length++] = pair;
    },
    finish: (name: string): SignalRows => ({
      name,
      columns,
      values: values.slice(0, length * columns),
      pairs: pairs.slice(0, length),
    }),
  };
}
