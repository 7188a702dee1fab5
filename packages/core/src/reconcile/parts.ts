import { freeItems, type Matching, type Side } from './matching.ts';
import { pairsOf, strongestFirst } from './pairs.ts';
import type { KnownEvent } from './reconciliation.ts';
import { wholeKey, type Traits } from './traits.ts';

/** An event that is on the page still, and has changed. */
interface Whole {
  event: KnownEvent;
  before: Traits;
  now: Traits;
}

/** Items without an event that were part of one until now: item → that event. */
export function splits(matching: Matching, sides: readonly Side[]): Map<number, KnownEvent> {
  const fresh = freeItems(matching);
  const items = fresh.map((item) => matching.items[item] as Traits);
  const wholes = sides.flatMap((side) => wholesOf(matching, side));
  const parts = new Map<number, KnownEvent>();
  const befores = wholes.map(({ before }) => before);
  for (const pair of pairsOf(befores, items).sort(strongestFirst)) {
    const [whole, item] = [wholes[pair.known] as Whole, fresh[pair.item] as number];
    if (!parts.has(item) && isPart(items[pair.item] as Traits, whole.before, whole.now)) parts.set(item, whole.event);
  }
  return parts;
}

/** Events of `missing` that are part of another one now: event → that other event. */
export function merges(matching: Matching, sides: readonly Side[], missing: Side): Map<KnownEvent, KnownEvent> {
  const wholes = sides.flatMap((side) => wholesOf(matching, side));
  const into = new Map<KnownEvent, KnownEvent>();
  const nows = wholes.map(({ now }) => now);
  for (const pair of pairsOf(missing.traits, nows).sort(strongestFirst)) {
    const [part, whole] = [missing.events[pair.known] as KnownEvent, wholes[pair.item] as Whole];
    const traits = missing.traits[pair.known] as Traits;
    if (!into.has(part) && isPart(traits, whole.now, whole.before)) into.set(part, whole.event);
  }
  return into;
}

function wholesOf({ itemOf, items }: Matching, { events, traits }: Side): Whole[] {
  return events.flatMap((event, i) => {
    const item = itemOf.get(event);
    const [before, now] = [traits[i] as Traits, item === undefined ? undefined : items[item]];
    return now && wholeKey(before) !== wholeKey(now) ? [{ event, before, now }] : [];
  });
}

/** Whether a source of `part`, or half of its words, is in `whole` and was not in `rest`, which is the other part of it. */
const isPart = (part: Traits, whole: Traits, rest: Traits): boolean =>
  shareOf(part.urls, whole.urls, rest.urls) > 0 || shareOf(part.words, whole.words, rest.words) >= 0.5;

function shareOf(part: ReadonlySet<string>, whole: ReadonlySet<string>, rest: ReadonlySet<string>): number {
  const own = [...part].filter((key) => whole.has(key) && !rest.has(key));
  return part.size === 0 ? 0 : own.length / part.size;
}
