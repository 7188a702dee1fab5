import { dayNumber } from '@throughline/core';
import { FIELD_NAMES, valuesOf, type EventIndex, type FieldName, type IndexedEvent } from './event-index.ts';
import { eventsBefore, frequencyBefore, type Frequency } from './history.ts';

/** One thing the asked event has, and how frequent it was before its day. */
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
  /** Events of earlier days. */
  eventsBefore: number;
  /** What the event has and the index knows, by id, in the event's own order. */
  asked: Record<FieldName, ReadonlyMap<number, Asked>>;
  /** How many terms it has, known or not. */
  terms: number;
  /** How many of its entities it names; the others are implied. */
  named: number;
}

export function queryOf(index: EventIndex, event: IndexedEvent): Query {
  const values = valuesOf(event);
  const day = dayNumber(event.day);
  const asked = Object.fromEntries(
    FIELD_NAMES.map((name) => [name, askedOf(index, name, values[name], day)]),
  ) as Query['asked'];
  return {
    index,
    event,
    day,
    eventsBefore: eventsBefore(index, day),
    asked,
    terms: values.terms.length,
    named: new Set(event.entities).size,
  };
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
