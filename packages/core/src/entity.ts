/** What sort of thing an entity is. */
export const ENTITY_TYPES = ['person', 'organisation', 'place', 'event', 'work', 'other'] as const;
export type EntityType = (typeof ENTITY_TYPES)[number];

/** Where an event names an entity: in a header above it, in its sentence, or in what the article says that it was made of. */
export const MENTION_ORIGINS = ['header', 'sentence', 'description', 'body'] as const;
export type MentionOrigin = (typeof MENTION_ORIGINS)[number];

/** One place where an entity is named for an event. */
export interface Mention {
  /** The entity's page title: the key under which the archive knows the concept. */
  title: string;
  /** How it is written there; for a topic, the header's text. */
  surface: string;
  /** UTF-16 offsets into the text that `origin` says; absent for headers. */
  start?: number;
  end?: number;
  /** Which tagger found it. */
  tagger: string;
  /** 0..1; 1 for an editor's own link. */
  score: number;
  origin: MentionOrigin;
  /** Of a name that nobody linked: how its title came to be thought of, in a few words. */
  reason?: string;
  /** Of such a name: other titles that it might mean, likeliest first. */
  rivals?: readonly Rival[];
}

/** A title that a name might mean, with the chance, 0..1, that a link there would be to it. */
export interface Rival {
  title: string;
  chance: number;
}

/** Another spelling of an entity, with how often the archive used it. */
export interface Alias {
  surface: string;
  title: string;
  count: number;
}
