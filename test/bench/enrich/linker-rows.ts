import { titleKey } from '@throughline/enrich';
import { spanRows, titleRows } from '../../../packages/enrich/src/linker/judge.ts';
import { learnSentence } from '../../../packages/enrich/src/linker/learn.ts';
import { createMemory, type Memory } from '../../../packages/enrich/src/linker/memory.ts';
import { pageOf } from '../../../packages/enrich/src/linker/page.ts';
import { readSentence, type Sentence } from '../../../packages/enrich/src/linker/reading.ts';
import { dayOf, type LinkedEvent } from './read-events.ts';

/** Rows of features with whether an editor did link so. */
export interface JudgeRows {
  width: number;
  rows: Float32Array;
  labels: number[];
  /** Older examples count for less: habits of linking change. */
  weights: number[];
}

export interface Walk {
  /** Days that are not yet learnt when a day is looked at. */
  delayDays: number;
  /** The first day to be looked at. */
  from: string;
}

/** A gap this long in the archive leaves the linker behind the news; it is not looked at for a while after. */
const GAP_DAYS = 30;
const CATCH_UP_DAYS = 90;
const OLD_DAYS = 730;
const OLD_WEIGHT = 0.5;

/** What the linker would have been asked, day by day, and what editors answered. */
export function judgeRows(
  events: readonly LinkedEvent[],
  { delayDays, from }: Walk,
): { spans: JudgeRows; titles: JudgeRows } {
  const memory = createMemory();
  const sentences = sentencesOf(events);
  const [spans, titles] = [collector(), collector()];
  const lastDay = sentences.at(-1)?.day ?? 0;
  let [learnt, caughtUp] = [0, 0];
  events.forEach((event, at) => {
    const sentence = sentences[at];
    if (sentence === undefined) return;
    if (sentence.day - (sentences[at - 1]?.day ?? sentence.day) > GAP_DAYS) caughtUp = sentence.day + CATCH_UP_DAYS;
    while ((sentences[learnt]?.day ?? Infinity) < sentence.day - delayDays)
      learn(memory, events[learnt], sentences[learnt++]);
    if (event.date < from || sentence.day < caughtUp) return;
    const weight = lastDay - sentence.day > OLD_DAYS ? OLD_WEIGHT : 1;
    look(memory, event, sentence, weight, spans, titles);
  });
  return { spans: spans.done(), titles: titles.done() };
}

function sentencesOf(events: readonly LinkedEvent[]): Sentence[] {
  const byDay = new Map<string, LinkedEvent[]>();
  for (const event of events) byDay.set(event.date, [...(byDay.get(event.date) ?? []), event]);
  return [...byDay.values()].flatMap((day) => {
    const page = pageOf(day);
    return day.map((event, place) => ({ text: event.text, day: dayOf(event), section: event.section, page, place }));
  });
}

function learn(memory: Memory, event: LinkedEvent | undefined, sentence: Sentence | undefined): void {
  if (event === undefined || sentence === undefined) return;
  learnSentence(
    memory,
    sentence,
    event.links,
    event.topics.filter(({ title }) => title),
  );
}

function look(
  memory: Memory,
  event: LinkedEvent,
  sentence: Sentence,
  weight: number,
  spans: Collector,
  titles: Collector,
): void {
  const reading = readSentence(memory, sentence);
  const linked = new Map(event.links.map(({ start, end, title }) => [`${start}:${end}`, titleKey(title)]));
  for (const { span, features } of spanRows(memory, reading)) {
    const title = linked.get(`${span.start}:${span.end}`);
    spans.add(features, title === undefined ? 0 : 1, weight);
    if (title === undefined) continue;
    for (const row of titleRows(memory, reading, span)) {
      titles.add(row.features, row.candidate.title === title ? 1 : 0, weight);
    }
  }
}

interface Collector {
  add(row: Float32Array, label: number, weight: number): void;
  done(): JudgeRows;
}

function collector(): Collector {
  let rows = new Float32Array(1 << 20);
  let used = 0;
  let width = 0;
  const labels: number[] = [];
  const weights: number[] = [];
  return {
    add(row, label, weight) {
      width = row.length;
      if (used + width > rows.length) {
        const larger = new Float32Array(rows.length * 2);
        larger.set(rows);
        rows = larger;
      }
      rows.set(row, used);
      used += width;
      labels.push(label);
      weights.push(weight);
    },
    done: () => ({ width, rows: rows.subarray(0, used), labels, weights }),
  };
}
