import {
  articleStore,
  catalogueStore,
  changeStore,
  entityStore,
  eventStore,
  pageStore,
  siteStore,
  subscriptionStore,
  type Database,
} from '@throughline/db';
import { captureJob, openArchive } from '@throughline/pipeline';
import type { Site } from '@throughline/publish';
import { request, type Backend } from '@throughline/queue';
import type { Context, Hono } from 'hono';
import type { z } from 'zod';
import { answer } from '../answer.ts';
import { preferredFormat } from '../negotiate.ts';
import { llmsText } from '../mcp/llms-text.ts';
import { addMcp } from '../mcp/server.ts';
import { askerOf, type OperatorOptions } from '../ops/operator.ts';
import { sendChanges } from './change-stream.ts';
import { addFeeds } from './feeds.ts';
import { openApiOf } from './openapi.ts';
import type { ApiContext, Operation } from './operation.ts';
import { listChanges, Seq } from './operations/changes.ts';
import { operations } from './operations/index.ts';
import { ApiProblem } from './problem.ts';

export interface ApiOptions extends OperatorOptions {
  db: Database;
  queue: Pick<Backend, 'enqueue'>;
  /** This program's version. */
  version: string;
  now: () => number;
  /** Aborts when the service ends: open streams are let go. */
  ending: AbortSignal;
}

const CACHE = 'public, max-age=30';
const OPEN = { 'Access-Control-Allow-Origin': '*', Vary: 'Accept' };
const MAX_BODY_BYTES = 64 * 1_024;

/** What the operations work with, over a database. */
export function apiContext({ db, queue, now }: Pick<ApiOptions, 'db' | 'queue' | 'now'>, site: Site): ApiContext {
  const events = eventStore(db);
  return {
    site,
    pages: siteStore(db),
    catalogue: catalogueStore(db),
    changes: changeStore(db),
    subscriptions: subscriptionStore(db),
    articles: articleStore(db),
    revisions: pageStore(db),
    events,
    entities: entityStore(db),
    archive: openArchive(events),
    captureHost: (host) => queue.enqueue([request(captureJob, { host })]),
    now,
  };
}

/** The API under `/v1`, described at `/v1/openapi.json`. */
export function addApi(app: Hono, site: Site, options: ApiOptions): ApiContext {
  const context = apiContext(options, site);
  const description = `${JSON.stringify(openApiOf(operations, site, options.version), undefined, 2)}\n`;
  app.get('/v1/openapi.json', (c) =>
    answer(c, { mediaType: 'application/json', body: description, cache: CACHE, headers: OPEN }),
  );
  app.get('/v1/changes', async (c, next) => {
    if (!/\btext\/event-stream\b/i.test(c.req.header('Accept') ?? '')) return next();
    const after = Seq.safeParse(c.req.header('Last-Event-ID') || c.req.query('after') || '0');
    if (!after.success)
      return problem(c, badParameters([{ parameter: 'after', message: 'give the number of a change' }]));
    return sendChanges(c, after.data, context.changes, options.ending);
  });
  for (const operation of operations) {
    const path = operation.path.replace(/\{(\w+)\}/g, ':$1');
    app.on(operation.method.toUpperCase(), path, (c) => perform(c, operation, context, options));
  }
  addFeeds(app, site, context.catalogue);
  addMcp(app, context, options.version);
  const llms = llmsText(site);
  app.get('/llms.txt', (c) => answer(c, { mediaType: 'text/plain', body: llms, cache: CACHE, headers: OPEN }));
  app.all('/v1/*', (c) => unknownPath(c));
  app.all('/v1', (c) => c.redirect('/v1/openapi.json', 303));
  return context;
}

async function perform(c: Context, operation: Operation, context: ApiContext, options: ApiOptions): Promise<Response> {
  try {
    if (operation.operator && !(askerOf(c, options)?.mayAct ?? false)) throw operatorsOnly();
    const page = pageInstead(c, operation);
    if (page) return page;
    const input = { parameters: parametersOf(c, operation), body: await bodyOf(c, operation) };
    const result = await operation.run(input as never, context);
    const { status = 200, method } = operation;
    const next = (result as { next?: unknown } | undefined)?.next;
    return await answer(c, {
      status,
      mediaType: 'application/json',
      body: `${JSON.stringify(result)}\n`,
      cache: method === 'get' && !operation.operator && operation !== listChanges ? CACHE : 'no-store',
      headers: { ...(operation.operator ? {} : OPEN), ...(typeof next === 'string' && { Link: nextLink(c, next) }) },
    });
  } catch (error) {
    if (error instanceof ApiProblem) return problem(c, error);
    throw error;
  }
}

/** The parameters of path and query, each once. Throws `ApiProblem` that names every wrong one. */
function parametersOf(c: Context, { parameters }: Operation): unknown {
  const given = c.req.queries();
  const twice = Object.entries(given).filter(([, values]) => values.length > 1);
  if (twice.length > 0)
    throw badParameters(twice.map(([parameter]) => ({ parameter, message: 'was given more than once' })));
  const query = Object.fromEntries(Object.entries(given).map(([name, [value]]) => [name, value]));
  const read = parameters.safeParse({ ...query, ...c.req.param() });
  if (read.success) return read.data;
  throw badParameters(errorsOf(read.error));
}

async function bodyOf(c: Context, { body }: Operation): Promise<unknown> {
  if (!body) return undefined;
  if (!/^application\/json\b/i.test(c.req.header('Content-Type') ?? '')) {
    throw new ApiProblem(415, 'Not JSON', 'Send the body as application/json.');
  }
  const text = await boundedText(c);
  const read = body.safeParse(jsonOf(text));
  if (read.success) return read.data;
  throw badParameters(errorsOf(read.error));
}

/** The body, unless it is longer than what any operation takes. */
async function boundedText(c: Context): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of (c.req.raw.body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) throw new ApiProblem(413, 'Too long', `A body has at most ${MAX_BODY_BYTES} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ApiProblem(400, 'Not JSON', 'The body is no JSON.');
  }
}

const errorsOf = (error: z.ZodError) =>
  error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((parameter) => ({ parameter, message: 'is not known here' }))
      : [{ parameter: issue.path.join('.'), message: issue.message }],
  );

function badParameters(errors: readonly { parameter: string; message: string }[]): ApiProblem {
  const named = errors.map(({ parameter, message }) => `${parameter}: ${message}`).join('; ');
  return new ApiProblem(400, 'Wrong parameters', `${named}.`, { errors });
}

const operatorsOnly = (): ApiProblem =>
  new ApiProblem(401, 'Operators only', 'Send the operator token: Authorization: Bearer <THROUGHLINE_OPERATOR_TOKEN>.');

/** An event or a day as a reader's page, where that is what the client would rather have. */
function pageInstead(c: Context, { id }: Operation): Response | undefined {
  const accept = c.req.header('Accept') ?? '';
  if (id !== 'getEvent' && id !== 'getDay') return undefined;
  if (accept === '' || /\bjson\b|\*\/\*/i.test(accept)) return undefined;
  const ext = preferredFormat(accept);
  if (ext === 'json' || c.req.query('as_of') !== undefined) return undefined;
  const [, , , key = ''] = c.req.path.split('/');
  const to = id === 'getEvent' ? `/events/${key}.${ext}` : dayPathOf(key, ext);
  return to === undefined ? undefined : c.redirect(to, 303);
}

function dayPathOf(day: string, ext: string): string | undefined {
  const [, year, month, dayOfMonth] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(day) ?? [];
  return year === undefined ? undefined : `/news/${year}/${month}/${Number(dayOfMonth)}/index.${ext}`;
}

function nextLink(c: Context, next: string): string {
  const url = new URL(c.req.url);
  url.searchParams.set('after', next);
  return `<${url.pathname}${url.search}>; rel="next"`;
}

function unknownPath(c: Context): Promise<Response> {
  const path = new URL(c.req.url).pathname;
  const isOf = ({ path: pattern }: Operation) => new RegExp(`^${pattern.replace(/\{\w+\}/g, '[^/]+')}$`).test(path);
  const methods = [...new Set(operations.filter(isOf).map(({ method }) => method.toUpperCase()))];
  if (methods.length === 0) {
    return problem(
      c,
      new ApiProblem(404, 'Nothing here', 'The API has no such path: /v1/openapi.json lists all of them.'),
    );
  }
  const allowed = methods.includes('GET') ? [...methods, 'HEAD'] : methods;
  const detail = `${c.req.method} is not possible here, but ${allowed.join(', ')}.`;
  return problem(c, new ApiProblem(405, 'Method not allowed', detail), { Allow: allowed.join(', ') });
}

function problem(
  c: Context,
  { status, title, message, errors, facts }: ApiProblem,
  headers: Record<string, string> = {},
): Promise<Response> {
  const body = { type: 'about:blank', title, status, detail: message, ...(errors.length > 0 && { errors }), ...facts };
  return answer(c, {
    status,
    mediaType: 'application/problem+json',
    body: `${JSON.stringify(body, undefined, 2)}\n`,
    cache: status === 404 ? 'public, max-age=30' : 'no-store',
    headers: { ...OPEN, ...(status === 401 && { 'WWW-Authenticate': 'Bearer' }), ...headers },
  });
}
