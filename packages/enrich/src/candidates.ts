import type { EventIndex, FieldName } from './event-index.ts';
import { countBefore, SETTLED_DAYS } from './history.ts';
import type { Asked, Query } from './query.ts';

/** How many events that are further away than `SETTLED_DAYS` are weighed in full for one query; nearer ones always are. */
const KEPT = 150;

/**
 * How many listings are followed for one query, the rarest of what it has
 * first, and how far each is. They bound the work of one query whatever the
 * size of the archive; what is further away and shares nothing rarer would not
 * be chosen anyway.
 */
const LISTINGS = 12_000;
const REACH = 2500;

/** Values that more of the archive has than one in e to this power are followed for `SETTLED_DAYS` only; */
const LEAST_RARITY = 1;
/** and terms that more has than one in e to this power are followed further, but not there: nearly all events of a week share some. */
const LEAST_TERM_RARITY = 3;
/** What no more events have is rare, however few there are in all. */
const FEW = 3;

/** What makes an event worth weighing, and how much each counts for that, by the square of its rarity. Set by hand: recall of related events within `KEPT`. */
const DRAWS: Readonly<Partial<Record<FieldName, number>>> = {
  entities: 1,
  topics: 3,
  stories: 1,
  sources: 1,
  terms: 0.35,
};
const IMPLIED = 0.8;
const SAME_SECTION = 20;
const FADING_DAYS = 20;
const FADING_POWER = 0.25;

/**
 * Which events are looked at: those of days before the asked event's
 * (`earlier`), also those of its own day with a smaller id (`before`), those
 * that have the asked event `before` them (`after`), or all.
 */
export type Reach = 'earlier' | 'before' | 'after' | 'all';

/**
 * The slots most likely to belong with the query, never its own. Which they
 * are depends on nothing younger than `SETTLED_DAYS` but the events themselves:
 * one that comes in late takes no other one's place.
 */
export function candidates(query: Query, reach: Reach): number[] {
  const draw = query.index.scratch();
  const drawn: number[] = [];
  let left = LISTINGS;
  for (const { slots, weight, isFollowed, isNear } of listsOf(query, reach)) {
    const span = spanOf(query, slots, reach, isFollowed ? Math.min(REACH, left) : 0);
    left -= span.nearFrom - span.from + span.to - span.nearTo;
    const parts = isNear
      ? [[span.from, span.to] as const]
      : [[span.from, span.nearFrom] as const, [span.nearTo, span.to] as const];
    for (const [from, to] of parts) {
      for (let at = from; at < to; at++) {
        const slot = slots[at] ?? 0;
        if (draw[slot] === 0) drawn.push(slot);
        draw[slot] = (draw[slot] ?? 0) + weight;
      }
    }
  }
  return strongest(query, draw, drawn);
}

interface Listed {
  slots: readonly number[];
  weight: number;
  before: number;
  /** Whether the list is followed beyond `SETTLED_DAYS`. */
  isFollowed: boolean;
  /** Whether it is followed within them. */
  isNear: boolean;
}

/** Where what the query has is listed, the shortest list first. */
function listsOf(query: Query, reach: Reach): Listed[] {
  const lists = Object.entries(DRAWS).flatMap(([name, factor]) =>
    [...query.asked[name as FieldName].values()].map((asked) => {
      const isRare = (least: number) => asked.rarity >= least || asked.before <= FEW;
      return {
        slots: query.index.fields[name as FieldName].slots(asked.id),
        weight: factor * weightOf(query, name as FieldName, asked),
        before: asked.before,
        isFollowed: isRare(LEAST_RARITY),
        isNear: name !== 'terms' || reach === 'after' || isRare(LEAST_TERM_RARITY),
      };
    }),
  );
  return lists.sort((a, b) => a.before - b.before);
}

/** Never 0: a draw of 0 is none. */
const weightOf = (query: Query, name: FieldName, { rarity, place }: Asked): number =>
  rarity ** 2 * (name === 'entities' && place >= query.named ? IMPLIED : 1) + Number.EPSILON;

/** A part of a list, `nearFrom` to `nearTo` of it within `SETTLED_DAYS`. */
interface Span {
  from: number;
  nearFrom: number;
  nearTo: number;
  to: number;
}

function spanOf({ index, day, event }: Query, slots: readonly number[], reach: Reach, most: number): Span {
  const own = placeOf(index, slots, day, reach === 'earlier' ? '' : event.id);
  let [from, nearFrom, nearTo, to] = [own, own, own, own];
  if (reach !== 'after') {
    nearFrom = countBefore(index, slots, day - SETTLED_DAYS);
    from = Math.max(0, nearFrom - most);
  }
  if (reach === 'after' || reach === 'all') {
    nearTo = countBefore(index, slots, day + SETTLED_DAYS + 1);
    to = Math.min(slots.length, nearTo + most);
  }
  return { from, nearFrom, nearTo, to };
}

/** How many of `slots` come before an event of a day and id. */
function placeOf(index: EventIndex, slots: readonly number[], day: number, id: string): number {
  let at = countBefore(index, slots, day);
  while (at < slots.length) {
    const slot = slots[at] ?? 0;
    if (index.dayAt(slot) !== day || index.idAt(slot) >= id) break;
    at++;
  }
  return at;
}

function strongest(query: Query, draw: Float64Array, drawn: readonly number[]): number[] {
  const { index, day } = query;
  const own = index.slotOf(query.event.id);
  const { sections } = index.fields;
  const [section] = query.asked.sections.keys();
  const near: number[] = [];
  const far: number[] = [];
  const values = new Float64Array(drawn.length);
  for (const slot of drawn) {
    const apart = Math.abs(index.dayAt(slot) - day);
    if (slot !== own && apart <= SETTLED_DAYS) near.push(slot);
    if (apart > SETTLED_DAYS) {
      const bonus = section !== undefined && sections.has(slot, section) ? SAME_SECTION : 0;
      values[far.length] = ((draw[slot] ?? 0) + bonus) / fadingOver(apart);
      far.push(slot);
    }
    draw[slot] = 0;
  }
  return [...near, ...greatest(far, values.subarray(0, far.length), index)];
}

/** By days apart: what a draw is divided by. Grows as it is asked for. */
let fading = new Float64Array(0);

function fadingOver(days: number): number {
  if (days >= fading.length) {
    fading = Float64Array.from({ length: days * 2 }, (_, apart) => (1 + apart / FADING_DAYS) ** FADING_POWER);
  }
  return fading[days] ?? 1;
}

function greatest(slots: readonly number[], values: Float64Array, index: EventIndex): number[] {
  if (slots.length <= KEPT) return [...slots];
  const least = leastOfGreatest(values, KEPT);
  return slots
    .map((slot, at) => ({ slot, value: values[at] ?? 0 }))
    .filter(({ value }) => value >= least)
    .sort((a, b) => b.value - a.value || (index.idAt(a.slot) < index.idAt(b.slot) ? -1 : 1))
    .slice(0, KEPT)
    .map(({ slot }) => slot);
}

/** The `count`-th greatest of at least so many values: a heap of the greatest so far, the least of them on top. */
export function leastOfGreatest(values: Float64Array, count: number): number {
  const heap = values.slice(0, count).sort(); // what is sorted is a heap
  for (let at = count; at < values.length; at++) {
    const value = values[at] ?? 0;
    if (value > (heap[0] ?? 0)) replaceTop(heap, value);
  }
  return heap[0] ?? 0;
}

function replaceTop(heap: Float64Array, value: number): void {
  let place = 0;
  for (let child = 1; child < heap.length; child = 2 * place + 1) {
    if (child + 1 < heap.length && (heap[child + 1] ?? 0) < (heap[child] ?? 0)) child++;
    if ((heap[child] ?? 0) >= value) break;
    heap[place] = heap[child] ?? 0;
    place = child;
  }
  heap[place] = value;
}
