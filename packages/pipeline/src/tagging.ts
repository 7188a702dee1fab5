import { addDays, type EventId, type MentionOrigin } from '@throughline/core';
import type { NewTags, StoredEvent } from '@throughline/db';
import { SETTLED_DAYS } from '@throughline/enrich';
import type { Context } from './context.ts';
import { tagInOrder } from './school.ts';

type Needs = Pick<Context, 'events' | 'archive'>;

/**
 * Tags events from their links and headers, and finds the names that nobody
 * linked by what the archive's links teach; those as well that were read by
 * less than their days before teach by now. Returns the ids of those that are
 * other than before: they are to be related.
 */
export async function tagEvents(ids: readonly EventId[], { events: store, archive }: Needs, signal?: AbortSignal) {
  return archive.school.alone(async () => store.tag(await readEvents(ids, { events: store, archive }, signal)));
}

/** The tags that those events get, not kept yet. */
export async function readEvents(
  ids: readonly EventId[],
  { events: store, archive }: Needs,
  signal?: AbortSignal,
): Promise<NewTags[]> {
  const span = await store.span();
  if (span === undefined) return [];
  const early = await store.readTooEarly(addDays(span.last, -SETTLED_DAYS));
  const events = (await store.read([...new Set([...ids, ...early])])).sort(byDay);
  const texts = await store.articleTexts(events.filter(({ links }) => links.length === 0).map(({ id }) => id));
  const readable = events.map((event) => ({
    ...event,
    section: event.category ?? event.section,
    besides: besides(texts.get(event.id)),
  }));
  const tagged: NewTags[] = [];
  for await (const { event, tags, taughtUntil } of tagInOrder(readable, span.last, archive.school, signal)) {
    tagged.push({ eventId: event.id, ...tags, version: event.version, taughtUntil });
  }
  return tagged;
}

const byDay = (a: StoredEvent, b: StoredEvent): number => (a.day < b.day ? -1 : a.day > b.day ? 1 : 0);

/** What an article says of itself is read where its title is all of the event's sentence. */
function besides(text: { description: string | null; body: string | null } | undefined) {
  const read = (origin: MentionOrigin, words: string | null | undefined) => (words ? [{ origin, text: words }] : []);
  return [...read('description', text?.description), ...read('body', text?.body)];
}
