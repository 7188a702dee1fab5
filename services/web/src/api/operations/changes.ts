import { z } from 'zod';
import { defineOperation } from '../operation.ts';
import { Changes } from '../schemas.ts';

export const MAX_CHANGES = 1_000;

export const Seq = z.coerce.number<string>().int().min(0).max(Number.MAX_SAFE_INTEGER);

export const listChanges = defineOperation({
  id: 'listChanges',
  method: 'get',
  path: '/v1/changes',
  summary:
    'Everything that readers can see differently, in order, tombstones included: nothing is ever inserted before what was given. With `Accept: text/event-stream` it goes on as server-sent events, after `Last-Event-ID`.',
  parameters: z.strictObject({
    after: Seq.default(0).describe('The `last` of the answer before; 0 for everything.'),
    limit: z.coerce.number<string>().int().min(1).max(MAX_CHANGES).default(100),
  }),
  answer: Changes,
  async run({ parameters: { after, limit } }, { changes }) {
    const found = await changes.after(after, limit + 1);
    const items = found.slice(0, limit).map((change) => ({ ...change, at: change.at.toISOString() }));
    return { items, last: items.at(-1)?.seq ?? after, more: found.length > limit };
  },
});
