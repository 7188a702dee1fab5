import type { EventId, StoryId } from './ids.ts';

/** How an event came into its story. */
export type Threading = 'header' | 'likeness';

/** Where an event of the span that is threaded anew goes. */
export interface Placement {
  eventId: EventId;
  /** `story:<id>`, `topic:<title>` or `event:<id of the first event>`. */
  thread: string;
  how: Threading;
  /** 0..1. */
  score: number;
}

/** What was known of the stories before. */
export interface KnownStories {
  /** The story of each event of the span that had one. */
  of: ReadonlyMap<EventId, StoryId>;
  /** The story that a header seeds, by the header's title. */
  byTopic: ReadonlyMap<string, StoryId>;
  /** Stories with events of days before the span: none but their own thread goes on in them. */
  owned: ReadonlySet<StoryId>;
}

/** One story's events of the span as they are to be. */
export interface StoryPart {
  id: StoryId;
  isNew: boolean;
  /** The header that seeds it. */
  topic?: string;
  /** The story that most of a new story's events were in before. */
  splitFrom?: StoryId;
  events: Placement[];
}

export interface StoryPlan {
  parts: StoryPart[];
  /** Events of the span that are in no story: nothing goes on from them, and no header is above them. */
  alone: EventId[];
}

/**
 * Which story each thread is. A thread that goes on a story from before the
 * span stays in it, one under a header is the header's story; any other is the
 * story that most of its events were in, if that is free, and a new one
 * otherwise. So ids survive when everything is computed again. A thread of one
 * event without a header is no story. The same input gives the same plan.
 */
export function planStories(placements: readonly Placement[], known: KnownStories, newId: () => StoryId): StoryPlan {
  const threads = threadsOf(placements);
  const taken = new Set<StoryId>(known.owned);
  const fixed = new Map<string, StoryId>();
  for (const thread of threads.keys()) {
    const id = thread.startsWith('story:') ? (thread.slice(6) as StoryId) : known.byTopic.get(topicOf(thread) ?? '');
    if (id === undefined) continue;
    fixed.set(thread, id);
    taken.add(id);
  }
  const parts: StoryPart[] = [];
  const alone: EventId[] = [];
  const longestFirst = [...threads].sort(([, a], [, b]) => b.length - a.length);
  for (const [thread, events] of longestFirst) {
    const topic = topicOf(thread);
    if (topic === undefined && !fixed.has(thread) && events.length < 2) {
      alone.push(...events.map(({ eventId }) => eventId));
      continue;
    }
    const held = heldBy(events, known.of);
    const id = fixed.get(thread) ?? held.find(([story]) => !taken.has(story))?.[0];
    const from = held[0]?.[0];
    const split = id === undefined && from !== undefined && { splitFrom: from };
    parts.push({
      id: id ?? newId(),
      isNew: id === undefined,
      ...(topic !== undefined && { topic }),
      ...split,
      events,
    });
    if (id !== undefined) taken.add(id);
  }
  return { parts, alone };
}

const TOPIC = 'topic:';
const topicOf = (thread: string): string | undefined =>
  thread.startsWith(TOPIC) ? thread.slice(TOPIC.length) : undefined;

function threadsOf(placements: readonly Placement[]): Map<string, Placement[]> {
  const threads = new Map<string, Placement[]>();
  for (const placement of placements) {
    const events = threads.get(placement.thread);
    if (events) events.push(placement);
    else threads.set(placement.thread, [placement]);
  }
  return threads;
}

/** The stories that the events were in, the one with most of them first. */
function heldBy(events: readonly Placement[], of: KnownStories['of']): [StoryId, number][] {
  const counts = new Map<StoryId, number>();
  for (const { eventId } of events) {
    const story = of.get(eventId);
    if (story !== undefined) counts.set(story, (counts.get(story) ?? 0) + 1);
  }
  return [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
}

const LONGEST_TITLE = 100;

/** What a story is called that no header names: its first sentence, cut at a word where it is long. */
export function storyTitle(sentence: string): string {
  const bare = sentence.trim().replace(/\.$/, '');
  if (bare.length <= LONGEST_TITLE) return bare;
  const cut = bare.slice(0, LONGEST_TITLE);
  const end = cut.lastIndexOf(' ');
  return `${(end > LONGEST_TITLE / 2 ? cut.slice(0, end) : cut).replace(/[\s,;:–-]+$/, '')}…`;
}
