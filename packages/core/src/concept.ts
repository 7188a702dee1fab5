import type { EntityType } from './entity.ts';

/** What the wiki and Wikidata say of a title. */
export interface Concept {
  /** The title that was asked for. */
  asked: string;
  /** Where it leads to: the same, or what it redirects to. */
  title: string;
  /** Whether there is such a page that is about one thing: no missing one, none that tells names apart, no part of another page. */
  isPage: boolean;
  /** The Wikidata item, as `Q30`. */
  wikidata?: string;
  type?: EntityType;
  /** Degrees, north and east positive. */
  coordinates?: { latitude: number; longitude: number };
  /** Of a place: the title of its country. */
  country?: string;
}
