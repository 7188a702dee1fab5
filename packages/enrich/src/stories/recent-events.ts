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
  /** The entities of an event that a good part of the window has, such as great countries. */
  everyday: (traits: Traits) => readonly string[];
  add: (traits: Traits) => number;
  /** Forgets what is before the window of `day`, and returns it, oldest first. */
  forget: (day: number) => { slot: number; traits: Traits }[];
}

/** Added to the number of events, so that the first of all are not all rare. */
const PRIOR = 10;
/** Entities that at least this share of the window has tell which of many like events it is. */
const EVERYDAY_SHARE = 0.008;

/** By kind, in the order of an event's own values: the slots that have each, ascending. */
type Lists = Record<Kind, readonly number[][]>;

export function createRecentEvents(): RecentEvents {
  const held = new Map<number, Traits>();
  /** Found once for each event that is held: its values are compared with those of many others. */
  const listsOf = new Map<Traits, Lists>();
  const byValue = byKind(() => new Map<string, number[]>());
  let first = 0;
  let end = 0;
  const at = (slot: number): Traits => {
    const traits = held.get(slot);
    if (!traits) throw new RangeError(`no event is held under ${slot}`);
    return traits;
  };
  const slots = (kind: Kind, value: string): readonly number[] => byValue[kind].get(value) ?? [];
  const slotsOf = (kind: Kind, traits: Traits): readonly (readonly number[])[] =>
    listsOf.get(traits)?.[kind] ?? traits[kind].map((value) => slots(kind, value));
  const rarityOf = (count: number): number => Math.log((end - first + PRIOR) / (count + 1));

  function listOf(kind: Kind, value: string): number[] {
    const known = byValue[kind].get(value);
    if (known) return known;
    const fresh: number[] = [];
    byValue[kind].set(value, fresh);
    return fresh;
  }

  function forgetFirst(): { slot: number; traits: Traits } {
    const slot = first++;
    const traits = at(slot);
    for (const kind of KINDS) {
      for (const value of traits[kind]) {
        const list = byValue[kind].get(value);
        list?.shift();
        if (list?.length === 0) byValue[kind].delete(value);
      }
    }
    held.delete(slot);
    listsOf.delete(traits);
    return { slot, traits };
  }

  return {
    at,
    slots,
    rarity: (kind, value) => rarityOf(slots(kind, value).length),
    get size() {
      return end - first;
    },
    get first() {
      return first;
    },
    get end() {
      return end;
    },
    norm: (kind, traits) =>
      Math.sqrt(slotsOf(kind, traits).reduce((sum, { length }) => sum + rarityOf(length) ** 2, 0)) || 1,
    everyday(traits) {
      const lists = slotsOf('entities', traits);
      return traits.entities.filter((_title, place) => (lists[place]?.length ?? 0) >= (end - first) * EVERYDAY_SHARE);
    },
    add(traits) {
      const slot = end++;
      held.set(slot, traits);
      const lists = byKind((kind) => traits[kind].map((value) => listOf(kind, value)));
      listsOf.set(traits, lists);
      for (const kind of KINDS) for (const list of lists[kind]) list.push(slot);
      return slot;
    },
    forget(day) {
      const gone: { slot: number; traits: Traits }[] = [];
      while (first < end && at(first).day < day - WINDOW_DAYS) gone.push(forgetFirst());
      return gone;
    },
  };
}

const byKind = <T>(make: (kind: Kind) => T): Record<Kind, T> => ({
  named: make('named'),
  terms: make('terms'),
  urlWords: make('urlWords'),
  entities: make('entities'),
});
