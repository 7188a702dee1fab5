import { addDays } from '@throughline/core';
import { describe, expect, it } from 'vitest';
import { day } from '../../../test/support/pages.ts';
import { distance, plainInstant, weekday, writtenDay, writtenInstant } from './time.ts';

describe('a day', () => {
  it('is written with its weekday, before 1970 too', () => {
    expect([writtenDay(day('2017-01-30')), weekday(day('2017-01-30'))]).toEqual(['30 January 2017', 'Monday']);
    expect([writtenDay(day('1969-07-20')), weekday(day('1969-07-20'))]).toEqual(['20 July 1969', 'Sunday']);
  });
});

describe('an instant', () => {
  it('is written in UTC; a day alone gets no time', () => {
    expect(writtenInstant('2017-01-30T23:30:00-05:00')).toBe('31 January 2017, 04:30 UTC');
    expect(writtenInstant('2017-01-30')).toBe('30 January 2017');
    expect(plainInstant('2018-03-12T19:30:06.123Z')).toBe('2018-03-12 19:30:06');
  });

  it('that is none is shown as it is', () => {
    expect(writtenInstant('last week')).toBe('last week');
    expect(plainInstant('last week')).toBe('last week');
  });
});

describe('the distance of two days', () => {
  it.each([
    [0, 'the same day'],
    [1, '1 day later'],
    [-20, '20 days earlier'],
    [21, '3 weeks later'],
    [-418, '14 months earlier'],
    [365 * 4, '4 years later'],
  ])('of %i days is said as %s', (days, said) => {
    const start = day('2017-01-30');
    expect(distance(start, addDays(start, days))).toBe(said);
  });
});
