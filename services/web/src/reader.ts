import type {
  CalendarPage,
  Category,
  CollectionPage,
  Day,
  DayPage,
  EventId,
  EventPage,
  FrontPage,
  SearchPage,
  SearchQuery,
  GoneStory,
  StoryPage,
  TopicReference,
} from '@throughline/core';
import type { Latest } from '@throughline/publish';

/** What is at an event's path. */
export type EventAnswer =
  | { kind: 'found'; page: EventPage }
  /** The event has another path now: reworded, moved to another day, or merged into another. */
  | { kind: 'moved'; day: Day; slug: string }
  /** Withdrawn `at` an ISO 8601 instant; `page` is what it said last. */
  | { kind: 'gone'; page: EventPage; at: string }
  | { kind: 'missing' };

/** How the system is, in one look. */
export interface Health {
  ok: boolean;
  /** Whatever an operator wants to read beside it; written out as JSON. */
  [fact: string]: unknown;
}

/** What readers can see differently since they last asked. */
export interface News {
  /** The number of the newest change: what the next question goes on from. */
  seq: number;
  /** The things that changed, as `event <id>`, `day <day>`, `story <id>`. Absent where they are too many to name. */
  touched?: readonly string[];
}

/** Everything that the site reads. All of it may be asked for at once and often. */
export interface SiteReader {
  event(day: Day, slug: string): Promise<EventAnswer>;
  /** Undefined where no event of the day is known. */
  day(day: Day): Promise<DayPage | undefined>;
  /** The last three days that have events; no days at all before the first is read. */
  front(): Promise<FrontPage>;
  /** The newest events, at most `limit`. */
  latest(limit: number): Promise<Latest>;
  /** Where an event is now; of a merged one, the one that it became. Undefined for an id never given. */
  eventById(id: EventId): Promise<{ day: Day; slug: string } | undefined>;
  /** The events that a query asks for, at most `limit`. */
  search(query: SearchQuery, limit: number): Promise<SearchPage>;
  /** By its slug; `movedTo` is the slug of what it was merged into. Undefined where no public event has it. */
  entity(slug: string): Promise<CollectionPage | { movedTo: string } | undefined>;
  /** By its number. */
  topic(id: number): Promise<CollectionPage | undefined>;
  category(category: Category): Promise<CollectionPage | undefined>;
  story(slug: string): Promise<StoryPage | GoneStory | { movedTo: string } | undefined>;
  calendar(): Promise<CalendarPage>;
  /** Every public event of a year (`2017`). */
  addresses(year: string): Promise<{ day: Day; slug: string; updatedAt: string }[]>;
  /** Every entity, topic and story that has a public event. */
  collections(): Promise<{ entities: string[]; topics: TopicReference[]; stories: string[] }>;
  health(): Promise<Health>;
  /** What has changed since `after`, cheap to ask for: with it, pages are kept until something that they show does. */
  news?(after: number | undefined): Promise<News>;
}
