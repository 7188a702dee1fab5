import { Day, StoryId } from '@throughline/core';
import { z } from 'zod';
import { Category } from './schemas.ts';

const isStorable = (text: string): boolean => !/\p{Cc}/u.test(text);

/** A text in a query: no control characters, bounded. */
export const words = (max: number) => z.string().trim().min(1).max(max).refine(isStorable, 'has a control character');

/** A day that Postgres knows too. */
export const QueryDay = Day.refine((day) => day >= '0001-01-01', 'is before the calendar begins');

/** What a text is looked for, and which events are left out. */
export const conditions = {
  from: QueryDay.optional().describe('First day.'),
  to: QueryDay.optional().describe('Last day.'),
  category: Category.optional(),
  entity: words(300).optional().describe('The slug of an entity.'),
  topic: z.coerce.number<string>().int().min(1).max(2_147_483_647).optional().describe('The number of a topic.'),
  story: StoryId.optional(),
  outlet: words(200).optional().describe('A host, as `reuters.com`, or an outlet’s name as editors write it.'),
};

/** A database serial in a path. */
export const serial = z.coerce.number<string>().int().min(1).max(2_147_483_647);

export const AsOf = z.iso.datetime({ offset: true }).describe('An instant (ISO 8601): as readers saw it then.');

export const AsOfList = z.iso
  .datetime({ offset: true })
  .describe(
    'An instant (ISO 8601): what was public then, with what it said then. Filters other than words and days are of now.',
  );
