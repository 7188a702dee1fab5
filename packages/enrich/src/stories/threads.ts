import { evaluate, unpackTrees, type BoostedTrees, type PackedTrees } from '../boosted-trees.ts';
import { likenessWeights, threadWeights } from '../weights/stories.ts';
import { neighboursOf } from './likeness.ts';
import { createRecentEvents, type RecentEvents } from './recent-events.ts';
import { traitsOf, type StoryEvent, type Traits } from './story-event.ts';
import { candidatesOf, createThread, lengthen, shorten, type Candidate, type Likely, type Thread } from './thread.ts';

/** Where an event belongs. */
export interface Placed {
  /** The thread's key: one that `follow` was given, `topic:<title>` or `event:<id of its first event>`. */
  thread: string;
  how: 'header' | 'likeness' | 'new';
  /** How likely it is that the event goes on this thread: 0..1; 1 for a header. */
  chance: number;
  /** The threads it might go on, best first, each with its chance. Empty under a header. */
  among: { thread: string; chance: number }[];
}

/** Events in order of time, each put into the thread that it goes on, in one pass. */
export interface Threads {
  /** Puts an event where it belongs. Its day must not be before the last one's. */
  place: (event: StoryEvent) => Placed;
  /** Takes in an event whose thread is known. */
  follow: (event: StoryEvent, thread: string) => void;
}

export interface StoryWeights {
  /** From what two events have in common to the log odds that they are of one thread. */
  likeness: PackedTrees;
  /** From a thread's row to its score; beginning a new one has score 0. */
  thread: PackedTrees;
}

const SHIPPED: StoryWeights = { likeness: likenessWeights, thread: threadWeights };

/** A thread is gone on with where its score is at least this. Set on days that nothing was fitted on; see docs/quality.md. */
const LEAST_SCORE = 1.1;

export function createThreads({ likeness, thread }: StoryWeights = SHIPPED): Threads {
  const models = { likeness: unpackTrees(likeness), thread: unpackTrees(thread) };
  const state = createThreadState();
  return {
    follow: (event, key) => state.add(traitsOf(event), key),
    place(event) {
      const traits = traitsOf(event);
      const placed = event.topic === undefined ? judge(state, traits, models) : underHeader(event.topic);
      state.add(traits, placed.thread);
      return placed;
    },
  };
}

const underHeader = (topic: string): Placed => ({ thread: `topic:${topic}`, how: 'header', chance: 1, among: [] });

function judge(state: ThreadState, traits: Traits, models: Record<'likeness' | 'thread', BoostedTrees>): Placed {
  const scored = state
    .candidates(traits, likelyOf(state.recent(traits.day), traits, models.likeness))
    .map(({ thread, row }) => ({ thread: thread.key, score: evaluate(models.thread, row) }))
    .sort((a, b) => b.score - a.score);
  const all = scored.reduce((sum, { score }) => sum + Math.exp(score), 1);
  const among = scored.map(({ thread, score }) => ({ thread, chance: Math.exp(score) / all }));
  const [best] = scored;
  if (best && best.score >= LEAST_SCORE) {
    return { thread: best.thread, how: 'likeness', chance: Math.exp(best.score) / all, among };
  }
  return { thread: `event:${traits.id}`, how: 'new', chance: 1 / all, among };
}

/** The earlier events compared with it, each with its log odds. */
export function likelyOf(recent: RecentEvents, traits: Traits, model: BoostedTrees): Likely[] {
  return neighboursOf(recent, traits).map(({ slot, row }) => ({
    slot,
    score: evaluate(model, row),
    gap: row[2] ?? -1,
  }));
}

/** The threads of the window. */
export interface ThreadState {
  /** The events in the window of `day`. */
  recent: (day: number) => RecentEvents;
  candidates: (traits: Traits, likely: readonly Likely[]) => Candidate[];
  add: (traits: Traits, key: string) => void;
}

export function createThreadState(): ThreadState {
  const events = createRecentEvents();
  const bySlot = new Map<number, Thread>();
  const byKey = new Map<string, Thread>();

  function recent(day: number): RecentEvents {
    for (const { slot, traits } of events.forget(day)) {
      const thread = bySlot.get(slot);
      bySlot.delete(slot);
      if (!thread) continue;
      shorten(thread, traits);
      if (thread.slots.length === 0) byKey.delete(thread.key);
    }
    return events;
  }

  return {
    recent,
    candidates: (traits, likely) => candidatesOf(events, traits, likely, (slot) => bySlot.get(slot)),
    add(traits, key) {
      recent(traits.day);
      const slot = events.add(traits);
      const thread = byKey.get(key) ?? createThread(key);
      byKey.set(key, thread);
      bySlot.set(slot, thread);
      lengthen(thread, slot, traits);
    },
  };
}
