import type { Tagger } from './tagger.ts';

/** Names that editors left unlinked, as the archive links them elsewhere. */
export const alias: Tagger = {
  name: 'alias',
  mentions: (_, linked) => (linked?.mentions ?? []).map((name) => ({ ...name, tagger: alias.name })),
};
