import { addDays, dayOfInstant, type Day } from '@throughline/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dueDays, goodForMs } from './polling.ts';

const NOW = Date.parse('2026-03-10T12:00:00Z');
const TODAY = dayOfInstant(NOW);
const [MINUTE, HOUR, DAY] = [60_000, 3_600_000, 86_400_000];
const ago = (days: number): Day => addDays(TODAY, -days);

const dueAfter = (day: Day, ms: number): boolean => dueDays(NOW, new Map([[day, NOW - ms]])).includes(day);

describe('dueDays', () => {
  it.each([
    ['today', 0, 15 * MINUTE],
    ['yesterday', 1, HOUR],
    ['a day of the last week', 2, DAY],
    ['the last day of the last week', 7, DAY],
    ['an older day', 8, 30 * DAY],
    ['a day of long ago', 9_000, 30 * DAY],
    ['a day to come', -1, 15 * MINUTE],
  ])('reads %s again when its time has come, not before', (_name, age, ms) => {
    expect(dueAfter(ago(age), ms - 1)).toBe(false);
    expect(dueAfter(ago(age), ms)).toBe(true);
  });

  it('asks for today and the week before it when nothing was ever read, the latest first', () => {
    expect(dueDays(NOW, new Map())).toEqual(Array.from({ length: 8 }, (_, index) => ago(index)));
  });

  it('never asks for an older day that was not read before', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 0, max: 400 })), (ages) => {
        const read = new Map(ages.map((age) => [ago(age), 0]));
        for (const day of dueDays(NOW, read)) expect(read.has(day) || day >= ago(7)).toBe(true);
      }),
    );
  });

  it('asks for nothing that was read just now', () => {
    const read = new Map(Array.from({ length: 50 }, (_, age) => [ago(age), NOW]));
    expect(dueDays(NOW, read)).toEqual([]);
  });

  it('looks at a day the less often the older it is', () => {
    fc.assert(
      fc.property(fc.integer({ min: -3, max: 10_000 }), fc.nat(10_000), (age, more) => {
        expect(goodForMs(age + more)).toBeGreaterThanOrEqual(goodForMs(age));
      }),
    );
  });
});
