import {
  addDays,
  emptyWorld,
  NEIGHBOUR_DAYS,
  readIntoWorld,
  settleWorld,
  type Day,
  type EventRecord,
} from '@throughline/core';
import type { PageStore } from '@throughline/db';
import { parseDay } from '@throughline/portal';
import { newEventId } from './ingest.ts';

/**
 * The public events of a day as they were at an instant (milliseconds since the
 * epoch), computed anew from the stored revisions of its page and the pages
 * beside it. Their ids are made for the occasion: an event is told by its
 * sentence and place.
 */
export async function asOf(
  source: string,
  day: Day,
  instant: number,
  { pages }: { pages: Pick<PageStore, 'revisions'> },
): Promise<EventRecord[]> {
  const around = Array.from({ length: 2 * NEIGHBOUR_DAYS + 1 }, (_, i) => addDays(day, i - NEIGHBOUR_DAYS));
  const world = emptyWorld();
  let patience: number | undefined;
  for (const revision of await pages.revisions(source, around, instant)) {
    const { events } = parseDay(revision.day, revision.wikitext);
    patience = revision.settleMs;
    if (events.length === 0) continue; // read as nothing at all: its events were kept then, too
    readIntoWorld(world, revision.day, events, { at: revision.at, settleMs: patience, newId: newEventId });
    settleWorld(world, revision.at, patience);
  }
  settleWorld(world, instant, patience);
  return [...world.events.values()]
    .filter((event) => event.day === day && event.state === 'stable')
    .sort((a, b) => a.reading.position - b.reading.position);
}
