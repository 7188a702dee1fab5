import type { EventId } from './ids.ts';

/** One reason for a relation. The weights of a relation's evidence sum to its score. */
export interface Evidence {
  /** The signal's name, as `shared-entity`, `same-topic`, `close-in-time`. */
  signal: string;
  /** What it is about: an entity's title, a topic, a URL; absent where the signal needs no object. */
  about?: string;
  /** Its share of the score; may be negative for what speaks against. */
  weight: number;
}

/** A directed edge: `to` belongs in the related events of the event it is kept under. */
export interface Relation {
  to: EventId;
  /** The sum of the evidence's weights; comparable within one event's list. */
  score: number;
  evidence: Evidence[];
}
