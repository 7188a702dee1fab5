import type { EntityReference, EntityType, EventPage } from '@throughline/core';
import { attributionOf } from './attribution.ts';
import { entityPath } from './collection-path.ts';
import { safeUrl } from './link.ts';
import { permalink } from './path.ts';
import { absolute, type Site } from './site.ts';
import { oneLine } from './text.ts';

/**
 * The words of an export as linked data: the Simple Event Model (van Hage et
 * al. 2011) for what happened, schema.org for who says so, Dublin Core for
 * what it is owed to.
 */
export const LINKED_DATA_CONTEXT = {
  sem: 'http://semanticweb.cs.vu.nl/2009/11/sem/',
  schema: 'https://schema.org/',
  dcterms: 'http://purl.org/dc/terms/',
  prov: 'http://www.w3.org/ns/prov#',
  xsd: 'http://www.w3.org/2001/XMLSchema#',
  id: '@id',
  type: '@type',
  label: 'http://www.w3.org/2000/01/rdf-schema#label',
  text: { '@id': 'schema:description', '@language': 'en' },
  day: { '@id': 'sem:hasTimeStamp', '@type': 'xsd:date' },
  modified: { '@id': 'dcterms:modified', '@type': 'xsd:dateTime' },
  category: 'sem:eventType',
  actors: { '@id': 'sem:hasActor', '@container': '@set' },
  places: { '@id': 'sem:hasPlace', '@container': '@set' },
  about: { '@id': 'schema:about', '@container': '@set' },
  citations: { '@id': 'schema:citation', '@container': '@set' },
  related: { '@id': 'dcterms:relation', '@type': '@id', '@container': '@set' },
  story: { '@id': 'sem:subEventOf', '@type': '@id' },
  source: { '@id': 'dcterms:source', '@type': '@id' },
  license: { '@id': 'dcterms:license', '@type': '@id' },
  rights: 'dcterms:rights',
  headline: 'schema:headline',
  publisher: 'schema:publisher',
  published: 'schema:datePublished',
} as const;

const SCHEMA_TYPES: Record<EntityType, string> = {
  person: 'schema:Person',
  organisation: 'schema:Organization',
  place: 'schema:Place',
  event: 'schema:Event',
  work: 'schema:CreativeWork',
  other: 'schema:Thing',
};

/** An event as a node under `LINKED_DATA_CONTEXT`. */
export function linkedEvent(page: EventPage, site: Site): object {
  const { url, license, licenseUrl } = attributionOf(page.origin);
  const of = (...types: EntityType[]) =>
    page.entities.filter(({ type }) => types.includes(type)).map((one) => linkedEntity(one, site));
  return {
    id: absolute(site, permalink(page.id)),
    type: ['sem:Event', 'schema:Event'],
    text: oneLine(page.text),
    day: page.day,
    modified: page.updatedAt,
    ...(page.category && { category: page.category }),
    actors: of('person', 'organisation'),
    places: of('place'),
    about: of('event', 'work', 'other'),
    citations: page.sources.flatMap((source) => {
      const cited = safeUrl(source.url);
      const title = oneLine(source.article?.title ?? '');
      return cited === undefined || !isIri(cited)
        ? []
        : [
            {
              id: new URL(cited).href,
              type: 'schema:NewsArticle',
              ...(title && { headline: title }),
              ...(source.outlet && { publisher: oneLine(source.outlet) }),
              ...(source.article?.published && { published: source.article.published }),
            },
          ];
    }),
    related: page.related.map(({ id }) => absolute(site, permalink(id))),
    ...(page.story && { story: `urn:uuid:${page.story.id}` }),
    ...(url && isIri(url) && { source: new URL(url).href }),
    ...(licenseUrl && { license: licenseUrl }),
    rights: license,
  };
}

const linkedEntity = ({ type, label, ...entity }: EntityReference, site: Site): object => ({
  id: absolute(site, entityPath(entity)),
  type: SCHEMA_TYPES[type],
  label: oneLine(label),
});

const isIri = (url: string): boolean => URL.canParse(url) && !/[\s<>"{}|\\^`]/.test(new URL(url).href);
