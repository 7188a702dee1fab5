import { likelyType, sameEntities, samePairs, USES_READ, type NameUse } from '@throughline/enrich';
import type { EntityUse } from '@throughline/db';
import { TITLES_A_CALL } from '@throughline/sources';
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

const TYPED_AT_ONCE = 500;
/** Characters before and after a name that tell what it is. */
const AROUND = 60;

/** Judges what sort of thing each entity is that the wiki was not asked about. Returns how many have another type than before. */
export async function typeEntities({ entities }: Pick<Context, 'entities'>, signal?: AbortSignal): Promise<number> {
  let changed = 0;
  while (!signal?.aborted) {
    const untyped = await entities.untyped(TYPED_AT_ONCE, USES_READ);
    if (untyped.length === 0) break;
    changed += await entities.setTypes(
      untyped.map(({ id, title, events, uses }) => ({ id, events, type: likelyType(title, uses.map(nameUse)) })),
    );
  }
  return changed;
}

const nameUse = ({ text, start, end, section }: EntityUse): NameUse => ({
  surface: text.slice(start, end),
  before: text.slice(Math.max(0, start - AROUND), start),
  after: text.slice(end, end + AROUND),
  section,
});

/** What the wiki said is asked again after so long: pages are moved now and then. */
const GOOD_FOR_MS = 180 * 86_400_000;

/**
 * Asks the wiki about titles that it was not asked about lately, `calls` times
 * at most, the most used ones first. Returns how many were looked up, and how
 * many turned out to be names of others. Nothing where nobody may be asked.
 */
export async function lookUpEntities(
  { entities, concepts, now }: Pick<Context, 'entities' | 'concepts' | 'now'>,
  { calls, signal }: { calls: number; signal: AbortSignal },
): Promise<{ lookedUp: number; joined: number }> {
  const done = { lookedUp: 0, joined: 0 };
  for (let call = 0; concepts && call < calls; call++) {
    signal.throwIfAborted();
    const titles = await entities.unasked(new Date(now() - GOOD_FOR_MS), TITLES_A_CALL);
    if (titles.length === 0) break;
    done.joined += await entities.learn(await concepts.lookUp(titles, signal), new Date(now()));
    done.lookedUp += titles.length;
  }
  return done;
}
