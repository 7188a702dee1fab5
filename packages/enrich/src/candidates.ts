import type { FieldName } from './event-index.ts';
import type { Asked, Query } from './query.ts';

/** How many events are weighed in full for one query. */
const KEPT = 150;

/**
 * How many listings are followed for one query, the rarest of what it has
 * first, and how far each is, in events on either side of the asked day. They
 * bound the work of one query whatever the size of the archive; what is
 * further away and shares nothing rarer would not be chosen anyway.
 */
const LISTINGS = 12_000;
const REACH = 2500;

/** Values that more of the archive has than one in e to this power are not followed. */
const LEAST_RARITY = 1.5;

/** What makes an event worth weighing, and how much each counts for that. Set by hand: recall of related events within `KEPT`. */
const DRAWS: readonly [FieldName, number][] = [
  ['entities', 1],
  ['topics', 3],
  ['stories', 1],
  ['sources', 1],
  ['terms', 0.5],
];
const IMPLIED = 0.5;
const SAME_SECTION = 10;
const FADING_DAYS = 20;
const FADING_POWER = 0.25;

export interface Reach {
  /** Whether events of the asked day and later ones count too. */
  later: boolean;
}

/** The slots most likely to belong with the query, never its own. */
export function candidates(query: Query, { later }: Reach): number[] {
  const draw = query.index.scratch();
  const drawn: number[] = [];
  let listings = LISTINGS;
  for (const { slots, weight, before } of listsOf(query)) {
    const reach = Math.min(REACH, listings);
    const from = Math.max(0, before - reach);
    const to = later ? Math.min(slots.length, before + reach) : before;
    for (let at = from; at < to; at++) {
      const slot = slots[at] ?? 0;
      if (draw[slot] === 0) drawn.push(slot);
      draw[slot] = (draw[slot] ?? 0) + weight;
    }
    listings -= to - from;
    if (listings <= 0) break;
  }
  return strongest(query, draw, drawn);
}

interface Listed {
  slots: readonly number[];
  weight: number;
  before: number;
  id: number;
}

/** Where what the query has is listed, the shortest list first. */
function listsOf(query: Query): Listed[] {
  const lists = DRAWS.flatMap(([name, factor]) => {
    const field = query.index.fields[name];
    const followed = [...query.asked[name].values()].filter(
      ({ rarity }) => rarity >= LEAST_RARITY || query.index.size < 1000,
    );
    return followed.map((asked) => ({
      ...asked,
      slots: field.slots(asked.id),
      weight: factor * weightOf(query, name, asked),
    }));
  });
  return lists.sort((a, b) => a.slots.length - b.slots.length || b.weight - a.weight);
}

const weightOf = (query: Query, name: FieldName, { rarity, place }: Asked): number =>
  (rarity + Number.EPSILON) * (name === 'entities' && place >= query.named ? IMPLIED : 1);

function strongest(query: Query, draw: Float64Array, drawn: readonly number[]): number[] {
  const { index, day } = query;
  const own = index.slotOf(query.event.id);
  const { sections } = index.fields;
  const [section] = query.asked.sections.keys();
  const values = new Float64Array(drawn.length);
  drawn.forEach((slot, at) => {
    const apart = Math.abs(index.dayAt(slot) - day);
    const bonus = section !== undefined && sections.has(slot, section) ? SAME_SECTION : 0;
    values[at] = slot === own ? 0 : ((draw[slot] ?? 0) + bonus) / (1 + apart / FADING_DAYS) ** FADING_POWER;
    draw[slot] = 0;
  });
  const least = values.length > KEPT ? (values.toSorted()[values.length - KEPT] ?? 0) : 0;
  return drawn
    .map((slot, at) => ({ slot, value: values[at] ?? 0 }))
    .filter(({ slot, value }) => value >= least && slot !== own)
    .sort((a, b) => b.value - a.value || (index.idAt(a.slot) < index.idAt(b.slot) ? -1 : 1))
    .slice(0, KEPT)
    .map(({ slot }) => slot);
}
