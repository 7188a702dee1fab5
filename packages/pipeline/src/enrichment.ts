import { MOST_RELATED, type EventId } from '@throughline/core';
import type { RelationList, StoredEvent } from '@throughline/db';
import { background, followUps } from '@throughline/enrich';
import { indexed } from './archive.ts';
import { batches } from './batches.ts';
import { breath } from './breath.ts';
import type { Context } from './context.ts';
import { joinEntities, typeEntities } from './identity.ts';
import { readEvents } from './tagging.ts';
import { threadBehind } from './threading.ts';

type Needs = Pick<Context, 'events' | 'archive'>;

/**
 * Relates events to those before them, in the whole archive, which must have
 * caught up with their tags. With `update` the later events too that now lean
 * on them, or did: those in `besides` are related anyway. Returns of how many
 * events the list of related events is other than before.
 */
export async function relateEvents(
  events: readonly StoredEvent[],
  { events: store, archive }: Needs,
  { update = false, besides = new Set() }: { update?: boolean; besides?: ReadonlySet<EventId> } = {},
): Promise<{ related: number; changed: number }> {
  const lists = await relationLists(events, { events: store, archive }, { update, besides });
  const changed = await store.relate(lists, events.map(versionOf));
  return { related: lists.length, changed };
}

const versionOf = ({ id, version }: StoredEvent) => ({ id, version });

/** The relations that those events get, and the later ones that lean on them, not kept yet. */
async function relationLists(
  events: readonly StoredEvent[],
  { events: store, archive }: Needs,
  { update, besides }: { update: boolean; besides: ReadonlySet<EventId> },
): Promise<RelationList[]> {
  const later = update ? await leaning(events, { events: store, archive }, besides) : [];
  const lists: RelationList[] = [];
  for (const event of [...events, ...later]) {
    lists.push({ from: event.id, relations: background(archive.index, indexed(event)) });
    await breath();
  }
  return lists;
}

/** The events after others, but for those in `besides`, whose relations are other ones since those came in or changed. */
async function leaning(
  events: readonly StoredEvent[],
  { events: store, archive }: Needs,
  besides: ReadonlySet<EventId>,
): Promise<StoredEvent[]> {
  const own = new Set(events.map(({ id }) => id));
  const isOther = (id: EventId) => !own.has(id) && !besides.has(id);
  const lean = new Set((await store.leaningOn([...own])).filter(isOther));
  const possible = events.flatMap((event) => followUps(archive.index, indexed(event)).filter(({ to }) => isOther(to)));
  const kept = await store.keptRelations([...new Set(possible.map(({ to }) => to))]);
  for (const { to, score } of possible) {
    const { count, least } = kept.get(to) ?? { count: 0, least: 0 };
    if (count < MOST_RELATED || score >= least) lean.add(to);
  }
  return lean.size === 0 ? [] : store.read([...lean]);
}

/** What is done to everything that is behind, one after another. */
export type EnrichPass = 'tag' | 'thread' | 'relate';

export interface EnrichProgress {
  pass: EnrichPass;
  /** Events, or days where they are put into stories. */
  finished: number;
  total: number;
}

interface EnrichOptions {
  onProgress?: (progress: EnrichProgress) => void | Promise<void>;
  signal?: AbortSignal;
}

const TAGGED_AT_ONCE = 500;
const RELATED_AT_ONCE = 200;

/**
 * Enriches everything that is behind, in passes over all of it: tag everything,
 * join the titles that are one concept, put events into stories, then relate,
 * so that no list is computed twice. Stops between batches when `signal`
 * aborts, and waits for `onProgress`; what is left stays behind. Resolves with how many events were
 * related.
 */
export async function enrichBehind(
  context: Needs & Pick<Context, 'entities' | 'stories' | 'cursors'>,
  { onProgress, signal }: EnrichOptions = {},
): Promise<number> {
  const { events, archive } = context;
  await tagBehind(context, { ...(onProgress && { onProgress }), ...(signal && { signal }) });
  if (signal?.aborted) return 0;
  await threadBehind(context, {
    ...(signal && { signal }),
    onProgress: ({ finished, total }) => onProgress?.({ pass: 'thread', finished, total }),
  });
  if (signal?.aborted) return 0;
  const ids = await events.behind(Number.MAX_SAFE_INTEGER);
  await archive.catchUp();
  const update = archive.index.size > ids.length; // events that are not behind may have new neighbours
  const besides = new Set(ids);
  return walk('relate', ids, RELATED_AT_ONCE, { onProgress, signal }, async (batch) => {
    const read = await events.read(batch);
    const lists = await relationLists(read, { events, archive }, { update, besides });
    return () => events.relate(lists, read.map(versionOf));
  });
}

/** Tags everything that is behind, in order of days, joins the titles that turn out to be one concept, and says what sort of thing each is. */
export async function tagBehind(
  { events, archive, entities }: Needs & Pick<Context, 'entities'>,
  options: EnrichOptions = {},
): Promise<void> {
  const ids = await events.untagged();
  await archive.school.alone(() =>
    walk('tag', ids, TAGGED_AT_ONCE, options, async (batch) => {
      const tagged = await readEvents(batch, { events, archive }, options.signal);
      return () => events.tag(tagged);
    }),
  );
  if (ids.length === 0 || options.signal?.aborted) return;
  await joinEntities({ entities });
  await typeEntities({ entities }, options.signal);
}

/** Puts every public event behind, to be read as if the archive had just come in. */
export async function beginAnew({ events, archive }: Needs): Promise<void> {
  await events.outdateAll();
  archive.school.restart();
}

/**
 * Computes batch after batch; each is kept while the next one is computed, so
 * that Postgres has a processor of its own. Resolves with how many were kept.
 */
async function walk(
  pass: EnrichPass,
  ids: readonly EventId[],
  size: number,
  { onProgress, signal }: { [Name in keyof EnrichOptions]: EnrichOptions[Name] | undefined },
  compute: (batch: EventId[]) => Promise<() => Promise<unknown>>,
): Promise<number> {
  let finished = 0;
  let keeping: Promise<void> = Promise.resolve();
  const keepNext = async (keep: () => Promise<unknown>, count: number): Promise<void> => {
    await keep();
    finished += count;
    await onProgress?.({ pass, finished, total: ids.length });
  };
  try {
    for (const batch of batches(ids, size)) {
      if (signal?.aborted) break;
      const keep = await compute(batch);
      await keeping;
      keeping = keepNext(keep, batch.length);
      keeping.catch(() => {}); // is told when it is waited for
    }
  } catch (error) {
    if (!signal?.aborted || error !== signal.reason) throw error;
  } finally {
    await keeping;
  }
  return finished;
}
