import { lightsOf, type Light } from '@throughline/core';
import {
  alarmStore,
  auditStore,
  controlStore,
  failureStore,
  operationStore,
  runStore,
  throughputStore,
} from '@throughline/db';
import { healthFacts, type Operation } from '@throughline/pipeline';
import { STYLE, type Site } from '@throughline/publish';
import { metrics, showLights, showQueues } from '@throughline/runtime';
import type { Context, Hono } from 'hono';
import { deleteCookie, setCookie } from 'hono/cookie';
import { answer } from '../answer.ts';
import { isDecodable, pathnameOf, problemAnswer } from '../problems.ts';
import { contentSecurityPolicy } from '../security.ts';
import { act, Refused } from './actions.ts';
import { BOARD_PATH, createBoard } from './board.ts';
import { LIVE_SCRIPT, sendLive } from './live.ts';
import {
  askerOf,
  isOwnForm,
  isToken,
  SESSION_COOKIE,
  sessionOf,
  type Asker,
  type OperatorOptions,
} from './operator.ts';
import { renderOps } from './page.tsx';
import { sharedLook, type SharedLook } from './shared-look.ts';
import { renderSignIn } from './sign-in.tsx';
import { OPS_STYLE } from './style.ts';
import type { Look, View } from './view.ts';
import { views } from './views/index.ts';
import { LAST_DAY, LAST_MONTH, sparkFrom } from './views/spark.tsx';

export interface OpsOptions extends OperatorOptions {
  operation: Operation;
  /** Aborts when the service ends: open streams are let go. */
  ending: AbortSignal;
}

const FRESH_MS = 400;
/** Who opens the dashboard does not wait for figures as long as these are no older. */
const STALE_MS = 10_000;
const SESSION_SECONDS = 30 * 86_400;
const MAX_FORM_BYTES = 64 * 1_024;

const POLICY = contentSecurityPolicy({ styles: [STYLE + OPS_STYLE], scripts: true });

/** The operator's dashboard under `/ops`, and `/readyz`. */
export function addOps(app: Hono, site: Site, options: OpsOptions): { lights: () => Promise<Light[]> } {
  const looks = sharedLooks(options.operation);
  app.get('/readyz', async (c) => {
    const [lights, { queue }] = await Promise.all([looks.lights(), looks.facts()]);
    // A queue that falls behind is still one that answers.
    const ready = !('failure' in queue) && !lights.some(({ name, level }) => name === 'database' && level === 'bad');
    const body = `${JSON.stringify({ ready, lights })}\n`;
    return answer(c, { status: ready ? 200 : 503, mediaType: 'application/json', body, cache: 'no-store' });
  });
  app.get('/ops/live.js', (c) => answer(c, { mediaType: 'text/javascript', body: LIVE_SCRIPT, cache: 'no-cache' }));
  addSigning(app, site, options);
  showQueues(async () => {
    const { queue } = await looks.facts();
    return 'failure' in queue ? {} : Object.fromEntries(queue.stages.map((stage) => [stage.stage, stage]));
  });
  showLights(looks.lights);
  app.get('/metrics', async (c) => {
    if (askerOf(c, options) === undefined) return refuse(c, site);
    const body = await metrics.metrics();
    return answer(c, { mediaType: 'text/plain', body, cache: 'no-store' });
  });
  app.get('/ops/live', async (c) => {
    const asker = askerOf(c, options);
    if (asker === undefined) return refuse(c, site);
    const url = new URL(c.req.query('path') ?? '/ops', site.origin);
    const found = viewOf(url.pathname);
    if (found === undefined || !found.view.live) return c.notFound();
    const content = looks.content(`${asker.mayAct} ${url.pathname}${url.search}`, async () => {
      const look = lookFor(options.operation, looks, asker, url.searchParams, found.rest);
      return String((await found.view.render(look)) ?? '');
    });
    return sendLive(c, content, options.ending);
  });
  addBoard(app, site, options);
  for (const path of ['/ops', '/ops/*']) {
    app.get(path, (c) => show(c, site, options, looks));
    app.post(path, (c) => doAction(c, site, options, looks));
  }
  return { lights: looks.lights };
}

/** The queue's own board. */
function addBoard(app: Hono, site: Site, options: OpsOptions): void {
  const board = createBoard(options.operation);
  for (const path of [BOARD_PATH, `${BOARD_PATH}/*`]) {
    app.all(path, async (c) => {
      const asker = askerOf(c, options);
      if (asker === undefined) return refuse(c, site);
      if (c.req.method !== 'GET' && c.req.method !== 'HEAD') {
        if (!asker.mayAct) return refuse(c, site);
        if (!isOwnForm(c, site.origin)) return notOurs(c, site);
      }
      if (board !== undefined) return board(c, asker);
      const detail = 'This queue is in the memory of its process: its jobs are counted at /ops/queues.';
      return problemAnswer(c, site, { status: 404, title: 'No board', detail });
    });
  }
}

type Looks = ReturnType<typeof sharedLooks>;

const MOST_CONTENTS = 200;
const THROUGHPUT = { freshMs: 5_000, staleMs: 60_000 };
/** A month changes slowly and takes longer to add up. */
const MONTH = { freshMs: 60_000, staleMs: 600_000 };

/** One set of queries, however many look. */
function sharedLooks(operation: Operation) {
  const facts = sharedLook(() => healthFacts(operation), { freshMs: FRESH_MS, staleMs: STALE_MS });
  const lights = async () => lightsOf(await facts());
  const rollups = throughputStore(operation.db);
  const throughput = sharedLook(() => rollups.since(sparkFrom(LAST_DAY, operation.now()), LAST_DAY.stepMs), THROUGHPUT);
  const throughputOfMonth = sharedLook(
    () => rollups.counts(sparkFrom(LAST_MONTH, operation.now()), LAST_MONTH.stepMs),
    MONTH,
  );
  const contents = new Map<string, SharedLook<string>>();
  const content = (key: string, render: () => Promise<string>): SharedLook<string> => {
    const known = contents.get(key);
    if (known !== undefined) return known;
    const shared = sharedLook(render, { freshMs: FRESH_MS });
    if (contents.size >= MOST_CONTENTS) contents.delete(contents.keys().next().value ?? '');
    contents.set(key, shared);
    return shared;
  };
  const forget = (): void => {
    for (const look of [facts, throughput, throughputOfMonth, ...contents.values()]) look.forget();
  };
  return { facts, lights, throughput, throughputOfMonth, content, forget };
}

function lookFor(operation: Operation, looks: Looks, asker: Asker, query: URLSearchParams, rest: string): Look {
  const { db, now } = operation;
  return {
    now: now(),
    facts: looks.facts,
    lights: looks.lights,
    throughput: looks.throughput,
    throughputOfMonth: looks.throughputOfMonth,
    operation: operationStore(db),
    failures: failureStore(db),
    alarms: alarmStore(db),
    audit: auditStore(db),
    controls: controlStore(db),
    runs: runStore(db),
    mayAct: asker.mayAct,
    query,
    rest,
  };
}

function viewOf(pathname: string): { view: View; rest: string } | undefined {
  const path = pathname.replace(/\/$/, '');
  if (!isDecodable(path)) return undefined;
  const view = views.find((one) => path === one.path || (one.path !== '/ops' && path.startsWith(`${one.path}/`)));
  return view && { view, rest: decodeURIComponent(path.slice(view.path.length + 1)) };
}

async function show(c: Context, site: Site, options: OpsOptions, looks: Looks): Promise<Response> {
  const asker = askerOf(c, options);
  if (asker === undefined) return refuse(c, site);
  const { searchParams } = new URL(c.req.url);
  const found = viewOf(pathnameOf(c));
  const look = found && lookFor(options.operation, looks, asker, searchParams, found.rest);
  const content = look && (await found.view.render(look));
  if (found === undefined || content === undefined) {
    return problemAnswer(c, site, { status: 404, title: 'Nothing here', detail: 'The dashboard has no such view.' });
  }
  const body = renderOps(site, {
    path: found.rest === '' ? found.view.path : `${found.view.path}/${found.rest}`,
    title: found.view.title({ rest: found.rest }),
    asker,
    live: found.view.live,
    said: searchParams.get('said') ?? undefined,
    content,
  });
  return page(c, body);
}

async function doAction(c: Context, site: Site, options: OpsOptions, looks: Looks): Promise<Response> {
  const asker = askerOf(c, options);
  if (asker === undefined || !asker.mayAct) return refuse(c, site);
  if (!isOwnForm(c, site.origin)) return notOurs(c, site);
  const form = await formOf(c);
  try {
    const done = await act(pathnameOf(c), {
      db: options.operation.db,
      queue: options.operation.queue,
      operator: asker.name,
      form,
    });
    looks.forget();
    if (done === undefined) {
      return await problemAnswer(c, site, { status: 404, title: 'Nothing here', detail: 'There is no such action.' });
    }
    const back = new URL(done.path, site.origin);
    back.searchParams.set('said', done.says);
    return c.redirect(`${back.pathname}${back.search}`, 303);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return problemAnswer(c, site, { status: 400, title: 'That cannot be done', detail: `${error.message}.` });
  }
}

function addSigning(app: Hono, site: Site, options: OpsOptions): void {
  app.get('/ops/sign-in', (c) => page(c, renderSignIn(site, { isOpen: options.token !== undefined, failed: false })));
  app.post('/ops/sign-in', async (c) => {
    const token = (await formOf(c)).get('token') ?? '';
    if (!isOwnForm(c, site.origin) || !isToken(token, options)) {
      return page(c, renderSignIn(site, { isOpen: options.token !== undefined, failed: true }), 403);
    }
    setCookie(c, SESSION_COOKIE, sessionOf(token), {
      path: '/ops',
      httpOnly: true,
      sameSite: 'Strict',
      secure: new URL(c.req.url).protocol === 'https:' || site.origin.startsWith('https:'),
      maxAge: SESSION_SECONDS,
    });
    return c.redirect('/ops', 303);
  });
  app.post('/ops/sign-out', (c) => {
    deleteCookie(c, SESSION_COOKIE, { path: '/ops' });
    return c.redirect('/ops', 303);
  });
}

async function formOf(c: Context): Promise<URLSearchParams> {
  const length = Number(c.req.header('Content-Length') ?? 0);
  if (length > MAX_FORM_BYTES) return new URLSearchParams();
  return new URLSearchParams((await c.req.text()).slice(0, MAX_FORM_BYTES));
}

const notOurs = (c: Context, site: Site): Promise<Response> =>
  problemAnswer(c, site, {
    status: 403,
    title: 'Not from here',
    detail: 'This form was sent from another site. Open the dashboard and try there.',
  });

const refuse = (c: Context, site: Site): Promise<Response> =>
  problemAnswer(
    c,
    site,
    {
      status: 401,
      title: 'Operators only',
      detail: 'Sign in at /ops/sign-in with the operator token (THROUGHLINE_OPERATOR_TOKEN).',
    },
    { 'WWW-Authenticate': 'Bearer' },
  );

const page = (c: Context, body: string, status = 200): Promise<Response> =>
  answer(c, {
    status,
    mediaType: 'text/html',
    body,
    cache: 'no-store',
    headers: { 'Content-Security-Policy': POLICY },
  });
