import type { Format } from '../format.ts';
import type { Extension } from '../path.ts';
import { html } from './html.tsx';
import { json } from './json.ts';
import { markdown } from './markdown.ts';
import { xml } from './xml.ts';

/** Every format of a page, the default first. */
export const formats: readonly Format[] = [html, markdown, json, xml];

export { feeds } from './feeds.ts';

export const formatOf = (ext: Extension): Format => formats.find(({ name }) => name === ext) ?? html;
