import { CATEGORIES } from '@throughline/core';
import {
  archivePath,
  categoryPath,
  dayPath,
  entityPath,
  eventPath,
  frontPath,
  sitemap,
  SITEMAP_LIMIT,
  sitemapIndex,
  storyPath,
  topicPath,
  yearPath,
  type Site,
  type SitemapEntry,
} from '@throughline/publish';
import type { Context, Hono } from 'hono';
import type { Answer } from './answer.ts';
import type { Elsewhere } from './collections.ts';
import type { SiteReader } from './reader.ts';

interface SitemapsContext {
  reader: SiteReader;
  site: Site;
  answerFrom: (c: Context, make: () => Promise<Answer | Elsewhere>, key: string) => Promise<Response>;
}

const CACHE = 'public, max-age=3600';

/** Where search engines find every page: one list of lists, one list a year, and one for each sort of collection. */
export function addSitemaps(app: Hono, { reader, site, answerFrom }: SitemapsContext): void {
  const xml = (body: string): Answer => ({ mediaType: 'application/xml', body, cache: CACHE });
  app.get('/sitemap.xml', (c) => answerFrom(c, async () => xml(sitemapIndex(await lists(reader), site)), ''));
  app.get('/sitemaps/:file', (c) =>
    answerFrom(
      c,
      async () => {
        const entries = await entriesOf(c.req.param('file').replace(/\.xml$/, ''), reader);
        if (!entries) return { kind: 'missing', problem: NOTHING };
        return xml(sitemap(entries, site));
      },
      '',
    ),
  );
}

const NOTHING = { status: 404, title: 'No such list', detail: 'The lists there are stand in /sitemap.xml.' };

async function lists(reader: SiteReader): Promise<SitemapEntry[]> {
  const { days, updatedAt } = await reader.calendar();
  const years = [...new Set(days.map(({ day }) => day.slice(0, 4)))];
  const { entities } = await reader.collections();
  const parts = Array.from({ length: Math.ceil(entities.length / SITEMAP_LIMIT) }, (_, index) => `entities-${index}`);
  return ['site', ...years, ...parts].map((name) => ({ path: `/sitemaps/${name}.xml`, updatedAt }));
}

async function entriesOf(name: string, reader: SiteReader): Promise<SitemapEntry[] | undefined> {
  if (name === 'site') return siteEntries(reader);
  const part = /^entities-(\d{1,4})$/.exec(name)?.[1];
  if (part !== undefined) {
    const { entities } = await reader.collections();
    const start = Number(part) * SITEMAP_LIMIT;
    const slugs = entities.slice(start, start + SITEMAP_LIMIT);
    return slugs.length > 0 ? slugs.map((slug) => ({ path: entityPath({ slug }) })) : undefined;
  }
  return /^\d{4}$/.test(name) ? yearEntries(name, reader) : undefined;
}

async function siteEntries(reader: SiteReader): Promise<SitemapEntry[]> {
  const [{ days }, { topics, stories }] = await Promise.all([reader.calendar(), reader.collections()]);
  const years = [...new Set(days.map(({ day }) => day.slice(0, 4)))];
  return [
    frontPath(),
    archivePath(),
    ...years.map(yearPath),
    ...CATEGORIES.map(categoryPath),
    ...stories.map((slug) => storyPath({ slug })),
    ...topics.map(topicPath),
  ].map((path) => ({ path }));
}

async function yearEntries(year: string, reader: SiteReader): Promise<SitemapEntry[] | undefined> {
  const events = await reader.addresses(year);
  if (events.length === 0) return undefined;
  const days = [...new Set(events.map(({ day }) => day))];
  return [
    ...days.map((day) => ({ path: dayPath(day) })),
    ...events.map(({ day, slug, updatedAt }) => ({ path: eventPath(day, slug), updatedAt })),
  ];
}
