import type { Day, EventId } from '@throughline/core';
import { createLinker, isNamed, pageOf, tag, type IndexedEvent, type Linker } from '@throughline/enrich';
import { byDay, readLinkedEvents, type LinkedEvent } from './linked-events.ts';

/**
 * The events of a file with their entities: what editors linked, and what the
 * days before teach to link. Each day is tagged, then learnt.
 */
export const taggedEvents = (file: string): AsyncGenerator<IndexedEvent> => tagEach(readLinkedEvents(file));

export async function* tagEach(events: AsyncIterable<LinkedEvent>): AsyncGenerator<IndexedEvent> {
  const linker = createLinker();
  for await (const day of byDay(events)) {
    const page = pageOf(day);
    yield* day.map((event, place) => tagged({ ...event, page, place }, linker));
    linker.learn(day.map((event) => ({ ...event, day: event.date, topics: [] })));
  }
}

function tagged(event: LinkedEvent & { page: ReturnType<typeof pageOf>; place: number }, linker: Linker): IndexedEvent {
  const mentions = tag({ ...event, topics: [], day: event.date }, linker);
  const titles = (named: boolean) => mentions.filter((one) => isNamed(one) === named).map(({ title }) => title);
  return {
    id: event.id as EventId,
    day: event.date as Day,
    text: event.text,
    section: event.section,
    entities: [...new Set(titles(true))],
    implied: [...new Set(titles(false))],
    topics: [],
    sources: event.sources.map(({ url }) => url),
  };
}
