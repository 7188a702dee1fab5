import { addDays, type Day, type EventId } from '@throughline/core';
import { createLinker, SETTLED_DAYS, tag, type Example, type LearningLinker, type Tags } from '@throughline/enrich';
import { breath } from './breath.ts';

/** An event with links: how editors linked it is what a linker learns. */
export interface Lesson extends Example {
  id: EventId;
  day: Day;
}

/** Where lessons come from: those of the days `from` to the last before `before`, in order of days, in parts that part no day. */
export type Lessons = (from: Day | undefined, before: Day) => AsyncIterable<readonly Lesson[]>;

/** A linker that goes through the archive day by day. */
export interface School {
  /**
   * The linker once it has learnt all days before `day`, or more where it was
   * asked for a later day already: what is learnt cannot be taken back.
   */
  linkerBefore: (day: Day, signal?: AbortSignal) => Promise<LearningLinker>;
  /** Learns an event that came in after its day was learnt. An event teaches once, as it was then. */
  late: (lesson: Lesson) => void;
  /** Begins with the first day again. */
  restart: () => void;
  /** Runs `work` while no other work of this school asks for a linker. */
  alone: <T>(work: () => Promise<T>) => Promise<T>;
}

export function openSchool(lessons: Lessons): School {
  let linker = createLinker();
  let taught = new Set<EventId>();
  let until: Day | undefined;
  let queue: Promise<unknown> = Promise.resolve();

  function learn(lesson: Lesson): void {
    taught.add(lesson.id);
    linker.learn([lesson]); // by itself, as it is read: without the rest of its page
  }

  return {
    async linkerBefore(day, signal) {
      if (until !== undefined && until >= day) return linker;
      for await (const batch of lessons(until, day)) {
        for (const lesson of batch) {
          signal?.throwIfAborted();
          // What was learnt of a day that is broken off stays learnt: it is not asked for again.
          until = lesson.day;
          if (!taught.has(lesson.id)) learn(lesson);
          await breath();
        }
      }
      until = day;
      return linker;
    },
    late(lesson) {
      if (until !== undefined && lesson.day < until && !taught.has(lesson.id)) learn(lesson);
    },
    restart() {
      linker = createLinker();
      taught = new Set();
      until = undefined;
    },
    alone(work) {
      const result = queue.then(work);
      queue = result.catch(() => {});
      return result;
    },
  };
}

/** What is tagged, as a linker reads it. */
export interface Readable {
  id: EventId;
  day: Day;
}

export interface Read<Event> {
  event: Event;
  tags: Tags;
  /** The first day that the linker had not learnt. */
  taughtUntil: Day;
}

/**
 * Tags events, which are in order of days, each by what the days before its own
 * teach. What is younger than `SETTLED_DAYS` on the archive's last day teaches
 * nothing yet: pages still change then. So which tags an event has depends on
 * the archive alone, not on when it came in.
 */
export async function* tagInOrder<Event extends Readable & Parameters<typeof tag>[0]>(
  events: readonly Event[],
  last: Day,
  school: School,
  signal?: AbortSignal,
): AsyncGenerator<Read<Event>> {
  for (const event of events) {
    const taughtUntil = teachesUntil(event.day, last);
    const linker = await school.linkerBefore(taughtUntil, signal);
    yield { event, tags: tag(event, linker), taughtUntil };
    await breath();
  }
}

/** The first day that teaches nothing to an event of `day`, where the archive ends with `last`. */
export function teachesUntil(day: Day, last: Day): Day {
  const settled = addDays(last, -SETTLED_DAYS);
  return day < settled ? day : settled;
}
