import { MOST_RELATED, type EventId } from '@throughline/core';
import type { RelationList, StoredEvent } from '@throughline/db';
import { background, followUps, isNamed, tag, titleKey } from '@throughline/enrich';
import { indexed } from './archive.ts';
import { batches } from './batches.ts';
import type { Context } from './context.ts';
import { joinEntities } from './identity.ts';

type Needs = Pick<Context, 'events' | 'archive'>;

/**
 * Tags events from their links and headers, and keeps the mentions. Names in
 * text that nobody linked (feeds, submitted articles) are found by what the
 * archive's links teach; what editors did link is left as they wanted it.
 */
export async function tagEvents(events: readonly StoredEvent[], { events: store, archive }: Needs): Promise<void> {
  if (events.length === 0) return;
  const linker = events.some(hasNoLinks) ? await archive.linker() : undefined;
  await store.tag(
    events.map((event) => {
      const mentions = tag(
        { ...event, section: event.category ?? event.section },
        hasNoLinks(event) ? linker : undefined,
      );
      const named = mentions.filter(isNamed).map((mention) => ({ ...mention, title: titleKey(mention.title) }));
      return { eventId: event.id, mentions: named };
    }),
  );
}

const hasNoLinks = ({ links }: StoredEvent): boolean => links.length === 0;

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
  const later = update ? await leaning(events, { events: store, archive }, besides) : [];
  const lists = [...events, ...later].map((event): RelationList => {
    return { from: event.id, relations: background(archive.index, indexed(event)) };
  });
  const changed = await store.relate(
    lists,
    events.map(({ id, version }) => ({ id, version })),
  );
  return { related: lists.length, changed };
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

export interface EnrichProgress {
  /** 1 tags, 2 relates. */
  pass: 1 | 2;
  finished: number;
  total: number;
}

const TAGGED_AT_ONCE = 500;
const RELATED_AT_ONCE = 200;

/**
 * Enriches everything that is behind, in two passes over all of it: tag
 * everything, join the titles that are one concept, then relate everything, so
 * that no list is computed twice. Stops
 * between batches when `signal` aborts, and waits for `onProgress`; what is left stays behind. Resolves
 * with how many events were related.
 */
export async function enrichBehind(
  { events, archive, entities }: Needs & Pick<Context, 'entities'>,
  {
    onProgress,
    signal,
  }: { onProgress?: (progress: EnrichProgress) => void | Promise<void>; signal?: AbortSignal } = {},
): Promise<number> {
  let ids = await events.behind(Number.MAX_SAFE_INTEGER);
  const walk = async (pass: 1 | 2, size: number, step: (batch: StoredEvent[]) => Promise<unknown>) => {
    let finished = 0;
    for (const batch of batches(ids, size)) {
      if (signal?.aborted) break;
      await step(await events.read(batch));
      finished += batch.length;
      await onProgress?.({ pass, finished, total: ids.length });
    }
    return finished;
  };
  await walk(1, TAGGED_AT_ONCE, (batch) => tagEvents(batch, { events, archive }));
  if (signal?.aborted) return 0;
  if (ids.length > 0 && (await joinEntities({ entities })) > 0) ids = await events.behind(Number.MAX_SAFE_INTEGER);
  await archive.catchUp();
  const update = archive.index.size > ids.length; // events that are not behind may have new neighbours
  const besides = new Set(ids);
  return walk(2, RELATED_AT_ONCE, (batch) => relateEvents(batch, { events, archive }, { update, besides }));
}
