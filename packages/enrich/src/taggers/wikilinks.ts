import type { Link, Mention } from '@throughline/core';
import { titleKey } from '../title.ts';
import type { Tagger } from './tagger.ts';

/** The links editors made in the sentence. */
export const wikilinks: Tagger = {
  name: 'wikilink',
  mentions: ({ links, text }) => links.flatMap((link) => mentionOf(link, text)),
};

function mentionOf({ start, end, title }: Link, text: string): Mention[] {
  const key = titleKey(title);
  if (key === '' || start < 0 || end > text.length || start >= end) return [];
  return [
    { title: key, surface: text.slice(start, end), start, end, tagger: wikilinks.name, score: 1, origin: 'sentence' },
  ];
}
