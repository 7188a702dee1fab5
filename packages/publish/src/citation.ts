import type { EventPage } from '@throughline/core';
import { attributionOf } from './attribution.ts';
import { permalink } from './path.ts';
import { absolute, type Site } from './site.ts';
import { cut, oneLine } from './text.ts';
import { writtenDay } from './time.ts';

const QUOTE_LENGTH = 400;

/** The event as one would cite it in a text. */
export function citationText(page: EventPage, site: Site): string {
  const { title, revision, license } = attributionOf(page.origin);
  const quote = cut(oneLine(page.text), QUOTE_LENGTH);
  const exact = revision === undefined ? '' : `, revision ${revision}`;
  return `“${quote}” ${site.name}, ${writtenDay(page.day)}. ${absolute(site, permalink(page.id))}. Text: ${oneLine(title)}${exact}, ${oneLine(license)}.`;
}

/** The same for a bibliography program. Braces, backslashes and what TeX reads as markup are taken out. */
export function bibTex(page: EventPage, site: Site): string {
  const plain = (text: string): string =>
    oneLine(text)
      .replace(/[{}\\]/g, '')
      .replace(/[%#$&_]/g, '\\$&');
  const [year] = page.day.split('-');
  return [
    `@misc{throughline-${page.id.slice(0, 8)},`,
    `  title = {{${plain(cut(oneLine(page.text), QUOTE_LENGTH))}}},`,
    `  year = {${year}}, date = {${page.day}},`,
    `  url = {${absolute(site, permalink(page.id))}},`,
    `  note = {${plain(site.name)}; text from ${plain(page.origin.title)}, ${plain(page.origin.license)}}`,
    '}',
  ].join('\n');
}
