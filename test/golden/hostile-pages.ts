import type { Day } from '@throughline/core';
import fc from 'fast-check';
import { aDay, FRAMES, wikitextBody } from './portal-days.ts';

const DAY = '2021-06-01' as Day;

/** Days of all frames, one after another on one page. */
const aYear = fc.sample(aDay, { numRuns: 200, seed: 1 }).flatMap((model) =>
  Object.values(FRAMES).map(({ frame }) => frame(DAY, wikitextBody(model, 'semicolon'))),
);

/** Pages one after another until they fill `bytes`. */
const filled = (bytes: number, pages: readonly string[]): string => {
  const once = pages.join('\n');
  return once.repeat(Math.ceil(bytes / once.length)).slice(0, bytes);
};

/** Pages that break naive readers, of any size, by what they are made of. */
export const HOSTILE_PAGES: Record<string, (bytes: number) => string> = {
  'open brackets': (bytes) => `* a${'[['.repeat(bytes / 2)}`,
  'open braces': (bytes) => `* a${'{{'.repeat(bytes / 2)}`,
  'open links': (bytes) => `* a ${'[http://x.example '.repeat(bytes / 18)}`,
  'open references': (bytes) => `* a ${'<ref>'.repeat(bytes / 5)}`,
  'open files': (bytes) => `* a ${'[[File:x|[[y]]'.repeat(bytes / 14)}`,
  bullets: (bytes) => '* bullet number [http://x.example (Y)]\n'.repeat(bytes / 40),
  '500 levels': (bytes) =>
    `${Array.from({ length: 500 }, (_, level) => `${'*'.repeat(level + 1)}[[T]]`).join('\n')}\n${`${'*'.repeat(501)}leaf\n`.repeat(bytes / 505)}`,
  'cut anywhere': (bytes) => filled(bytes, aYear.map((page, index) => page.slice(0, (index * 131) % page.length))),
  'spliced anywhere': (bytes) => filled(bytes, aYear.map((page, index) => page.slice((index * 131) % page.length) + page.slice(0, (index * 57) % page.length))),
};
