/**
 * What relating costs as the archive grows: time for one event against
 * archives of 66,000, 250,000 and a million events, and the memory of each.
 * An archive is one and the same list of events again and again, each copy
 * later than the one before, its rare names and words other ones.
 *
 *   npm run bench -- relate [--events=FILE.jsonl.gz] [--sizes=66000,250000,1000000]
 *
 * FILE has lines `{id, date, section, text, links, sources}`; without it the
 * events are drawn by Zipf's law.
 */
import { dayNumber, dayOfNumber, type Day, type EventId } from '@throughline/core';
import { createEventIndex, relate, titleKey, type IndexedEvent } from '@throughline/enrich';
import { readLinkedEvents } from '../../services/cli/src/lab/linked-events.ts';

const option = (name: string): string | undefined =>
  process.argv.find((argument) => argument.startsWith(`--${name}=`))?.slice(name.length + 3);

const MADE = 66_000;
const ASKED = 1_000;

function makeEvents(): IndexedEvent[] {
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

async function readEvents(file: string): Promise<IndexedEvent[]> {
  const events: IndexedEvent[] = [];
  for await (const { date, text, section, links, sources } of readLinkedEvents(file)) {
    events.push({
      id: idOf(events.length),
      day: date as Day,
      text,
      section,
      entities: [...new Set(links.map(({ title }) => titleKey(title)))],
      topics: [],
      sources: sources.map(({ url }) => url),
    });
  }
  return events;
}

const idOf = (number: number): EventId => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}` as EventId;

/** Names of no more events than this are other names in every copy. */
const RARE = 20;

function copier(events: readonly IndexedEvent[]): (at: number) => IndexedEvent {
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

const file = option('events');
const copied = copier(file === undefined ? makeEvents() : await readEvents(file));
const sizes = (option('sizes') ?? '66000,250000,1000000').split(',').map(Number);
const index = createEventIndex();
let [loaded, baseline] = [0, 0];
console.log('events      p50 ms  p95 ms   cpu ms  of the first  of log n   rss MB   events/s put in');
for (const size of sizes) {
  const begun = performance.now();
  const from = loaded;
  for (; loaded < size; loaded++) index.upsert(copied(loaded));
  const putIn = ((loaded - from) / (performance.now() - begun)) * 1000;
  const times: number[] = [];
  const before = process.cpuUsage();
  for (let at = size - ASKED; at < size; at++) {
    const event = copied(at);
    const start = performance.now();
    relate(index, event, { reach: 'before' });
    times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  const { user, system } = process.cpuUsage(before);
  const mean = (user + system) / 1000 / times.length;
  baseline ||= mean;
  const logs = Math.log(size) / Math.log(sizes[0] ?? size);
  const columns = [
    String(size).padEnd(10),
    (times[Math.floor(times.length / 2)] ?? 0).toFixed(2).padStart(7),
    (times[Math.floor(times.length * 0.95)] ?? 0).toFixed(2).padStart(7),
    mean.toFixed(2).padStart(8),
    `×${(mean / baseline).toFixed(2)}`.padStart(13),
    `×${logs.toFixed(2)}`.padStart(9),
    (process.memoryUsage().rss / 2 ** 20).toFixed(0).padStart(8),
    putIn.toFixed(0).padStart(10),
  ];
  console.log(columns.join(' '));
}
