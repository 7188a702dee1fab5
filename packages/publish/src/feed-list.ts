import { attributionOf, portalPage } from './attribution.ts';
import type { Feed, FeedItem, Latest } from './format.ts';
import { headingOf } from './groups.ts';
import { safeUrl } from './link.ts';
import { eventPath, frontPath } from './path.ts';
import { absolute, type Site } from './site.ts';
import { clean, cut, listed, oneLine } from './text.ts';

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

/** What a feed says of itself. Instants are ISO 8601, URLs absolute. */
export interface FeedHead {
  title: string;
  /** The page whose list it is. */
  home: string;
  /** The feed's own address. */
  self: string;
  /** The WebSub hub. */
  hub?: string;
  updated: string;
  author: string;
  /** Whom the texts are owed to. */
  rights: string;
}

export const headOf = (latest: Latest, feed: Feed, site: Site): FeedHead => ({
  title: latest.about === undefined ? site.name : oneLine(`${latest.about.title} – ${site.name}`),
  home: absolute(site, latest.about?.page ?? frontPath()),
  self: selfOf(latest, feed, site),
  ...(site.hub !== undefined && { hub: site.hub }),
  updated: instantOf(latest.updatedAt),
  author: 'Editors of Wikipedia',
  rights: copyrightOf(latest),
});

const selfOf = ({ about }: Latest, feed: Feed, site: Site): string =>
  absolute(site, about === undefined ? feed.path : feedPathOf(about.page, feed));

/** The `Link` header that WebSub asks for (W3C, 4): the hub and the feed's own address; undefined without a hub. */
export const hubLinkOf = (latest: Latest, feed: Feed, site: Site): string | undefined =>
  site.hub === undefined
    ? undefined
    : `<${encodeURI(site.hub)}>; rel="hub", <${selfOf(latest, feed, site)}>; rel="self"`;

/** What a feed says of an event. Instants are ISO 8601, URLs absolute; all texts but `text` are one line. */
export interface FeedEntry {
  /** The event's own, so a reworded or moved event stays one item. */
  id: string;
  url: string;
  /** The sentence, cut to a title's length. */
  title: string;
  /** The whole sentence. */
  text: string;
  /** What a source says of the event, else what it is about, else its sentence. */
  summary: string;
  image?: string;
  published: string;
  updated: string;
  /** Heading and topics. */
  tags: string[];
  about: string[];
  outlets: string[];
}

export function entryOf(item: FeedItem, site: Site): FeedEntry {
  const image = safeUrl(item.image);
  return {
    id: `urn:uuid:${item.id}`,
    url: absolute(site, eventPath(item.day, item.slug)),
    title: cut(oneLine(item.text), TITLE_LENGTH),
    text: clean(item.text),
    summary: summaryOf(item),
    ...(image && { image }),
    published: instantOf(item.day),
    updated: instantOf(item.updatedAt ?? item.day),
    tags: [...new Set([headingOf(item), ...item.topics.map((topic) => oneLine(topic.text))].filter(Boolean))],
    about: item.context.map(oneLine),
    outlets: item.outlets.map(oneLine),
  };
}

/** An ISO 8601 instant, whatever is in the data. */
function instantOf(text: string): string {
  const ms = Date.parse(text);
  return new Date(Number.isNaN(ms) ? 0 : ms).toISOString();
}

function summaryOf(item: FeedItem): string {
  const description = oneLine(item.description ?? '');
  if (description) return description;
  const labels = item.context.map(oneLine).filter(Boolean);
  return labels.length > 0 ? `Context: ${labels.join(', ')}` : oneLine(item.text);
}

function copyrightOf({ items }: Latest): string {
  const attributions = [...new Set(items.map(({ day }) => day))].map((day) => attributionOf(portalPage(day)));
  const licenses = [...new Set(attributions.map(({ license }) => license))];
  if (licenses.length === 0) return 'Text from Portal:Current events; CC BY-SA 4.0';
  return oneLine(
    `Text from ${listed(attributions.map(({ title, url }) => (url ? `${title} <${url}>` : title)))}; ${listed(licenses)}`,
  );
}
