import type { Day } from '@throughline/core';
import { createThreads, type StoryEvent } from '@throughline/enrich';
import { taggedEvents } from './tagged-events.ts';

export interface LabStoriesOptions {
  /** The events, in order of their days: `{id, date, section, text, links, sources}`. */
  events: string;
  /** Adds the threads that each event might go on, best first. */
  among: boolean;
}

/** Writes one line an event: `{id, cluster}`. */
export async function labStories({ events, among }: LabStoriesOptions, write: (line: string) => void): Promise<void> {
  const threads = createThreads();
  for await (const event of untitledEvents(events)) {
    const placed = threads.place(event);
    write(JSON.stringify({ id: event.id, cluster: placed.thread, ...(among && { among: placed.among }) }));
  }
}

/** The events of a file as threading reads them: their headers are not looked at, but the order of the page is. */
export async function* untitledEvents(file: string): AsyncGenerator<StoryEvent> {
  let day: Day | undefined;
  let place = 0;
  for await (const event of taggedEvents(file)) {
    place = event.day === day ? place + 1 : 0;
    day = event.day;
    const { id, text, section = '', entities, implied = [], sources } = event;
    yield { id, day, text, section, entities, implied, sources, place };
  }
}
