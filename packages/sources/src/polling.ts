import { addDays, dayNumber, dayOfInstant, daysBetween, type Day } from '@throughline/core';

const [MINUTE, HOUR, DAY] = [60_000, 3_600_000, 86_400_000];

/** A page settles over days: 58% of its revisions come after its day ends, 28% more than a day after, 11% more than a week after. */
const WATCHED_DAYS = 7;

/**
 * How long a reading of a day's page stays good, in milliseconds, by the day's
 * age in days: today 15 minutes, yesterday an hour, the last week a day, older
 * ones 30 days. `age` is negative for a day to come, which is read like today.
 */
export function goodForMs(age: number): number {
  if (age <= 0) return 15 * MINUTE;
  if (age === 1) return HOUR;
  return age <= WATCHED_DAYS ? DAY : 30 * DAY;
}

/**
 * The days whose page is due for reading at `now` (milliseconds since the
 * epoch), given when each was last read: today and the week before it, and any
 * older day that was read before. Older days that never were are a backfill's
 * business. The latest days come first.
 */
export function dueDays(now: number, readAt: ReadonlyMap<Day, number>): Day[] {
  const today = dayOfInstant(now);
  const days = new Set([...daysBetween(addDays(today, -WATCHED_DAYS), today), ...readAt.keys()]);
  return [...days]
    .filter((day) => now - (readAt.get(day) ?? -Infinity) >= goodForMs(dayNumber(today) - dayNumber(day)))
    .sort()
    .reverse();
}

/** The first of the days that are watched closely at `now`. */
export const firstWatched = (now: number): Day => addDays(dayOfInstant(now), -WATCHED_DAYS);
