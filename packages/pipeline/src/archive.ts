import { addDays, type Day, type EventId } from '@throughline/core';
import type { EventStore, StoredEvent } from '@throughline/db';
import { createEventIndex, titleKey, type EventIndex, type IndexedEvent } from '@throughline/enrich';
import { openSchool, type Lesson, type School } from './school.ts';

/** The whole archive in memory, as relating needs it: one a process, kept in step with Postgres. */
export interface Archive {
  readonly index: EventIndex;
  /** Takes in what was tagged or withdrawn since the last time, by any process. Resolves with how many. */
  catchUp: (signal?: AbortSignal) => Promise<number>;
  /** The linker, which learns the archive's links as far as it is asked to. */
  readonly school: School;
}

const BATCH = 2_000;

export function openArchive(events: Pick<EventStore, 'taggedAfter' | 'lessons' | 'span'>): Archive {
  const index = createEventIndex();
  const school = openSchool((from, before) => lessonsOf(events, from, before));
  let seen = 0;
  let running: Promise<number> | undefined;

  async function follow(signal?: AbortSignal): Promise<number> {
    let count = 0;
    for (;;) {
      signal?.throwIfAborted();
      const changes = await events.taggedAfter(seen, BATCH);
      for (const change of changes) {
        if ('gone' in change) index.remove(change.gone);
        else takeIn(change.event);
        seen = change.seq;
      }
      count += changes.length;
      if (changes.length < BATCH) return count;
    }
  }

  function takeIn(event: StoredEvent): void {
    index.upsert(indexed(event));
    if (event.links.length > 0) school.late({ ...event, section: event.category ?? event.section });
  }

  return {
    index,
    school,
    async catchUp(signal) {
      // A run that began before the caller's own commit may have missed it: wait for it, then look again.
      while (running) await running.catch(() => 0);
      running = follow(signal).finally(() => (running = undefined));
      return running;
    },
  };
}

/** Days whose lessons are read at once. */
const LESSON_DAYS = 30;

async function* lessonsOf(
  events: Pick<EventStore, 'lessons' | 'span'>,
  from: Day | undefined,
  before: Day,
): AsyncGenerator<Lesson[]> {
  const begin = from ?? (await events.span())?.first;
  if (begin === undefined) return;
  for (let day = begin; day < before; day = addDays(day, LESSON_DAYS)) {
    const end = addDays(day, LESSON_DAYS);
    const batch = await events.lessons(day, end < before ? end : before);
    if (batch.length > 0) yield batch;
  }
}

/** A stored event as the index takes it. */
export function indexed(event: StoredEvent): IndexedEvent {
  return {
    id: event.id,
    day: event.day,
    text: event.text,
    section: event.category ?? event.section,
    entities: [...new Set(event.entities)],
    implied: event.implied,
    topics: event.topics.flatMap(({ title }) => (title ? [titleKey(title)] : [])),
    sources: event.sources,
    ...(event.story !== null && { story: event.story }),
  };
}

/** Ids in one order, so that the same work is asked for under the same key. */
export const inOrder = (ids: Iterable<EventId>): EventId[] => [...new Set(ids)].sort();
