import type { FieldName } from './event-index.ts';
import { eventsBefore, frequencyBefore, type Frequency } from './history.ts';
import type { Query } from './query.ts';

/** The asked event and one of the index. */
export interface Pair {
  query: Query;
  slot: number;
  /** Days between the two, 0 and up. */
  apartDays: number;
  /** The day of the later one: the pair is judged by what was known before it. */
  day: number;
  /** Events of days before that. */
  eventsBefore: number;
}

export function pairOf(query: Query, slot: number): Pair {
  const day = query.index.dayAt(slot);
  const isLater = day > query.day;
  return {
    query,
    slot,
    apartDays: Math.abs(day - query.day),
    day: isLater ? day : query.day,
    eventsBefore: isLater ? eventsBefore(query.index, day) : query.eventsBefore,
  };
}

/** One value that both have: its frequency, and its places among the values of either. */
export type Shared = (id: number, frequency: Frequency, place: number, placeThere: number) => void;

/** Calls `found` for each value of a field that both have, in the asked event's order of the other's. */
export function forEachShared({ query, slot, day }: Pair, name: FieldName, found: Shared): void {
  const asked = query.asked[name];
  if (asked.size === 0) return;
  const { fields } = query.index;
  const field = fields[name];
  const { ids } = field;
  const start = field.start(slot);
  for (let at = start; at < field.end(slot); at++) {
    const known = asked.get(ids[at] ?? -1);
    if (known === undefined) continue;
    const frequency = day === query.day ? known : frequencyBefore(query.index, name, known.id, day);
    found(known.id, frequency, known.place, at - start);
  }
}
