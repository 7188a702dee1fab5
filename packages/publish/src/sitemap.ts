import { absolute, type Site } from './site.ts';
import { document, element } from './xml.ts';

/** sitemaps.org allows so many addresses a file. */
export const SITEMAP_LIMIT = 50_000;

const NAMESPACE = 'http://www.sitemaps.org/schemas/sitemap/0.9';

export interface SitemapEntry {
  path: string;
  /** ISO 8601 instant. */
  updatedAt?: string;
}

/** A list of pages for search engines, by the protocol of sitemaps.org; what is beyond its limit is left out. */
export const sitemap = (entries: readonly SitemapEntry[], site: Site): string => list('urlset', 'url', entries, site);

/** A list of such lists. */
export const sitemapIndex = (entries: readonly SitemapEntry[], site: Site): string =>
  list('sitemapindex', 'sitemap', entries, site);

function list(root: string, item: string, entries: readonly SitemapEntry[], site: Site): string {
  const items = entries
    .slice(0, SITEMAP_LIMIT)
    .map(({ path, updatedAt }) =>
      element(item, {}, [
        element('loc', {}, [absolute(site, path)]),
        ...(updatedAt === undefined ? [] : [element('lastmod', {}, [updatedAt])]),
      ]),
    );
  return document(element(root, { xmlns: NAMESPACE }, items));
}
