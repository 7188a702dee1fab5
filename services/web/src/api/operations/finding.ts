import { canonicalUrl, type EventId, type Evidence } from '@throughline/core';
import { relatedToText } from '@throughline/pipeline';
import { z } from 'zod';
import { defineOperation, MAX_LIMIT, type ApiContext } from '../operation.ts';
import { AsOfList, conditions, QueryDay, words } from '../parameters.ts';
import { ApiProblem } from '../problem.ts';
import { EventThen, ListedEvent, Lookup, Related } from '../schemas.ts';
import { listed, reference } from '../show.ts';

const MAX_URL = 4_000;
const MAX_TEXT = 20_000;

export const search = defineOperation({
  id: 'search',
  method: 'get',
  path: '/v1/search',
  summary: 'The events that match a text best. To walk all of them use /v1/events?q=.',
  parameters: z.strictObject({
    q: words(500).describe('As in a web search: words, "phrases", or, -not.'),
    ...conditions,
    limit: z.coerce.number<string>().int().min(1).max(MAX_LIMIT).default(20),
    as_of: AsOfList.optional(),
  }),
  answer: z.object({ items: z.array(z.union([ListedEvent, EventThen])) }),
  async run({ parameters: { q, limit, as_of: instant, ...others } }, { catalogue, site }) {
    if (instant !== undefined) {
      const items = await catalogue.searchAt(new Date(instant), q, others, limit);
      return { items: items.map((one) => reference(site, one)) };
    }
    return { items: (await catalogue.search(q, others, limit)).map((one) => listed(site, one)) };
  },
});

export const lookup = defineOperation({
  id: 'lookup',
  method: 'get',
  path: '/v1/lookup',
  summary: 'The events that cite an article, by any spelling of its URL.',
  parameters: z.strictObject({ url: words(MAX_URL) }),
  answer: Lookup,
  async run({ parameters: { url } }, { catalogue, site }) {
    const canonical = canonicalOf(url);
    const found = await catalogue.lookup(canonical);
    if (!found) throw new ApiProblem(404, 'No such source', `No event cites ${canonical}.`);
    return {
      url,
      canonicalUrl: canonical,
      source: found.source,
      events: found.events.map((one) => reference(site, one)),
    };
  },
});

export const related = defineOperation({
  id: 'related',
  method: 'get',
  path: '/v1/related',
  summary: 'Which events belong with an article (`url`) or with a text of your own (`text`), and why.',
  parameters: z.strictObject({
    url: words(MAX_URL).optional(),
    text: z
      .string()
      .trim()
      .min(1)
      .max(MAX_TEXT)
      .optional()
      .describe('Names in it are found as in the text of an event that nobody linked.'),
    day: QueryDay.optional().describe('When the text is from; today unless given.'),
    limit: z.coerce.number<string>().int().min(1).max(50).default(10),
  }),
  answer: Related,
  async run({ parameters: { url, text, day, limit } }, context) {
    if ((url === undefined) === (text === undefined)) throw eitherOr();
    if (url !== undefined) return relatedToUrl(url, limit, context);
    const relations = await relatedToText({ text: text ?? '', day, limit }, context);
    return { to: { text: text ?? '' }, items: await shown(relations, context) };
  },
});

const eitherOr = (): ApiProblem =>
  new ApiProblem(400, 'Which one?', 'Give either `url` or `text`.', {
    errors: ['url', 'text'].map((parameter) => ({ parameter, message: 'give one of `url` and `text`' })),
  });

/** Of all events that cite the article, the best; they themselves are left out. */
async function relatedToUrl(url: string, limit: number, context: ApiContext) {
  const citing = await context.articles.citing(canonicalOf(url));
  if (citing.length === 0) throw new ApiProblem(404, 'No such source', `No event cites ${canonicalOf(url)}.`);
  const pages = await Promise.all(citing.slice(0, 20).map((id) => context.pages.page(id)));
  const best = new Map<EventId, { to: EventId; score: number; evidence: Evidence[] }>();
  for (const { id, score, evidence } of pages.flatMap((page) => page?.related ?? [])) {
    if (!citing.includes(id) && score > (best.get(id)?.score ?? -Infinity)) best.set(id, { to: id, score, evidence });
  }
  const relations = [...best.values()].sort((a, b) => b.score - a.score || (a.to < b.to ? -1 : 1)).slice(0, limit);
  return { to: { url, events: citing }, items: await shown(relations, context) };
}

async function shown(
  relations: readonly { to: EventId; score: number; evidence: Evidence[] }[],
  { catalogue, site }: ApiContext,
) {
  const events = await catalogue.eventsOf(relations.map(({ to }) => to));
  const byId = new Map(events.map((event) => [event.id, event]));
  return relations.flatMap(({ to, score, evidence }) => {
    const event = byId.get(to);
    return event ? [{ ...listed(site, event), score, evidence }] : [];
  });
}

function canonicalOf(url: string): string {
  const canonical = canonicalUrl(/^https?:/i.test(url) ? url : `https://${url}`);
  if (canonical !== undefined) return canonical;
  throw new ApiProblem(400, 'Not a URL', `${JSON.stringify(url.slice(0, 200))} is no http or https URL.`, {
    errors: [{ parameter: 'url', message: 'give an http or https URL' }],
  });
}
