import { addDays, type Day } from '../day.ts';
import type { ParsedEvent } from '../event.ts';
import type { EventId } from '../ids.ts';
import { nextSettling, readRevision, settle } from './lifecycle.ts';
import {
  NEIGHBOUR_DAYS,
  pathKey,
  SETTLE_MS,
  type EventRecord,
  type PageState,
  type RevisionFacts,
  type Step,
} from './record.ts';

/** Many pages with their events, in memory: what a database holds, for replaying revisions up to a moment. */
export interface World {
  events: Map<EventId, EventRecord>;
  /** Day → the events on its page, gone ones included. */
  days: Map<Day, Set<EventId>>;
  /** Every public path, as `pathKey` writes it → its event. */
  paths: Map<string, EventId>;
  /** Day → the time of the last revision read. */
  seenAt: Map<Day, number>;
}

export const emptyWorld = (): World => ({ events: new Map(), days: new Map(), paths: new Map(), seenAt: new Map() });

/** Reads a page's revision into the world. Revisions of one page must come in their order; of several, as they happened. */
export function readIntoWorld(world: World, day: Day, parsed: readonly ParsedEvent[], facts: RevisionFacts): Step {
  const step = keep(world, readRevision(pageState(world, day), parsed, facts));
  world.seenAt.set(day, Math.max(facts.at, world.seenAt.get(day) ?? facts.at));
  return step;
}

/** Settles every page, as of `now` (milliseconds since the epoch). */
export function settleWorld(world: World, now: number, settleMs = SETTLE_MS): Step[] {
  return [...world.days].flatMap(([day, ids]) => {
    const due = nextSettling(
      [...ids].flatMap((id) => world.events.get(id) ?? []),
      settleMs,
    );
    return due !== undefined && due <= now ? [keep(world, settle(pageState(world, day), now, settleMs))] : [];
  });
}

/** A page with what is known of it and of the pages around it. */
export function pageState({ events, days, paths, seenAt }: World, day: Day): PageState {
  const around = Array.from({ length: 2 * NEIGHBOUR_DAYS + 1 }, (_, i) => addDays(day, i - NEIGHBOUR_DAYS));
  const near = around.flatMap((other) => [...(days.get(other) ?? [])].flatMap((id) => events.get(id) ?? []));
  const seen = seenAt.get(day);
  return { day, events: near, paths, ...(seen !== undefined && { seenAt: seen }) };
}

function keep(world: World, step: Step): Step {
  for (const event of step.events) {
    const before = world.events.get(event.id);
    if (before && before.day !== event.day) world.days.get(before.day)?.delete(event.id);
    world.events.set(event.id, event);
    world.days.set(event.day, (world.days.get(event.day) ?? new Set()).add(event.id));
    for (const path of event.paths) world.paths.set(pathKey(path), event.id);
  }
  return step;
}
