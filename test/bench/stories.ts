/**
 * What putting events into stories costs as the archive grows: time for one
 * event without a header after 66,600, 250,000 and a million events, and the
 * memory of each. Events that editors put under a header are of that story;
 * those asked about have theirs taken off.
 *
 *   npm run bench -- stories [--events=FILE.jsonl.gz] [--sizes=66600,250000,1000000]
 *
 * FILE has lines `{id, date, section, text, links, topics, sources}`; without
 * it the events are drawn by Zipf's law.
 */
import { createThreads, type StoryEvent } from '@throughline/enrich';
import { eventsOf, madeEvents, repeated } from '../support/repeated-events.ts';

const option = (name: string): string | undefined =>
  process.argv.find((argument) => argument.startsWith(`--${name}=`))?.slice(name.length + 3);

const ASKED = 1_000;

const file = option('events');
const copied = repeated(file === undefined ? madeEvents() : await eventsOf(file));
const sizes = (option('sizes') ?? '66600,250000,1000000').split(',').map(Number);
const threads = createThreads();
let [loaded, baseline] = [0, 0];

function eventAt(at: number): StoryEvent & { topic?: string } {
  const { id, day, text, section = '', entities, sources, topic } = copied(at);
  return { id, day, text, section, entities, implied: [], sources, ...(topic !== undefined && { topic }) };
}

/** CPU time of `work`, in seconds. */
function timed(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

console.log('events      p50 ms  p95 ms   cpu ms  of the first  of log n   rss MB   events/s taken in');
for (const size of sizes) {
  const from = loaded;
  const takingIn = timed(() => {
    for (; loaded < size - ASKED; loaded++) {
      const event = eventAt(loaded);
      threads.follow(event, event.topic === undefined ? `event:${event.id}` : `topic:${event.topic}`);
    }
  });
  const takenIn = (loaded - from) / takingIn;
  const times: number[] = [];
  const placing = timed(() => {
    for (; loaded < size; loaded++) {
      const { topic: _header, ...event } = eventAt(loaded);
      const start = performance.now();
      threads.place(event);
      times.push(performance.now() - start);
    }
  });
  times.sort((a, b) => a - b);
  const mean = (placing * 1000) / times.length;
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
    takenIn.toFixed(0).padStart(10),
  ];
  console.log(columns.join(' '));
}
