import { parseHttpUrl } from '@throughline/core';
import { decodeFeed } from './decode-feed.ts';
import { childOf, childrenOf, plainTextOf, readElements, type Element } from './elements.ts';

/** What a feed says of one article. */
export interface FeedItem {
  /** The id it gives the item; the URL where it gives none or gives it twice. */
  key: string;
  /** Absolute, http(s). */
  url: string;
  /** Empty where the feed says none. */
  title: string;
  /** Milliseconds since the epoch; absent where it does not say, or says what is no date. */
  published?: number;
}

/** What a document is, as a feed. */
export interface ReadFeed {
  form: 'rss' | 'atom' | 'json' | 'sitemap';
  title?: string;
  items: FeedItem[];
  /** Sitemaps that it lists in place of pages. */
  sitemaps: string[];
}

/** A feed has some dozens; of a sitemap the first so many are taken. */
const MOST_ITEMS = 1_000;
const MOST_SITEMAPS = 50;
const MAX_TITLE = 1_000;
const MAX_KEY = 500;

/**
 * Reads RSS (0.9x, 1.0, 2.0), Atom (0.3, 1.0), JSON Feed and sitemaps, with
 * or without the news extension, however broken; undefined for what is none of them.
 */
export function readFeed(body: Uint8Array, url: string, charset?: string): ReadFeed | undefined {
  const text = decodeFeed(body, charset);
  const feed = /^\s*\{/.test(text) ? readJson(text, url) : readXml(text, url);
  return feed && { ...feed, items: ownKeys(feed.items) };
}

/** Ids that a feed gives to several items are none. */
function ownKeys(items: readonly FeedItem[]): FeedItem[] {
  const counts = new Map<string, number>();
  const byUrl = new Map(items.toReversed().map((item) => [item.url, item]));
  const distinct = items.filter((item) => byUrl.get(item.url) === item).slice(0, MOST_ITEMS);
  for (const { key } of distinct) counts.set(key, (counts.get(key) ?? 0) + 1);
  return distinct.map((item) =>
    (counts.get(item.key) ?? 0) > 1 ? { ...item, key: item.url.slice(0, MAX_KEY) } : item,
  );
}

type Raw = Omit<ReadFeed, 'items'> & { items: FeedItem[] };

function readXml(text: string, url: string): Raw | undefined {
  const root = readElements(text).content.find((part) => typeof part !== 'string' && ROOTS.has(part.name));
  if (root === undefined || typeof root === 'string') return undefined;
  switch (root.name) {
    case 'rss':
    case 'rdf':
      return readRss(root, url);
    case 'feed':
      return readAtom(root, url);
    case 'urlset':
      return readSitemap(root, url);
    case 'sitemapindex':
      return {
        form: 'sitemap',
        items: [],
        sitemaps: locationsOf(childrenOf(root, 'sitemap'), url).slice(0, MOST_SITEMAPS),
      };
    default:
      return undefined;
  }
}

const ROOTS = new Set(['rss', 'rdf', 'feed', 'urlset', 'sitemapindex']);

function readRss(root: Element, base: string): Raw {
  const channel = childOf(root, 'channel') ?? root;
  // RSS 1.0 has its items beside the channel, not in it.
  const items = [...childrenOf(channel, 'item'), ...(channel === root ? [] : childrenOf(root, 'item'))];
  return {
    form: 'rss',
    ...titled(childOf(channel, 'title', '') ?? childOf(channel, 'title')),
    items: items.flatMap((item) => {
      const guid = childOf(item, 'guid');
      const isPermaLink = guid !== undefined && guid.attributes['ispermalink']?.toLowerCase() !== 'false';
      const link =
        linkOf(item, base) ??
        (isPermaLink ? absolute(plainTextOf(guid), base) : undefined) ??
        absolute(item.attributes['rdf:about'], base);
      const published = childOf(item, 'pubdate') ?? childOf(item, 'date') ?? childOf(item, 'published');
      return itemOf(link, plainTextOf(guid), childOf(item, 'title', '') ?? childOf(item, 'title'), published);
    }),
    sitemaps: [],
  };
}

/** FeedBurner keeps the article's own address beside its link. */
function linkOf(item: Element, base: string): string | undefined {
  const own = absolute(plainTextOf(childOf(item, 'origlink')), base);
  const links = childrenOf(item, 'link').filter(({ prefix }) => prefix === '' || prefix === 'rss');
  return (
    own ??
    links.map((link) => absolute(plainTextOf(link) || link.attributes['href'], base)).find((link) => link !== undefined)
  );
}

function readAtom(root: Element, base: string): Raw {
  const feedBase = absolute(root.attributes['xml:base'], base) ?? base;
  return {
    form: 'atom',
    ...titled(childOf(root, 'title')),
    items: childrenOf(root, 'entry').flatMap((entry) => {
      const entryBase = absolute(entry.attributes['xml:base'], feedBase) ?? feedBase;
      const links = childrenOf(entry, 'link');
      const alternate = links.find(
        ({ attributes }) =>
          (attributes['rel'] ?? 'alternate') === 'alternate' &&
          !/^(?!text\/html|application\/xhtml)./.test(attributes['type'] ?? ''),
      );
      const any = alternate ?? links.find(({ attributes }) => (attributes['rel'] ?? 'alternate') === 'alternate');
      const id = plainTextOf(childOf(entry, 'id'));
      const published =
        childOf(entry, 'published') ??
        childOf(entry, 'issued') ??
        childOf(entry, 'updated') ??
        childOf(entry, 'modified');
      return itemOf(
        absolute(any?.attributes['href'], entryBase) ?? absolute(id, entryBase),
        id,
        childOf(entry, 'title'),
        published,
      );
    }),
    sitemaps: [],
  };
}

function readSitemap(root: Element, base: string): Raw {
  return {
    form: 'sitemap',
    items: childrenOf(root, 'url').flatMap((page) => {
      const [location] = locationsOf([page], base);
      const news = childOf(page, 'news');
      const published = (news && childOf(news, 'publication_date')) ?? childOf(page, 'lastmod');
      return itemOf(location, '', news && childOf(news, 'title'), published);
    }),
    sitemaps: [],
  };
}

const locationsOf = (elements: readonly Element[], base: string): string[] =>
  elements.flatMap((element) => absolute(plainTextOf(childOf(element, 'loc')), base) ?? []);

function readJson(text: string, base: string): Raw | undefined {
  const feed = parsed(text);
  if (!isRecord(feed) || !Array.isArray(feed['items']) || !String(feed['version']).includes('jsonfeed.org'))
    return undefined;
  const title = asText(feed['title']);
  return {
    form: 'json',
    ...(title && { title }),
    items: (feed['items'] as unknown[]).flatMap((item) => {
      if (!isRecord(item)) return [];
      const url = absolute(asText(item['url']), base) ?? absolute(asText(item['external_url']), base);
      return made(url, asText(item['id']), asText(item['title']), asText(item['date_published']));
    }),
    sitemaps: [],
  };
}

const itemOf = (
  url: string | undefined,
  key: string,
  title: Element | undefined,
  published: Element | undefined,
): FeedItem[] => made(url, key, plainTextOf(title), plainTextOf(published));

function made(url: string | undefined, key: string, title: string, published: string): FeedItem[] {
  if (url === undefined) return [];
  const at = instantOf(published);
  return [
    {
      key: (key || url).slice(0, MAX_KEY),
      url,
      title: title.slice(0, MAX_TITLE),
      ...(at !== undefined && { published: at }),
    },
  ];
}

const titled = (element: Element | undefined): { title?: string } => {
  const title = plainTextOf(element).slice(0, MAX_TITLE);
  return title ? { title } : {};
};

/** RFC 822 and ISO 8601 dates; what is before 1990 or has no year of four digits is a fault of the feed's. */
function instantOf(text: string): number | undefined {
  if (text === '' || text.length > 100) return undefined;
  const ms = Date.parse(text.replace(/\b(?:UT|Z)$/, 'GMT').replace(/^(\d{4}-\d\d-\d\dT.*)GMT$/, '$1Z'));
  return Number.isNaN(ms) || ms < Date.UTC(1990) || ms > Date.UTC(2200) ? undefined : ms;
}

/** The URL where it is http(s) once made absolute. */
function absolute(url: string | undefined, base: string): string | undefined {
  const given = url?.trim();
  if (!given || !URL.canParse(given, base)) return undefined;
  return parseHttpUrl(new URL(given, base).href)?.href;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
const asText = (value: unknown): string =>
  (typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '')
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
