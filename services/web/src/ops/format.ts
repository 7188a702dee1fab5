import { spanOf } from '@throughline/core';

/** `3 min ago`, or a dash for what never was. */
export const ago = (at: Date | number | null, now: number): string =>
  at === null ? '–' : `${spanOf(Math.max(0, now - (typeof at === 'number' ? at : at.getTime())))} ago`;

/** `in 3 min`, `now`, or a dash. */
export function until(at: Date | number | null, now: number): string {
  if (at === null) return '–';
  const ms = (typeof at === 'number' ? at : at.getTime()) - now;
  return ms <= 0 ? 'now' : `in ${spanOf(ms)}`;
}

export const number = (count: number): string => count.toLocaleString('en-US');

/** A time as people read it, in UTC: `2026-01-15 12:03`. */
export const instant = (at: Date | null): string =>
  at === null ? '–' : at.toISOString().slice(0, 16).replace('T', ' ');

/** How long something took: `30 ms`, `3 s`; a dash for what never was, `long` beyond the last bucket. */
export function took(ms: number | null): string {
  if (ms === null) return '–';
  if (!Number.isFinite(ms)) return '> 100 s';
  return ms < 1_000 ? `≤ ${ms} ms` : `≤ ${ms / 1_000} s`;
}
