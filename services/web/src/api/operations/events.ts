import { addDays, EventId, type Day } from '@throughline/core';
import { asOf as eventsAsOf } from '@throughline/pipeline';
import { absolute, attributionOf, permalink } from '@throughline/publish';
import { z } from 'zod';
import { fromMark, toMark } from '../place-mark.ts';
import { defineOperation, slice, type ApiContext } from '../operation.ts';
import { AsOf, AsOfList, conditions, words } from '../parameters.ts';
import { ApiProblem, missing } from '../problem.ts';
import { provenanceOf } from '../provenance.ts';
import { EarlierEvent, Event, EventThen, ListedEvent, listOf } from '../schemas.ts';
import { listed, reference, whole } from '../show.ts';

const EventKey = z.object({
  day: z.custom<Day>((day) => typeof day === 'string' && /^\d{4}-\d\d-\d\d$/.test(day)),
  id: EventId,
});

export const listEvents = defineOperation({
  id: 'listEvents',
  method: 'get',
  path: '/v1/events',
  summary: 'Public events, the newest day first; with filters. An event that moved to another day keeps its place.',
  parameters: z.strictObject({
    ...slice,
    ...conditions,
    q: words(500).optional().describe('Words of the sentence or of an article’s title, as in a web search.'),
    as_of: AsOfList.optional(),
  }),
  answer: listOf(z.union([ListedEvent, EventThen])),
  async run({ parameters: { after, limit, q, as_of: instant, ...others } }, { catalogue, site }) {
    const walk = { after: fromMark('events', after, EventKey), limit };
    const conditions = { ...others, text: q };
    const nextOf = (next: z.output<typeof EventKey> | undefined) => (next ? toMark('events', next) : null);
    if (instant !== undefined) {
      const { items, next } = await catalogue.eventsAt(new Date(instant), conditions, walk);
      return { items: items.map((one) => reference(site, one)), next: nextOf(next) };
    }
    const { items, next } = await catalogue.events(conditions, walk);
    return { items: items.map((one) => listed(site, one)), next: nextOf(next) };
  },
});

export const getEvent = defineOperation({
  id: 'getEvent',
  method: 'get',
  path: '/v1/events/{id}',
  summary: 'One event, whole, with the provenance of every value; with `as_of`, what it said then.',
  parameters: z.strictObject({ id: EventId, as_of: AsOf.optional() }),
  answer: z.union([Event, EarlierEvent.extend({ asOf: z.string() })]),
  async run({ parameters: { id, as_of: instant } }, context) {
    return instant === undefined ? current(id, context) : earlier(id, instant, context);
  },
});

async function current(id: EventId, { pages, site, catalogue, now }: ApiContext) {
  const page = await pages.page(id);
  if (!page?.slug) throw missing('event', id);
  const standing = await catalogue.wordingAt(id, new Date(now()));
  if (standing?.withdrawn) throw withdrawn(id);
  return {
    ...whole(site, page),
    permalink: absolute(site, permalink(id)),
    attribution: attributionOf(page.origin),
    provenance: provenanceOf(page),
  };
}

async function earlier(id: EventId, instant: string, { catalogue, revisions }: ApiContext) {
  const then = await catalogue.wordingAt(id, new Date(instant));
  if (!then) throw new ApiProblem(404, 'Not public then', `The event ${id} was not public at ${instant}.`);
  if (then.withdrawn) throw withdrawn(id);
  const days = [then.day, addDays(then.day, -1), addDays(then.day, 1)];
  for (const day of days) {
    const events = await eventsAsOf('portal', day, Date.parse(instant), { pages: revisions });
    const found = events.find(({ reading }) => reading.text === then.text);
    if (found) return { id, day, ...readingOf(found.reading), asOf: instant };
  }
  return { id, day: then.day, text: then.text, section: '', topics: [], links: [], sources: [], asOf: instant };
}

const withdrawn = (id: EventId): ApiProblem =>
  new ApiProblem(410, 'Withdrawn', `The event ${id} was taken off its page. Its changes are in /v1/changes.`);

type Reading = Awaited<ReturnType<typeof eventsAsOf>>[number]['reading'];

/** What the page said of an event. */
export const readingOf = ({ text, category, section, topics, links, sources }: Reading) => ({
  text,
  ...(category && { category }),
  section,
  topics,
  links,
  sources: sources.map((source) => ({ ...source })),
});
