import { z } from 'zod';

/** An event's id for life: random (UUID v4), never derived from its wording, day or place on a page. */
export const EventId = z.uuid().brand<'EventId'>();
export type EventId = z.infer<typeof EventId>;

/** A story's id: random, kept through recomputation. */
export const StoryId = z.uuid().brand<'StoryId'>();
export type StoryId = z.infer<typeof StoryId>;

const serial = z.number().int().positive();

/** One concept (person, place, organisation, …), however it is spelled. A database serial. */
export const EntityId = serial.brand<'EntityId'>();
export type EntityId = z.infer<typeof EntityId>;

/** One article on the web, whatever the spellings of its URL. A database serial. */
export const ArticleId = serial.brand<'ArticleId'>();
export type ArticleId = z.infer<typeof ArticleId>;
