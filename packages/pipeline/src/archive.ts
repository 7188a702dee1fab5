import type { EventId } from '@throughline/core';
import type { EventStore, StoredEvent } from '@throughline/db';
import { createEventIndex, titleKey, type EventIndex, type IndexedEvent } from '@throughline/enrich';

/** The whole archive in memory, as relating needs it: one a process, kept in step with Postgres. */
export interface Archive {
  readonly index: EventIndex;
  /** Takes in what was tagged or withdrawn since the last time, by any process. Resolves with how many. */
  catchUp: (signal?: AbortSignal) => Promise<number>;
}

const BATCH = 2_000;

export function openArchive(events: Pick<EventStore, 'taggedAfter'>): Archive {
  const index = createEventIndex();
  let seen = 0;
  let running: Promise<number> | undefined;

  async function follow(signal?: AbortSignal): Promise<number> {
    let count = 0;
    for (;;) {
      signal?.throwIfAborted();
      const changes = await events.taggedAfter(seen, BATCH);
      for (const change of changes) {
        if ('gone' in change) index.remove(change.gone);
        else index.upsert(indexed(change.event));
        seen = change.seq;
      }
      count += changes.length;
      if (changes.length < BATCH) return count;
    }
  }

  return {
    index,
    async catchUp(signal) {
      // A run that began before the caller's own commit may have missed it: wait for it, then look again.
      while (running) await running.catch(() => 0);
      running = follow(signal).finally(() => (running = undefined));
      return running;
    },
  };
}

/** A stored event as the index takes it. */
export function indexed(event: StoredEvent, entities: readonly string[] = event.entities): IndexedEvent {
  return {
    id: event.id,
    day: event.day,
    text: event.text,
    section: event.category ?? event.section,
    entities: [...new Set(entities)],
    topics: event.topics.flatMap(({ title }) => (title ? [titleKey(title)] : [])),
    sources: event.sources,
  };
}

/** Ids in one order, so that the same work is asked for under the same key. */
export const inOrder = (ids: Iterable<EventId>): EventId[] => [...new Set(ids)].sort();
