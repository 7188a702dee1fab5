import { Day, EventId, type EventReference } from '@throughline/core';
import type { SiteStore } from '@throughline/db';
import { eventPath, parsePath } from '@throughline/publish';
import { CommandError } from './command-error.ts';

/** What somebody means who names a day or an event. */
export type Found = { kind: 'day'; day: Day } | { kind: 'event'; id: EventId };

const MOST_SHOWN = 10;

/** Finds a day by its date, an event by its id, path, slug or words. Throws a `CommandError` for none and for several. */
export async function findPlace(site: SiteStore, what: string): Promise<Found> {
  const day = Day.safeParse(what);
  if (day.success) return { kind: 'day', day: day.data };
  const id = EventId.safeParse(what);
  if (id.success && (await site.place(id.data))) return { kind: 'event', id: id.data };
  const place = parsePath(pathIn(what));
  if (place?.kind === 'day') return { kind: 'day', day: place.day };
  if (place?.kind === 'event') {
    const answer = await site.event(place.day, place.slug);
    if (answer.kind === 'found' || answer.kind === 'gone') return { kind: 'event', id: answer.page.id };
    if (answer.kind === 'moved') return findPlace(site, eventPath(answer.day, answer.slug));
  }
  return oneOf(await site.find(what, MOST_SHOWN + 1), what);
}

const pathIn = (what: string): string => (URL.canParse(what) ? new URL(what).pathname : what);

function oneOf(found: readonly EventReference[], what: string): Found {
  const [first, second] = found;
  if (!first) throw new CommandError(`no day or event is called ${JSON.stringify(what)}`);
  if (!second) return { kind: 'event', id: first.id };
  const lines = found.slice(0, MOST_SHOWN).map(({ id, day, text }) => `  ${id}  ${day}  ${text.slice(0, 90)}`);
  const more = found.length > MOST_SHOWN ? ['  …'] : [];
  throw new CommandError(
    [`several events fit ${JSON.stringify(what)}; name one by its id:`, ...lines, ...more].join('\n'),
  );
}
