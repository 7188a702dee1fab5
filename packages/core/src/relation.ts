import type { EventId } from './ids.ts';

/** One reason for a relation. The weights of a relation's evidence sum to its score. */
export interface Evidence {
  /** The signal's name, as `shared-entity`, `same-topic`, `close-in-time`. */
  signal: string;
  /** What it is about: an entity's title, a topic, a URL; absent where the signal needs no object. */
  about?: string;
  /** Its share of the score. */
  weight: number;
}

/** How many related events readers are shown of an event, and how many relations it has itself. */
export const MOST_RELATED = 10;

/**
 * A directed edge, kept with the later of the two events: `to` is of an earlier
 * day, or of the same day. It puts either event into the related events of the
 * other, where it is strong enough for that.
 */
export interface Relation {
  to: EventId;
  /** The sum of the evidence's weights; comparable among the relations of one event. */
  score: number;
  evidence: Evidence[];
}
