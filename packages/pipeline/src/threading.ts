import { addDays, dayNumber, type Day, type EventId, type Placement } from '@throughline/core';
import type { ThreadedEvent } from '@throughline/db';
import { createThreads, STORY_WINDOW_DAYS, titleKey, type Placed, type StoryEvent } from '@throughline/enrich';
import type { Context } from './context.ts';

type Needs = Pick<Context, 'stories' | 'cursors'>;

/** Days that are threaded in one transaction. */
const SPAN_DAYS = 90;
/** Where threading that was broken off goes on: `<next day> <last day that was behind>`. */
const CURSOR = 'stories';

export interface ThreadProgress {
  /** Days done, and days there are from the first one that was behind. */
  finished: number;
  total: number;
}

export interface Threaded {
  /** The events that are in another story than before, or in one for the first time. */
  changed: EventId[];
  /** Whether nothing is left. */
  finished: boolean;
}

/**
 * Puts events into stories from the first day that is behind onwards, day by
 * day, until nothing has come out otherwise for as long as threads look back:
 * what is later cannot be other than it is. So events that come in late end
 * where threading everything anew would put them. Stops between spans of days
 * when `signal` aborts or after `spans`; the next call goes on there.
 */
export async function threadBehind(
  { stories, cursors }: Needs,
  options: {
    spans?: number;
    signal?: AbortSignal;
    onProgress?: (progress: ThreadProgress) => void | Promise<void>;
  } = {},
): Promise<Threaded> {
  const { spans = Infinity, signal, onProgress } = options;
  const [behind, last, left] = await Promise.all([stories.unthreaded(), stories.lastDay(), cursors.get(CURSOR)]);
  const begin = earlier(behind, readCursor(left));
  if (!begin || last === undefined) return { changed: [], finished: true };
  const changed: EventId[] = [];
  let quietDays = 0;
  let from = begin.from;
  for (let span = 0; from <= last && quietDays < STORY_WINDOW_DAYS; span++) {
    if (span >= spans || signal?.aborted) return { changed, finished: false };
    const to = least(addDays(from, SPAN_DAYS - 1), last);
    const revision = await stories.revise({ from, to, windowDays: STORY_WINDOW_DAYS }, threadSpan);
    changed.push(...revision.moved);
    quietDays = from > begin.to && revision.moved.length === 0 ? quietDays + dayNumber(to) - dayNumber(from) + 1 : 0;
    from = addDays(to, 1);
    await cursors.set(CURSOR, `${from} ${begin.to}`);
    await onProgress?.({
      finished: dayNumber(from) - dayNumber(begin.from),
      total: dayNumber(last) - dayNumber(begin.from) + 1,
    });
  }
  await cursors.set(CURSOR, '');
  return { changed, finished: true };
}

interface Begin {
  from: Day;
  /** The last day that was behind. */
  to: Day;
}

function readCursor(value: string | undefined): Begin | undefined {
  const [from, to] = (value ?? '').split(' ');
  return from && to ? { from: from as Day, to: to as Day } : undefined;
}

const least = (a: Day, b: Day): Day => (a < b ? a : b);

function earlier(a: Begin | undefined, b: Begin | undefined): Begin | undefined {
  if (!a || !b) return a ?? b;
  return { from: least(a.from, b.from), to: a.to > b.to ? a.to : b.to };
}

/** Where each event of a span of days belongs, after the events before it. */
export function threadSpan(before: readonly ThreadedEvent[], span: readonly ThreadedEvent[]): Placement[] {
  const threads = createThreads();
  const earlierIds = new Set<EventId>(before.map(({ id }) => id));
  for (const event of before) threads.follow(storyEvent(event), event.thread);
  const placements = span.map((event) => placementOf(event.id, threads.place(storyEvent(event))));
  // An event from before that stood alone is in a story as soon as another goes on from it.
  const begun = new Set(
    placements.map(({ thread }) => firstOf(thread)).filter((id) => id !== undefined && earlierIds.has(id)),
  );
  for (const eventId of begun) {
    if (eventId !== undefined) placements.push({ eventId, thread: `event:${eventId}`, how: 'likeness', score: 1 });
  }
  return placements;
}

const firstOf = (thread: string): EventId | undefined =>
  thread.startsWith('event:') ? (thread.slice('event:'.length) as EventId) : undefined;

const placementOf = (eventId: EventId, { thread, how, chance }: Placed): Placement => ({
  eventId,
  thread,
  how: how === 'header' ? 'header' : 'likeness',
  score: chance,
});

const storyEvent = ({
  id,
  day,
  text,
  section,
  category,
  topic,
  entities,
  implied,
  sources,
}: ThreadedEvent): StoryEvent => ({
  id,
  day,
  text,
  section: category ?? section,
  entities,
  implied,
  sources,
  ...(topic !== null && { topic: titleKey(topic) }),
});
