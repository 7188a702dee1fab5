import {
  articleStore,
  changeStore,
  collectionStore,
  eventStore,
  pageStore,
  searchStore,
  siteStore,
  type ChangeStore,
  type Database,
} from '@throughline/db';
import type { Health, News, SiteReader } from './reader.ts';
import { dayThing } from './shown.ts';

/** The site's reader over Postgres. */
export function postgresReader(db: Database): SiteReader {
  const [site, collections, changes] = [siteStore(db), collectionStore(db), changeStore(db)];
  const [events, articles, pages, search] = [eventStore(db), articleStore(db), pageStore(db), searchStore(db)];
  return {
    event: (day, slug) => site.event(day, slug),
    day: (day) => site.day(day),
    front: () => site.front(),
    latest: (limit) => site.latest(limit),
    eventById: (id) => site.place(id),
    search: (query, limit) => search.search(query, limit),
    entity: (slug) => collections.entity(slug),
    topic: (id) => collections.topic(id),
    category: (category) => collections.category(category),
    story: (slug) => collections.story(slug),
    calendar: () => collections.calendar(),
    addresses: (year) => collections.addresses(year),
    collections: () => collections.all(),
    news: (after) => newsSince(changes, after),
    async health(): Promise<Health> {
      const [counts, behind, captures, alarms] = await Promise.all([
        events.counts(),
        events.behindCount(),
        articles.states(),
        pages.alarms(10),
      ]);
      // Alarms are for an operator to read: a site that answers is not to be restarted for them.
      return { ok: true, events: counts, behind, articles: captures, alarms };
    },
  };
}

/** More than so many at once are not told one by one. */
const MOST_NEWS = 500;

async function newsSince(changes: ChangeStore, after: number | undefined): Promise<News> {
  if (after === undefined) return { seq: await changes.latest() };
  const list = await changes.after(after, MOST_NEWS);
  if (list.length === MOST_NEWS) return { seq: await changes.latest() };
  const touched = list.flatMap(({ noun, id, day }) => [`${noun} ${id}`, ...(day ? [dayThing(day)] : [])]);
  return { seq: list.at(-1)?.seq ?? after, touched };
}
