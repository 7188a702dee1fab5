import type { DayItem, DayPage, EventPage, EventReference, SourceCard, Topic } from '@throughline/core';
import { attributionOf, attributionsOf, dayAttribution, type Attribution } from '../attribution.ts';
import type { Format } from '../format.ts';
import { headingOf } from '../groups.ts';
import { eventPath, pathOf, permalink } from '../path.ts';
import { contextOf } from '../related.ts';
import { absolute, type Site } from '../site.ts';
import { descriptionOf, sourceName } from '../source.ts';
import { document, element, optional, type Xml } from '../xml.ts';

const NAMESPACE = 'urn:throughline:news:1';

/** The view models as elements, in one namespace. Characters that XML 1.0 forbids are left out. */
export const xml: Format = {
  name: 'xml',
  label: 'XML',
  mediaType: 'application/xml',
  event: (page, site) => document(eventElement(page, site)),
  day: (page, site) => document(dayElement(page, site, { xmlns: NAMESPACE })),
  front(page, site) {
    const attributes = {
      xmlns: NAMESPACE,
      href: absolute(site, pathOf({ kind: 'front', ext: 'xml' })),
      updated: page.updatedAt,
    };
    const days = page.days.map((day) => dayElement(day, site, {}));
    return document(element('front', attributes, [...days, ...attributionsOf(page).map(attributionElement)]));
  },
  gone(page, at, site) {
    const attributes = { xmlns: NAMESPACE, ...referenceAttributes(page, site), withdrawn: at };
    return document(
      element('gone', attributes, [element('text', {}, [page.text]), attributionElement(attributionOf(page.origin))]),
    );
  },
  problem: {
    mediaType: 'application/problem+xml',
    render: ({ status, title, detail }) =>
      document(
        element('problem', { xmlns: 'urn:ietf:rfc:7807' }, [
          element('title', {}, [title]),
          element('status', {}, [String(status)]),
          element('detail', {}, [detail]),
        ]),
      ),
  },
};

function eventElement(page: EventPage, site: Site): Xml {
  const attributes = {
    xmlns: NAMESPACE,
    ...referenceAttributes(page, site),
    permalink: absolute(site, permalink(page.id)),
    updated: page.updatedAt,
  };
  return element('event', attributes, [
    ...filedUnder(page),
    element('text', {}, [page.text]),
    ...optional('description', descriptionOf(page)?.text),
    element(
      'links',
      {},
      page.links.map(({ start, end, surface, title }) => element('link', { start, end, title }, [surface])),
    ),
    element('sources', {}, page.sources.map(sourceElement)),
    element(
      'context',
      {},
      page.entities.map(({ id, label, slug, type, by, place }) =>
        element('entity', { id, slug, type, by, ...place }, [label]),
      ),
    ),
    element(
      'changes',
      {},
      page.wordings.map(({ text, seenAt, slug, revision }) =>
        element('wording', { seen: seenAt, slug, revision }, [text]),
      ),
    ),
    element(
      'related',
      {},
      page.related.map((related) => relatedElement(related, site)),
    ),
    ...storyElement(page, site),
    attributionElement(attributionOf(page.origin)),
  ]);
}

function storyElement({ story }: EventPage, site: Site): Xml[] {
  if (!story) return [];
  const events = story.events.map((event) => element('event', referenceAttributes(event, site), [event.text]));
  return [element('story', { id: story.id, title: story.title }, events)];
}

function relatedElement(related: EventPage['related'][number], site: Site): Xml {
  return element('event', { ...referenceAttributes(related, site), when: related.when, score: related.score }, [
    element('text', {}, [related.text]),
    ...contextOf(related).map((label) => element('context', {}, [label])),
    ...related.evidence.map(({ signal, about, weight }) => element('evidence', { signal, about, weight }, [])),
  ]);
}

function sourceElement(source: SourceCard): Xml {
  const { article = {}, rules = {} } = source;
  const field = (name: keyof typeof rules, value: string | undefined): Xml[] =>
    value === undefined ? [] : [element(name, { rule: rules[name] }, [value])];
  const { url, state, reason, capturedAt, agency, outlet } = source;
  return element('source', { url, state, reason, captured: capturedAt, agency, outlet }, [
    element('label', {}, [sourceName(source)]),
    ...field('title', article.title),
    ...field('description', article.description),
    ...(article.authors ?? []).flatMap((author) => field('authors', author)),
    ...field('published', article.published),
    ...field('modified', article.modified),
    ...field('siteName', article.siteName),
    ...field('canonicalUrl', article.canonicalUrl),
    ...field('image', article.image?.url),
    ...field('language', article.language),
    ...field('section', article.section),
    ...(article.keywords ?? []).flatMap((keyword) => field('keywords', keyword)),
    ...(source.archived ? [element('archived', { at: source.archived.at }, [source.archived.url])] : []),
  ]);
}

function dayElement(page: DayPage, site: Site, attributes: Record<string, string>): Xml {
  const { day, previous, next, updatedAt } = page;
  const href = absolute(site, pathOf({ kind: 'day', day, ext: 'html' }));
  return element('day', { ...attributes, date: day, href, previous, next, updated: updatedAt }, [
    ...page.items.map((item) => itemElement(item, site)),
    ...(attributes['xmlns'] ? [attributionElement(dayAttribution(page))] : []),
  ]);
}

function itemElement(item: DayItem, site: Site): Xml {
  return element('event', referenceAttributes(item, site), [
    ...filedUnder(item),
    element('text', {}, [item.text]),
    ...optional('description', item.description),
    ...item.context.map((label) => element('context', {}, [label])),
    ...item.outlets.map((outlet) => element('outlet', {}, [outlet])),
    ...optional('image', item.image),
  ]);
}

function filedUnder(event: Pick<DayItem, 'category' | 'section' | 'topics'>): Xml[] {
  return [
    element('category', { code: event.category, heading: event.section }, [headingOf(event)]),
    ...event.topics.map(({ title, text }: Topic) => element('topic', { title }, [text])),
  ];
}

function referenceAttributes({ id, day, slug }: EventReference, site: Site): Record<string, string> {
  return { id, day, slug, href: absolute(site, eventPath(day, slug)) };
}

function attributionElement({ title, url, revision, license, licenseUrl }: Attribution): Xml {
  return element('attribution', { url, revision, license, licenseUrl }, [title]);
}
