import type { ArticleFields } from './article.ts';
import type { Category } from './category.ts';
import type { Day } from './day.ts';
import type { EntityType, Mention } from './entity.ts';
import type { CitedSource, Link, Topic } from './event.ts';
import type { EntityId, EventId, StoryId } from './ids.ts';
import type { Evidence } from './relation.ts';

/** Enough to name an event and link to it. Its path is `/news/YYYY/MM/D/<slug>`. */
export interface EventReference {
  id: EventId;
  day: Day;
  slug: string;
  /** The sentence. */
  text: string;
}

/** How the capture of a source ended last; `waiting` before the first try. */
export const CAPTURE_STATES = ['waiting', 'ok', 'gone', 'blocked', 'unreachable', 'refused', 'not-article'] as const;
export type CaptureState = (typeof CAPTURE_STATES)[number];

/** One cited source with what is known of its article. */
export interface SourceCard extends Pick<CitedSource, 'url' | 'label' | 'agency' | 'outlet'> {
  state: CaptureState;
  /** Why, where `state` is not `ok`: `404`, `robots.txt`, `private address`. */
  reason?: string;
  /** ISO 8601 instant of the last capture. */
  capturedAt?: string;
  archived?: { url: string; at: string };
  article?: Partial<ArticleFields>;
  /** Field → the rule that won it. */
  rules?: Partial<Record<keyof ArticleFields, string>>;
}

export interface EntityReference {
  id: EntityId;
  /** The preferred label. */
  label: string;
  slug: string;
  type: EntityType;
  /** Where it is, where that is known. */
  place?: Coordinates;
}

/** Who says that an event is about an entity: an editor, by a link in the sentence or a header above it, or else the linker, which reads texts. */
export type NamedBy = 'link' | 'header' | 'linker';

/** An entity that an event names. */
export interface EventEntity extends EntityReference {
  by: NamedBy;
  /** Where it is named. */
  mentions: Omit<Mention, 'title' | 'tagger'>[];
}

/** In degrees, north and east positive. */
export interface Coordinates {
  latitude: number;
  longitude: number;
}

export interface RelatedEvent extends EventReference {
  when: 'earlier' | 'same-day' | 'later';
  score: number;
  /** Labels of the shared entities, strongest first: the context line. */
  context: string[];
  evidence: Evidence[];
}

/** A topic above an event, with the number of its page where it has one. */
export interface PageTopic extends Topic {
  id?: number;
}

/** One wording an event has had. */
export interface Wording {
  text: string;
  /** The slug that this wording had, where it was ever public. */
  slug?: string;
  /** ISO 8601 instant at which it was first seen. */
  seenAt: string;
  /** The wiki revision it was first seen in. */
  revision?: number;
}

/** The page that a text comes from, for attribution. */
export interface Origin {
  title: string;
  url: string;
  revision?: number;
  license: string;
}

export interface EventPage extends EventReference {
  category?: Category;
  /** The heading as written. */
  section: string;
  topics: PageTopic[];
  links: Link[];
  sources: SourceCard[];
  /** What the event is about, most telling first. */
  entities: EventEntity[];
  related: RelatedEvent[];
  /** Oldest first, the current one last; one element where it was never reworded. */
  wordings: Wording[];
  story?: { id: StoryId; slug: string; title: string; events: EventReference[] };
  /** ISO 8601 instant of the last change a reader could see. */
  updatedAt: string;
  origin: Origin;
}

/** One item of a day index or the front page. */
export interface DayItem extends EventReference {
  category?: Category;
  section: string;
  topics: PageTopic[];
  links: Link[];
  /** The first description that any source has, whole. */
  description?: string;
  /** Entity labels, most telling first. */
  context: string[];
  outlets: string[];
  image?: string;
}

export interface DayPage {
  day: Day;
  items: DayItem[];
  /** The nearest earlier and later days that have events. */
  previous?: Day;
  next?: Day;
  updatedAt: string;
  /** Absent: the portal's page of that day. */
  origin?: Origin;
}

/** The last three days that have events, newest first. */
export interface FrontPage {
  days: DayPage[];
  updatedAt: string;
}
