import { parseDay } from '@throughline/portal';
import type { Day } from '@throughline/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fuzzLaws } from './broken-pages.ts';

describe('parseDay on broken pages', () => {
  it.each(Object.entries(fuzzLaws))('%s', async (_law, property) => {
    await fc.assert(property, { numRuns: 2_000 });
  });

  it('makes no link of brackets that name no page', () => {
    const { events } = parseDay('2021-06-01' as Day, '*A bridge [[#] opens in [[Lisbon], again [[#Later]].');

    expect(events.map(({ text, links }) => [text, links.map(({ title }) => title)])).toEqual([
      ['A bridge # opens in Lisbon, again #Later.', ['Lisbon']],
    ]);
  });
});
