import type { EventIndex, FieldName } from './event-index.ts';

/** How frequent a value was some days before a day began. */
export interface Frequency {
  /** Events that had it by then. */
  before: number;
  /** Of those, events of the `RECENT_DAYS` days up to then. */
  recent: number;
  /** Natural logarithm of how many events there were by then for each that had it; 0 and up. */
  rarity: number;
}

export const RECENT_DAYS = 60;

/**
 * What is younger than this is not counted. Pages change for some days, and
 * events come in late: as long as they are no later than this, nothing that is
 * known between two others changes by them, so it makes no difference in which
 * order events come in, and a new one can be related without doing all others
 * again.
 */
export const SETTLED_DAYS = 3;

/** How frequent a value was, as pairs whose later event is of `day` are judged by. */
export function frequencyBefore(index: EventIndex, name: FieldName, id: number, day: number): Frequency {
  const slots = index.fields[name].slots(id);
  const before = countBefore(index, slots, day - SETTLED_DAYS);
  const recent = before - countBefore(index, slots, day - SETTLED_DAYS - RECENT_DAYS);
  return { before, recent, rarity: rarityOf(before, eventsBefore(index, day)) };
}

/** How many events there were, as pairs whose later event is of `day` are judged by. */
export const eventsBefore = (index: EventIndex, day: number): number =>
  countBefore(index, index.inTime, day - SETTLED_DAYS);

/** How many of those are of the last `RECENT_DAYS` days. */
export const eventsRecently = (index: EventIndex, day: number): number =>
  eventsBefore(index, day) - eventsBefore(index, day - RECENT_DAYS);

export const rarityOf = (having: number, all: number): number => Math.log((all + 1) / (having + 1));

/** How many of `slots`, which are in order of time, are of days before `day`. */
export function countBefore(index: EventIndex, slots: readonly number[], day: number): number {
  let low = 0;
  let high = slots.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (index.dayAt(slots[middle] ?? 0) < day) low = middle + 1;
    else high = middle;
  }
  return low;
}
