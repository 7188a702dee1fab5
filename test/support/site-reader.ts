import { CATEGORIES } from '@throughline/core';
import type {
  CalendarPage,
  CollectionPage,
  Day,
  DayPage,
  EventPage,
  FrontPage,
  SearchPage,
  StoryPage,
} from '@throughline/core';
import type { EventAnswer, SiteReader } from '@throughline/web';
import { aCollection, aFrontPage, anItem, aStory } from './pages.ts';

/** What a site in memory holds; everything else is missing. */
export interface Holdings {
  events?: EventPage[];
  days?: DayPage[];
  front?: FrontPage;
  /** Old path (`2017-01-30/old-slug`) → where the event is now. */
  moved?: Record<string, { day: Day; slug: string }>;
  gone?: { page: EventPage; at: string }[];
  /** What every search finds. */
  found?: Omit<SearchPage, 'query'>;
  collections?: CollectionPage[];
  stories?: StoryPage[];
  calendar?: CalendarPage;
}

/** A site whose pages are held in memory: the real web service over it needs no database. */
export function siteInMemory({
  events = [],
  days = [],
  front = aFrontPage(days),
  moved = {},
  gone = [],
  found = { hits: [], count: 0, names: [], isEmptyText: false },
  collections = collectionsOf(events),
  stories = storiesOf(events),
  calendar = calendarOf(days, front.updatedAt),
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
    search: async (query) => ({ query, ...found }),
    entity: async (slug) =>
      collections.find(({ subject }) => subject.kind === 'entity' && subject.entity.slug === slug),
    topic: async (id) => collections.find(({ subject }) => subject.kind === 'topic' && subject.topic.id === id),
    category: async (category) =>
      collections.find(({ subject }) => subject.kind === 'category' && subject.category === category),
    story: async (slug) => stories.find((story) => story.slug === slug),
    calendar: async () => calendar,
    addresses: async (year) =>
      events.filter((event) => event.day.startsWith(year)).map((event) => ({ ...event, updatedAt: front.updatedAt })),
    collections: async () => ({
      entities: collections.flatMap(({ subject }) => (subject.kind === 'entity' ? [subject.entity.slug] : [])),
      topics: collections.flatMap(({ subject }) => (subject.kind === 'topic' ? [subject.topic] : [])),
      stories: stories.map(({ slug }) => slug),
    }),
    health: async () => ({ ok: true }),
  };
}

/** The collections that the pages lead to. */
function collectionsOf(events: readonly EventPage[]): CollectionPage[] {
  const entities = new Map(events.flatMap((page) => page.entities.map((entity) => [entity.slug, entity])));
  const items = events.map(({ day, text }) => anItem(day, text));
  return [
    ...[...entities.values()].map((entity) =>
      aCollection({ kind: 'entity', entity: { ...entity, title: entity.label }, aliases: [] }, { items }),
    ),
    ...CATEGORIES.map((category) => aCollection({ kind: 'category', category }, { items })),
  ];
}

const storiesOf = (events: readonly EventPage[]): StoryPage[] =>
  events.flatMap(({ story }) =>
    story ? [aStory({ ...story, events: story.events.map((event) => ({ ...event, outlets: [] })) })] : [],
  );

const calendarOf = (days: readonly DayPage[], updatedAt: string): CalendarPage => ({
  days: days.map(({ day, items }) => ({ day, events: items.length })).toSorted((a, b) => (a.day < b.day ? -1 : 1)),
  updatedAt,
});
