import type { Day, DayItem } from '@throughline/core';
import { attributionOf, portalPage } from '../attribution.ts';
import type { Feed, Latest } from '../format.ts';
import { headingOf } from '../groups.ts';
import { eventPath, feedPath, frontPath } from '../path.ts';
import { absolute, type Site } from '../site.ts';
import { cut, listed, oneLine } from '../text.ts';
import { document, element, type Xml } from '../xml.ts';

const TITLE_LENGTH = 300;

/** RSS 2.0. A guid is the event's id, so a reworded or moved event stays one item. */
export const rss: Feed = {
  name: 'rss',
  label: 'RSS',
  mediaType: 'application/rss+xml',
  path: feedPath,
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
  const self = { href: absolute(site, feedPath), rel: 'self', type: rss.mediaType };
  return element('channel', {}, [
    element('title', {}, [site.name]),
    element('link', {}, [absolute(site, frontPath())]),
    element('description', {}, ['The world’s news log as a connected record']),
    element('language', {}, ['en']),
    element('copyright', {}, [copyright(latest)]),
    element('lastBuildDate', {}, [rfc822(latest.updatedAt)]),
    element('atom:link', self, []),
    ...latest.items.map((item) => itemElement(item, site)),
  ]);
}

function copyright({ items }: Latest): string {
  const attributions = [...new Set(items.map(({ day }) => day))].map((day) => attributionOf(portalPage(day)));
  const licenses = [...new Set(attributions.map(({ license }) => license))];
  return oneLine(
    `Text from ${listed(attributions.map(({ title, url }) => (url ? `${title} <${url}>` : title)))}; ${listed(licenses)}`,
  );
}

function itemElement(item: DayItem, site: Site): Xml {
  const text = oneLine(item.text);
  const topics = [headingOf(item), ...item.topics.map((topic) => oneLine(topic.text))].filter(Boolean);
  return element('item', {}, [
    element('title', {}, [cut(text, TITLE_LENGTH)]),
    element('link', {}, [absolute(site, eventPath(item.day, item.slug))]),
    element('guid', { isPermaLink: 'false' }, [`urn:uuid:${item.id}`]),
    element('pubDate', {}, [rfc822(item.day)]),
    element('description', {}, [htmlText(describe(item, text))]),
    ...[...new Set(topics)].map((topic) => element('category', {}, [topic])),
    ...item.outlets.map((outlet) => element('dc:source', {}, [oneLine(outlet)])),
  ]);
}

function describe(item: DayItem, text: string): string {
  const description = oneLine(item.description ?? '');
  if (description) return description;
  const labels = item.context.map(oneLine).filter(Boolean);
  return labels.length > 0 ? `Context: ${labels.join(', ')}` : text;
}

/** A description is HTML by the specification, so a text is escaped for HTML first and for XML after. */
const htmlText = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const rfc822 = (instant: Day | string): string => {
  const ms = Date.parse(instant);
  return new Date(Number.isNaN(ms) ? 0 : ms).toUTCString();
};
