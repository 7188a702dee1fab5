import { z } from 'zod';

/** A calendar day in UTC, `YYYY-MM-DD`. */
export const Day = z.iso.date().brand<'Day'>();
export type Day = z.infer<typeof Day>;

const MS_PER_DAY = 86_400_000;

/** Days since 1970-01-01, negative before it. */
export const dayNumber = (day: Day): number => Date.parse(day) / MS_PER_DAY;

/** The day that is `number` days after 1970-01-01. */
export const dayOfNumber = (number: number): Day => dayOfInstant(number * MS_PER_DAY);

/** The UTC day of an instant, given in milliseconds since the epoch. */
export const dayOfInstant = (ms: number): Day => new Date(ms).toISOString().slice(0, 10) as Day;

/** The day `days` after (or, negative, before) `day`. */
export const addDays = (day: Day, days: number): Day => dayOfNumber(dayNumber(day) + days);

/** Every day from `from` to `to`, both included; none when `to` is earlier. */
export function* daysBetween(from: Day, to: Day): Generator<Day> {
  for (let number = dayNumber(from); number <= dayNumber(to); number++) yield dayOfNumber(number);
}
