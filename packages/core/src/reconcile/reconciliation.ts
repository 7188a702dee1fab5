import type { Day } from '../day.ts';
import type { ParsedEvent } from '../event.ts';
import type { EventId } from '../ids.ts';

/** An event as it was last seen on a page, with what is needed to know it again. */
export interface KnownEvent extends Omit<ParsedEvent, 'category'> {
  id: EventId;
  /** The page it was last seen on. */
  day: Day;
  /** True when it has left its page: withdrawn, or dropped before it was stable. It may come back. */
  gone: boolean;
  /** Milliseconds since the epoch. Of two that are one, the older keeps its id. */
  firstSeen: number;
}

/** What is asked: which of the events known before is which item of a new reading of a day's page. */
export interface ReconcileInput {
  day: Day;
  /** Every event last seen on this page, those that have gone included. Order is of no consequence. */
  known: readonly KnownEvent[];
  /** The same for the pages of the days around it. Order is of no consequence. */
  neighbours: readonly KnownEvent[];
  /** The page's items in page order. */
  parsed: readonly ParsedEvent[];
}

/** What differs between an event as known and the item it is now. */
export interface Changed {
  /** The sentence, after white space and Unicode composition are folded. */
  text: boolean;
  /** The topics' titles (their text, where a header is not a link), or their order. */
  topics: boolean;
  section: boolean;
  /** The linked titles, or the words that carry them. */
  links: boolean;
  /** The set of cited URLs; http for https, `www.` and order are no change. */
  sources: boolean;
  /** Labels, spelling or order of the sources: to be shown, with nothing new to capture. */
  citations: boolean;
  position: boolean;
  day: boolean;
}

/**
 * What an item of the page is. Where several kinds fit, the first of `restored`,
 * `moved`, `reworded`, `same` names it; `changed` tells the rest.
 */
export type ItemVerdict =
  | { kind: 'same' | 'reworded' | 'moved' | 'restored'; item: number; id: EventId; from: Day; changed: Changed }
  /** A new event that was a part of `of` until now; `of` goes on as another item. */
  | { kind: 'split'; item: number; of: EventId }
  | { kind: 'new'; item: number };

/** What became of an event that was on the page and has no item of its own any more. */
export type MissingVerdict =
  | { kind: 'withdrawn'; id: EventId }
  /** Its content is now part of the event `into`, which goes on. */
  | { kind: 'merged'; id: EventId; into: EventId }
  /** It stands on the page of `day`, where it was taken for a new event, `twin`. */
  | { kind: 'moved'; id: EventId; day: Day; twin: EventId };

/** Every parsed item is in `items`, every event of `known` in exactly one of the three lists. */
export interface Reconciliation {
  /** One an item, in page order. */
  items: ItemVerdict[];
  /** Events that left the page with this reading, in their old order on the page. */
  missing: MissingVerdict[];
  /** Events that had left before and have not come back. */
  absent: EventId[];
}
