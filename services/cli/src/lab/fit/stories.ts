import { fitStories, type StoryEvent, type StoryExample } from '@throughline/enrich';
import { readLinkedEvents } from '../linked-events.ts';
import { untitledEvents } from '../stories.ts';
import { weightsModule } from './weights-module.ts';

export interface FitStoriesOptions {
  /** Files of events with links and topics, in order of their days. */
  train: readonly string[];
  /** Only events of days from this one on are learnt from, */
  from: string;
  /** and of days before this one. */
  until: string;
  likenessTrees: number;
  threadTrees: number;
}

/**
 * Fits the weights of stories to the headers under which editors put events,
 * and writes them as `packages/enrich/src/weights/stories.ts`. An event's
 * thread is its innermost header; the headers themselves are not seen.
 */
export async function fitStoryWeights(
  options: FitStoriesOptions,
  write: (text: string) => void,
  log: (line: string) => void,
): Promise<void> {
  const examples: StoryExample[] = [];
  for (const file of options.train) await addExamples(file, options, examples);
  log(`${examples.length} events, ${examples.filter(({ thread }) => thread !== undefined).length} under a header`);
  const { likeness, thread } = fitStories(examples, { ...options, log });
  write(weightsModule('throughline lab fit stories', { likenessWeights: likeness, threadWeights: thread }));
}

async function addExamples(
  file: string,
  { from, until }: Pick<FitStoriesOptions, 'from' | 'until'>,
  examples: StoryExample[],
): Promise<void> {
  const threads = new Map<string, string>();
  for await (const { id, topics } of readLinkedEvents(file)) {
    const innermost = topics.at(-1)?.title;
    if (innermost !== undefined) threads.set(id, innermost);
  }
  for await (const event of untitledEvents(file)) {
    if (event.day < from || event.day >= until) continue;
    examples.push({ event: oftenWithoutPlace(event), thread: threads.get(event.id) });
  }
}

/** On every third day the order of the page is hidden: in live use it is not looked at. */
function oftenWithoutPlace(event: StoryEvent): StoryEvent {
  const { place: _place, ...rest } = event;
  return Number(event.day.slice(8)) % 3 === 0 ? rest : event;
}
