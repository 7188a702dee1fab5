import type { EventPage, EventReference, Evidence, SourceCard } from '@throughline/core';
import type { Change, ListedEvent } from '@throughline/db';
import {
  absolute,
  attributionOf,
  cut,
  eventPath,
  oneLine,
  outletName,
  permalink,
  safeUrl,
  type Site,
} from '@throughline/publish';

// What a model is told: one line a fact, each text on one line, so that nothing quoted can pass for our own words.

const SENTENCE = 1_000;
const DESCRIPTION = 400;

const sentence = (text: string): string => cut(oneLine(text), SENTENCE);

/** An event of a list: day, sentence, what it is about, whom it cites, where it is. */
export function eventLine(event: ListedEvent, site: Site, because: readonly Evidence[] = []): string {
  const facts = [
    event.context.length > 0 ? `about ${event.context.slice(0, 6).map(oneLine).join(', ')}` : '',
    event.outlets.length > 0 ? `sources: ${event.outlets.slice(0, 6).map(oneLine).join(', ')}` : '',
    because.length > 0 ? `because ${because.slice(0, 6).map(reason).join(', ')}` : '',
  ].filter(Boolean);
  return [
    `- ${event.day}: ${sentence(event.text)}`,
    ...(facts.length > 0 ? [`  ${facts.join('; ')}`] : []),
    `  id ${event.id}, updated ${event.updatedAt}, ${absolute(site, permalink(event.id))}`,
  ].join('\n');
}

export const referenceLine = ({ id, day, text }: EventReference): string => `- ${day}: ${sentence(text)} (id ${id})`;

const reason = ({ signal, about }: Evidence): string => (about === undefined ? signal : `${signal} ${oneLine(about)}`);

/** A whole event in parts, the most telling first. */
export function eventParts(page: EventPage, site: Site): { head: string; parts: string[] } {
  const { title, url, revision, license } = attributionOf(page.origin);
  const from = `${oneLine(title)}${revision === undefined ? '' : `, revision ${revision}`}`;
  const head = [
    `${page.day}: ${sentence(page.text)}`,
    `id ${page.id}, updated ${page.updatedAt}, ${absolute(site, eventPath(page.day, page.slug))}`,
    `text from ${from}, ${license}${url === undefined ? '' : `, ${url}`}`,
  ].join('\n');
  return {
    head,
    parts: [
      ...(page.category ? [`category: ${page.category}`] : []),
      ...(page.entities.length > 0 ? [`about: ${page.entities.map(({ label }) => oneLine(label)).join(', ')}`] : []),
      ...page.sources.map(sourceLine),
      ...(page.story
        ? [`story: ${oneLine(page.story.title)} (id ${page.story.id}, ${page.story.events.length} events)`]
        : []),
      ...page.related.map(
        (one) =>
          `related, ${one.when}: ${one.day}: ${sentence(one.text)} (id ${one.id}; ${one.evidence.slice(0, 4).map(reason).join(', ')})`,
      ),
      ...page.wordings
        .slice(0, -1)
        .map(({ text, seenAt }) => `earlier wording, first seen ${seenAt}: ${sentence(text)}`),
    ],
  };
}

export function sourceLine(source: SourceCard): string {
  const { title, published, description, authors } = source.article ?? {};
  const facts = [
    oneLine(outletName(source)),
    oneLine(title ?? ''),
    authors && authors.length > 0 ? `by ${authors.slice(0, 4).map(oneLine).join(', ')}` : '',
    published ? `published ${oneLine(published)}` : '',
    source.capturedAt ? `captured ${source.capturedAt}` : `not captured: ${source.state}`,
    description ? cut(oneLine(description), DESCRIPTION) : '',
  ].filter(Boolean);
  return `source: ${safeUrl(source.url) ?? 'no safe URL'} (${facts.join('; ')})`;
}

export const changeLine = ({ seq, at, noun, id, kind, day, path }: Change): string =>
  `- ${seq}: ${noun} ${id} ${kind} at ${at.toISOString()}${day === null ? '' : `, of ${day}`}${path === null ? '' : `, ${path}`}`;
