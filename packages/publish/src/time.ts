import { dayNumber, type Day } from '@throughline/core';
import { oneLine } from './text.ts';

export const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
] as const;

const WEEKDAYS = ['Thursday', 'Friday', 'Saturday', 'Sunday', 'Monday', 'Tuesday', 'Wednesday'] as const;

/** `30 January 2017`. */
export function writtenDay(day: Day): string {
  const [year, month, dayOfMonth] = day.split('-').map(Number);
  return `${dayOfMonth} ${MONTHS[(month ?? 1) - 1]} ${year}`;
}

/** `Monday`. */
export const weekday = (day: Day): string => WEEKDAYS[((dayNumber(day) % 7) + 7) % 7] ?? ''; // 1970-01-01 was a Thursday

/** `30 January 2017, 14:05 UTC` for an ISO 8601 instant or day; what is neither is given back as one line. */
export function writtenInstant(instant: string): string {
  const ms = Date.parse(instant);
  if (Number.isNaN(ms)) return oneLine(instant);
  const iso = new Date(ms).toISOString();
  const day = writtenDay(iso.slice(0, 10) as Day);
  return /^\d{4}-\d{2}-\d{2}$/.test(instant.trim()) ? day : `${day}, ${iso.slice(11, 16)} UTC`;
}

/** `2017-01-30 14:05:06`, in UTC: how the original writes an instant. */
export function plainInstant(instant: string): string {
  const ms = Date.parse(instant);
  return Number.isNaN(ms) ? oneLine(instant) : new Date(ms).toISOString().slice(0, 19).replace('T', ' ');
}

/** `13 months earlier`, `2 days later`, `the same day`: where `other` stands, seen from `day`. */
export function distance(day: Day, other: Day): string {
  const days = dayNumber(other) - dayNumber(day);
  if (days === 0) return 'the same day';
  return `${span(Math.abs(days))} ${days < 0 ? 'earlier' : 'later'}`;
}

function span(days: number): string {
  const [count, unit] =
    days < 21
      ? [days, 'day']
      : days < 60
        ? [days / 7, 'week']
        : days < 730
          ? [days / 30.44, 'month']
          : [days / 365.25, 'year'];
  const whole = Math.round(count);
  return `${whole} ${unit}${whole === 1 ? '' : 's'}`;
}
