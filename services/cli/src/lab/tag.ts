import { createLinker, pageOf, tag, type Example, type LearningLinker } from '@throughline/enrich';
import { byDay, readLinkedEvents, type LinkedEvent } from './linked-events.ts';

export interface LabTagOptions {
  /** Files of events with links, to learn from, in order of their days. */
  train: readonly string[];
  /** The events to tag, in order of their days; of these only id, date, section and text are read. */
  input: string;
  /** Whether a day's own links are learnt once that day is tagged. */
  online: boolean;
}

/** Writes one line an event: `{id, links: [{start, end, title, score}]}`. */
export async function labTag({ train, input, online }: LabTagOptions, write: (line: string) => void): Promise<void> {
  const linker = createLinker();
  for (const file of train) await learnFile(linker, file);
  for await (const day of byDay(readLinkedEvents(input))) {
    const page = pageOf(day);
    day.forEach(({ id, text, section, date }, place) => {
      const { mentions } = tag({ text, links: [], topics: [], section, day: date, page, place }, linker);
      const links = mentions.flatMap(({ start, end, title, score }) =>
        start === undefined ? [] : [{ start, end, title, score }],
      );
      write(JSON.stringify({ id, links }));
    });
    if (online) linker.learn(day.map(asExample));
  }
}

async function learnFile(linker: LearningLinker, file: string): Promise<void> {
  for await (const day of byDay(readLinkedEvents(file))) linker.learn(day.map(asExample));
}

export const asExample = ({ date, text, section, links, topics }: LinkedEvent): Example => ({
  text,
  day: date,
  section,
  links,
  topics,
});
