import { parseHttpUrl } from '@throughline/core';
import { Parser } from 'htmlparser2';

const FEED_TYPES = new Set([
  'application/rss+xml',
  'application/atom+xml',
  'application/feed+json',
  'application/rdf+xml',
]);
const MOST = 20;

/** The feeds that a page names in `<link rel=alternate>`, in its order (RSS autodiscovery). */
export function findFeeds(html: string, url: string): string[] {
  const found: string[] = [];
  let base = url;
  const parser = new Parser({
    onopentag(name, attributes) {
      const href = attributes['href'];
      if (name === 'base' && href !== undefined && URL.canParse(href, url)) base = new URL(href, url).href;
      const type = attributes['type']?.split(';', 1)[0]?.trim().toLowerCase() ?? '';
      const isAlternate = (attributes['rel'] ?? '').toLowerCase().split(/\s+/).includes('alternate');
      if (name !== 'link' || !isAlternate || !FEED_TYPES.has(type) || href === undefined) return;
      const feed = URL.canParse(href, base) ? parseHttpUrl(new URL(href, base).href)?.href : undefined;
      if (feed !== undefined && !found.includes(feed) && found.length < MOST) found.push(feed);
    },
  });
  parser.write(html);
  parser.end();
  return found;
}
