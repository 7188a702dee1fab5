import type { EventIndex, FieldName } from './event-index.ts';

/** How frequent a value was when a day began. */
export interface Frequency {
  /** Events of earlier days that have it. */
  before: number;
  /** Of those, events of the last `RECENT_DAYS` days. */
  recent: number;
  /** Natural logarithm of how many earlier events there were for each that has it; 0 and up. */
  rarity: number;
}

export const RECENT_DAYS = 60;

/**
 * How frequent a value was before a day. Pairs of events are judged by the
 * archive as it stood before the later of the two: what comes in afterwards
 * changes nothing between them, so a new event can be related without doing
 * all others again.
 */
export function frequencyBefore(index: EventIndex, name: FieldName, id: number, day: number): Frequency {
  const slots = index.fields[name].slots(id);
  const before = countBefore(index, slots, day);
  const recent = before - countBefore(index, slots, day - RECENT_DAYS);
  return { before, recent, rarity: rarityOf(before, eventsBefore(index, day)) };
}

export const eventsBefore = (index: EventIndex, day: number): number => countBefore(index, index.inTime, day);

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
