import { pairsOf, strongestFirst, type Pair } from './pairs.ts';
import type { KnownEvent } from './reconciliation.ts';
import { traitsOf, type Traits } from './traits.ts';

/** Events that may be claimed, in a fixed order, each with what it is compared by. */
export interface Side {
  events: readonly KnownEvent[];
  traits: readonly Traits[];
}

export const sideOf = (events: readonly KnownEvent[]): Side => ({ events, traits: events.map(traitsOf) });

/** Which event each item has been found to be; each event is at most one item. */
export interface Matching {
  items: readonly Traits[];
  owner: (KnownEvent | undefined)[];
  itemOf: Map<KnownEvent, number>;
}

export const matchingOf = (items: readonly Traits[]): Matching => ({
  items,
  owner: items.map(() => undefined),
  itemOf: new Map(),
});

function claim({ owner, itemOf }: Matching, event: KnownEvent, item: number): void {
  owner[item] = event;
  itemOf.set(event, item);
}

const free = ({ itemOf }: Matching, { events }: Side): number[] =>
  events.flatMap((event, i) => (itemOf.has(event) ? [] : [i]));

/** The events of a side that are no item. */
export function unmatched(matching: Matching, side: Side): Side {
  const left = free(matching, side);
  return { events: left.map((i) => side.events[i] as KnownEvent), traits: left.map((i) => side.traits[i] as Traits) };
}

/** The items that no event has claimed, in page order. */
export const freeItems = ({ owner }: Matching): number[] => owner.flatMap((event, j) => (event ? [] : [j]));

/**
 * Matches what is left and has the same key, the first with the first, the second with the second. What has no key
 * is passed over.
 */
export function matchEqual(matching: Matching, side: Side, key: (traits: Traits) => string | undefined): void {
  const waiting = new Map<string, number[]>();
  for (const i of free(matching, side).reverse()) {
    const name = key(side.traits[i] as Traits);
    if (name === undefined) continue;
    waiting.set(name, waiting.get(name) ?? []);
    waiting.get(name)?.push(i);
  }
  for (const j of freeItems(matching)) {
    const name = key(matching.items[j] as Traits);
    const i = name === undefined ? undefined : waiting.get(name)?.pop();
    if (i !== undefined) claim(matching, side.events[i] as KnownEvent, j);
  }
}

/** A pair that may be one: `known` is the event's index on its side. */
export interface Candidate extends Pair {
  event: KnownEvent;
  traits: Traits;
}

/** Matches what is left by likeness, the strongest pair first, as far as `accept` holds. */
export function matchAlike(matching: Matching, side: Side, accept: (pair: Candidate) => boolean): void {
  const events = free(matching, side);
  const items = freeItems(matching);
  const pairs = pairsOf(
    events.map((i) => side.traits[i] as Traits),
    items.map((j) => matching.items[j] as Traits),
  );
  for (const pair of pairs.sort(strongestFirst)) {
    const [known, item] = [events[pair.known] as number, items[pair.item] as number];
    const event = side.events[known] as KnownEvent;
    if (matching.owner[item] || matching.itemOf.has(event)) continue;
    const traits = side.traits[known] as Traits;
    if (accept({ ...pair, known, item, event, traits })) claim(matching, event, item);
  }
}
