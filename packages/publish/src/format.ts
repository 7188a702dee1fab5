import type { DayItem, DayPage, EventPage, FrontPage } from '@throughline/core';
import type { Extension } from './path.ts';
import type { Problem } from './problem.ts';
import type { Site } from './site.ts';

/** One way to write every page. Pure: the same view model gives the same bytes. */
export interface Format {
  name: Extension;
  /** What readers are shown. */
  label: string;
  /** Media type without parameters; the text is UTF-8. */
  mediaType: string;
  event(page: EventPage, site: Site): string;
  day(page: DayPage, site: Site): string;
  front(page: FrontPage, site: Site): string;
  /** The tombstone of an event withdrawn `at` an ISO 8601 instant; `page` is what it said last. */
  gone(page: EventPage, at: string, site: Site): string;
  /** Answers to requests that have no page. */
  problem: { mediaType: string; render(problem: Problem, site: Site): string };
}

/** An event of a feed. */
export interface FeedItem extends DayItem {
  /** ISO 8601 instant of the last change a reader could see; the day's beginning counts where it is absent. */
  updatedAt?: string;
}

/** The newest events, newest first, of whatever day. */
export interface Latest {
  items: readonly FeedItem[];
  /** ISO 8601 instant. */
  updatedAt: string;
  /** What all of them have in common; absent for the whole archive. */
  about?: { title: string; /** The path of the page that shows it. */ page: string };
}

/** A list of the latest events for programs that poll. */
export interface Feed {
  name: string;
  label: string;
  mediaType: string;
  /** Where the feed of the whole archive is. */
  path: string;
  /** What takes the place of `.html` in the path of a page that has such a feed of its own; absent where none has. */
  suffix?: string;
  render(latest: Latest, site: Site): string;
}
