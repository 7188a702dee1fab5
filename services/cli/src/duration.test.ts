import { describe, expect, it } from 'vitest';
import { writtenDuration } from './duration.ts';

describe('a time for people', () => {
  it.each([
    [0, '0 seconds'],
    [1, '1 second'],
    [59_000, '59 seconds'],
    [60_000, '1 minute'],
    [3_601_000, '1 hour'],
    [5_400_000, '1 hour 30 minutes'],
    [226_800_000, '2 days 15 hours'],
  ])('%i ms is %s', (ms, written) => expect(writtenDuration(ms)).toBe(written));
});
