import { addDays, type Day, type DayPage, type EventPage } from '@throughline/core';

// What a page shows, by the names that news of changes give it.

export const eventThing = (id: string): string => `event ${id}`;
export const dayThing = (day: Day): string => `day ${day}`;

/** An event's page has what is said of others too: of related events, of its story and its entities. */
export const shownOnEvent = ({ id, related, story, entities }: EventPage): string[] => [
  ...new Set([
    eventThing(id),
    ...related.map((one) => eventThing(one.id)),
    ...(story ? [`story ${story.id}`, ...story.events.map((one) => eventThing(one.id))] : []),
    ...entities.map((one) => `entity ${one.id}`),
  ]),
];

/** Where no event is known between two days, so many days are watched for one. */
const MOST_EMPTY_DAYS = 60;

/**
 * A day's page shows its events and which days with events are next to it: an
 * event of any day from the one to the other makes it old. Undefined where
 * those are too many to watch.
 */
export function shownOnDay({ day, items, previous, next }: DayPage): string[] | undefined {
  const days: string[] = [];
  if (!previous || !next) return undefined;
  for (let at = previous; at <= next; at = addDays(at, 1)) {
    days.push(dayThing(at));
    if (days.length > MOST_EMPTY_DAYS) return undefined;
  }
  return [dayThing(day), ...days, ...items.map(({ id }) => eventThing(id))];
}
