import { CATEGORIES, CATEGORY_LABELS, type Category, type Day, type SearchQuery } from '@throughline/core';
import type { CatalogueStore, EventConditions } from '@throughline/db';
import {
  categoryPath,
  dayPath,
  entityPath,
  feeds,
  isAsked,
  parsePath,
  searchPath,
  storyPath,
  topicPath,
  writtenDay,
  type Feed,
  type Latest,
  type Site,
} from '@throughline/publish';
import type { Context, Hono } from 'hono';
import { answer } from '../answer.ts';
import { feedHeaders } from '../feed-headers.ts';
import { pathnameOf, problemAnswer } from '../problems.ts';
import { searchQuery } from '../search-query.ts';

const ITEMS = 50;
const CACHE = 'public, max-age=60, stale-while-revalidate=300';

/** What feeds are made from. */
export type FeedCatalogue = Pick<CatalogueStore, 'events' | 'entity' | 'topic' | 'storyNamed'>;

/** What a feed is of: its events, and the page that shows them. */
interface Subject {
  title: string;
  page: string;
  conditions: EventConditions;
}

/** The feeds of days, entities, topics, categories, stories and searches, beside the page of each. */
export function addFeeds(app: Hono, site: Site, catalogue: FeedCatalogue): void {
  for (const feed of feeds) {
    const { suffix } = feed;
    if (suffix === undefined) continue;
    app.get('*', async (c, next) => {
      const path = pathnameOf(c);
      if (!path.endsWith(suffix) || path === feed.path) return next();
      const subject = await subjectOf(path.slice(0, -suffix.length), new URL(c.req.url).searchParams, catalogue);
      return subject ? send(c, feed, subject, site, catalogue) : nothing(c, site);
    });
  }
}

async function send(c: Context, feed: Feed, subject: Subject, site: Site, catalogue: FeedCatalogue): Promise<Response> {
  const { items } = await catalogue.events(subject.conditions, { limit: ITEMS });
  const updatedAt = items.reduce((latest, one) => (one.updatedAt > latest ? one.updatedAt : latest), EPOCH);
  // Nobody knows which searches somebody follows, so no hub is told of them.
  const { hub, ...unfollowed } = site;
  const shown = subject.page.startsWith('/search') || hub === undefined ? unfollowed : site;
  const list: Latest = { items, updatedAt, about: { title: subject.title, page: subject.page } };
  const headers = feedHeaders(list, feed, shown);
  return answer(c, { mediaType: feed.mediaType, body: feed.render(list, shown), cache: CACHE, headers });
}

const EPOCH = '1970-01-01T00:00:00.000Z';

const nothing = (c: Context, site: Site): Promise<Response> =>
  problemAnswer(c, site, {
    status: 404,
    title: 'No such feed',
    detail: 'There is nothing here that a feed could be of.',
  });

/** What the page of this path, without its extension, lists; undefined where there is no such page. */
async function subjectOf(
  stem: string,
  parameters: URLSearchParams,
  catalogue: FeedCatalogue,
): Promise<Subject | undefined> {
  if (stem === '/search') return searchSubject(searchQuery(parameters).query);
  const place = parsePath(`${stem}.html`);
  if (place?.kind === 'day') return daySubject(place.day);
  const [, kind, name] = /^\/(entities|topics|categories|stories)\/([^/]+)$/.exec(stem) ?? [];
  if (kind === undefined || name === undefined) return undefined;
  return SUBJECTS[kind]?.(decodeURIComponent(name), catalogue);
}

const SUBJECTS: Readonly<Record<string, (name: string, catalogue: FeedCatalogue) => Promise<Subject | undefined>>> = {
  async entities(name, catalogue) {
    const entity = await catalogue.entity(name);
    return entity && { title: entity.label, page: entityPath(entity), conditions: { entity: entity.slug } };
  },
  async topics(name, catalogue) {
    const id = Number(/^(\d{1,9})(?:-|$)/.exec(name)?.[1] ?? 0);
    const topic = id > 0 ? await catalogue.topic(id) : undefined;
    return topic && { title: topic.label, page: topicPath(topic), conditions: { topic: topic.id } };
  },
  async categories(name) {
    const category = CATEGORIES.find((one) => one === name);
    return category && categorySubject(category);
  },
  async stories(name, catalogue) {
    const story = await catalogue.storyNamed(name);
    return story && { title: story.title, page: storyPath(story), conditions: { story: story.id } };
  },
};

const categorySubject = (category: Category): Subject => ({
  title: CATEGORY_LABELS[category],
  page: categoryPath(category),
  conditions: { category },
});

const daySubject = (day: Day): Subject => ({
  title: writtenDay(day),
  page: dayPath(day),
  conditions: { from: day, to: day },
});

/** A search that somebody wants to hear more of. */
function searchSubject({ order: _order, after: _after, ...filter }: SearchQuery): Subject | undefined {
  if (!isAsked(filter)) return undefined;
  const words = Object.values(filter).map(String).join(', ');
  return { title: `Search: ${words}`, page: searchPath(filter), conditions: filter };
}
