/**
 * What enriching costs as the archive grows: time to tag one event, to put it
 * into its story and to relate it, all by one process that has learnt, indexed
 * and threaded everything before it, after 66,600, 250,000 and a million
 * events, and its memory. An archive is one and the same list of events again
 * and again, each copy later than the one before, its rare names other ones,
 * in the text as in the links. The events that are asked about are read
 * without their links and headers.
 *
 *   npm run bench -- enrich --events=FILE.jsonl.gz [--sizes=66600,250000,1000000]
 *
 * FILE has lines `{id, date, section, text, links, topics, sources}`; without
 * it there is nothing to learn from, and the benchmark says so.
 */
import { setFlagsFromString } from 'node:v8';
import { createEventIndex, createLinker, createThreads, relate, tag } from '@throughline/enrich';
import { linkedEvents, repeatedWithText, type RepeatedText } from '../support/repeated-events.ts';

const option = (name: string): string | undefined =>
  process.argv.find((argument) => argument.startsWith(`--${name}=`))?.slice(name.length + 3);

setFlagsFromString('--heap-growing-percent=100'); // as services/cli/src/main.ts

const ASKED = 1_000;
const TOLD_EVERY = 50_000;

const linker = createLinker();
const index = createEventIndex();
const threads = createThreads();

/** Events with their links, as the archive has them. */
function takeIn({ example, event }: RepeatedText): void {
  linker.learn([example]);
  const { topic, ...rest } = event;
  const story = topic === undefined ? `event:${event.id}` : `topic:${topic}`;
  threads.follow({ ...rest, section: rest.section ?? '', implied: [] }, story);
  index.upsert({ ...rest, story });
}

/** Milliseconds of each part for one event of which nothing but the sentence is known. */
function enrich({ event }: RepeatedText): number[] {
  const { id, day, text, section = '', sources } = event;
  const begun = performance.now();
  const { mentions, implied } = tag({ text, section, day, links: [], topics: [] }, linker);
  const tagged = performance.now();
  const entities = [...new Set(mentions.map(({ title }) => title))];
  const { thread: story } = threads.place({ id, day, text, section, entities, implied, sources });
  const placed = performance.now();
  const found = { id, day, text, section, entities, implied, topics: [], sources, story };
  index.upsert(found);
  relate(index, found, { reach: 'before' });
  return [tagged - begun, placed - tagged, performance.now() - placed];
}

const shareAt = (times: readonly number[], share: number): string =>
  (times.toSorted((a, b) => a - b)[Math.floor(times.length * share)] ?? 0).toFixed(2).padStart(7);

const file = option('events');
if (file === undefined) {
  console.log('needs --events=FILE: made up words have no names to be found');
} else {
  const eventAt = repeatedWithText(await linkedEvents(file));
  const sizes = (option('sizes') ?? '66600,250000,1000000').split(',').map(Number);
  let [taken, baseline] = [0, 0];
  console.log('events      p50 ms  p95 ms  tag ms  story ms  relate ms  of the first  of log n   rss MB');
  for (const size of sizes) {
    for (; taken < size - ASKED; taken++) {
      takeIn(eventAt(taken));
      if (taken % TOLD_EVERY === 0) console.error(`${taken} of ${size} taken in`);
    }
    const before = process.cpuUsage();
    const parts: number[][] = [];
    for (; taken < size; taken++) parts.push(enrich(eventAt(taken)));
    const { user, system } = process.cpuUsage(before);
    const mean = (user + system) / 1e3 / parts.length;
    baseline ||= mean;
    const whole = parts.map((times) => times.reduce((sum, time) => sum + time, 0));
    const meanOf = (part: number) => parts.reduce((sum, times) => sum + (times[part] ?? 0), 0) / parts.length;
    const columns = [
      String(size).padEnd(10),
      shareAt(whole, 0.5),
      shareAt(whole, 0.95),
      meanOf(0).toFixed(2).padStart(7),
      meanOf(1).toFixed(2).padStart(9),
      meanOf(2).toFixed(2).padStart(10),
      `×${(mean / baseline).toFixed(2)}`.padStart(13),
      `×${(Math.log(size) / Math.log(sizes[0] ?? size)).toFixed(2)}`.padStart(9),
      (process.memoryUsage().rss / 2 ** 20).toFixed(0).padStart(8),
    ];
    console.log(columns.join(' '));
  }
}
