/**
 * What tagging costs as the archive grows: time to learn one event and to read
 * one, after 66,600, 250,000 and a million events, and the memory of each. An
 * archive is one and the same list of events again and again, each copy later
 * than the one before, its rare names other ones, in the text as in the links.
 *
 *   npm run bench -- tag --events=FILE.jsonl.gz [--sizes=66600,250000,1000000]
 *
 * FILE has lines `{id, date, section, text, links, topics}`; without it there
 * is nothing to learn from, and the benchmark says so.
 */
import { createLinker, tag } from '@throughline/enrich';
import { linkedEvents, repeatedWithText } from '../support/repeated-events.ts';

const option = (name: string): string | undefined =>
  process.argv.find((argument) => argument.startsWith(`--${name}=`))?.slice(name.length + 3);

const ASKED = 1_000;

/** CPU time of `work`, in milliseconds. */
function timed(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e3;
}

const file = option('events');
if (file === undefined) {
  console.log('needs --events=FILE: made up words have no names to be found');
} else {
  const eventAt = repeatedWithText(await linkedEvents(file));
  const linker = createLinker();
  const sizes = (option('sizes') ?? '66600,250000,1000000').split(',').map(Number);
  let [learnt, baseline] = [0, 0];
  console.log('events      p50 ms  p95 ms   read ms  of the first  of log n  learn ms   rss MB');
  for (const size of sizes) {
    while (learnt < size - ASKED) linker.learn([eventAt(learnt++).example]);
    const learning = timed(() => {
      while (learnt < size) linker.learn([eventAt(learnt++).example]);
    });
    const times: number[] = [];
    const reading = timed(() => {
      for (let at = size; at < size + ASKED; at++) {
        const { text, section, day } = eventAt(at).example;
        const start = performance.now();
        tag({ text, section: section ?? '', day, links: [], topics: [] }, linker);
        times.push(performance.now() - start);
      }
    });
    times.sort((a, b) => a - b);
    baseline ||= reading;
    const columns = [
      String(size).padEnd(10),
      (times[Math.floor(times.length / 2)] ?? 0).toFixed(2).padStart(7),
      (times[Math.floor(times.length * 0.95)] ?? 0).toFixed(2).padStart(7),
      (reading / ASKED).toFixed(2).padStart(9),
      `×${(reading / baseline).toFixed(2)}`.padStart(13),
      `×${(Math.log(size) / Math.log(sizes[0] ?? size)).toFixed(2)}`.padStart(9),
      (learning / ASKED).toFixed(2).padStart(9),
      (process.memoryUsage().rss / 2 ** 20).toFixed(0).padStart(8),
    ];
    console.log(columns.join(' '));
  }
}
