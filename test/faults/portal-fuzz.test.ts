import fc from 'fast-check';
import { describe, it } from 'vitest';
import { expectSoundPage, fuzzLaws } from '../golden/broken-pages.ts';
import { HOSTILE_PAGES } from '../golden/hostile-pages.ts';

const PAGES = 10_000;
const BYTES = 5_000_000;

describe(`parseDay on ${PAGES} broken pages`, () => {
  it.each(Object.entries(fuzzLaws))('%s', async (_law, property) => {
    await fc.assert(property, { numRuns: PAGES });
  });
});

describe(`parseDay on a page of ${BYTES} bytes`, () => {
  it.each(Object.entries(HOSTILE_PAGES))('reads %s', (_name, page) => {
    expectSoundPage(page(BYTES));
  });
});
