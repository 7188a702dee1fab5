import type { Feed } from '../format.ts';
import { atom } from './atom.ts';
import { jsonFeed } from './json-feed.ts';
import { rss } from './rss.ts';

/** The feeds of the whole archive and, those with a suffix, of every page that lists events. */
export const feeds: readonly Feed[] = [rss, atom, jsonFeed];
