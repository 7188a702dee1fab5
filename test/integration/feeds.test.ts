import { feedPathOf, feeds } from '@throughline/publish';
import { testDatabase } from '@throughline/test';
import { apiOn, readSample } from '@throughline/test/api';
import { sql } from 'kysely';
import { parseAtomFeed, parseJsonFeed, parseRssFeed } from 'feedsmith';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const database = await testDatabase();
const { db } = database;
const { app } = apiOn(db);
let pages: Record<string, string> = {};
beforeAll(async () => {
  await readSample(db);
  const { rows } = await sql<{ entity: string; topic: number; day: string }>`select
    (select slug from entity order by events desc, id limit 1) as entity, (select min(topic_id) from event_topic) as topic`.execute(
    db,
  );
  const [row] = rows;
  const { rows: members } = await sql<{
    id: string;
  }>`select id from event where state = 'stable' order by day limit 3`.execute(db);
  await sql`delete from story_event`.execute(db);
  await sql`insert into story (id, slug, title, first_day, last_day, events) values ('00000000-0000-4000-8000-00000000000a', 'some-story', 'Some story', '2015-11-08', '2015-11-13', 3)`.execute(
    db,
  );
  for (const { id } of members)
    await sql`insert into story_event (story_id, event_id) values ('00000000-0000-4000-8000-00000000000a', ${id})`.execute(
      db,
    );
  pages = {
    front: '/index.html',
    day: '/news/2017/01/30/index.html',
    entity: `/entities/${row?.entity}.html`,
    topic: `/topics/${row?.topic}-whatever.html`,
    category: '/categories/politics-and-elections.html',
    story: '/stories/some-story.html',
    search: '/search?q=president&category=politics-and-elections',
  };
});
afterAll(() => database.drop());

/** What another's parser makes of a feed. */
function read(
  name: string,
  text: string,
): { title?: string; self?: string; items: { id?: string; link?: string; title?: string; date?: string }[] } {
  switch (name) {
    case 'rss': {
      const feed = parseRssFeed(text);
      const items = (feed.items ?? []).map(({ guid, link, title, pubDate }) => ({
        id: guid?.value,
        link,
        title,
        date: pubDate,
      }));
      return { title: feed.title, self: feed.atom?.links?.[0]?.href, items } as ReturnType<typeof read>;
    }
    case 'atom': {
      const feed = parseAtomFeed(text);
      const items = (feed.entries ?? []).map((one) => ({
        id: one.id,
        link: one.links?.[0]?.href,
        title: one.title?.value ?? one.title,
        date: one.updated,
      }));
      return {
        title: feed.title?.value ?? feed.title,
        self: feed.links?.find(({ rel }) => rel === 'self')?.href,
        items,
      } as unknown as ReturnType<typeof read>;
    }
    default: {
      const feed = parseJsonFeed(text);
      const items = (feed.items ?? []).map((one) => ({
        id: one.id,
        link: one.url,
        title: one.title,
        date: one.date_modified,
      }));
      return { title: feed.title, self: feed.feed_url, items } as ReturnType<typeof read>;
    }
  }
}

describe.each(feeds.filter(({ suffix }) => suffix !== undefined))('$label', (feed) => {
  it.each(['front', 'day', 'entity', 'topic', 'category', 'story', 'search'])(
    'of a %s is read by a parser of others',
    async (kind) => {
      const path = feedPathOf(pages[kind] ?? '', feed);
      const response = await app.request(path);
      expect([path, response.status, response.headers.get('Content-Type')]).toEqual([
        path,
        200,
        `${feed.mediaType}; charset=utf-8`,
      ]);
      const text = await response.text();
      const { title, self, items } = read(feed.name, text);
      expect(title).toMatch(kind === 'front' ? /^Throughline$/ : /\S – Throughline$/);
      if (kind !== 'topic') expect(self).toBe(`https://news.example${path}`);
      expect(items.length).toBeGreaterThan(0);
      for (const item of items) {
        expect(item.id).toMatch(/^urn:uuid:[0-9a-f-]{36}$/);
        expect(item.link).toMatch(/^https:\/\/news\.example\/news\/\d{4}\/\d\d\/\d{1,2}\/[^/]+\.html$/);
        expect(item.title).toBeTruthy();
        expect(Number.isNaN(Date.parse(item.date ?? ''))).toBe(false);
      }
      expect(new Set(items.map(({ id }) => id)).size).toBe(items.length);
      const again = await app.request(path, { headers: { 'If-None-Match': response.headers.get('ETag') ?? '' } });
      expect(again.status).toBe(304);
    },
  );

  it.each(['front', 'day', 'entity', 'topic', 'category', 'story', 'search'])(
    'is named by the page of a %s',
    async (kind) => {
      const asked = await app.request(pages[kind] ?? '');
      const page = asked.status === 301 ? await app.request(asked.headers.get('Location') ?? '') : asked;
      const links = [...(await page.text()).matchAll(/<link rel="alternate" type="([^"]+)" href="([^"]+)"/g)];
      const href = links.find(([, type]) => type === feed.mediaType)?.[2]?.replaceAll('&amp;', '&') ?? '';
      const response = await app.request(href);
      expect([href, response.status]).toEqual([kind === 'topic' ? href : feedPathOf(pages[kind] ?? '', feed), 200]);
    },
  );

  it('is of nothing that is not there', async () => {
    for (const page of [
      '/entities/nobody.html',
      '/topics/0.html',
      '/categories/x.html',
      '/stories/x.html',
      '/search',
      '/else.html',
      '/entities/%00.html',
    ]) {
      const { status } = await app.request(feedPathOf(page, feed));
      expect([page, status]).toEqual([page, page.includes('%00') ? 400 : 404]);
    }
  });
});
