import type { Category } from './category.ts';
import type { Day } from './day.ts';
import type { EventId, StoryId } from './ids.ts';
import type { DayItem, EntityReference, EventReference } from './page.ts';

/** What a search asks for; every part given has to hold. Nothing given asks for the whole archive. */
export interface EventFilter {
  /** Words as people type them: `"exact phrase"`, `this or that`, `-not this`. */
  text?: string;
  /** An entity's slug. */
  entity?: string;
  topic?: number;
  category?: Category;
  /** First and last day, both included. */
  from?: Day;
  to?: Day;
  /** The name of whom an event cites, as `Reuters`, or the host of the cited address. */
  outlet?: string;
}

export interface SearchQuery extends EventFilter {
  order: 'newest' | 'oldest';
  /** The last event of the list before this one. */
  after?: EventId;
}

/** An event that a search found. */
export interface SearchHit extends DayItem {
  /** Where its sentence has what was asked for: UTF-16 offsets, ascending, none overlapping. */
  marks: readonly (readonly [start: number, end: number])[];
  /** Where the sentence has nothing of it: the title of an article that does, with its marks. */
  titled?: { text: string; marks: readonly (readonly [start: number, end: number])[] };
}

export interface SearchPage {
  query: SearchQuery;
  hits: SearchHit[];
  /** How many there are in all, counted no further than `SEARCH_COUNT_LIMIT`. */
  count: number;
  /** What `after` is in the query of the next page; absent on the last. */
  next?: EventId;
  /** Entities that are called so, or nearly so, most frequent first. */
  names: EntityCount[];
  /** The entity and topic that the query names; absent where it names none that is known. */
  entity?: EntityReference;
  topic?: TopicReference;
  /** Whether the text has nothing to look for: only words that nearly every sentence has. */
  isEmptyText: boolean;
}

/** Counting stops here. */
export const SEARCH_COUNT_LIMIT = 1_000;

export interface TopicReference {
  id: number;
  /** The header's text, else its page title. */
  label: string;
}

export interface EntityCount extends EntityReference {
  events: number;
}

/** How many events a month has; months without are left out. */
export interface MonthCount {
  /** `YYYY-MM`. */
  month: string;
  events: number;
}

/** What all events of a collection have in common. */
export type Collected =
  | { kind: 'entity'; entity: EntityReference & { title: string }; aliases: string[] }
  | { kind: 'topic'; topic: TopicReference & { title: string } }
  | { kind: 'category'; category: Category };

/** The page of an entity, a topic or a category. */
export interface CollectionPage {
  subject: Collected;
  /** How many public events there are in all. */
  count: number;
  firstDay?: Day;
  lastDay?: Day;
  months: MonthCount[];
  /** The newest events, newest day first. */
  items: DayItem[];
  /** Entities that are named most often beside it, in its newest events. */
  beside: EntityCount[];
  /** ISO 8601 instant. */
  updatedAt: string;
}

/** The page of a story. */
export interface StoryPage {
  id: StoryId;
  slug: string;
  title: string;
  firstDay: Day;
  lastDay: Day;
  /** Oldest first. */
  events: (EventReference & { category?: Category; outlets: string[] })[];
  /** How many it has where they are more than `events` holds. */
  count: number;
  /** Who and what it is about, in most of its events first. */
  entities: EntityCount[];
  /** The story that most of its first events were in before it was cut off. */
  splitFrom?: { slug: string; title: string };
  updatedAt: string;
}

/** A story that no public event is in any more. */
export interface GoneStory {
  title: string;
  /** ISO 8601 instant of its last change. */
  goneAt: string;
}

/** How many public events each day of the archive has; days without are left out. */
export interface CalendarPage {
  days: { day: Day; events: number }[];
  updatedAt: string;
}
