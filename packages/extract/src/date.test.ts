import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { atOffset, parseDate } from './date.ts';

describe('parseDate', () => {
  it.each([
    ['2024-03-05', '2024-03-05'],
    ['2024-03-05T08:30:00+01:00', '2024-03-05T08:30:00+01:00'],
    ['2024-03-05T08:30:00.123Z', '2024-03-05T08:30:00Z'],
    ['2024-03-05T08:30+0100', '2024-03-05T08:30:00+01:00'],
    ['2024-03-05 08:30:00', '2024-03-05T08:30:00'],
    ['2024-03-05T08:30:0Z', '2024-03-05T08:30:00Z'],
    ['20240305', '2024-03-05'],
    ['20240305T083000Z', '2024-03-05T08:30:00Z'],
    ['1709627400', '2024-03-05T08:30:00Z'],
    ['1709627400000', '2024-03-05T08:30:00Z'],
    ['Tue, 05 Mar 2024 08:30:00 GMT', '2024-03-05T08:30:00Z'],
    ['Tue Mar 05 2024 08:30:00 GMT+0000', '2024-03-05T08:30:00Z'],
    ['March 5, 2024 at 8:30 p.m. EST', '2024-03-05T20:30:00-05:00'],
    ['5th of March 2024', '2024-03-05'],
    ['Published 12:05 AM, 5 March 2024', '2024-03-05T00:05:00'],
    ['5. März 2024, 08:30 Uhr', '2024-03-05T08:30:00'],
    ['le 5 août 2024 à 8h30', '2024-08-05T08:30:00'],
    ['5 de marzo de 2024', '2024-03-05'],
    ['05 mars 2024', '2024-03-05'],
    ['5 marca 2024', '2024-03-05'],
    ['5 марта 2024', '2024-03-05'],
    ['5 березня 2024', '2024-03-05'],
    ['2024年3月5日 08時30分', '2024-03-05T08:30:00'],
    ['2024年3月5日 下午8点30分', '2024-03-05T20:30:00'],
    ['2024 03 05 08:30:00', '2024-03-05T08:30:00'],
    ['2024년 3월 5일', '2024-03-05'],
    ['5 Μαρτίου 2024', '2024-03-05'],
    ['5 مارس 2024', '2024-03-05'],
    ['5 Şubat 2024', '2024-02-05'],
    ['05.03.2024 - 08:30', '2024-03-05T08:30:00'],
    ['5/3/2024 22:41', '2024-03-05T22:41:00'],
    ['25/12/2024', '2024-12-25'],
    ['12/25/2024', '2024-12-25'],
  ])('reads %s', (written, read) => {
    expect(parseDate(written)).toBe(read);
  });

  it('reads an ambiguous date with the month first where the page is American', () => {
    expect(parseDate('03/05/2024', { monthFirst: true })).toBe('2024-03-05');
    expect(parseDate('03/05/2024', { monthFirst: false })).toBe('2024-05-03');
    expect(parseDate('03.05.2024', { monthFirst: true })).toBe('2024-05-03');
  });

  it.each([
    '',
    'yesterday',
    '2024-13-01',
    '2024-02-30',
    '31.02.2024',
    '12:30',
    '1234567',
    'Sector 7, 2024 seats',
    '0001-01-01T00:00:00Z',
    '5 foo 2024',
  ])('finds none in %j', (written) => {
    expect(parseDate(written)).toBeUndefined();
  });

  it('reads back what it writes, and never throws', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('1990-01-02'), max: new Date('2099-12-30'), noInvalidDate: true }),
        (date) => {
          const written = `${date.toISOString().slice(0, 19)}Z`;
          expect(parseDate(written)).toBe(written);
          expect(parseDate(written.slice(0, 10))).toBe(written.slice(0, 10));
        },
      ),
    );
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(() => parseDate(text)).not.toThrow();
      }),
    );
  });

  it('writes an instant as a clock elsewhere shows it', () => {
    expect(atOffset(Date.parse('2024-03-05T02:54:29Z'), -240)).toBe('2024-03-04T22:54:29-04:00');
  });
});
