import {
  checkSubmittable,
  CAPTURE_STATES,
  ENTITY_TYPES,
  EntityId,
  ArticleId,
  EventId,
  StoryId,
} from '@throughline/core';
import { readUrl } from '@throughline/pipeline';
import { z } from 'zod';
import { fromMark, toMark } from '../place-mark.ts';
import { defineOperation, slice } from '../operation.ts';
import { conditions, serial, words } from '../parameters.ts';
import { ApiProblem, missing } from '../problem.ts';
import {
  EntityAnswer,
  EntitySummary,
  listOf,
  Relation,
  Source,
  SourceAnswer,
  Story,
  StorySummary,
} from '../schemas.ts';
import { reference } from '../show.ts';

export const listStories = defineOperation({
  id: 'listStories',
  method: 'get',
  path: '/v1/stories',
  summary:
    'Stories: events of several days that go on from one another. In an order that says nothing but never changes.',
  parameters: z.strictObject({ ...slice, from: conditions.from, to: conditions.to }),
  answer: listOf(StorySummary),
  async run({ parameters: { after, limit, ...span } }, { catalogue }) {
    const { items, next } = await catalogue.stories(span, { after: fromMark('stories', after, StoryId), limit });
    return { items: items.map(summaryOf), next: next ? toMark('stories', next) : null };
  },
});

export const getStory = defineOperation({
  id: 'getStory',
  method: 'get',
  path: '/v1/stories/{id}',
  summary: 'A story with its events; of one that was merged, the one it goes on in.',
  parameters: z.strictObject({ id: StoryId }),
  answer: Story,
  async run({ parameters: { id } }, { catalogue, site }) {
    const story = await catalogue.story(id);
    if (!story) throw missing('story', id);
    const { members, splitFrom } = story;
    if (members.length === 0) throw dissolved(id);
    return {
      ...summaryOf(story),
      members: members.map((one) => reference(site, one)),
      ...(splitFrom && { splitFrom }),
    };
  },
});

const dissolved = (id: StoryId): ApiProblem =>
  new ApiProblem(410, 'Dissolved', `No public event is in the story ${id} any more. Its changes are in /v1/changes.`);

const summaryOf = ({ id, slug, title, firstDay, lastDay, events, updatedAt }: z.infer<typeof StorySummary>) => ({
  id,
  slug,
  title,
  firstDay,
  lastDay,
  events,
  updatedAt,
});

export const listEntities = defineOperation({
  id: 'listEntities',
  method: 'get',
  path: '/v1/entities',
  summary: 'Entities that events name.',
  parameters: z.strictObject({
    ...slice,
    name: words(100).optional().describe('How any of its spellings begins.'),
    type: z.enum(ENTITY_TYPES).optional(),
  }),
  answer: listOf(EntitySummary),
  async run({ parameters: { after, limit, ...filter } }, { catalogue }) {
    const { items, next } = await catalogue.entities(filter, { after: fromMark('entities', after, EntityId), limit });
    return { items, next: next ? toMark('entities', next) : null };
  },
});

export const getEntity = defineOperation({
  id: 'getEntity',
  method: 'get',
  path: '/v1/entities/{slug}',
  summary: 'An entity with its spellings. Its events are /v1/events?entity=<slug>.',
  parameters: z.strictObject({ slug: words(300) }),
  answer: EntityAnswer,
  async run({ parameters: { slug } }, { catalogue }) {
    const entity = await catalogue.entity(slug);
    if (!entity) throw missing('entity', slug);
    return entity;
  },
});

export const listSources = defineOperation({
  id: 'listSources',
  method: 'get',
  path: '/v1/sources',
  summary: 'Articles that events cite or that were submitted, with what their pages say of themselves.',
  parameters: z.strictObject({
    ...slice,
    host: words(255).optional().describe('As `reuters.com`.'),
    state: z.enum(CAPTURE_STATES).optional(),
  }),
  answer: listOf(Source),
  async run({ parameters: { after, limit, ...filter } }, { catalogue }) {
    const { items, next } = await catalogue.sources(filter, { after: fromMark('sources', after, ArticleId), limit });
    return { items, next: next ? toMark('sources', next) : null };
  },
});

export const getSource = defineOperation({
  id: 'getSource',
  method: 'get',
  path: '/v1/sources/{id}',
  summary: 'An article with the events that cite it.',
  parameters: z.strictObject({ id: serial }),
  answer: SourceAnswer,
  async run({ parameters: { id } }, { catalogue, site }) {
    const articleId = ArticleId.parse(id);
    const source = await catalogue.source(articleId);
    if (!source) throw missing('source', id);
    return { ...source, events: (await catalogue.citing(articleId)).map((one) => reference(site, one)) };
  },
});

export const submitArticle = defineOperation({
  id: 'submitArticle',
  method: 'post',
  path: '/v1/articles',
  summary:
    'Hands in an article. It is captured at its host’s pace; then it joins the event that it reports, or becomes one of its own: /v1/sources/{id} says which, and why.',
  operator: true,
  parameters: z.strictObject({}),
  body: z.strictObject({ url: z.string().min(1).max(4_000) }),
  status: 202,
  answer: z.object({
    id: ArticleId,
    url: z.string(),
    state: z.enum(CAPTURE_STATES),
    events: z.array(EventId).describe('Events that cite it already.'),
  }),
  async run({ body: { url } }, { articles, captureHost }) {
    const checked = checkSubmittable(url);
    const cited = checked.ok ? readUrl(checked.url) : undefined;
    if (!cited) {
      const why = checked.ok ? 'it cannot be fetched' : checked.problem;
      throw new ApiProblem(422, 'Not an article’s URL', `${why}.`, { errors: [{ parameter: 'url', message: why }] });
    }
    const { id, citedUrl, state, events } = await articles.submit(cited);
    if (state === 'waiting') await captureHost(cited.host);
    return { id, url: citedUrl, state, events };
  },
});

const RelationKey = z.object({ from: EventId, to: EventId });

export const listRelations = defineOperation({
  id: 'listRelations',
  method: 'get',
  path: '/v1/relations',
  summary: 'Which event belongs in the related events of which, with the evidence.',
  parameters: z.strictObject({ ...slice, from: EventId.optional().describe('Only those of this event.') }),
  answer: listOf(Relation),
  async run({ parameters: { after, limit, ...filter } }, { catalogue }) {
    const walk = { after: fromMark('relations', after, RelationKey), limit };
    const { items, next } = await catalogue.relations(filter, walk);
    return { items, next: next ? toMark('relations', next) : null };
  },
});
