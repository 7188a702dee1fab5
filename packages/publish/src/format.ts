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

/** The newest events, newest first, of whatever day. */
export interface Latest {
  items: readonly DayItem[];
  /** ISO 8601 instant. */
  updatedAt: string;
}

/** A list of the latest events for programs that poll. */
export interface Feed {
  name: string;
  label: string;
  mediaType: string;
  path: string;
  render(latest: Latest, site: Site): string;
}
