import { describe, expect, it } from 'vitest';
import { missedTurns, nextTurnMs } from './turns.ts';

const NOON = Date.parse('2026-03-01T12:00:00Z');
const HOUR = 3_600_000;
const before = (ms: number) => new Date(NOON - ms);

describe("a schedule's turns", () => {
  it('come so long after the last one', () => {
    expect(nextTurnMs(before(10_000), HOUR, NOON)).toBe(HOUR - 10_000);
    expect(nextTurnMs(before(2 * HOUR), HOUR, NOON)).toBe(-HOUR);
    expect(nextTurnMs(null, HOUR, NOON)).toBeNull();
  });

  it('are missed but for the one that may be under way', () => {
    expect([0, 0.9, 1.9, 2.1, 5.5].map((hours) => missedTurns(before(hours * HOUR), HOUR, NOON))).toEqual([
      0, 0, 0, 1, 4,
    ]);
    expect(missedTurns(null, HOUR, NOON)).toBe(0);
    expect(missedTurns(before(HOUR), 0, NOON)).toBe(0);
  });
});
