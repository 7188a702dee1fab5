import type { Link, Topic } from '@throughline/core';
import { readJsonLines } from './json-lines.ts';

/** One line of a file of events with links. */
export interface LinkedEvent {
  id: string;
  date: string;
  section: string;
  text: string;
  links: Link[];
  topics: Topic[];
  sources: { url: string }[];
}

/** The events of a file; what a line leaves out is empty. */
export async function* readLinkedEvents(file: string): AsyncGenerator<LinkedEvent> {
  for await (const line of readJsonLines<Partial<LinkedEvent> & { id: string; date: string }>(file)) {
    yield {
      ...line,
      section: line.section ?? '',
      text: line.text ?? '',
      links: (line.links ?? []).filter(({ title }) => title),
      topics: (line.topics ?? []).filter(({ title }) => title),
      sources: line.sources ?? [],
    };
  }
}

/** Events that follow one another and have one date, together. */
export async function* byDay<T extends { date: string }>(events: AsyncIterable<T>): AsyncGenerator<T[]> {
  let day: T[] = [];
  for await (const event of events) {
    if (day[0] !== undefined && day[0].date !== event.date) {
      yield day;
      day = [];
    }
    day.push(event);
  }
  if (day.length > 0) yield day;
}
