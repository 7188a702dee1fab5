import type { EventId, Evidence, Relation } from '@throughline/core';
import { candidates } from './candidates.ts';
import type { EventIndex, IndexedEvent } from './event-index.ts';
import { pairOf, type Pair } from './pair.ts';
import { queryOf, type Query } from './query.ts';
import { signals, type Signal } from './signals/index.ts';

export interface RelateOptions {
  /** How many at most. 10 unless told. */
  limit?: number;
  /** `earlier` ranks only events of days before the event's own. `all` unless told. */
  variant?: 'all' | 'earlier';
  /** Keeps only events that share an entity with the event. */
  mustShareEntity?: boolean;
}

/**
 * The events that belong with `event`, strongest first, each with its reasons.
 *
 * Scores are sums: every piece of evidence adds its weight, whatever else is
 * known, so a score without a piece is the score less its weight. Time is a
 * piece of its own and not a factor for that reason. Never the event itself;
 * of equal scores the one closer in time comes first, then the smaller id.
 */
export function relate(index: EventIndex, event: IndexedEvent, options: RelateOptions = {}): Relation[] {
  const { limit = 10, variant = 'all', mustShareEntity = false } = options;
  const query = queryOf(index, event);
  return candidates(query, { later: variant === 'all' })
    .flatMap((slot) => weighed(pairOf(query, slot), mustShareEntity) ?? [])
    .sort(byStrength(index))
    .slice(0, limit)
    .map(({ pair, score }) => ({ to: index.idAt(pair.slot), score, evidence: evidenceOf(pair) }));
}

/**
 * The older events whose lists the new `event` now belongs in, to be related
 * again. Work is proportional to the candidates of `event`, not to the archive.
 */
export function affected(index: EventIndex, event: IndexedEvent, limit = 50): EventId[] {
  return relate(index, event, { limit, variant: 'all' }).map(({ to }) => to);
}

/** Every piece of evidence that a pair of events belongs together, signal by signal. */
export function evidenceOf(pair: Pair): Evidence[] {
  const evidence: Evidence[] = [];
  for (const { name, weigh } of signals) {
    weigh(pair, (weight, about) => {
      evidence.push(about === undefined ? { signal: name, weight } : { signal: name, about, weight });
    });
  }
  return evidence;
}

interface Weighed {
  pair: Pair;
  score: number;
}

function weighed(pair: Pair, mustShareEntity: boolean): Weighed | undefined {
  let [score, binds, sharesEntity] = [0, false, false];
  for (const signal of signals) {
    const before = score;
    signal.weigh(pair, (weight) => (score += weight));
    if (score === before) continue;
    binds ||= signal.binds;
    sharesEntity ||= isEntitySignal(signal);
  }
  return binds && (sharesEntity || !mustShareEntity) ? { pair, score } : undefined;
}

const isEntitySignal = ({ name }: Signal): boolean => name === 'shared-entity';

function byStrength(index: EventIndex): (a: Weighed, b: Weighed) => number {
  return (a, b) =>
    b.score - a.score ||
    a.pair.apartDays - b.pair.apartDays ||
    (index.idAt(a.pair.slot) < index.idAt(b.pair.slot) ? -1 : 1);
}
