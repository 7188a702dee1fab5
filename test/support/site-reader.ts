import type { Day, DayPage, EventPage, FrontPage } from '@throughline/core';
import type { EventAnswer, SiteReader } from '@throughline/web';
import { aFrontPage } from './pages.ts';

/** What a site in memory holds; everything else is missing. */
export interface Holdings {
  events?: EventPage[];
  days?: DayPage[];
  front?: FrontPage;
  /** Old path (`2017-01-30/old-slug`) → where the event is now. */
  moved?: Record<string, { day: Day; slug: string }>;
  gone?: { page: EventPage; at: string }[];
}

/** A site whose pages are held in memory: the real web service over it needs no database. */
export function siteInMemory({
  events = [],
  days = [],
  front = aFrontPage(days),
  moved = {},
  gone = [],
}: Holdings): SiteReader {
  const at = (day: Day, slug: string) => (page: EventPage) => page.day === day && page.slug === slug;
  const answer = (day: Day, slug: string): EventAnswer => {
    const page = events.find(at(day, slug));
    if (page) return { kind: 'found', page };
    const target = moved[`${day}/${slug}`];
    if (target) return { kind: 'moved', ...target };
    const tombstone = gone.find(({ page: last }) => at(day, slug)(last));
    return tombstone ? { kind: 'gone', ...tombstone } : { kind: 'missing' };
  };
  return {
    event: async (day, slug) => answer(day, slug),
    day: async (day) => days.find((page) => page.day === day),
    front: async () => front,
    latest: async (limit) => ({
      items: days.flatMap(({ items }) => items).slice(0, limit),
      updatedAt: front.updatedAt,
    }),
    eventById: async (id) => [...events, ...gone.map(({ page }) => page)].find((event) => event.id === id),
    health: async () => ({ ok: true }),
  };
}
