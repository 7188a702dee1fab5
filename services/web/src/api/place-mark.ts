import type { z } from 'zod';
import { ApiProblem } from './problem.ts';

/**
 * Where a list goes on, as one opaque word: the name of the list and the key of
 * the last item, so that a mark of one list is no mark of another.
 */
export const toMark = (list: string, key: unknown): string =>
  Buffer.from(JSON.stringify([list, key])).toString('base64url');

/** The key in a mark; undefined where there is no mark. Throws `ApiProblem` for a mark that this list has not given. */
export function fromMark<Key extends z.ZodType>(
  list: string,
  mark: string | undefined,
  key: Key,
): z.output<Key> | undefined {
  if (mark === undefined) return undefined;
  const content = parsed(mark);
  const read = key.safeParse(Array.isArray(content) && content[0] === list ? content[1] : undefined);
  if (read.success) return read.data;
  const message = 'give the `next` of an earlier answer to the same request';
  throw new ApiProblem(400, 'Not a place in this list', `\`after\` is wrong: ${message}.`, {
    errors: [{ parameter: 'after', message }],
  });
}

function parsed(mark: string): unknown {
  try {
    return JSON.parse(Buffer.from(mark, 'base64url').toString());
  } catch {
    return undefined;
  }
}
