import {
  ArticleId,
  CAPTURE_STATES,
  CATEGORIES,
  CHANGE_KINDS,
  CHANGED_NOUNS,
  Day,
  ENTITY_TYPES,
  EntityId,
  EventId,
  StoryId,
} from '@throughline/core';
import { z } from 'zod';

/** ISO 8601, UTC. */
export const Instant = z.iso.datetime({ offset: true });
/** `2017-01-30`, or a date-time: as exact as the article's page is. */
const Dated = z.string();

export const Category = z.enum(CATEGORIES);

const Link = z.object({
  start: z.int().min(0).describe('Offset in UTF-16 units of the text.'),
  end: z.int().min(0),
  surface: z.string(),
  title: z.string().describe('The page title linked to.'),
});

const Topic = z.object({ id: z.int().optional(), title: z.string(), text: z.string() });

const Evidence = z
  .object({ signal: z.string(), about: z.string().optional(), weight: z.number() })
  .meta({ id: 'Evidence', description: 'One reason for a relation; the weights sum to its score.' });

const Image = z.object({
  url: z.string(),
  caption: z.string().optional(),
  credit: z.string().optional(),
  width: z.number().optional(),
  height: z.number().optional(),
});

const ArticleFields = z
  .object({
    title: z.string(),
    description: z.string(),
    authors: z.array(z.string()),
    published: Dated,
    modified: Dated,
    siteName: z.string(),
    canonicalUrl: z.string(),
    image: Image,
    language: z.string(),
    section: z.string(),
    keywords: z.array(z.string()),
  })
  .partial()
  .meta({ id: 'ArticleFields', description: 'What an article’s page says of itself; what no rule found is absent.' });

const Rules = z.record(z.string(), z.string()).describe('Field → the rule that won it.');

export const EventReference = z
  .object({ id: EventId, day: Day, slug: z.string(), text: z.string(), href: z.string().describe('The event’s page.') })
  .meta({ id: 'EventReference' });

export const ListedEvent = z
  .object({
    ...EventReference.shape,
    category: Category.optional(),
    section: z.string().describe('The heading as written.'),
    topics: z.array(Topic),
    links: z.array(Link),
    description: z.string().optional().describe('The first that any source has.'),
    context: z.array(z.string()).describe('Labels of what it is about, the most telling first.'),
    outlets: z.array(z.string()),
    image: z.string().optional(),
    updatedAt: Instant,
  })
  .meta({ id: 'ListedEvent' });

const Coordinates = z.object({ latitude: z.number(), longitude: z.number() });

const Entity = z.object({
  id: EntityId,
  label: z.string(),
  slug: z.string(),
  type: z.enum(ENTITY_TYPES),
  place: Coordinates.optional(),
});

const CitedSource = z
  .object({
    url: z.string(),
    label: z.string(),
    agency: z.string().optional(),
    outlet: z.string().optional(),
    state: z.enum(CAPTURE_STATES),
    reason: z.string().optional(),
    capturedAt: Instant.optional(),
    archived: z.object({ url: z.string(), at: z.string() }).optional(),
    article: ArticleFields.optional(),
    rules: Rules.optional(),
  })
  .loose()
  .meta({ id: 'CitedSource', description: 'One source as the event cites it, with what is known of its article.' });

export const RelatedEvent = z
  .object({
    ...EventReference.shape,
    when: z.enum(['earlier', 'same-day', 'later']),
    score: z.number(),
    context: z.array(z.string()),
    evidence: z.array(Evidence),
  })
  .meta({ id: 'RelatedEvent' });

const Attribution = z
  .object({
    title: z.string(),
    url: z.string().optional(),
    revision: z.int().optional(),
    license: z.string(),
    licenseUrl: z.string().optional(),
  })
  .meta({ id: 'Attribution', description: 'Whom the text is owed to: whoever passes it on has to say so too.' });

export const Provenance = z
  .object({
    url: z.string().optional(),
    revision: z.int().optional(),
    at: Instant.optional(),
    rule: z.string(),
    license: z.string(),
  })
  .meta({
    id: 'Provenance',
    description: 'Where a value comes from, when it was read there, by which rule, and under which licence.',
  });

export const Event = z
  .object({
    ...EventReference.shape,
    category: Category.optional(),
    section: z.string(),
    topics: z.array(Topic),
    links: z.array(Link),
    sources: z.array(CitedSource),
    entities: z.array(Entity.loose()),
    related: z.array(RelatedEvent.loose()),
    wordings: z.array(
      z
        .object({ text: z.string(), slug: z.string().optional(), seenAt: Instant, revision: z.int().optional() })
        .loose(),
    ),
    story: z
      .object({ id: StoryId, slug: z.string(), title: z.string(), events: z.array(EventReference) })
      .loose()
      .optional(),
    updatedAt: Instant,
    permalink: z.string(),
    attribution: Attribution,
    provenance: z
      .record(z.string(), Provenance)
      .describe('JSON Pointer into this event → where that value comes from.'),
  })
  .loose()
  .meta({ id: 'Event' });

/** A day's event as it was at an instant. `id` is null for one that was only ever seen in an old revision. */
export const EarlierEvent = z
  .object({
    id: EventId.nullable(),
    day: Day,
    text: z.string(),
    category: Category.optional(),
    section: z.string(),
    topics: z.array(Topic),
    links: z.array(Link),
    sources: z.array(z.object({ url: z.string(), label: z.string() }).loose()),
  })
  .meta({ id: 'EarlierEvent' });

export const EventThen = z
  .object({ ...EventReference.shape, since: Instant.describe('When it was first shown so.') })
  .meta({ id: 'EventThen', description: 'An event of a list as readers saw it at an instant.' });

export const DaySummary = z
  .object({ day: Day, events: z.int(), updatedAt: Instant, href: z.string() })
  .meta({ id: 'DaySummary' });

export const DayAnswer = z
  .object({
    day: Day,
    previous: Day.optional(),
    next: Day.optional(),
    updatedAt: Instant,
    asOf: Instant.optional(),
    items: z.union([z.array(ListedEvent.omit({ updatedAt: true })), z.array(EarlierEvent)]),
    attribution: Attribution,
    href: z.string(),
  })
  .meta({ id: 'Day' });

export const StorySummary = z
  .object({
    id: StoryId,
    slug: z.string(),
    title: z.string(),
    firstDay: Day,
    lastDay: Day,
    events: z.int(),
    updatedAt: Instant,
  })
  .meta({ id: 'StorySummary' });

export const Story = z
  .object({
    ...StorySummary.shape,
    members: z.array(EventReference),
    splitFrom: z
      .object({ id: StoryId, slug: z.string(), title: z.string() })
      .optional()
      .describe('The story that most of its first events were in before it was cut off.'),
  })
  .meta({ id: 'Story' });

export const EntitySummary = z
  .object({ ...Entity.shape, title: z.string().describe('The page title.'), events: z.int() })
  .meta({ id: 'EntitySummary' });

export const EntityAnswer = z.object({ ...EntitySummary.shape, aliases: z.array(z.string()) }).meta({ id: 'Entity' });

export const Source = z
  .object({
    id: ArticleId,
    url: z.string(),
    host: z.string(),
    state: z.enum(CAPTURE_STATES),
    reason: z.string().optional(),
    capturedAt: Instant.optional(),
    article: ArticleFields,
    joined: z
      .object({ event: EventId.optional(), why: z.string() })
      .optional()
      .describe('Of a submitted article: the event it was put to (none where an event was made of it), and why.'),
    rules: Rules,
    reading: z
      .object({
        kind: z.enum(['article', 'soft-404', 'consent-wall', 'bot-wall', 'listing', 'empty']),
        wordCount: z.int(),
        paywalled: z.boolean(),
        direction: z.enum(['ltr', 'rtl']).optional(),
        publishedBounds: z
          .object({ earliest: Instant, latest: Instant })
          .optional()
          .describe('Where the date has no time or no zone.'),
        images: z.array(Image).describe('Those in the text.'),
        rivals: z
          .record(z.string(), z.array(z.object({ value: z.unknown(), rule: z.string(), confidence: z.number() })))
          .describe('Field → other values that disagree with the one shown, best first.'),
      })
      .optional()
      .describe('What its page says beside its fields; absent where none was read.'),
  })
  .meta({ id: 'Source', description: 'An article, whatever the spellings of its URL.' });

export const SourceAnswer = z
  .object({ ...Source.shape, events: z.array(EventReference) })
  .meta({ id: 'SourceWithEvents' });

export const Relation = z
  .object({ from: EventId, to: EventId, ordinal: z.int(), score: z.number(), evidence: z.array(Evidence) })
  .meta({ id: 'Relation' });

export const Lookup = z
  .object({
    url: z.string().describe('As asked.'),
    canonicalUrl: z.string(),
    source: Source,
    events: z.array(EventReference),
  })
  .meta({ id: 'Lookup' });

export const Related = z
  .object({
    to: z.union([z.object({ url: z.string(), events: z.array(EventId) }), z.object({ text: z.string() })]),
    items: z.array(z.object({ ...ListedEvent.shape, score: z.number(), evidence: z.array(Evidence) })),
  })
  .meta({ id: 'Related' });

export const Change = z
  .object({
    seq: z.int(),
    at: Instant,
    noun: z.enum(CHANGED_NOUNS),
    id: z.string(),
    kind: z.enum(CHANGE_KINDS).describe('`withdrawn` and `merged` are tombstones.'),
    day: Day.nullable(),
    path: z.string().nullable().describe('The page that shows it, without extension.'),
  })
  .meta({ id: 'Change' });

export const Changes = z
  .object({ items: z.array(Change), last: z.int().describe('Give it as `after` the next time.'), more: z.boolean() })
  .meta({ id: 'Changes' });

export const Problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    errors: z.array(z.object({ parameter: z.string(), message: z.string() })).optional(),
  })
  .loose()
  .meta({ id: 'Problem', description: 'RFC 9457.' });

/** A part of a list; give `next` as `after` for the part behind it. */
export const listOf = <Item extends z.ZodType>(item: Item) =>
  z.object({ items: z.array(item), next: z.string().nullable().describe('Give it as `after`; null at the end.') });
