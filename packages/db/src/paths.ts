import type { Day } from '@throughline/core';

/** `/news/2017/05/2/<slug>`, percent-encoded: the month has two digits, the day of the month has as many as it needs. */
export const eventPathOf = (day: Day, slug: string): string =>
  `/news/${day.slice(0, 4)}/${day.slice(5, 7)}/${Number(day.slice(8))}/${encodeURIComponent(slug.toWellFormed())}`;
