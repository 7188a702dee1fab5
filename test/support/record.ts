import { addDays, Day, dayNumber, type EventId, type Mention } from '@throughline/core';
import { pageStore, type Database, type NewTags, type Revised } from '@throughline/db';
import { ingest } from '@throughline/pipeline';
import { pageTitle } from '@throughline/portal';

/** A portal page in the form that editors use: items as they write them, without their bullets. */
export const portalPage = (items: readonly string[], heading = 'Politics and elections'): string =>
  ['{{Current events|content=', `;${heading}`, ...items.map((item) => `*${item}`), '}}'].join('\n');

export interface Reading {
  day: Day;
  wikitext: string;
  /** The revision's own time; the end of the day unless given. */
  at?: number;
  revision?: number;
}

export const endOf = (day: Day): number => dayNumber(addDays(day, 1)) * 86_400_000;

/** Reads revisions of the portal as the pipeline does; what is read is public at once unless `settleMs` is given. */
export function reader(db: Database, { settleMs = 0, source = 'portal' } = {}) {
  return (...readings: Reading[]): Promise<Revised> => {
    const pages = readings.map((one) => ({ at: endOf(one.day), ...one, title: pageTitle(one.day) }));
    const now = Math.max(...pages.map(({ at }) => at));
    return ingest(source, pages, { pages: pageStore(db), now: () => now, settleMs });
  };
}

/** What `store.tag` is told of an event that was read in its first version. */
export const tagsOf = (eventId: EventId, mentions: readonly Omit<Mention, 'origin'>[]): NewTags => ({
  eventId,
  mentions: mentions.map((mention) => ({ ...mention, origin: 'sentence' })),
  implied: [],
  version: 1,
  taughtUntil: Day.parse('2017-01-01'),
});
