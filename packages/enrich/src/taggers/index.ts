import { alias } from './alias.ts';
import type { Tagger } from './tagger.ts';
import { topicHeaders } from './topic-headers.ts';
import { wikilinks } from './wikilinks.ts';

export type { Tagger } from './tagger.ts';

/** All taggers, most trusted first. A new one is one file and one line here. */
export const taggers: readonly Tagger[] = [wikilinks, topicHeaders, alias];
