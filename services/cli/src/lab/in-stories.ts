import { createThreads, type IndexedEvent } from '@throughline/enrich';

/** Tagged events with the stories that they come into, in one pass over the days as the pipeline goes. Headers are not looked at. */
export async function inStories(tagged: AsyncIterable<IndexedEvent>): Promise<IndexedEvent[]> {
  const events: IndexedEvent[] = [];
  for await (const event of tagged) events.push(event);
  const threads = createThreads();
  const threadOf = new Map<string, string>();
  const sizes = new Map<string, number>();
  for (const { id, day, text, section = '', entities, implied = [], sources } of events.toSorted(inOrder)) {
    const { thread } = threads.place({ id, day, text, section, entities, implied, sources });
    threadOf.set(id, thread);
    sizes.set(thread, (sizes.get(thread) ?? 0) + 1);
  }
  return events.map((event) => {
    const thread = threadOf.get(event.id) ?? '';
    return (sizes.get(thread) ?? 0) > 1 ? { ...event, story: thread } : event;
  });
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** As Postgres gives them to threading. */
const inOrder = (a: IndexedEvent, b: IndexedEvent): number =>
  compare(a.day, b.day) || compare(a.text, b.text) || compare(a.id, b.id);
