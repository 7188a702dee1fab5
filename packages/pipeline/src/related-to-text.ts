import { dayOfInstant, type Day, type EventId, type Relation } from '@throughline/core';
import { relate, tag } from '@throughline/enrich';
import type { Context } from './context.ts';
import { teachesUntil } from './school.ts';

/** A text is no event: it has an id that no event will ever have. */
const NOBODY = '00000000-0000-0000-0000-000000000000' as EventId;

export interface Text {
  text: string;
  /** What is close in time counts; today unless given. */
  day?: Day | undefined;
  limit: number;
}

/**
 * The events that belong with a text, strongest first, each with its reasons:
 * the text is tagged as an event that nobody linked, then related as one.
 */
export async function relatedToText(
  { text, day: given, limit }: Text,
  { events, entities, archive, now }: Pick<Context, 'events' | 'entities' | 'archive' | 'now'>,
): Promise<Relation[]> {
  const day = given ?? dayOfInstant(now());
  const span = await events.span();
  const linker = await archive.school.alone(() => archive.school.linkerBefore(teachesUntil(day, span?.last ?? day)));
  const { mentions, implied } = tag({ text, day, links: [], topics: [] }, linker);
  const [named, others] = await Promise.all([
    entities.titlesOf(mentions.map(({ title }) => title)),
    entities.titlesOf(implied),
    archive.catchUp(),
  ]);
  const asked = { id: NOBODY, day, text, section: '', entities: named, implied: others, topics: [], sources: [] };
  return relate(archive.index, asked, { limit });
}
