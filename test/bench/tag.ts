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
import { addDays, dayNumber, type Day } from '@throughline/core';
import { createLinker, tag, type Example } from '@throughline/enrich';
import { asExample } from '../../services/cli/src/lab/tag.ts';
import { readLinkedEvents } from '../../services/cli/src/lab/linked-events.ts';

const option = (name: string): string | undefined =>
  process.argv.find((argument) => argument.startsWith(`--${name}=`))?.slice(name.length + 3);

const ASKED = 1_000;
/** Titles of no more events than this are other ones in every copy. */
const RARE = 20;

async function examplesOf(file: string): Promise<Example[]> {
  const examples: Example[] = [];
  for await (const event of readLinkedEvents(file)) examples.push(asExample(event));
  return examples;
}

/** The example at `at` of an archive without end. */
function repeated(examples: readonly Example[]): (at: number) => Example {
  const counts = new Map<string, number>();
  for (const { links } of examples) {
    for (const { title } of links) counts.set(title, (counts.get(title) ?? 0) + 1);
  }
  const [first, last] = [examples[0]?.day as Day, examples.at(-1)?.day as Day];
  const span = dayNumber(last) - dayNumber(first) + 1;
  return (at) => {
    const copy = Math.floor(at / examples.length);
    const example = examples[at % examples.length];
    if (example === undefined) throw new RangeError(`no event ${at}`);
    const day = addDays(example.day as Day, copy * span);
    const isRare = (title: string) => copy > 0 && (counts.get(title) ?? 0) <= RARE;
    return { ...example, day, ...renamed(example, copy, isRare) };
  };
}

/** A number is added to what rare titles are called, and to the titles. */
function renamed({ text, links }: Example, copy: number, isRare: (title: string) => boolean) {
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
  const exampleAt = repeated(await examplesOf(file));
  const linker = createLinker();
  const sizes = (option('sizes') ?? '66600,250000,1000000').split(',').map(Number);
  let [learnt, baseline] = [0, 0];
  console.log('events      p50 ms  p95 ms   read ms  of the first  of log n  learn ms   rss MB');
  for (const size of sizes) {
    while (learnt < size - ASKED) linker.learn([exampleAt(learnt++)]);
    const learning = timed(() => {
      while (learnt < size) linker.learn([exampleAt(learnt++)]);
    });
    const times: number[] = [];
    const reading = timed(() => {
      for (let at = size; at < size + ASKED; at++) {
        const { text, section, day } = exampleAt(at);
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
