import type { Feed, Format } from '../format.ts';
import type { Extension } from '../path.ts';
import { atom } from './atom.ts';
import { html } from './html.tsx';
import { json } from './json.ts';
import { jsonFeed } from './json-feed.ts';
import { markdown } from './markdown.ts';
import { rss } from './rss.ts';
import { xml } from './xml.ts';

/** Every format of a page, the default first. */
export const formats: readonly Format[] = [html, markdown, json, xml];

/** The feeds of the whole archive and, those with a suffix, of every page that lists events. */
export const feeds: readonly Feed[] = [rss, atom, jsonFeed];

export const formatOf = (ext: Extension): Format => formats.find(({ name }) => name === ext) ?? html;
