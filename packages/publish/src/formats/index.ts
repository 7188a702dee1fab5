import type { Feed, Format } from '../format.ts';
import type { Extension } from '../path.ts';
import { html } from './html.tsx';
import { json } from './json.ts';
import { markdown } from './markdown.ts';
import { rss } from './rss.ts';
import { xml } from './xml.ts';

/** Every format of a page, the default first. */
export const formats: readonly Format[] = [html, markdown, json, xml];

/** The feeds that a front page names. */
export const feeds: readonly Feed[] = [rss];

export const formatOf = (ext: Extension): Format => formats.find(({ name }) => name === ext) ?? html;
