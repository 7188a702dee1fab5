import { dayNumber, type Day, type EventId } from '@throughline/core';
import { createField, drop, insert, type Field } from './field.ts';
import { termsOf } from './terms.ts';

/** What relating needs to know of an event. Titles are entity keys as `titleKey` gives them, URLs canonical. */
export interface IndexedEvent {
  id: EventId;
  day: Day;
  text: string;
  /** The category, or the heading as written where it has none. */
  section?: string;
  /** What it names, most telling first. */
  entities: readonly string[];
  /** What that implies: the country of a ministry, the disease of a vaccine. */
  implied?: readonly string[];
  topics: readonly string[];
  sources: readonly string[];
  story?: string;
}

export const FIELD_NAMES = ['terms', 'entities', 'topics', 'sources', 'stories', 'sections'] as const;
export type FieldName = (typeof FIELD_NAMES)[number];

/**
 * Tagged events in memory, looked up by what they share. It holds no text;
 * one worker keeps the whole archive and follows it with `upsert` and
 * `remove`. The order in which events came in makes no difference to any
 * answer.
 */
export interface EventIndex {
  readonly size: number;
  /** Another number after every change. */
  readonly revision: number;
  upsert: (event: IndexedEvent) => void;
  /** Whether there was such an event. */
  remove: (id: EventId) => boolean;
  /** An event's slot: a small number, valid until the event is removed. */
  slotOf: (id: EventId) => number | undefined;
  idAt: (slot: number) => EventId;
  /** Days since 1970-01-01. */
  dayAt: (slot: number) => number;
  /** How many of a slot's entities it names; the others are implied. */
  namedAt: (slot: number) => number;
  /** Every slot in use, in order of time. */
  readonly inTime: readonly number[];
  readonly fields: Readonly<Record<FieldName, Field>>;
  /** Room for one search: `draw` is 0 for every slot, and must be again when the search ends. */
  scratch: () => Float64Array;
}

export function createEventIndex(): EventIndex {
  const slotById = new Map<EventId, number>();
  const ids: EventId[] = [];
  const days: number[] = [];
  const named: number[] = [];
  const free: number[] = [];
  const inTime: number[] = [];
  let draw = new Float64Array(1024);
  let revision = 0;
  const byTime = (a: number, b: number) => (days[a] ?? 0) - (days[b] ?? 0) || compareText(ids[a] ?? '', ids[b] ?? '');
  const fields = Object.fromEntries(FIELD_NAMES.map((name) => [name, createField(byTime)])) as Record<FieldName, Field>;

  function remove(id: EventId): boolean {
    const slot = slotById.get(id);
    if (slot === undefined) return false;
    revision++;
    for (const name of FIELD_NAMES) fields[name].clear(slot);
    drop(inTime, slot, byTime);
    slotById.delete(id);
    free.push(slot);
    return true;
  }

  return {
    fields,
    inTime,
    remove,
    get size() {
      return slotById.size;
    },
    scratch() {
      if (draw.length < ids.length) draw = new Float64Array(ids.length * 2);
      return draw;
    },
    slotOf: (id) => slotById.get(id),
    idAt: (slot) => ids[slot] ?? ('' as EventId),
    dayAt: (slot) => days[slot] ?? 0,
    namedAt: (slot) => named[slot] ?? 0,
    get revision() {
      return revision;
    },
    upsert(event) {
      remove(event.id);
      revision++;
      const slot = free.pop() ?? ids.length;
      slotById.set(event.id, slot);
      ids[slot] = event.id;
      days[slot] = dayNumber(event.day);
      named[slot] = new Set(event.entities).size;
      insert(inTime, slot, byTime);
      const values = valuesOf(event);
      for (const name of FIELD_NAMES) fields[name].put(slot, values[name]);
    },
  };
}

/** What an event has in each field, in the event's own order, without repeats. */
export function valuesOf(event: IndexedEvent): Record<FieldName, readonly string[]> {
  return {
    terms: [...new Set(termsOf(event.text))],
    entities: [...new Set([...event.entities, ...(event.implied ?? [])])],
    topics: [...new Set(event.topics)],
    sources: [...new Set(event.sources)],
    stories: event.story === undefined ? [] : [event.story],
    sections: event.section === undefined || event.section === '' ? [] : [event.section],
  };
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
