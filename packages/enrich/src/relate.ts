import { MOST_RELATED, type Evidence, type Relation } from '@throughline/core';
import { candidates, type Reach } from './candidates.ts';
import type { EventIndex, IndexedEvent } from './event-index.ts';
import { pairOf, type Pair } from './pair.ts';
import { queryOf } from './query.ts';
import { signals, type Signal } from './signals/index.ts';

export interface RelateOptions {
  /** How many at most. 10 unless told. */
  limit?: number;
  /** Which events are ranked: `earlier` those of days before the event's own. `all` unless told. */
  reach?: Reach;
  /** Keeps only events that share an entity with the event. */
  mustShareEntity?: boolean;
}

/**
 * The events that belong with `event`, strongest first, each with its reasons.
 *
 * Scores are sums: every piece of evidence adds its weight, whatever else there
 * is, so a score without a piece is the score less its weight. Never the event
 * itself; of equal scores the one closer in time comes first, then the smaller
 * id.
 */
export function relate(index: EventIndex, event: IndexedEvent, options: RelateOptions = {}): Relation[] {
  const { limit = MOST_RELATED, reach = 'all', mustShareEntity = false } = options;
  const query = queryOf(index, event);
  return candidates(query, reach)
    .flatMap((slot) => weighed(pairOf(query, slot), mustShareEntity) ?? [])
    .sort(byStrength(index))
    .slice(0, limit)
    .map(({ pair, score }) => ({ to: index.idAt(pair.slot), score, evidence: evidenceOf(pair) }));
}

/**
 * The relations that are kept with an event: to those before it, of earlier
 * days or of its own day with a smaller id. An event's related events are the
 * strongest of those it is related to and of those that are related to it, so
 * a new event joins the lists of older ones without a change to what is kept
 * with them.
 */
export const background = (index: EventIndex, event: IndexedEvent): Relation[] =>
  relate(index, event, { reach: 'before' });

/**
 * The later events that may be related to `event`, or of its own day with a
 * greater id: what has to be looked at again because it is new, or other than
 * before. All of those up to `SETTLED_DAYS` later, the most likely of others.
 */
export const followUps = (index: EventIndex, event: IndexedEvent): Relation[] =>
  relate(index, event, { limit: Number.MAX_SAFE_INTEGER, reach: 'after' });

/** Every piece of evidence that a pair of events belongs together, signal by signal. */
export function evidenceOf(pair: Pair): Evidence[] {
  const evidence: Evidence[] = [];
  for (const signal of signals) {
    signal.weigh(pair, (weight, about, as = signal.name) => {
      evidence.push(about === undefined ? { signal: as, weight } : { signal: as, about: about(), weight });
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
