import { closeInTime } from './close-in-time.ts';
import { sameSource } from './same-source.ts';
import { sameStory } from './same-story.ts';
import { sameTopic } from './same-topic.ts';
import { sharedEntity } from './shared-entity.ts';
import type { Signal } from './signal.ts';
import { similarText } from './similar-text.ts';

export type { Signal } from './signal.ts';

/** All signals, in the order in which readers are shown them. A new one is one file and one line here. */
export const signals: readonly Signal[] = [sharedEntity, sameTopic, sameStory, similarText, sameSource, closeInTime];
