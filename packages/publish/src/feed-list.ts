import type { DayItem } from '@throughline/core';
import { attributionOf, portalPage } from './attribution.ts';
import type { Feed, FeedItem, Latest } from './format.ts';
import { headingOf } from './groups.ts';
import { frontPath } from './path.ts';
import { absolute, type Site } from './site.ts';
import { cut, listed, oneLine } from './text.ts';

// What every feed says, whatever its form.

const TITLE_LENGTH = 300;

export const RSS_SUFFIX = '_rss.xml';
export const ATOM_SUFFIX = '_atom.xml';
export const JSON_FEED_SUFFIX = '_feed.json';

/** The path of the feed that goes with a page: `/entities/aleppo_rss.xml` of `/entities/aleppo.html`. A query stays. */
export function feedPathOf(page: string, { path, suffix }: Pick<Feed, 'path' | 'suffix'>): string {
  if (suffix === undefined) return path;
  const [pathname = '', query] = page.split('?', 2);
  return `${pathname.replace(/\.html$/, '')}${suffix}${query === undefined ? '' : `?${query}`}`;
}

export const titleOf = ({ about }: Latest, site: Site): string =>
  about === undefined ? site.name : oneLine(`${about.title} – ${site.name}`);

/** The page whose list it is. */
export const homeOf = ({ about }: Latest, site: Site): string => absolute(site, about?.page ?? frontPath());

/** The feed's own address. */
export const selfOf = ({ about }: Latest, feed: Feed, site: Site): string =>
  absolute(site, about === undefined ? feed.path : feedPathOf(about.page, feed));

/** The `Link` header that WebSub asks for (W3C, 4): the hub and the feed's own address; undefined without a hub. */
export const hubLinkOf = (latest: Latest, feed: Feed, site: Site): string | undefined =>
  site.hub === undefined
    ? undefined
    : `<${encodeURI(site.hub)}>; rel="hub", <${selfOf(latest, feed, site)}>; rel="self"`;

/** An item's id: the event's own, so a reworded or moved event stays one item. */
export const feedIdOf = ({ id }: Pick<DayItem, 'id'>): string => `urn:uuid:${id}`;

export const headlineOf = ({ text }: DayItem): string => cut(oneLine(text), TITLE_LENGTH);

export const tagsOf = (item: DayItem): string[] => [
  ...new Set([headingOf(item), ...item.topics.map((topic) => oneLine(topic.text))].filter(Boolean)),
];

/** An ISO 8601 instant, whatever is in the data. */
export function instantOf(text: string): string {
  const ms = Date.parse(text);
  return new Date(Number.isNaN(ms) ? 0 : ms).toISOString();
}

export const updatedAtOf = ({ updatedAt, day }: FeedItem): string => instantOf(updatedAt ?? day);

/** What a source says of the event, else what it is about, else its sentence. */
export function descriptionOf(item: DayItem): string {
  const description = oneLine(item.description ?? '');
  if (description) return description;
  const labels = item.context.map(oneLine).filter(Boolean);
  return labels.length > 0 ? `Context: ${labels.join(', ')}` : oneLine(item.text);
}

/** Whom the texts are owed to. */
export function copyrightOf({ items }: Latest): string {
  const attributions = [...new Set(items.map(({ day }) => day))].map((day) => attributionOf(portalPage(day)));
  const licenses = [...new Set(attributions.map(({ license }) => license))];
  if (licenses.length === 0) return 'Text from Portal:Current events; CC BY-SA 4.0';
  return oneLine(
    `Text from ${listed(attributions.map(({ title, url }) => (url ? `${title} <${url}>` : title)))}; ${listed(licenses)}`,
  );
}
