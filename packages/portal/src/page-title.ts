import { Day } from '@throughline/core';

const MONTHS = [
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
];

const PREFIX = 'Portal:Current events/';

/** The page of a day: `Portal:Current events/2026 September 1`, an English month and no zero before the day. */
export function pageTitle(day: Day): string {
  const [year = '', month = '', date = ''] = day.split('-');
  return `${PREFIX}${year} ${MONTHS[Number(month) - 1] ?? month} ${Number(date)}`;
}

/** The day of a page title, however its spaces are written; undefined for any other page. */
export function dayOfTitle(title: string): Day | undefined {
  const match = /^Portal:Current events\/(\d{4}) ([A-Z][a-z]+) (\d{1,2})$/.exec(title.replace(/[_\s]+/g, ' ').trim());
  const month = MONTHS.indexOf(match?.[2] ?? '') + 1;
  if (!match || month === 0) return undefined;
  const day = Day.safeParse(`${match[1]}-${String(month).padStart(2, '0')}-${match[3]?.padStart(2, '0')}`);
  return day.success ? day.data : undefined;
}
