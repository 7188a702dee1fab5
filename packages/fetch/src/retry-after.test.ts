import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { retryAfterMs } from './retry-after.ts';

const now = Date.parse('2018-01-09T11:00:00Z');

describe('retryAfterMs', () => {
  it.each([
    ['120', 120_000],
    [' 0 ', 0],
    ['Tue, 09 Jan 2018 11:02:00 GMT', 120_000],
    ['Tuesday, 09-Jan-18 11:02:00 GMT', 120_000],
    ['Tue Jan  9 11:02:00 2018 GMT', 120_000],
    ['Tue, 09 Jan 2018 10:00:00 GMT', 0],
  ])('reads %j', (value, ms) => {
    expect(retryAfterMs(value, now)).toBe(ms);
  });

  it.each([undefined, '', 'soon', '-5', '1.5', '1e9', '9'.repeat(400)])('makes nothing of %j', (value) => {
    expect(retryAfterMs(value, now)).toBeUndefined();
  });

  it('measures a date by the clock of who sent it', () => {
    expect(retryAfterMs('Tue, 09 Jan 2018 11:02:00 GMT', now + 3_600_000, 'Tue, 09 Jan 2018 11:00:00 GMT')).toBe(
      120_000,
    );
    expect(retryAfterMs('Tue, 09 Jan 2018 11:02:00 GMT', now, 'no date')).toBe(120_000);
  });

  it('is never negative and never throws', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (value, date) => {
        expect(retryAfterMs(value, now, date) ?? 0).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});
