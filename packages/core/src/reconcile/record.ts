import type { ChangeKind } from '../change.ts';
import type { Day } from '../day.ts';
import type { ParsedEvent } from '../event.ts';
import type { EventId } from '../ids.ts';
import type { Changed, KnownEvent } from './reconciliation.ts';

/** How long something must have stood before readers see it: 3 hours. 75% of the texts that vanish lived less. */
export const SETTLE_MS = 3 * 3_600_000;

/**
 * Events move between pages that are at most this many days apart. Of the moves in three months of real revisions
 * none was farther.
 */
export const NEIGHBOUR_DAYS = 1;

/** Milliseconds since the epoch. */
type Instant = number;

/** A public place: `/news/YYYY/MM/D/<slug>`. */
export interface Path {
  day: Day;
  slug: string;
}

export const pathKey = ({ day, slug }: Path): string => `${day}/${slug}`;

/** A sentence as an event had it for a while. A wording that comes back is listed again. */
export interface WordingSpan {
  text: string;
  /** The time of the wiki revision that it was first seen in. */
  seenAt: Instant;
  revision?: number;
  /** When it gave way to the next wording; absent for the last one. */
  until?: Instant;
  /** When readers first saw it; absent while, or for ever if, they did not. */
  publicAt?: Instant;
  /** The slug it had in public. */
  slug?: string;
}

/**
 * An event's whole life. `unsettled`: not (or no longer) public, and never was;
 * with `goneAt` it has left its page before it was stable. `stable`: public.
 * `withdrawn`: was public, has left its page.
 */
export interface EventRecord {
  id: EventId;
  /** The day whose page it is on, or was on last. */
  day: Day;
  state: 'unsettled' | 'stable' | 'withdrawn';
  /** What readers see; while the event is unsettled, what was seen last. */
  reading: ParsedEvent;
  /** What the page says since `since`, where that is another sentence than `reading` and has yet to settle. */
  pending?: { reading: ParsedEvent; since: Instant };
  firstSeenAt: Instant;
  /** Since when it is on its page without a gap. */
  presentSince: Instant;
  stableAt?: Instant;
  goneAt?: Instant;
  /** The current public path segment, fixed for as long as the public wording's slug is the same. */
  slug?: string;
  /** Every public place it has had, the current one included: the others redirect to it. */
  paths: Path[];
  /** Oldest first, the latest seen last. */
  wordings: WordingSpan[];
  /** The event that goes on in its place. */
  mergedInto?: EventId;
  /** The event that it was a part of when it was first seen. */
  splitFrom?: EventId;
}

/** A day's page with all that is known of it. */
export interface PageState {
  day: Day;
  /** The page's events and those of the neighbour days, gone ones included. */
  events: readonly EventRecord[];
  /** Every place that is or was public on those days, as `pathKey` writes it → the event it belongs to. */
  paths: ReadonlyMap<string, EventId>;
  /** The time of the revision applied last, if any was. */
  seenAt?: Instant;
}

/** A change that readers can see. */
export interface EventChange {
  kind: ChangeKind;
  id: EventId;
  at: Instant;
  day: Day;
  slug: string;
}

/** What a step makes of a page: rows to write, all in one transaction. */
export interface Step {
  /** The records that are new or differ from before, whole. */
  events: EventRecord[];
  changes: EventChange[];
  /** What differs on the page, for each event that is on it and differs: the measure of the work to be done again. */
  touched: { id: EventId; changed: Changed }[];
}

export interface RevisionFacts {
  /** The revision's own time. */
  at: Instant;
  revision?: number;
  settleMs?: number;
  /** Random ids for new events. */
  newId: () => EventId;
}

/** A record as `reconcile` wants it: as last seen, settled or not. */
export function knownEvent({ id, day, reading, pending, firstSeenAt, goneAt }: EventRecord): KnownEvent {
  return { ...(pending?.reading ?? reading), id, day, gone: goneAt !== undefined, firstSeen: firstSeenAt };
}
