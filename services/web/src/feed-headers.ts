import { hubLinkOf, type Feed, type Latest, type Site } from '@throughline/publish';

/** The headers of a feed: programs of other sites may read it, and whoever follows it is shown the hub. */
export function feedHeaders(latest: Latest, feed: Feed, site: Site): Record<string, string> {
  const link = hubLinkOf(latest, feed, site);
  return { 'Access-Control-Allow-Origin': '*', ...(link !== undefined && { Link: link }) };
}
