import type { Tagger } from './tagger.ts';

/** How much an entity that is not named counts against one that is. */
const SCORE = 0.5;

/** What goes without saying: the country of a ministry, a name that is not worth a link. Its surface is its title. */
export const implied: Tagger = {
  name: 'implied',
  mentions: (_, linked) =>
    (linked?.implied ?? []).map((title) => ({ title, surface: title, tagger: implied.name, score: SCORE })),
};
