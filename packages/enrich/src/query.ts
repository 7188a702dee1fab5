import { dayNumber } from '@throughline/core';
import { FIELD_NAMES, valuesOf, type EventIndex, type FieldName, type IndexedEvent } from './event-index.ts';
import { countBefore, eventsBefore, frequencyBefore, rarityOf, SETTLED_DAYS, type Frequency } from './history.ts';

/** One thing the asked event has, and how frequent it was. */
export interface Asked extends Frequency {
  id: number;
  /** Its place among the event's values of the field, from 0. */
  place: number;
}

/** An event that is asked about, read against an index. It need not be in the index itself. */
export interface Query {
  index: EventIndex;
  event: IndexedEvent;
  day: number;
  /** Events known by its day. */
  eventsBefore: number;
  /** What the event has and the index knows, by id, in the event's own order. */
  asked: Record<FieldName, ReadonlyMap<number, Asked>>;
  /** How many terms it has, known or not. */
  terms: number;
  /** How many of its entities it names; the others are implied. */
  named: number;
  /** How rare a term was by the day of the asked event, as often as it is asked for. */
  termRarity: (id: number) => number;
  /** Of `massOfAsked`, once it was asked for. */
  mass?: number;
}

export function queryOf(index: EventIndex, event: IndexedEvent): Query {
  const values = valuesOf(event);
  const day = dayNumber(event.day);
  const asked = Object.fromEntries(
    FIELD_NAMES.map((name) => [name, askedOf(index, name, values[name], day)]),
  ) as Query['asked'];
  const known = eventsBefore(index, day);
  return {
    index,
    event,
    day,
    eventsBefore: known,
    asked,
    terms: values.terms.length,
    named: new Set(event.entities).size,
    termRarity: rarities(index, day, known),
  };
}

/** How rare terms were, as far as it was asked for: events of one day ask for the same. */
interface Rarities {
  day: number;
  /** Of the index, when they were found. */
  revision: number;
  /** By the id of the term, and for which round: a round is a day of a revision. */
  found: Float64Array;
  rounds: Int32Array;
  round: number;
}

const lastAsked = new WeakMap<EventIndex, Rarities>();

function rarities(index: EventIndex, day: number, known: number) {
  const { terms } = index.fields;
  const last = raritiesOf(index, day);
  const { found, rounds, round } = last;
  return (id: number): number => {
    if (rounds[id] === round) return found[id] ?? 0;
    const rarity = rarityOf(countBefore(index, terms.slots(id), day - SETTLED_DAYS), known);
    found[id] = rarity;
    rounds[id] = round;
    return rarity;
  };
}

function raritiesOf(index: EventIndex, day: number): Rarities {
  const { revision } = index;
  const { size } = index.fields.terms;
  let last = lastAsked.get(index);
  if (last === undefined || last.found.length < size) {
    const room = size * 2;
    last = { day, revision, found: new Float64Array(room), rounds: new Int32Array(room), round: 1 };
    lastAsked.set(index, last);
  }
  if (last.day !== day || last.revision !== revision) {
    last.day = day;
    last.revision = revision;
    last.round = (last.round + 1) & 0x7fffffff;
  }
  return last;
}

function askedOf(
  index: EventIndex,
  name: FieldName,
  values: readonly string[],
  day: number,
): ReadonlyMap<number, Asked> {
  const asked = new Map<number, Asked>();
  values.forEach((value, place) => {
    const id = index.fields[name].idOf(value);
    if (id !== undefined) asked.set(id, { id, place, ...frequencyBefore(index, name, id, day) });
  });
  return asked;
}
