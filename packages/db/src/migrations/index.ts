import type { Migration } from 'kysely';
import * as m0001 from './0001-first.ts';

/** Run in this order, each once, each in a transaction. Never edit one that has landed: add the next. */
export const migrations: Record<string, Migration> = {
  '0001-first': m0001,
};
