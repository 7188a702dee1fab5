import { entryOf, headOf, JSON_FEED_SUFFIX, type FeedEntry } from '../feed-list.ts';
import type { Feed } from '../format.ts';

/** JSON Feed 1.1. An item's id is the event's. */
export const jsonFeed: Feed = {
  name: 'json-feed',
  label: 'JSON Feed',
  mediaType: 'application/feed+json',
  path: `/index${JSON_FEED_SUFFIX}`,
  suffix: JSON_FEED_SUFFIX,
  render(latest, site) {
    const { title, home, self, hub, author, rights } = headOf(latest, jsonFeed, site);
    const feed = {
      version: 'https://jsonfeed.org/version/1.1',
      title,
      home_page_url: home,
      feed_url: self,
      ...(hub !== undefined && { hubs: [{ type: 'WebSub', url: hub }] }),
      description: rights,
      language: 'en',
      authors: [{ name: author }],
      items: latest.items.map((item) => itemOf(entryOf(item, site))),
    };
    return `${JSON.stringify(feed, undefined, 2)}\n`;
  },
};

const itemOf = ({
  id,
  url,
  title,
  text,
  summary,
  image,
  published,
  updated,
  tags,
  about,
  outlets,
}: FeedEntry): object => ({
  id,
  url,
  title,
  content_text: text,
  summary,
  ...(image && { image }),
  date_published: published,
  date_modified: updated,
  tags,
  _throughline: { about, outlets },
});
