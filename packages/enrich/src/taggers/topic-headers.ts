import { titleKey } from '../title.ts';
import type { Tagger } from './tagger.ts';

/** The linked headers above the sentence. A header that is no link names nothing we have an id for. */
export const topicHeaders: Tagger = {
  name: 'topic-header',
  mentions: ({ topics }) =>
    topics
      .map(({ title, text }) => ({ title: titleKey(title), surface: text }))
      .filter(({ title }) => title !== '')
      .map((topic) => ({ ...topic, tagger: topicHeaders.name, score: 1, origin: 'header' as const })),
};
