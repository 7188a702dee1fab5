import { titleKey } from '../title.ts';
import type { Tagger } from './tagger.ts';

/**
 * Names that editors left unlinked, as the archive links them elsewhere. Where
 * they linked others of the sentence, a name that nobody ever linked is left as
 * it is: a capital letter at the beginning of a sentence is no name.
 */
export const alias: Tagger = {
  name: 'alias',
  mentions: ({ links }, linked) =>
    (linked?.mentions ?? [])
      .filter(({ isKnown }) => isKnown || links.length === 0)
      .map(({ isKnown: _isKnown, title, ...name }) => ({
        ...name,
        title: titleKey(title),
        tagger: alias.name,
        origin: 'sentence',
      })),
};
