import { dayNumber, dayOfNumber, type Day, type EventId } from '@throughline/core';
import { titleKey, type IndexedEvent } from '@throughline/enrich';
import { readLinkedEvents } from '../../services/cli/src/lab/linked-events.ts';

/** An event of the archive that is repeated, with the innermost header above it. */
export interface RepeatedEvent extends IndexedEvent {
  topic?: string;
}

const MADE = 66_000;

/** Events whose words and entities are drawn by Zipf's law, ten a day. */
export function madeEvents(): RepeatedEvent[] {
  let state = 1;
  const zipf = (most: number) => {
    state = (state * 48_271) % 2_147_483_647;
    return Math.floor(most ** (state / 2_147_483_647));
  };
  const some = (count: number, kind: string, most: number) =>
    Array.from({ length: count }, () => `${kind}${zipf(most)}`);
  return Array.from({ length: MADE }, (_, at) => ({
    id: idOf(at),
    day: dayOfNumber(10_000 + Math.floor(at / 10)),
    text: some(20, 'word', 40_000).join(' '),
    section: `heading ${zipf(12)}`,
    entities: some(3, 'Entity ', 30_000),
    topics: [],
    sources: [`https://example.org/${at}`],
  }));
}

/** The events of a file of lines `{id, date, section, text, links, sources}`, and `topics` where it has them. */
export async function eventsOf(file: string): Promise<RepeatedEvent[]> {
  const events: RepeatedEvent[] = [];
  for await (const { date, text, section, links, topics, sources } of readLinkedEvents(file)) {
    const topic = topics.at(-1)?.title;
    events.push({
      id: idOf(events.length),
      day: date as Day,
      text,
      section,
      entities: [...new Set(links.map(({ title }) => titleKey(title)))],
      topics: [],
      sources: sources.map(({ url }) => url),
      ...(topic !== undefined && { topic }),
    });
  }
  return events;
}

const idOf = (number: number): EventId => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}` as EventId;

/** Names of no more events than this are other names in every copy. */
const RARE = 20;

/**
 * An archive without end: one and the same list of events again and again,
 * each copy later than the one before, its rare names and numbers other ones.
 */
export function repeated(events: readonly RepeatedEvent[]): (at: number) => RepeatedEvent {
  const counts = new Map<string, number>();
  for (const { entities } of events) for (const title of entities) counts.set(title, (counts.get(title) ?? 0) + 1);
  const first = dayNumber(events[0]?.day ?? ('1999-01-01' as Day));
  const span = dayNumber(events.at(-1)?.day ?? ('2022-01-01' as Day)) - first + 1;
  return (at) => {
    const copy = Math.floor(at / events.length);
    const event = events[at % events.length];
    if (event === undefined) throw new RangeError(`no event ${at}`);
    const renamed = (title: string) => (copy > 0 && (counts.get(title) ?? 0) <= RARE ? `${title} ${copy}` : title);
    return {
      ...event,
      id: idOf(at),
      day: dayOfNumber(dayNumber(event.day) + copy * span),
      text: copy > 0 ? event.text.replace(/\d+/g, (digits) => `${digits}${copy}`) : event.text,
      entities: event.entities.map(renamed),
    };
  };
}
