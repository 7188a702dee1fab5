import type { FieldName } from './event-index.ts';
import {
  countBefore,
  eventsBefore,
  eventsRecently,
  frequencyBefore,
  rarityOf,
  SETTLED_DAYS,
  type Frequency,
} from './history.ts';
import type { Query } from './query.ts';

/**
 * The asked event and one of the index, with the circumstances of the two:
 * facts that no piece of evidence is about, by which every piece is weighed.
 */
export interface Pair {
  query: Query;
  slot: number;
  /** Days between the two, 0 and up. */
  apartDays: number;
  /** The day of the later one: the pair is judged by what was known by then. */
  day: number;
  /** Events known by then. */
  eventsBefore: number;
  /** How rare the heading is of late that both stand under, by `RECENT_DAYS`; 0 where they stand under different ones. */
  headingRarity: number;
}

export function pairOf(query: Query, slot: number): Pair {
  const day = query.index.dayAt(slot);
  const isLater = day > query.day;
  const pair: Pair = {
    query,
    slot,
    apartDays: Math.abs(day - query.day),
    day: isLater ? day : query.day,
    eventsBefore: isLater ? eventsBefore(query.index, day) : query.eventsBefore,
    headingRarity: 0,
  };
  forEachShared(pair, 'sections', (_, { recent }) => {
    pair.headingRarity = LEAST_HEADING_RARITY + rarityOf(recent, eventsRecently(query.index, pair.day));
  });
  return pair;
}

/** That of a heading that every event has. */
const LEAST_HEADING_RARITY = 0.1;

/** One value that both have: its frequency, and its places among the values of either. */
export type Shared = (id: number, frequency: Frequency, place: number, placeThere: number) => void;

/** Calls `found` for each value of a field that both have, in the other event's order. */
export function forEachShared({ query, slot, day }: Pair, name: FieldName, found: Shared): void {
  const asked = query.asked[name];
  if (asked.size === 0) return;
  const { fields } = query.index;
  const field = fields[name];
  const { ids } = field;
  const start = field.start(slot);
  const end = field.end(slot);
  for (let at = start; at < end; at++) {
    const known = asked.get(ids[at] ?? -1);
    if (known === undefined) continue;
    const frequency = day === query.day ? known : frequencyBefore(query.index, name, known.id, day);
    found(known.id, frequency, known.place, at - start);
  }
}

/** How many events that have a value lie between the two, of those that `before` counts. */
export function countBetween({ query, day, apartDays }: Pair, name: FieldName, id: number, before: number): number {
  if (apartDays <= SETTLED_DAYS) return 0;
  return before - countBefore(query.index, query.index.fields[name].slots(id), day - apartDays + 1);
}
