import { entryOf, headOf, RSS_SUFFIX, type FeedEntry, type FeedHead } from '../feed-list.ts';
import type { Feed } from '../format.ts';
import { feedPath } from '../path.ts';
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
    const items = latest.items.map((item) => itemElement(entryOf(item, site)));
    return document(element('rss', attributes, [channel(headOf(latest, rss, site), items)]));
  },
};

const channel = ({ title, home, self, hub, updated, rights }: FeedHead, items: readonly Xml[]): Xml =>
  element('channel', {}, [
    element('title', {}, [title]),
    element('link', {}, [home]),
    element('description', {}, ['The world’s news log as a connected record']),
    element('language', {}, ['en']),
    element('copyright', {}, [rights]),
    element('lastBuildDate', {}, [rfc822(updated)]),
    element('atom:link', { href: self, rel: 'self', type: rss.mediaType }, []),
    ...(hub === undefined ? [] : [element('atom:link', { rel: 'hub', href: hub }, [])]),
    ...items,
  ]);

const itemElement = ({ title, url, id, published, summary, tags, outlets }: FeedEntry): Xml =>
  element('item', {}, [
    element('title', {}, [title]),
    element('link', {}, [url]),
    element('guid', { isPermaLink: 'false' }, [id]),
    element('pubDate', {}, [rfc822(published)]),
    element('description', {}, [htmlText(summary)]),
    ...tags.map((topic) => element('category', {}, [topic])),
    ...outlets.map((outlet) => element('dc:source', {}, [outlet])),
  ]);

/** A description is HTML by the specification, so a text is escaped for HTML first and for XML after. */
const htmlText = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const rfc822 = (instant: string): string => new Date(instant).toUTCString();
