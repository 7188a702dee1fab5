/** What happened to something readers can see. */
export const CHANGE_KINDS = ['created', 'updated', 'withdrawn', 'restored', 'merged'] as const;
export type ChangeKind = (typeof CHANGE_KINDS)[number];

export const CHANGED_NOUNS = ['event', 'article', 'entity', 'story'] as const;
export type ChangedNoun = (typeof CHANGED_NOUNS)[number];
