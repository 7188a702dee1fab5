import type { EventPage, EventReference } from '@throughline/core';
import type { ListedEvent } from '@throughline/db';
import { absolute, cut, eventPath, type Site } from '@throughline/publish';

/** In a list a text is shown up to here; the event itself has all of it. UTF-16 units. */
const LISTED_LENGTH = 5_000;
const MOST_LINKS = 100;

/** A reference to an event with its page's address. */
export const reference = <Event extends EventReference>(site: Site, event: Event): Event & { href: string } => ({
  ...event,
  text: cut(event.text, LISTED_LENGTH),
  href: absolute(site, eventPath(event.day, event.slug)),
});

/** An event of a list, its size bounded. */
export const listed = <Event extends Omit<ListedEvent, 'updatedAt'>>(
  site: Site,
  event: Event,
): Event & { href: string } => {
  const shown = reference(site, event);
  const { text, links, description } = shown;
  return {
    ...shown,
    links: links.filter(({ end }) => end <= text.length).slice(0, MOST_LINKS),
    ...(description !== undefined && { description: cut(description, LISTED_LENGTH) }),
  };
};

/** The references within an event's page, with their addresses. */
export const whole = (site: Site, { story, ...page }: EventPage) => ({
  ...page,
  href: absolute(site, eventPath(page.day, page.slug)),
  sources: page.sources.map((one) => ({ ...one })),
  entities: page.entities.map((one) => ({ ...one })),
  wordings: page.wordings.map((one) => ({ ...one })),
  related: page.related.map((one) => ({ ...reference(site, one) })),
  ...(story && { story: { ...story, events: story.events.map((one) => reference(site, one)) } }),
});
