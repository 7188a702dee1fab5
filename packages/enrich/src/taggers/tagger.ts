import type { Mention } from '@throughline/core';
import type { Linked } from '../linker.ts';
import type { Taggable } from '../tag.ts';

/** One way to find the entities of an event. Pure; its name is kept with every mention it finds. */
export interface Tagger {
  readonly name: string;
  /** `linked` is what the linker says of the event, where there is one. */
  mentions(event: Taggable, linked?: Linked): Mention[];
}
