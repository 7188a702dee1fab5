import type { EventId } from '@throughline/core';
import type { EventStore, StoredEvent } from '@throughline/db';
import {
  createEventIndex,
  createLinker,
  titleKey,
  type EventIndex,
  type IndexedEvent,
  type Linker,
} from '@throughline/enrich';

/** The whole archive in memory, as relating needs it: one a process, kept in step with Postgres. */
export interface Archive {
  readonly index: EventIndex;
  /** Takes in what was tagged or withdrawn since the last time, by any process. Resolves with how many. */
  catchUp: (signal?: AbortSignal) => Promise<number>;
  /**
   * A linker that has learnt from every link of the archive up to now. It is
   * made when it is first asked for: only text without links needs it.
   */
  linker: (signal?: AbortSignal) => Promise<Linker>;
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

  const school = openSchool(events);
  return {
    index,
    linker: school.attend,
    async catchUp(signal) {
      // A run that began before the caller's own commit may have missed it: wait for it, then look again.
      while (running) await running.catch(() => 0);
      running = follow(signal).finally(() => (running = undefined));
      return running;
    },
  };
}

/** Events learnt without letting anything else have its turn. */
const LEARNT_AT_ONCE = 200;

/**
 * Follows the same stamp as the index, for the linker. An event teaches once,
 * as it was when it was first seen here: learning cannot be taken back, and a
 * rewording seldom changes what its links mean. What is withdrawn or reworded
 * is forgotten or learnt anew when the process starts again.
 */
function openSchool(events: Pick<EventStore, 'taggedAfter'>) {
  const linker = createLinker();
  const taught = new Set<EventId>();
  let seen = 0;
  let running: Promise<void> | undefined;

  async function follow(signal?: AbortSignal): Promise<void> {
    const lessons: StoredEvent[] = [];
    for (;;) {
      signal?.throwIfAborted();
      const changes = await events.taggedAfter(seen, BATCH);
      for (const change of changes) {
        if ('event' in change && !taught.has(change.event.id)) lessons.push(change.event);
        seen = change.seq;
      }
      if (changes.length < BATCH) break;
    }
    lessons.sort((a, b) => (a.day < b.day ? -1 : a.day > b.day ? 1 : 0));
    for (const batch of wholeDays(lessons, LEARNT_AT_ONCE)) {
      for (const { id } of batch) taught.add(id);
      linker.learn(batch.map((event) => ({ ...event, section: event.category ?? event.section })));
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  return {
    attend: async (signal?: AbortSignal): Promise<Linker> => {
      while (running) await running.catch(() => {});
      running = follow(signal).finally(() => (running = undefined));
      await running;
      return linker;
    },
  };
}

/** Runs of at least `size` events that part no day; a linker reads a day as one page. */
function wholeDays(events: readonly StoredEvent[], size: number): StoredEvent[][] {
  const out: StoredEvent[][] = [];
  for (const event of events) {
    const last = out.at(-1);
    if (last === undefined || (last.length >= size && last.at(-1)?.day !== event.day)) out.push([event]);
    else last.push(event);
  }
  return out;
}

/** A stored event as the index takes it. */
export function indexed(event: StoredEvent, entities: readonly string[] = event.entities): IndexedEvent {
  return {
    id: event.id,
    day: event.day,
    text: event.text,
    section: event.category ?? event.section,
    entities: [...new Set(entities)],
    implied: event.implied,
    topics: event.topics.flatMap(({ title }) => (title ? [titleKey(title)] : [])),
    sources: event.sources,
  };
}

/** Ids in one order, so that the same work is asked for under the same key. */
export const inOrder = (ids: Iterable<EventId>): EventId[] => [...new Set(ids)].sort();
