/** @jsxRuntime automatic @jsxImportSource @throughline/publish */
import {
  CATEGORY_LABELS,
  type Collected,
  type CollectionPage,
  type EntityCount,
  type EntityType,
  type EventFilter,
} from '@throughline/core';
import { Activity, spanOf } from './activity.tsx';
import { portalAttribution } from './attribution.ts';
import { categoryPath, entityPath, searchPath, topicPath } from './collection-path.ts';
import { EgoGraph, type Neighbour } from './ego-graph.tsx';
import { EntityChips } from './entity-chips.tsx';
import { EventList } from './event-list.tsx';
import { collectionJsonLd } from './json-ld.ts';
import { renderPage } from './layout.tsx';
import { wikiUrl } from './link.ts';
import type { Site } from './site.ts';
import { counted, listed, oneLine } from './text.ts';
import { writtenDay } from './time.ts';
import { WorldMap } from './world-map.tsx';

/** What a reader is told a collection is. */
const TYPES: Record<EntityType, string> = {
  person: 'Person',
  organisation: 'Organisation',
  place: 'Place',
  event: 'Event',
  work: 'Work',
  other: 'Entity',
};

export function renderCollectionPage(page: CollectionPage, site: Site): string {
  const { subject, count } = page;
  const name = nameOf(subject);
  return renderPage({
    site,
    title: name,
    description: `${counted(count, 'event')} of the world’s news log about ${name}: when, with whom, and each with its sources.`,
    path: collectionPath(subject),
    hasFeeds: true,
    modified: page.updatedAt,
    jsonLd: collectionJsonLd(page, name, collectionPath(subject), site),
    attributions: [portalAttribution()],
    children: (
      <>
        <Masthead page={page} name={name} />
        <Where subject={page.subject} />
        <Beside page={page} name={name} />
        <Events page={page} />
      </>
    ),
  });
}

/** What a collection is called. */
export function nameOf(subject: Collected): string {
  switch (subject.kind) {
    case 'entity':
      return oneLine(subject.entity.label);
    case 'topic':
      return oneLine(subject.topic.label);
    case 'category':
      return CATEGORY_LABELS[subject.category];
  }
}

export function collectionPath(subject: Collected): string {
  switch (subject.kind) {
    case 'entity':
      return entityPath(subject.entity);
    case 'topic':
      return topicPath(subject.topic);
    case 'category':
      return categoryPath(subject.category);
  }
}

/** The search that finds the events of a collection. */
export function filterOf(subject: Collected): EventFilter {
  switch (subject.kind) {
    case 'entity':
      return { entity: subject.entity.slug };
    case 'topic':
      return { topic: subject.topic.id };
    case 'category':
      return { category: subject.category };
  }
}

function Masthead({ page, name }: { page: CollectionPage; name: string }) {
  const { subject, firstDay, lastDay, count, months } = page;
  const filter = filterOf(subject);
  return (
    <header class="masthead">
      <p class="kind">{kindOf(subject)}</p>
      <h1>
        <bdi>{name}</bdi>
      </h1>
      <p>
        {counted(count, 'event')}
        {firstDay &&
          lastDay &&
          `, ${firstDay === lastDay ? writtenDay(firstDay) : `${writtenDay(firstDay)} to ${writtenDay(lastDay)}`}`}
        <Elsewhere subject={subject} />
      </p>
      {subject.kind === 'entity' && subject.aliases.length > 0 && (
        <p class="small">
          Also written <bdi>{listed(subject.aliases.map(oneLine).filter(Boolean))}</bdi>
        </p>
      )}
      <Activity months={months} href={(time) => searchPath({ ...filter, ...spanOf(time) })} />
    </header>
  );
}

const kindOf = (subject: Collected): string =>
  subject.kind === 'entity' ? TYPES[subject.entity.type] : subject.kind === 'topic' ? 'Topic' : 'Category';

/** The wiki page of an entity or topic, where the editors linked one. */
function Elsewhere({ subject }: { subject: Collected }) {
  const title = subject.kind === 'entity' ? subject.entity.title : subject.kind === 'topic' ? subject.topic.title : '';
  if (title === '') return null;
  return (
    <>
      {' · '}
      <a href={wikiUrl(title)}>Wikipedia</a>
    </>
  );
}

function Where({ subject }: { subject: Collected }) {
  if (subject.kind !== 'entity' || !subject.entity.place) return null;
  const { label, place } = subject.entity;
  return (
    <section class="row" aria-labelledby="where">
      <div class="margin">
        <h2 id="where">Where</h2>
      </div>
      <WorldMap places={[{ label, ...place }]} />
    </section>
  );
}

function Beside({ page: { beside, count }, name }: { page: CollectionPage; name: string }) {
  if (beside.length === 0) return null;
  return (
    <section class="row" aria-labelledby="beside">
      <div class="margin">
        <h2 id="beside">Named beside it</h2>
        {count > 1_000 && <p>In its newest thousand events</p>}
      </div>
      <div>
        <EgoGraph
          centre={name}
          {...columns(beside)}
          label={`What is named beside ${name} as a picture; the list below has the same`}
        />
        <EntityChips entities={beside} />
      </div>
    </section>
  );
}

/** Entities as neighbours, the most frequent at the top, in turns left and right. */
function columns(entities: readonly EntityCount[]): { left: Neighbour[]; right: Neighbour[] } {
  const neighbours = entities.map((entity) => ({
    href: entityPath(entity),
    note: '',
    name: entity.label,
    edge: counted(entity.events, 'event'),
  }));
  return {
    left: neighbours.filter((_, index) => index % 2 === 0),
    right: neighbours.filter((_, index) => index % 2 === 1),
  };
}

function Events({ page: { subject, items, count } }: { page: CollectionPage }) {
  return (
    <>
      <section class="row" aria-labelledby="events">
        <div class="margin">
          <h2 id="events">{count > items.length ? 'Latest events' : 'Events'}</h2>
          <p>
            <a href={searchPath(filterOf(subject))}>Search these</a>
          </p>
        </div>
        {items.length > 0 ? <EventList items={items} /> : <p>There is none yet.</p>}
      </section>
      {count > items.length && (
        <nav class="pager" aria-label="Pages">
          <span />
          <a rel="next" href={searchPath({ ...filterOf(subject), ...(items.at(-1) && { after: items.at(-1)?.id }) })}>
            Earlier →
          </a>
        </nav>
      )}
    </>
  );
}
