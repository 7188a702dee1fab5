import type { Filing } from '@throughline/db';
import { post, type Posted } from '@throughline/fetch';
import {
  dayPath,
  categoryPath,
  entityPath,
  feedPathOf,
  feeds,
  frontPath,
  storyPath,
  topicPath,
} from '@throughline/publish';

/** Feeds named in one call: a form of some 10 kB. */
const FEEDS_A_CALL = 100;

/** The feeds, as absolute URLs below `origin`, that list events which are filed so. */
export function feedsOf(filings: readonly Filing[], origin: string): string[] {
  const pages = new Set<string>();
  for (const { day, category, entities, topics, story } of filings) {
    pages.add(frontPath()).add(dayPath(day));
    if (category !== null) pages.add(categoryPath(category));
    if (story !== null) pages.add(storyPath({ slug: story }));
    for (const slug of entities) pages.add(entityPath({ slug }));
    for (const topic of topics) pages.add(topicPath(topic));
  }
  return [...pages].flatMap((page) =>
    feeds.map((feed) => origin + (page === frontPath() ? feed.path : feedPathOf(page, feed))),
  );
}

/**
 * Tells a WebSub hub that feeds have changed: it asks for them itself and hands
 * them on. The form is that of PubSubHubbub 0.4, 7.1, which WebSub (W3C, 2018)
 * leaves to hub and publisher and every public hub takes. Stops at the first
 * call that fails; all may be told again.
 */
export async function pingHub(hub: string, topics: readonly string[], signal: AbortSignal): Promise<Posted> {
  for (let at = 0; at < topics.length; at += FEEDS_A_CALL) {
    const form = new URLSearchParams({ 'hub.mode': 'publish' });
    for (const topic of topics.slice(at, at + FEEDS_A_CALL)) form.append('hub.url', topic);
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const posted = await post(hub, { body: form.toString(), headers, signal });
    if (!posted.ok) return posted;
  }
  return { ok: true };
}
