import type { Day, EventId, Topic } from '@throughline/core';
import type { IndexedEvent } from '@throughline/enrich';
import { openSchool, tagInOrder, type Lesson } from '@throughline/pipeline';
import { readLinkedEvents, type LinkedEvent } from './linked-events.ts';

/** The events of a file with their entities: what editors linked, and what the days before teach to link. */
export const taggedEvents = (file: string): AsyncGenerator<IndexedEvent> => tagEach(readLinkedEvents(file));

/** The same of events in order of days. Headers are not looked at. */
export async function* tagEach(source: AsyncIterable<LinkedEvent>): AsyncGenerator<IndexedEvent> {
  const events: Readable[] = [];
  for await (const event of source) events.push(readable(event));
  const school = openSchool((from, before) => lessonsOf(events, from, before));
  const last = events.at(-1)?.day;
  if (last === undefined) return;
  for await (const { event, tags } of tagInOrder(events, last, school)) {
    yield {
      id: event.id,
      day: event.day,
      text: event.text,
      section: event.section,
      entities: [...new Set(tags.mentions.map(({ title }) => title))],
      implied: tags.implied,
      topics: [],
      sources: event.sources,
    };
  }
}

type Readable = Lesson & { section: string; sources: string[] };

const NO_TOPICS: readonly Topic[] = [];

const readable = ({ id, date, text, section, links, sources }: LinkedEvent): Readable => ({
  id: id as EventId,
  day: date as Day,
  text,
  section,
  links,
  topics: NO_TOPICS,
  sources: sources.map(({ url }) => url),
});

/** The lessons of each day by itself, those of the days `from` to the last before `before`. */
async function* lessonsOf(events: readonly Readable[], from: Day | undefined, before: Day) {
  let low = 0;
  let high = events.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (from !== undefined && (events[middle]?.day ?? from) < from) low = middle + 1;
    else high = middle;
  }
  for (let at = low; at < events.length && (events[at]?.day ?? before) < before;) {
    const { day } = events[at] as Readable;
    const lessons: Readable[] = [];
    for (; events[at]?.day === day; at++) lessons.push(events[at] as Readable);
    const linked = lessons.filter(({ links }) => links.length > 0);
    if (linked.length > 0) yield linked;
  }
}
