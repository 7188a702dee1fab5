import type { Site } from '@throughline/publish';
import { Hono } from 'hono';
import { answer } from './answer.ts';
import { pageCache, type PageCache } from './page-cache.ts';
import { addPages } from './pages.ts';
import { pathnameOf, pathProblem, problemAnswer } from './problems.ts';
import type { SiteReader } from './reader.ts';
import { securityHeaders } from './security.ts';

/** The part of a pino logger that the web service uses. */
export interface WebLog {
  info(facts: object, message: string): void;
  error(facts: object, message: string): void;
}

export interface AppOptions {
  /** Where readers find the site, as `https://news.example`; goes into canonical links, feeds and citations. */
  publicUrl: string;
  name?: string;
  /** A WebSub hub that is told of its feeds. */
  hub?: string;
  log?: WebLog;
  /** Further entries of the navigation. */
  navigation?: Site['navigation'];
  /** Adds routes before the site's own: API, search, dashboard. */
  extend?: (app: Hono, site: Site) => void;
}

const HEALTH_TIMEOUT_MS = 3_000;

/** What the pages of a service know of it. Throws where `publicUrl` is no URL. */
export const siteOf = ({
  publicUrl,
  name,
  hub,
  navigation,
}: Pick<AppOptions, 'publicUrl' | 'name' | 'hub' | 'navigation'>): Site => ({
  name: name ?? 'Throughline',
  origin: new URL(publicUrl).origin,
  ...(hub !== undefined && { hub }),
  ...(navigation && { navigation }),
});

/** The whole web service as a function from request to response. Reads through `reader` alone. */
export const createApp = (reader: SiteReader, options: AppOptions): Hono => createSite(reader, options).app;

/** The web service with the pages that it keeps; without news from `reader` it keeps none. */
export function createSite(reader: SiteReader, options: AppOptions): { app: Hono; pages?: PageCache } {
  const pages = reader.news && pageCache((after) => reader.news?.(after) ?? Promise.reject(new Error('no news')));
  const site = siteOf(options);
  const app = new Hono();
  app.use(securityHeaders);
  app.use(async (c, next) => {
    const problem = pathProblem(pathnameOf(c));
    return problem ? problemAnswer(c, site, problem) : next();
  });
  app.get('/healthz', async (c) => {
    const health = await withTimeout(reader.health(), HEALTH_TIMEOUT_MS);
    const body = `${JSON.stringify(health)}\n`;
    return answer(c, { status: health.ok ? 200 : 503, mediaType: 'application/json', body, cache: 'no-store' });
  });
  options.extend?.(app, site);
  addPages(app, reader, site, pages);
  addFallbacks(app, site, options.log);
  return { app, ...(pages && { pages }) };
}

function addFallbacks(app: Hono, site: Site, log: WebLog | undefined): void {
  app.notFound((c) => {
    if (c.req.method === 'GET' || c.req.method === 'HEAD') {
      return problemAnswer(c, site, {
        status: 404,
        title: 'Nothing here',
        detail: 'There is no page at this address.',
      });
    }
    const detail = `${c.req.method} is not possible here: pages are read with GET or HEAD.`;
    return problemAnswer(c, site, { status: 405, title: 'Method not allowed', detail }, { Allow: 'GET, HEAD' });
  });
  app.onError((error, c) => {
    log?.error({ err: error, method: c.req.method, path: pathnameOf(c) }, 'a request failed');
    const detail = 'Something went wrong on our side. It has been noted; please try again in a moment.';
    return problemAnswer(c, site, { status: 500, title: 'This did not work', detail });
  });
}

/** A health check that hangs is an answer too. */
async function withTimeout<T extends { ok: boolean }>(
  health: Promise<T>,
  timeoutMs: number,
): Promise<T | { ok: boolean; reason: string }> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<{ ok: boolean; reason: string }>((resolve) => {
    timer = setTimeout(() => resolve({ ok: false, reason: `no answer within ${timeoutMs} ms` }), timeoutMs);
  });
  const failed = (): { ok: boolean; reason: string } => ({ ok: false, reason: 'the check itself failed' });
  try {
    return await Promise.race([health.catch(failed), late]);
  } finally {
    clearTimeout(timer);
  }
}
