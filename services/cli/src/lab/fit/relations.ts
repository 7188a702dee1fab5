import type { EventId } from '@throughline/core';
import { createEventIndex, fitRelations, titleKey, type IndexedEvent } from '@throughline/enrich';
import { readLinkedEvents, type LinkedEvent } from '../linked-events.ts';
import { tagEach } from '../tagged-events.ts';
import { weightsModule } from './weights-module.ts';

export interface FitRelationsOptions {
  /** Files of events with links and topics, in order of their days. */
  train: readonly string[];
  /** Only events of days from this one on are asked about. */
  from: string;
  /** Events of this day and later ones are not looked at. */
  until: string;
  /** How many events are asked about. */
  queries: number;
  /** Trees a signal. */
  trees: number;
}

/**
 * Fits the weights of relations to the headers under which editors put events,
 * and writes them as `packages/enrich/src/weights/relation.ts`. The headers
 * only say what belongs together: signals never see them here. Some of the
 * events of the last file are asked about in an archive of that file alone, as
 * what is rare in a short archive has other numbers than in a long one.
 */
export async function fitRelationWeights(
  options: FitRelationsOptions,
  write: (text: string) => void,
  log: (line: string) => void,
): Promise<void> {
  const [archive, short] = [createEventIndex(), createEventIndex()];
  const events: IndexedEvent[] = [];
  const headers = new Map<EventId, Header>();
  for await (const event of tagEach(withoutTopics(options, headers))) {
    events.push(event);
    archive.upsert(event);
    if (headers.get(event.id)?.isRecent) short.upsert(event);
  }
  const judges = judgesOf(headers);
  const eligible = events.filter(({ id, day }) => day >= options.from && judges.has(id));
  const asked = evenly(eligible, options.queries).map((event, at) => {
    return { event, index: headers.get(event.id)?.isRecent && at % 2 === 1 ? short : archive };
  });
  log(`${events.length} events, ${asked.length} of them asked about`);
  const gainOf = (event: IndexedEvent, other: EventId) => gain(judges.get(event.id), judges.get(other));
  const weights = fitRelations(asked, gainOf, {
    trees: options.trees,
    onProgress: (trees, ndcg) => log(`${trees} trees: nDCG@10 ${(100 * ndcg).toFixed(2)}`),
  });
  write(weightsModule('throughline lab fit relations', { relationWeights: weights }));
}

interface Header {
  titles: readonly string[];
  /** Whether the event is of the last file. */
  isRecent: boolean;
}

async function* withoutTopics(
  { train, until }: Pick<FitRelationsOptions, 'train' | 'until'>,
  headers: Map<EventId, Header>,
): AsyncGenerator<LinkedEvent> {
  for (const file of train) {
    for await (const event of readLinkedEvents(file)) {
      if (event.date >= until) break;
      const titles = [...new Set(event.topics.map(({ title }) => titleKey(title)))];
      headers.set(event.id as EventId, { titles, isRecent: file === train.at(-1) });
      yield { ...event, topics: [] };
    }
  }
}

/** The headers above an event. */
interface Judge {
  /** Those that tell, outermost first. */
  telling: readonly string[];
  /** Those above too many events to tell. */
  broad: readonly string[];
}

/** A header above more events than this says little of which belong together. */
const BROAD = 150;

function judgesOf(headers: ReadonlyMap<EventId, Header>): Map<EventId, Judge> {
  const counts = new Map<string, number>();
  for (const { titles } of headers.values())
    for (const title of titles) counts.set(title, (counts.get(title) ?? 0) + 1);
  const count = (title: string) => counts.get(title) ?? 0;
  const judges = new Map<EventId, Judge>();
  for (const [id, { titles }] of headers) {
    const telling = titles.filter((title) => count(title) > 1 && count(title) <= BROAD);
    const broad = titles.filter((title) => count(title) > BROAD);
    if (telling.length > 0 || broad.length > 0) judges.set(id, { telling, broad });
  }
  return judges;
}

/** 2 under the same innermost header, 1 under another that tells, undefined where they share a broad one only. */
function gain(asked: Judge | undefined, other: Judge | undefined): number | undefined {
  if (asked === undefined || other === undefined) return 0;
  const innermost = asked.telling.at(-1);
  if (innermost !== undefined && other.telling.includes(innermost)) return 2;
  if (other.telling.some((title) => asked.telling.includes(title))) return 1;
  return other.broad.some((title) => asked.broad.includes(title)) ? undefined : 0;
}

function evenly<T>(list: readonly T[], most: number): T[] {
  const step = Math.max(1, list.length / most);
  return list.filter((_, at) => Math.floor(at / step) !== Math.floor((at - 1) / step));
}
