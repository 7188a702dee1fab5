import { createEventIndex, relate, type IndexedEvent } from '@throughline/enrich';
import { inStories } from './in-stories.ts';
import { readJsonLines } from './json-lines.ts';
import { taggedEvents } from './tagged-events.ts';

export const VARIANTS = ['earlier', 'before', 'all'] as const;

export interface LabRelateOptions {
  /** The events to rank, in order of their days: `{id, date, section, text, links, sources}`. */
  events: string;
  /** Lines `{id, query}`: those with `query` are asked about. */
  queries: string;
  /** Which events are ranked: those of earlier days, also those of its own day with a smaller id (what is kept with an event), or all. */
  variant: (typeof VARIANTS)[number];
  /** Keeps only events that share an entity with the one asked about. */
  explainable: boolean;
  /** Adds each item's evidence. */
  why: boolean;
}

/** Every event that is weighed: of some nobody can tell whether they belong, and scorers pass over those. */
const MOST = 500;

/** Writes one line a query: `{id, related: [id, …]}`, best first. */
export async function labRelate(options: LabRelateOptions, write: (line: string) => void): Promise<void> {
  const index = createEventIndex();
  const events = new Map<string, IndexedEvent>();
  for (const event of await inStories(taggedEvents(options.events))) {
    events.set(event.id, event);
    index.upsert(event);
  }
  for await (const { id, query } of readJsonLines<{ id: string; query?: boolean }>(options.queries)) {
    const event = query ? events.get(id) : undefined;
    if (!event) continue;
    const relations = relate(index, event, {
      limit: MOST,
      reach: options.variant,
      mustShareEntity: options.explainable,
    });
    const why = options.why ? { why: relations.map(({ score, evidence }) => ({ score, evidence })) } : {};
    write(JSON.stringify({ id, related: relations.map(({ to }) => to), ...why }));
  }
}
