import { CATEGORIES, slugOf, type EventReference } from '@throughline/core';
import fc from 'fast-check';
import {
  aDayPage,
  aFrontPage,
  aReference,
  aRelated,
  aSource,
  anEntity,
  anEventPage,
  anItem,
  day,
  HOSTILE,
} from './pages.ts';

/** Any text a stranger could write, in any script; never blank. */
export const anyText: fc.Arbitrary<string> = fc
  .oneof(
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }),
    fc.string({ unit: fc.constantFrom(...'[]()*_`<>&#!\\|~-+=.,:;"\' \n\ta1'.split('')), minLength: 1, maxLength: 30 }),
    fc.constantFrom(
      HOSTILE,
      '\ud800 lone',
      'AT&T &amp; &#x20; &hellip;',
      '1. First',
      '- dash',
      '# hash #',
      '_Context: a, b_',
      '---',
      '```',
      'a, b',
      'e\u0301',
    ),
  )
  .map((text) => (/[\p{L}\p{N}\p{P}\p{S}]/u.test(text) ? text : `${text}x`));

const anyDay = fc.constantFrom(...['1999-01-01', '2011-03-11', '2017-01-30', '2017-05-02', '2020-02-29'].map(day));

const anyUrl = fc.oneof(
  fc.webUrl({ withQueryParameters: true, withFragments: true }),
  fc.constantFrom(
    'https://news.example/a_(b)_c',
    'https://news.example/a(b',
    'https://news.example/a)b',
    'https://news.example/?a=1&copy;=2&amp;b',
    'https://news.example/*a*_b_',
    'HTTPS://news.example/[x]',
  ),
);

const anyReference: fc.Arbitrary<EventReference> = fc.tuple(anyDay, anyText).map(([on, text]) => aReference(on, text));

const anySource = fc
  .record({
    url: anyUrl,
    label: fc.oneof(anyText, fc.constant('')),
    article: fc.record(
      { title: anyText, description: anyText, authors: fc.array(anyText, { maxLength: 3 }) },
      { requiredKeys: [] },
    ),
    image: fc.option(anyUrl, { nil: undefined }),
  })
  .map(({ url, label, article, image }) =>
    aSource({ url, label, article: { ...article, ...(image && { image: { url: image } }) } }),
  );

const anyTopic = anyText.map((text) => ({ title: text, text }));

const anyRelated = fc
  .record({ event: anyReference, context: fc.array(anyText, { minLength: 1, maxLength: 4 }) })
  .map(({ event, context }) =>
    aRelated(event.day, event.text, { context, evidence: [{ signal: 'shared-entity', weight: 1 }] }),
  );

const anyWording = anyText.map((text) => ({
  text,
  slug: slugOf(text),
  seenAt: '2017-01-30T14:05:11.000Z',
  revision: 7,
}));

/** Any event page with its texts, sources, topics, related events and wordings. */
export const anyEventPage = fc
  .record({
    on: anyDay,
    text: anyText,
    category: fc.constantFrom(undefined, ...CATEGORIES),
    section: fc.oneof(anyText, fc.constant('')),
    topics: fc.array(anyTopic, { maxLength: 3 }),
    sources: fc.array(anySource, { maxLength: 4 }),
    entities: fc.array(
      anyText.map((label) => anEntity(label)),
      { maxLength: 3 },
    ),
    related: fc.array(anyRelated, { maxLength: 4 }),
    wordings: fc.array(anyWording, { maxLength: 3 }),
  })
  .map(({ on, text, category, ...parts }) =>
    anEventPage({
      ...aReference(on, text),
      ...parts,
      ...(category && { category }),
      wordings: [...parts.wordings, { text, seenAt: '2017-01-30T15:00:00.000Z' }],
    }),
  );

const anyItem = fc
  .record({
    text: anyText,
    category: fc.constantFrom(undefined, ...CATEGORIES),
    section: fc.oneof(anyText, fc.constant('')),
    topics: fc.array(anyTopic, { maxLength: 2 }),
    description: fc.option(anyText, { nil: undefined }),
    context: fc.array(anyText, { maxLength: 3 }),
    outlets: fc.array(anyText, { maxLength: 2 }),
  })
  .map(({ text, category, description, ...parts }) =>
    anItem('2017-01-30', text, { ...parts, ...(category && { category }), ...(description && { description }) }),
  );

export const anyDayPage = fc
  .array(anyItem, { maxLength: 6 })
  .map((items) => aDayPage('2017-01-30', items, { previous: day('2017-01-29') }));

export const anyFrontPage = fc.array(anyDayPage, { maxLength: 3 }).map(aFrontPage);
