import {
  copyrightOf,
  descriptionOf,
  feedIdOf,
  headlineOf,
  homeOf,
  instantOf,
  JSON_FEED_SUFFIX,
  selfOf,
  tagsOf,
  titleOf,
  updatedAtOf,
} from '../feed-list.ts';
import type { Feed, FeedItem } from '../format.ts';
import { safeUrl } from '../link.ts';
import { eventPath } from '../path.ts';
import { absolute, type Site } from '../site.ts';
import { clean, oneLine } from '../text.ts';

/** JSON Feed 1.1. An item's id is the event's. */
export const jsonFeed: Feed = {
  name: 'json-feed',
  label: 'JSON Feed',
  mediaType: 'application/feed+json',
  path: `/index${JSON_FEED_SUFFIX}`,
  suffix: JSON_FEED_SUFFIX,
  render(latest, site) {
    const feed = {
      version: 'https://jsonfeed.org/version/1.1',
      title: titleOf(latest, site),
      home_page_url: homeOf(latest, site),
      feed_url: selfOf(latest, jsonFeed, site),
      ...(site.hub !== undefined && { hubs: [{ type: 'WebSub', url: site.hub }] }),
      description: copyrightOf(latest),
      language: 'en',
      authors: [{ name: 'Editors of Wikipedia' }],
      items: latest.items.map((item) => itemOf(item, site)),
    };
    return `${JSON.stringify(feed, undefined, 2)}\n`;
  },
};

function itemOf(item: FeedItem, site: Site): object {
  const image = safeUrl(item.image);
  return {
    id: feedIdOf(item),
    url: absolute(site, eventPath(item.day, item.slug)),
    title: headlineOf(item),
    content_text: clean(item.text),
    summary: descriptionOf(item),
    ...(image && { image }),
    date_published: instantOf(item.day),
    date_modified: updatedAtOf(item),
    tags: tagsOf(item),
    _throughline: { about: item.context.map(oneLine), outlets: item.outlets.map(oneLine) },
  };
}
