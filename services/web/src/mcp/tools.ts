import { EventId, StoryId } from '@throughline/core';
import { parsePath } from '@throughline/publish';
import { z } from 'zod';
import type { ApiContext } from '../api/operation.ts';
import { listChanges } from '../api/operations/changes.ts';
import { lookup, related } from '../api/operations/finding.ts';
import { conditions, words } from '../api/parameters.ts';
import { ApiProblem } from '../api/problem.ts';
import { changeLine, eventLine, eventParts, referenceLine } from './written.ts';

/** What a tool answers, before it is made to fit. */
export interface Told {
  head: string;
  parts: string[];
}

/** One thing that a model can ask for. */
export interface Tool {
  name: string;
  title: string;
  description: string;
  input: z.ZodObject;
  run: (input: never, context: ApiContext) => Promise<Told>;
}

const defineTool = <Input extends z.ZodObject>(
  tool: Omit<Tool, 'input' | 'run'> & {
    input: Input;
    run: (input: z.output<Input>, context: ApiContext) => Promise<Told>;
  },
): Tool => tool;

const limit = z.int().min(1).max(50).default(10).describe('How many at most.');

const searchEvents = defineTool({
  name: 'search_events',
  title: 'Search events',
  description:
    'Finds dated, sourced events in a record of the world’s news since 1999. Give words, or only filters for the newest events.',
  input: z.object({
    query: words(500).optional().describe('Words, "phrases", or, -not.'),
    from: conditions.from,
    to: conditions.to,
    category: conditions.category,
    entity: conditions.entity,
    limit,
  }),
  async run({ query, limit: most, ...filter }, { catalogue, site }) {
    const found =
      query === undefined
        ? (await catalogue.events(filter, { limit: most })).items
        : await catalogue.search(query, filter, most);
    return {
      head: `${found.length} events${found.length === most ? ' (there may be more)' : ''}`,
      parts: found.map((one) => eventLine(one, site)),
    };
  },
});

const getEvent = defineTool({
  name: 'get_event',
  title: 'Get an event',
  description:
    'One event with its sources, what it is about, its story, and the events it belongs with, each with the reason.',
  input: z.object({ id: z.string().max(2_000).describe('The event’s id, or the address of its page.') }),
  async run({ id }, { pages, catalogue, site, now }) {
    const eventId = await eventIdOf(id, pages);
    const page = await pages.page(eventId);
    if (!page?.slug) throw new ApiProblem(404, 'No such event', `No public event has the id ${eventId}.`);
    const standing = await catalogue.wordingAt(eventId, new Date(now()));
    const told = eventParts(page, site);
    return standing?.withdrawn ? { ...told, head: `WITHDRAWN: this was taken off its page.\n${told.head}` } : told;
  },
});

async function eventIdOf(given: string, pages: ApiContext['pages']): Promise<EventId> {
  const id = EventId.safeParse(/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/i.exec(given)?.[1]?.toLowerCase());
  if (id.success) return id.data;
  const place = parsePath(URL.canParse(given) ? new URL(given).pathname : given);
  const day = place?.kind === 'event' ? await pages.day(place.day) : undefined;
  const found = day?.items.find(({ slug }) => place?.kind === 'event' && slug === place.slug);
  if (found) return found.id;
  throw new ApiProblem(
    404,
    'No such event',
    `${JSON.stringify(given.slice(0, 200))} is neither an event’s id nor its page’s address.`,
  );
}

const getStory = defineTool({
  name: 'get_story',
  title: 'Get a story',
  description: 'The events of a story in their order. An event says which story it is part of.',
  input: z.object({ id: StoryId }),
  async run({ id }, { catalogue }) {
    const story = await catalogue.story(id);
    if (!story) throw new ApiProblem(404, 'No such story', `No public story has the id ${id}.`);
    const { title, firstDay, lastDay, members, updatedAt } = story;
    return {
      head: `${title}: ${members.length} events from ${firstDay} to ${lastDay}, updated ${updatedAt}`,
      parts: members.map(referenceLine),
    };
  },
});

const relatedTo = defineTool({
  name: 'related',
  title: 'Related events',
  description: 'The events that belong with an article (url) or with any text of yours (text), with the reasons.',
  input: z.object({
    url: words(4_000).optional(),
    text: z.string().trim().min(1).max(20_000).optional(),
    day: conditions.from.describe('When the text is from; today unless given.'),
    limit,
  }),
  async run({ limit: most, ...asked }, context) {
    const parameters = { ...asked, limit: most };
    const { items } = (await related.run({ parameters } as never, context)) as {
      items: Parameters<typeof eventLine>[0][];
    };
    const reasons = items as unknown as { evidence: Parameters<typeof eventLine>[2] }[];
    return {
      head: `${items.length} related events`,
      parts: items.map((one, at) => eventLine(one, context.site, reasons[at]?.evidence)),
    };
  },
});

const lookupUrl = defineTool({
  name: 'lookup_url',
  title: 'Look up a URL',
  description: 'Which events cite an article, by any spelling of its URL.',
  input: z.object({ url: words(4_000) }),
  async run({ url }, context) {
    const found = (await lookup.run({ parameters: { url } } as never, context)) as {
      source: { state: string; capturedAt?: string; article: { title?: string } };
      events: Parameters<typeof referenceLine>[0][];
    };
    const { state, capturedAt, article } = found.source;
    return {
      head: `${article.title ?? url}: cited by ${found.events.length} events; ${capturedAt ? `captured ${capturedAt}, ${state}` : state}`,
      parts: found.events.map(referenceLine),
    };
  },
});

const changes = defineTool({
  name: 'changes',
  title: 'What has changed',
  description: 'Everything that readers can see differently since a change, in order, withdrawals included.',
  input: z.object({
    after: z
      .int()
      .min(0)
      .optional()
      .describe('The number of the last change you know; without it the newest are given.'),
    limit: z.int().min(1).max(200).default(20),
  }),
  async run({ after, limit: most }, { changes: store, ...context }) {
    const latest = await store.latest();
    const from = after ?? Math.max(0, latest - most);
    const answer = await listChanges.run({ parameters: { after: from, limit: most } } as never, {
      ...context,
      changes: store,
    });
    const { last, more } = answer as { last: number; more: boolean };
    const found = await store.after(from, most);
    return {
      head: `changes ${from + 1} to ${last}${more ? `; more follow: ask with after=${last}` : ', the newest'}`,
      parts: found.map(changeLine),
    };
  },
});

/** Everything that a model can ask for. */
export const tools: readonly Tool[] = [searchEvents, getEvent, getStory, relatedTo, lookupUrl, changes];
