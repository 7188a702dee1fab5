import type { ArticleFields } from '@throughline/core';

/** What a page said of itself, where null or an empty list stands for nothing. */
export type ArticleColumns = { [Name in keyof ArticleFields]: ArticleFields[Name] | null };

/** The fields of which something is known. */
export const knownFields = (columns: ArticleColumns): Partial<ArticleFields> =>
  Object.fromEntries(
    Object.entries(columns).filter(([, value]) => value !== null && !(Array.isArray(value) && value.length === 0)),
  );
