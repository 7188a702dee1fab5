import type { EventPage } from '@throughline/core';
import { absolute, attributionOf, eventPath, type Site } from '@throughline/publish';

/** A value of a table's cell. Lists become JSON in CSV. */
export type Cell = string | number | readonly string[] | undefined;

export interface Column {
  name: string;
  type: 'text' | 'integer' | 'number' | 'texts';
}

/** A table of an export: the same in CSV and in Parquet. */
export interface Table {
  name: string;
  columns: readonly Column[];
  /** The rows of one event, in the columns' order. */
  rows: (page: EventPage, site: Site) => Cell[][];
}

const text = (name: string): Column => ({ name, type: 'text' });
const integer = (name: string): Column => ({ name, type: 'integer' });
const texts = (name: string): Column => ({ name, type: 'texts' });

const OWED = [text('license'), text('attribution_url')];
const owed = (page: EventPage): Cell[] => {
  const { license, url } = attributionOf(page.origin);
  return [license, url];
};

const events: Table = {
  name: 'events',
  columns: [
    ...['id', 'day', 'text', 'category', 'section'].map(text),
    ...['topics', 'entities'].map(texts),
    ...['story', 'url', 'updated_at'].map(text),
    integer('revision'),
    ...OWED,
  ],
  rows: (page, site) => [
    [
      page.id,
      page.day,
      page.text,
      page.category,
      page.section,
      page.topics.map((topic) => topic.text || topic.title),
      page.entities.map(({ label }) => label),
      page.story?.id,
      absolute(site, eventPath(page.day, page.slug)),
      page.updatedAt,
      page.origin.revision,
      ...owed(page),
    ],
  ],
};

const sources: Table = {
  name: 'sources',
  columns: [
    text('event'),
    integer('ordinal'),
    ...['url', 'label', 'outlet', 'state', 'captured_at', 'title', 'description'].map(text),
    texts('authors'),
    ...['published', 'site_name', 'language', 'image', 'license', 'attribution_url'].map(text),
  ],
  rows: (page) =>
    page.sources.map(({ url, label, outlet, state, capturedAt, article = {} }, ordinal) => [
      page.id,
      ordinal,
      url,
      label,
      outlet,
      state,
      capturedAt,
      article.title,
      article.description,
      article.authors ?? [],
      article.published,
      article.siteName,
      article.language,
      article.image?.url,
      `© ${article.siteName ?? outlet ?? label}`,
      url,
    ]),
};

const entities: Table = {
  name: 'entities',
  columns: [text('event'), integer('entity'), ...['slug', 'label', 'type'].map(text), ...OWED],
  rows: (page) => page.entities.map(({ id, slug, label, type }) => [page.id, id, slug, label, type, ...owed(page)]),
};

const relations: Table = {
  name: 'relations',
  columns: [
    text('from'),
    text('to'),
    integer('ordinal'),
    { name: 'score', type: 'number' },
    text('because'),
    text('license'),
    text('attribution_url'),
  ],
  rows: (page, site) =>
    page.related.map(({ id, score, evidence }, ordinal) => [
      page.id,
      id,
      ordinal,
      score,
      JSON.stringify(evidence),
      'CC0 1.0',
      absolute(site, eventPath(page.day, page.slug)),
    ]),
};

/** Every table, the one of events first. */
export const tables: readonly Table[] = [events, sources, entities, relations];
