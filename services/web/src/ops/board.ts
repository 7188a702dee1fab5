import { auditStore } from '@throughline/db';
import type { Operation } from '@throughline/pipeline';
import { Hono, type Context } from 'hono';
import type { Asker } from './operator.ts';

/** Where every job can be seen as it is in the queue. */
export const BOARD_PATH = '/ops/jobs';

/** The board's own page has styles in its elements; its scripts are files, and nothing is loaded from elsewhere. */
const POLICY = [
  "default-src 'none'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "script-src 'self'",
  "connect-src 'self'",
  "base-uri 'self'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Answers for the board: with all its buttons for who may act, and for others to look at. */
export type Board = (c: Context, asker: Asker) => Promise<Response>;

/**
 * The board of the queue's library over its own queues; undefined where the
 * queue has none, as in memory. It is loaded when somebody first looks at it.
 * What is done there is written down.
 */
export function createBoard({ queue, db }: Pick<Operation, 'queue' | 'db'>): Board | undefined {
  const { raw } = queue;
  if (raw === undefined) return undefined;
  const audit = auditStore(db);
  const loaded = new Map<boolean, Promise<Hono>>();
  const appFor = (mayAct: boolean): Promise<Hono> => {
    const known = loaded.get(mayAct) ?? load(raw, mayAct);
    loaded.set(mayAct, known);
    known.catch(() => loaded.delete(mayAct));
    return known;
  };
  return async (c, asker) => {
    const app = await appFor(asker.mayAct);
    const response = await app.fetch(c.req.raw);
    if (c.req.method !== 'GET' && response.ok) {
      await audit.add(asker.name, `${c.req.method} on the board`, new URL(c.req.url).pathname);
    }
    const headers = new Headers(response.headers);
    const isPage = headers.get('Content-Type')?.startsWith('text/html') ?? false;
    headers.set('Content-Security-Policy', POLICY);
    if (!new URL(c.req.url).pathname.startsWith(`${BOARD_PATH}/static/`)) headers.set('Cache-Control', 'no-store');
    return new Response(isPage ? withoutOthers(await response.text()) : response.body, {
      status: response.status,
      headers,
    });
  };
}

/** The page without what it would load from elsewhere: fonts that the reader's machine has others for. */
const withoutOthers = (html: string): string => html.replace(/<link\b[^>]*href="https?:[^>]*>/g, '');

async function load(queues: readonly unknown[], mayAct: boolean): Promise<Hono> {
  const [{ createBullBoard }, { BullMQAdapter }, { HonoAdapter }, { serveStatic }] = await Promise.all([
    import('@bull-board/api'),
    import('@bull-board/api/bullMQAdapter'),
    import('@bull-board/hono'),
    import('@hono/node-server/serve-static'),
  ]);
  const server = new HonoAdapter(serveStatic).setBasePath(BOARD_PATH);
  createBullBoard({
    queues: queues.map(
      (queue) => new BullMQAdapter(queue as ConstructorParameters<typeof BullMQAdapter>[0], { readOnlyMode: !mayAct }),
    ),
    serverAdapter: server,
    options: { uiConfig: { boardTitle: 'Throughline jobs', hideRedisDetails: true } },
  });
  return new Hono().route(BOARD_PATH, server.registerPlugin());
}
