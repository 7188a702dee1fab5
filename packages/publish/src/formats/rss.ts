import type { Day } from '@throughline/core';
import {
  copyrightOf,
  descriptionOf,
  feedIdOf,
  headlineOf,
  homeOf,
  RSS_SUFFIX,
  selfOf,
  tagsOf,
  titleOf,
} from '../feed-list.ts';
import type { Feed, FeedItem, Latest } from '../format.ts';
import { eventPath, feedPath } from '../path.ts';
import { absolute, type Site } from '../site.ts';
import { oneLine } from '../text.ts';
import { document, element, type Xml } from '../xml.ts';

/** RSS 2.0. A guid is the event's id, so a reworded or moved event stays one item. */
export const rss: Feed = {
  name: 'rss',
  label: 'RSS',
  mediaType: 'application/rss+xml',
  path: feedPath,
  suffix: RSS_SUFFIX,
  render(latest, site) {
    const attributes = {
      version: '2.0',
      'xmlns:atom': 'http://www.w3.org/2005/Atom',
      'xmlns:dc': 'http://purl.org/dc/elements/1.1/',
    };
    return document(element('rss', attributes, [channel(latest, site)]));
  },
};

function channel(latest: Latest, site: Site): Xml {
  const self = { href: selfOf(latest, rss, site), rel: 'self', type: rss.mediaType };
  return element('channel', {}, [
    element('title', {}, [titleOf(latest, site)]),
    element('link', {}, [homeOf(latest, site)]),
    element('description', {}, ['The world’s news log as a connected record']),
    element('language', {}, ['en']),
    element('copyright', {}, [copyrightOf(latest)]),
    element('lastBuildDate', {}, [rfc822(latest.updatedAt)]),
    element('atom:link', self, []),
    ...(site.hub === undefined ? [] : [element('atom:link', { rel: 'hub', href: site.hub }, [])]),
    ...latest.items.map((item) => itemElement(item, site)),
  ]);
}

function itemElement(item: FeedItem, site: Site): Xml {
  return element('item', {}, [
    element('title', {}, [headlineOf(item)]),
    element('link', {}, [absolute(site, eventPath(item.day, item.slug))]),
    element('guid', { isPermaLink: 'false' }, [feedIdOf(item)]),
    element('pubDate', {}, [rfc822(item.day)]),
    element('description', {}, [htmlText(descriptionOf(item))]),
    ...tagsOf(item).map((topic) => element('category', {}, [topic])),
    ...item.outlets.map((outlet) => element('dc:source', {}, [oneLine(outlet)])),
  ]);
}

/** A description is HTML by the specification, so a text is escaped for HTML first and for XML after. */
const htmlText = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const rfc822 = (instant: Day | string): string => {
  const ms = Date.parse(instant);
  return new Date(Number.isNaN(ms) ? 0 : ms).toUTCString();
};
