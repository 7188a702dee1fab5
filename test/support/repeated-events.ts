import { addDays, dayNumber, dayOfNumber, type Day, type EventId } from '@throughline/core';
import { titleKey, type Example, type IndexedEvent } from '@throughline/enrich';
import { readLinkedEvents, type LinkedEvent } from '../../services/cli/src/lab/linked-events.ts';
import { asExample } from '../../services/cli/src/lab/tag.ts';

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
  for await (const event of readLinkedEvents(file)) events.push(indexed(event, idOf(events.length)));
  return events;
}

function indexed({ date, text, section, links, topics, sources }: Omit<LinkedEvent, 'id'>, id: EventId): RepeatedEvent {
  const topic = topics.at(-1)?.title;
  return {
    id,
    day: date as Day,
    text,
    section,
    entities: [...new Set(links.map(({ title }) => titleKey(title)))],
    topics: [],
    sources: sources.map(({ url }) => url),
    ...(topic !== undefined && { topic }),
  };
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

/** The events of a file, with their links. */
export async function linkedEvents(file: string): Promise<LinkedEvent[]> {
  const events: LinkedEvent[] = [];
  for await (const event of readLinkedEvents(file)) events.push(event);
  return events;
}

/** One event as an example to learn from, and as it is indexed. */
export interface RepeatedText {
  example: Example;
  event: RepeatedEvent;
}

/** The same with rare names renamed in the text as well, and in the links. */
export function repeatedWithText(events: readonly LinkedEvent[]): (at: number) => RepeatedText {
  const counts = new Map<string, number>();
  for (const { links } of events) for (const { title } of links) counts.set(title, (counts.get(title) ?? 0) + 1);
  const first = dayNumber(events[0]?.date as Day);
  const span = dayNumber(events.at(-1)?.date as Day) - first + 1;
  return (at) => {
    const copy = Math.floor(at / events.length);
    const event = events[at % events.length];
    if (event === undefined) throw new RangeError(`no event ${at}`);
    const date = addDays(event.date as Day, copy * span);
    const isRare = (title: string) => copy > 0 && (counts.get(title) ?? 0) <= RARE;
    const repeated = { ...event, date, ...renamed(event, copy, isRare) };
    return { example: asExample(repeated), event: indexed(repeated, idOf(at)) };
  };
}

/** A number is added to what rare titles are called, and to the titles. */
function renamed({ text, links }: LinkedEvent, copy: number, isRare: (title: string) => boolean) {
  let [written, read] = ['', 0];
  const others = links
    .toSorted((a, b) => a.start - b.start)
    .flatMap(({ start, end, title }) => {
      if (start < read) return [];
      const added = isRare(title) ? ` ${copy}` : '';
      written += text.slice(read, end) + added;
      read = end;
      const surface = `${text.slice(start, end)}${added}`;
      return [{ start: written.length - surface.length, end: written.length, surface, title: title + added }];
    });
  return { text: written + text.slice(read), links: others };
}
