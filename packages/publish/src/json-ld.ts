import type {
  Collected,
  CollectionPage,
  DayPage,
  EntityReference,
  EntityType,
  EventPage,
  EventReference,
  SourceCard,
  StoryPage,
} from '@throughline/core';
import { attributionOf, dayAttribution, portalAttribution } from './attribution.ts';
import { entityPath, storyPath } from './collection-path.ts';
import { headingOf } from './groups.ts';
import { safeUrl } from './link.ts';
import { dayPath, eventPath, permalink } from './path.ts';
import { absolute, type Site } from './site.ts';
import { descriptionOf, outletName } from './source.ts';
import { clean, cut, oneLine } from './text.ts';

/** Google's limit for a headline. */
const HEADLINE_LENGTH = 110;
const NAME_LENGTH = 1_000;

const TYPES: Record<EntityType, string> = {
  person: 'Person',
  organisation: 'Organization',
  place: 'Place',
  event: 'Event',
  work: 'CreativeWork',
  other: 'Thing',
};

/** schema.org's description of an event page: the report (NewsArticle) about a happening (Event). */
export function eventJsonLd(page: EventPage, site: Site): object {
  const url = absolute(site, eventPath(page.day, page.slug));
  const { url: origin, licenseUrl } = attributionOf(page.origin);
  return {
    '@context': 'https://schema.org',
    '@type': 'NewsArticle',
    '@id': absolute(site, permalink(page.id)),
    url,
    mainEntityOfPage: url,
    headline: cut(oneLine(page.text), HEADLINE_LENGTH),
    description: descriptionOf(page)?.text,
    datePublished: page.day,
    dateModified: clean(page.updatedAt),
    inLanguage: 'en',
    articleSection: headingOf(page) || undefined,
    about: { '@type': 'Event', name: cut(oneLine(page.text), NAME_LENGTH), startDate: page.day },
    mentions: page.entities.map((entity) => mention(entity, site)),
    citation: page.sources.map(citation),
    isBasedOn: origin,
    license: licenseUrl,
    publisher: { '@type': 'Organization', name: site.name, url: absolute(site, '/') },
  };
}

/** A day as the list of its events. */
export function dayJsonLd(page: DayPage, site: Site): object {
  return {
    '@context': 'https://schema.org',
    '@type': 'CollectionPage',
    url: absolute(site, dayPath(page.day)),
    name: `News of ${page.day}`,
    dateModified: page.updatedAt,
    license: dayAttribution(page).licenseUrl,
    mainEntity: itemList(page.items, page.items.length, site),
  };
}

const itemList = (events: readonly EventReference[], count: number, site: Site): object => ({
  '@type': 'ItemList',
  numberOfItems: count,
  itemListElement: events.map(({ day, slug }, index) => ({
    '@type': 'ListItem',
    position: index + 1,
    url: absolute(site, eventPath(day, slug)),
  })),
});

/** An entity, topic or category as the list of its events. */
export function collectionJsonLd(page: CollectionPage, name: string, path: string, site: Site): object {
  return {
    '@context': 'https://schema.org',
    '@type': 'CollectionPage',
    url: absolute(site, path),
    name: `Events: ${name}`,
    about: thing(page.subject, name),
    dateModified: page.updatedAt,
    license: portalAttribution().licenseUrl,
    mainEntity: itemList(page.items, page.count, site),
  };
}

const thing = (subject: Collected, name: string): object =>
  subject.kind === 'entity' ? { '@type': TYPES[subject.entity.type], name } : { '@type': 'Thing', name };

/** A story as one long event, with the events it is made of. */
export function storyJsonLd(page: StoryPage, site: Site): object {
  return {
    '@context': 'https://schema.org',
    '@type': 'CollectionPage',
    url: absolute(site, storyPath(page)),
    name: oneLine(page.title),
    dateModified: page.updatedAt,
    license: portalAttribution().licenseUrl,
    about: { '@type': 'Event', name: oneLine(page.title), startDate: page.firstDay, endDate: page.lastDay },
    mainEntity: itemList(page.events, page.count, site),
  };
}

const mention = ({ type, label, slug }: EntityReference, site: Site): object => ({
  '@type': TYPES[type],
  name: oneLine(label),
  url: absolute(site, entityPath({ slug })),
});

function citation(source: SourceCard): object {
  const { title, published, authors } = source.article ?? {};
  return {
    '@type': 'NewsArticle',
    url: safeUrl(source.url),
    headline: oneLine(title ?? '') || undefined,
    publisher: { '@type': 'Organization', name: outletName(source) },
    author: authors?.map((name) => ({ '@type': 'Person', name: oneLine(name) })),
    datePublished: published,
  };
}

/** JSON for a script element: no text in it can end the element or open a comment. */
export const scriptJson = (value: object): string =>
  JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
