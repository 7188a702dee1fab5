import type { Dated } from '@throughline/core';

const HOUR = 3_600_000;
/** Clocks run from UTC-12 to UTC+14. */
const EARLIEST_ZONE = 14 * HOUR;
const LATEST_ZONE = 12 * HOUR;

/**
 * Between which instants a date lies that has no time or no zone, wherever on
 * earth it was written; undefined where it is exact.
 */
export function boundsOf(dated: Dated): { earliest: string; latest: string } | undefined {
  if (/(?:Z|[+-]\d\d:\d\d)$/.test(dated) && dated.includes('T')) return undefined;
  const start = Date.parse(dated.includes('T') ? `${dated}Z` : `${dated}T00:00:00Z`);
  const end = dated.includes('T') ? start : start + 24 * HOUR - 1_000;
  return { earliest: isoOf(start - EARLIEST_ZONE), latest: isoOf(end + LATEST_ZONE) };
}

const isoOf = (instant: number): string => new Date(instant).toISOString().replace('.000Z', 'Z');
