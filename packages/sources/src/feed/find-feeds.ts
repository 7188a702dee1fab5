import { parseHttpUrl } from '@throughline/core';
import { load } from 'cheerio/slim';

const FEED_TYPES = new Set([
  'application/rss+xml',
  'application/atom+xml',
  'application/feed+json',
  'application/rdf+xml',
]);
const MOST = 20;

/** The feeds that a page names in `<link rel=alternate>`, in its order (RSS autodiscovery). */
export function findFeeds(html: string, url: string): string[] {
  const $ = load(html);
  const base = absolute($('base[href]').first().attr('href') ?? '', url) ?? url;
  const feeds = $('link[href][rel~="alternate" i]')
    .toArray()
    .filter(({ attribs }) => FEED_TYPES.has(attribs['type']?.split(';', 1)[0]?.trim().toLowerCase() ?? ''))
    .flatMap(({ attribs }) => absolute(attribs['href'] ?? '', base) ?? [])
    .flatMap((feed) => parseHttpUrl(feed)?.href ?? []);
  return [...new Set(feeds)].slice(0, MOST);
}

const absolute = (href: string, base: string): string | undefined =>
  URL.canParse(href, base) ? new URL(href, base).href : undefined;
