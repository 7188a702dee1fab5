import fc from 'fast-check';
import { describe, it } from 'vitest';
import { fuzzLaws } from '../golden/broken-pages.ts';

const PAGES = 10_000;

describe(`parseDay on ${PAGES} broken pages`, () => {
  it.each(Object.entries(fuzzLaws))('%s', async (_law, property) => {
    await fc.assert(property, { numRuns: PAGES });
  });
});
