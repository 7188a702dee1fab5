import type {
  ArticleStore,
  CatalogueStore,
  ChangeStore,
  EntityStore,
  EventStore,
  PageStore,
  SiteStore,
  SubscriptionStore,
} from '@throughline/db';
import type { Archive } from '@throughline/pipeline';
import type { Site } from '@throughline/publish';
import { z } from 'zod';

/** What the operations work with. */
export interface ApiContext {
  site: Site;
  pages: Pick<SiteStore, 'page' | 'day'>;
  catalogue: CatalogueStore;
  changes: ChangeStore;
  subscriptions: SubscriptionStore;
  articles: ArticleStore;
  revisions: Pick<PageStore, 'revisions'>;
  events: EventStore;
  entities: EntityStore;
  /** The whole archive in memory; filled when it is first needed. */
  archive: Archive;
  /** Asks for a host's articles to be captured. */
  captureHost: (host: string) => Promise<void>;
  /** Milliseconds since the epoch. */
  now: () => number;
}

/** One operation of the API: its parameters and answer as schemas, and what it does. */
export interface Operation {
  /** Unique: the `operationId`. */
  id: string;
  method: 'get' | 'post' | 'delete';
  /** With `{name}` for parameters of the path. */
  path: string;
  summary: string;
  /** Of path and query together. */
  parameters: z.ZodObject;
  body?: z.ZodType;
  answer: z.ZodType;
  /** 200 unless given. */
  status?: number;
  /** Whether only an operator may ask. */
  operator?: boolean;
  /** Values with which it can be tried, where the schema gives none. */
  run: (input: never, context: ApiContext) => Promise<unknown>;
}

interface Definition<P extends z.ZodObject, B extends z.ZodType, A extends z.ZodType> extends Omit<Operation, 'run'> {
  parameters: P;
  body?: B;
  answer: A;
  run: (input: { parameters: z.output<P>; body: z.output<B> }, context: ApiContext) => Promise<z.input<A>>;
}

/** An operation whose input and answer the compiler holds to their schemas. */
export const defineOperation = <P extends z.ZodObject, A extends z.ZodType, B extends z.ZodType = z.ZodUndefined>(
  definition: Definition<P, B, A>,
): Operation => definition;

export const MAX_LIMIT = 100;

/** The parameters of every list. */
export const slice = {
  after: z.string().max(1_000).optional().describe('The `next` of the answer before; without it the list begins.'),
  limit: z.coerce.number<string>().int().min(1).max(MAX_LIMIT).default(20).describe('How many at most.'),
};
