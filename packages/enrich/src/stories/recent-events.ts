import { KINDS, type Kind, type Traits } from './story-event.ts';

/** Threads go on within so many days. What is older is found again under its header alone. */
export const WINDOW_DAYS = 240;

/**
 * The events of the last `WINDOW_DAYS` days, looked up by what they have.
 * Rarity is counted among them alone: so what is decided on a day depends on
 * nothing before the window.
 */
export interface RecentEvents {
  /** How many are in the window. */
  readonly size: number;
  /** The first slot in the window; slots grow in the order of adding. */
  readonly first: number;
  /** One more than the last slot. */
  readonly end: number;
  at: (slot: number) => Traits;
  /** The slots in the window that have `value`, ascending. */
  slots: (kind: Kind, value: string) => readonly number[];
  /** Natural logarithm of how many events there are for each that has `value`. */
  rarity: (kind: Kind, value: string) => number;
  /** The length of an event's vector of rarities of a kind; 1 where it has none. */
  norm: (kind: Kind, traits: Traits) => number;
  add: (traits: Traits) => number;
  /** Forgets what is before the window of `day`, and returns it, oldest first. */
  forget: (day: number) => { slot: number; traits: Traits }[];
}

/** Added to the number of events, so that the first of all are not all rare. */
const PRIOR = 10;

export function createRecentEvents(): RecentEvents {
  const held = new Map<number, Traits>();
  const lists = new Map<Kind, Map<string, number[]>>(KINDS.map((kind) => [kind, new Map<string, number[]>()]));
  let first = 0;
  let end = 0;
  const at = (slot: number): Traits => {
    const traits = held.get(slot);
    if (!traits) throw new RangeError(`no event is held under ${slot}`);
    return traits;
  };
  const slots = (kind: Kind, value: string): readonly number[] => lists.get(kind)?.get(value) ?? [];
  const rarity = (kind: Kind, value: string): number =>
    Math.log((end - first + PRIOR) / (slots(kind, value).length + 1));

  function forgetFirst(): { slot: number; traits: Traits } {
    const slot = first++;
    const traits = at(slot);
    for (const kind of KINDS) {
      const byValue = lists.get(kind);
      for (const value of traits[kind]) {
        const list = byValue?.get(value);
        list?.shift();
        if (list?.length === 0) byValue?.delete(value);
      }
    }
    held.delete(slot);
    return { slot, traits };
  }

  return {
    at,
    slots,
    rarity,
    get size() {
      return end - first;
    },
    get first() {
      return first;
    },
    get end() {
      return end;
    },
    norm: (kind, traits) => Math.sqrt(traits[kind].reduce((sum, value) => sum + rarity(kind, value) ** 2, 0)) || 1,
    add(traits) {
      const slot = end++;
      held.set(slot, traits);
      for (const kind of KINDS) {
        const byValue = lists.get(kind);
        for (const value of traits[kind]) {
          const list = byValue?.get(value);
          if (list) list.push(slot);
          else byValue?.set(value, [slot]);
        }
      }
      return slot;
    },
    forget(day) {
      const gone: { slot: number; traits: Traits }[] = [];
      while (first < end && at(first).day < day - WINDOW_DAYS) gone.push(forgetFirst());
      return gone;
    },
  };
}
