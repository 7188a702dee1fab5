import type { DayPage, EventPage, FrontPage } from '@throughline/core';
import { attributionOf, attributionsOf, dayAttribution } from '../attribution.ts';
import type { Format } from '../format.ts';
import { EXTENSIONS, eventPath, pathOf, permalink, type Place } from '../path.ts';
import { absolute, type Site } from '../site.ts';

/** Grows when a field is renamed, retyped or removed; new fields do not change it. */
export const JSON_VERSION = 1;

/**
 * The view models as they are, each in an envelope: `{type, version, links,
 * attribution, event | day | front}`. Every event in them has an `href` besides.
 * Texts are exactly as stored: a program that shows them escapes them itself.
 */
export const json: Format = {
  name: 'json',
  label: 'JSON',
  mediaType: 'application/json',
  event(page, site) {
    const links = {
      ...linksTo({ kind: 'event', day: page.day, slug: page.slug }, site),
      permalink: absolute(site, permalink(page.id)),
    };
    return write(
      { type: 'event', version: JSON_VERSION, links, attribution: attributionOf(page.origin), event: page },
      site,
    );
  },
  day(page, site) {
    const links = linksTo({ kind: 'day', day: page.day }, site);
    return write({ type: 'day', version: JSON_VERSION, links, attribution: dayAttribution(page), day: page }, site);
  },
  front(page, site) {
    const links = linksTo({ kind: 'front' }, site);
    return write({ type: 'front', version: JSON_VERSION, links, attribution: attributionsOf(page), front: page }, site);
  },
  gone(page, at, site) {
    const { id, day, slug, text } = page;
    const attribution = attributionOf(page.origin);
    return write(
      { type: 'gone', version: JSON_VERSION, withdrawnAt: at, attribution, event: { id, day, slug, text } },
      site,
    );
  },
  problem: {
    mediaType: 'application/problem+json',
    render: (problem) => `${JSON.stringify({ type: 'about:blank', ...problem }, undefined, 2)}\n`,
  },
};

/** The view model of a JSON event page: what `json.event` was given. Throws where the text is none. */
export const parseJsonEvent = (text: string): EventPage => read(text, 'event') as EventPage;
export const parseJsonDay = (text: string): DayPage => read(text, 'day') as DayPage;
export const parseJsonFront = (text: string): FrontPage => read(text, 'front') as FrontPage;

function linksTo(place: Place, site: Site): Record<string, string> {
  return Object.fromEntries(EXTENSIONS.map((ext) => [ext, absolute(site, pathOf({ ...place, ext }))]));
}

function write(document: object, site: Site): string {
  const withLinks = (_: string, value: unknown): unknown =>
    isReference(value) ? { href: absolute(site, eventPath(value.day, value.slug)), ...value } : value;
  return `${JSON.stringify(document, withLinks, 2)}\n`;
}

function read(text: string, type: string): unknown {
  const document = JSON.parse(text, (_, value: unknown) => (isReference(value) ? withoutHref(value) : value)) as Record<
    string,
    unknown
  >;
  if (document['type'] !== type) throw new Error(`a document of type ${JSON.stringify(document['type'])}, not ${type}`);
  return document[type];
}

function isReference(value: unknown): value is EventPage & { href?: string } {
  return (
    typeof value === 'object' && value !== null && 'id' in value && 'day' in value && 'slug' in value && 'text' in value
  );
}

function withoutHref(reference: EventPage & { href?: string }): object {
  const rest = { ...reference };
  delete rest.href;
  return rest;
}
