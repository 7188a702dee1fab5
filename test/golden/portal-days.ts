import type { Day } from '@throughline/core';
import { pageTitle } from '@throughline/portal';
import fc from 'fast-check';

/** A day's page before it is written down in any form. */
export interface DayModel {
  day: Day;
  sections: { heading: string; items: ItemModel[] }[];
}

export interface ItemModel {
  /** Words and links, in order; spaces are part of the words. */
  parts: Part[];
  sources: { url: string; label: string }[];
  children: ItemModel[];
}

export type Part = string | { title: string; label: string };

/** What reading a page must give, whatever form it is in. */
export interface ExpectedEvent {
  text: string;
  section: string;
  topics: { title: string; text: string }[];
  links: { start: number; end: number; surface: string; title: string }[];
  sources: { url: string; label: string }[];
}

export function expectedEvents({ sections }: DayModel, withHeadings = true): ExpectedEvent[] {
  return sections.flatMap(({ heading, items }) =>
    items.flatMap((item) => expectedOf(item, withHeadings ? heading : '', [])),
  );
}

function expectedOf(item: ItemModel, section: string, topics: ExpectedEvent['topics']): ExpectedEvent[] {
  if (item.children.length === 0) return [{ ...sentenceOf(item.parts), section, topics, sources: item.sources }];
  const own = item.parts.flatMap((part) => (typeof part === 'string' ? [] : [{ title: part.title, text: part.label }]));
  return item.children.flatMap((child) => expectedOf(child, section, [...topics, ...own]));
}

function sentenceOf(parts: readonly Part[]): Pick<ExpectedEvent, 'text' | 'links'> {
  const links: ExpectedEvent['links'] = [];
  let text = '';
  for (const part of parts) {
    const shown = typeof part === 'string' ? part : part.label;
    if (typeof part !== 'string') {
      links.push({ start: text.length, end: text.length + shown.length, surface: shown, title: part.title });
    }
    text += shown;
  }
  return { text, links };
}

// Forms

export type HeadingForm = 'semicolon' | 'bold' | 'equals' | 'none';

const HEADINGS: Record<HeadingForm, (heading: string) => string[]> = {
  semicolon: (heading) => [`;${heading}`],
  bold: (heading) => ['', `'''${heading}'''`],
  equals: (heading) => ['', `== ${heading} ==`],
  none: () => [],
};

export const headingForms = Object.keys(HEADINGS) as HeadingForm[];

/** The items in wikitext, without a frame. */
export function wikitextBody({ sections }: DayModel, form: HeadingForm): string {
  return sections
    .flatMap(({ heading, items }) => [...HEADINGS[form](heading), ...items.flatMap((item) => wikitextItem(item, 1))])
    .join('\n');
}

function wikitextItem({ parts, sources, children }: ItemModel, depth: number): string[] {
  const words = parts.map((part) => (typeof part === 'string' ? part : `[[${part.title}|${part.label}]]`)).join('');
  const cited = sources.map(({ url, label }) => ` [${url} (${label})]`).join('');
  return [`${'*'.repeat(depth)}${words}${cited}`, ...children.flatMap((child) => wikitextItem(child, depth + 1))];
}

const ABOVE = '<!-- All news items below this line -->';
const BELOW = '<!-- All news items above this line -->';

/** Frames of all ages, by the row of the grammar's table that shows them. */
export const FRAMES: Record<string, { frame: (day: Day, body: string) => string; wrapper: string }> = {
  'W1 header and footer': {
    frame: (day, body) => `${ABOVE}{{Current events header|${slashed(day)}}}\n\n${body}\n\n${BELOW}{{Current events footer}}`,
    wrapper: 'header',
  },
  'W2 header that opens a table': {
    frame: (day, body) => `{{Current events header|${slashed(day)}}}\n\n${ABOVE}\n${body}\n${BELOW}|}`,
    wrapper: 'header',
  },
  'W3 items as an argument': {
    frame: (day, body) => `{{Current events|year=2018|month=03|day=${day.slice(8)}|content=\n\n${ABOVE}\n${body}\n${BELOW}}}`,
    wrapper: 'content',
  },
  'W4 sandwich': {
    frame: (day, body) =>
      `{{Current events|year=2026|month=08|day=${day.slice(8)}|top=yes}}\n${body}\n{{Current events|year=2026|month=08|day=2|bottom=yes}}`,
    wrapper: 'sandwich',
  },
  'W4 sandwich without its lower half': {
    frame: (_day, body) => `{{Current events|year=2026|month=08|day=2|top=yes}}\n${ABOVE}\n${body}`,
    wrapper: 'sandwich',
  },
  'W5 double space, stray mark, tail': {
    frame: (day, body) =>
      `<noinclude></noinclude>{{Current  events header|${slashed(day)}}}\n*\n${body}\n*\n{{Current events footer}}\n[[Category:2009]]\n[[de:Portal:Aktuelles]]`,
    wrapper: 'header',
  },
  'W5 frame that is never closed': {
    frame: (_day, body) => `{{Current events|year=2018|month=03|day=15|content=\n${body}`,
    wrapper: 'content',
  },
  'no frame': { frame: (_day, body) => body, wrapper: 'none' },
};

const slashed = (day: Day): string => day.replaceAll('-', '|');

/** The three layouts in which a browser gets the page. */
export const HTML_LAYOUTS: Record<string, (model: DayModel) => string> = {
  'H4 table with dl headings': (model) =>
    `<table class="vevent" id="${anchor(model.day)}"><tr><td class="summary">Edit this page</td></tr><tr><td class="description">${htmlSections(
      model,
      (heading) => `<dl><dt>${heading}</dt></dl>`,
    )}</td></tr></table>`,
  'H4 divisions with heading roles': (model) =>
    division(model, (heading) => `<div class="current-events-content-heading" role="heading">${heading}</div>`),
  'H4 divisions with bold paragraphs': (model) => division(model, (heading) => `<p><b>${heading}</b>\n</p>`),
};

const anchor = (day: Day): string => pageTitle(day).replace(/^.*\//, '').replaceAll(' ', '_');

const division = (model: DayModel, heading: (text: string) => string): string =>
  `<div role="region" id="${anchor(model.day)}" class="current-events-main vevent"><div class="current-events-heading"><div class="current-events-title" role="heading">A day</div></div>\n<div class="current-events-content description">${htmlSections(model, heading)}</div></div>`;

const htmlSections = ({ sections }: DayModel, heading: (text: string) => string): string =>
  sections.map((section) => `${heading(escape(section.heading))}\n${htmlList(section.items)}`).join('\n');

const htmlList = (items: readonly ItemModel[]): string => `<ul>${items.map(htmlItem).join('\n')}</ul>`;

function htmlItem({ parts, sources, children }: ItemModel): string {
  const words = parts.map((part) =>
    typeof part === 'string'
      ? escape(part)
      : `<a href="/wiki/${encodeURIComponent(part.title.replaceAll(' ', '_'))}" title="${escape(part.title)}">${escape(part.label)}</a>`,
  );
  const cited = sources.map(
    ({ url, label }) => ` <a rel="nofollow" class="external text" href="${escape(url)}">(<i>${escape(label)}</i>)</a>`,
  );
  return `<li>${words.join('')}${cited.join('')}${children.length > 0 ? `\n${htmlList(children)}` : ''}</li>`;
}

const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

// Arbitrary days, in our own words

const PLACES = ['Lisbon', 'Tromsø', 'Şanlıurfa', 'Pedrógão Grande', "Côte d'Ivoire", 'Saint Kitts', 'Ōsaka', 'Riga'];
const ACTORS = ['The harbour council', 'A ferry crew', 'Two hundred miners', 'The national archive', 'A court', 'Nurses'];
const DEEDS = ['reopens a bridge', 'votes against a levy', 'finds a lost letter', 'ends a strike', 'counts 3,400 seals'];
const TOPICS = ['Harbour strike', 'Miners’ inquiry', 'Flood of the Vouga', 'Seal census', 'Levy dispute (2019)'];
const OUTLETS = ['The Tidewater Post', 'Reuters', 'BBC News', 'Jornal do Vale', 'AFP via The Tidewater Post'];
const HEADINGS_USED = ['Armed conflicts and attacks', 'Law and crime', 'Sports', 'Science and technology', 'Weather'];

const aPlace = fc.constantFrom(...PLACES).map((title): Part => ({ title, label: title }));
const aTopic = fc.constantFrom(...TOPICS).map((title): Part => ({ title, label: title.replace(/ \(.*/, '') }));

const aSource = fc.record({
  url: fc.tuple(fc.constantFrom('https', 'http'), fc.webPath({ size: 'small' })).map(([scheme, path]) => `${scheme}://news.example.org/a${path}`),
  label: fc.constantFrom(...OUTLETS),
});

const anEvent = fc
  .record({
    actor: fc.constantFrom(...ACTORS),
    deed: fc.constantFrom(...DEEDS),
    place: aPlace,
    second: fc.option(fc.constantFrom(...PLACES), { nil: undefined }),
    sources: fc.array(aSource, { maxLength: 3 }),
  })
  .map(({ actor, deed, place, second, sources }): ItemModel => {
    const more: Part[] = second ? [' and in ', { title: second, label: second }] : [];
    return { parts: [`${actor} ${deed} in `, place, ...more, '.'], sources, children: [] };
  });

const aHeader = (children: fc.Arbitrary<ItemModel>): fc.Arbitrary<ItemModel> =>
  fc
    .record({
      topics: fc.uniqueArray(aTopic, { minLength: 1, maxLength: 2, selector: (part) => JSON.stringify(part) }),
      children: fc.array(children, { minLength: 1, maxLength: 2 }),
    })
    .map(({ topics, children: below }) => ({
      parts: topics.flatMap((topic, index) => (index === 0 ? [topic] : [', ', topic])),
      sources: [],
      children: below,
    }));

const anItem = fc.oneof(anEvent, aHeader(anEvent), aHeader(fc.oneof(anEvent, aHeader(anEvent))));

/** A day of some sections with some items each. */
export const aDay: fc.Arbitrary<DayModel> = fc.record({
  day: fc.integer({ min: 1, max: 28 }).map((date) => `2021-06-${String(date).padStart(2, '0')}` as Day),
  sections: fc.array(
    fc.record({ heading: fc.constantFrom(...HEADINGS_USED), items: fc.array(anItem, { minLength: 1, maxLength: 2 }) }),
    { minLength: 1, maxLength: 3 },
  ),
});
