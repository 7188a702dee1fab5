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
import { createEventIndex, relate } from '@throughline/enrich';
import { eventsOf, madeEvents, repeated } from '../support/repeated-events.ts';

const option = (name: string): string | undefined =>
  process.argv.find((argument) => argument.startsWith(`--${name}=`))?.slice(name.length + 3);

const ASKED = 1_000;

const file = option('events');
const copied = repeated(file === undefined ? madeEvents() : await eventsOf(file));
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
