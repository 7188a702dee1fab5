import { sameEntities, samePairs } from '@throughline/enrich';
import type { Context } from './context.ts';

/**
 * Joins titles that are names of one concept, as far as the archive's own
 * links tell. Returns how many were joined. Runs until nothing more is found:
 * what was joined has more surfaces and companions than its parts.
 */
export async function joinEntities({ entities }: Pick<Context, 'entities'>): Promise<number> {
  let joined = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const more = await joinOnce(entities);
    joined += more;
    if (more === 0) break;
  }
  return joined;
}

/** Two find nearly all; more than a few would be a cycle. */
const ROUNDS = 5;

async function joinOnce(entities: Context['entities']): Promise<number> {
  const uses = await entities.titleUses();
  const pairs = samePairs(uses);
  if (pairs.length === 0) return 0;
  const counts = new Map(uses.map(({ title, events }) => [title, events]));
  const most = Math.max(...counts.values());
  const { beside, events } = await entities.companions([...new Set(pairs.flatMap(({ title, into }) => [title, into]))]);
  const same = sameEntities(
    pairs,
    (title) => counts.get(title) ?? 0,
    (title) => beside.get(title) ?? new Map<string, number>(),
    (title) => Math.log((most * COMMONEST + 1) / ((events.get(title) ?? 0) + 1)),
  );
  return entities.join(same);
}

/** The most frequent entity is in about one of so many events. */
const COMMONEST = 25;
