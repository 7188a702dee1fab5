import { EventId, type Day } from '@throughline/core';
import {
  absolute,
  FAVICON,
  feeds,
  formatOf,
  parsePath,
  pathOf,
  type Extension,
  type Format,
  type Place,
  type Problem,
  type Site,
} from '@throughline/publish';
import type { Context, Hono } from 'hono';
import { answer, prepare, send, type Answer } from './answer.ts';
import { addCollections, type Elsewhere } from './collections.ts';
import { feedHeaders } from './feed-headers.ts';
import { preferredEncoding, preferredFormat } from './negotiate.ts';
import { type Drawn, type PageCache } from './page-cache.ts';
import { pathnameOf, problemAnswer } from './problems.ts';
import type { SiteReader } from './reader.ts';
import { pageKey } from './kept-pages.ts';
import { shownOnDay, shownOnEvent } from './shown.ts';
import { addSitemaps } from './sitemaps.ts';

/** Pages change at any time, so caches ask again soon; while they do, they may show what they have. */
const PAGE_CACHE = 'public, max-age=30, stale-while-revalidate=300';
const REDIRECT_CACHE = 'public, max-age=3600';
const FILE_CACHE = 'public, max-age=86400';

const FEED_ITEMS = 50;

/** A search is endless, and what it finds has pages of its own. */
const ROBOTS = 'User-agent: *\nDisallow: /search\nAllow: /\n';

/** Programs of other sites may read what is public anyway. */
const OPEN = { 'Access-Control-Allow-Origin': '*' };

/** What is at a place: a text, another place, or nothing. */
type Found = { kind: 'text'; body: string; status: 200 | 410; shows?: readonly string[] | undefined } | Elsewhere;

/** The paths of the site: front page, days, events, feeds, and where an event's id leads. */
export function addPages(app: Hono, reader: SiteReader, site: Site, cache: PageCache | undefined): void {
  app.get('/robots.txt', (c) =>
    answer(c, {
      mediaType: 'text/plain',
      body: `${ROBOTS}Sitemap: ${absolute(site, '/sitemap.xml')}\n`,
      cache: FILE_CACHE,
    }),
  );
  app.get('/favicon.svg', (c) => answer(c, { mediaType: 'image/svg+xml', body: FAVICON, cache: FILE_CACHE }));
  for (const feed of feeds) {
    app.get(feed.path, (c) =>
      answerFrom(c, site, cache, async () => {
        const latest = await reader.latest(FEED_ITEMS);
        const headers = feedHeaders(latest, feed, site);
        return { mediaType: feed.mediaType, body: feed.render(latest, site), cache: PAGE_CACHE, headers };
      }),
    );
  }
  const context = {
    reader,
    site,
    answerFrom: (c: Context, make: () => Promise<Answer | Elsewhere>, key: string) =>
      answerFrom(c, site, cache, make, key),
  };
  addCollections(app, context);
  addSitemaps(app, context);
  app.get('/events/:id', (c) => permanentLink(c, reader, site));
  app.get('*', async (c, next) => {
    const place = parsePath(pathnameOf(c));
    if (!place) return next();
    const right = pathOf(place);
    return right === pathnameOf(c) ? page(c, place, reader, site, cache) : redirect(c, 301, right);
  });
}

async function permanentLink(c: Context, reader: SiteReader, site: Site): Promise<Response> {
  const [, name = '', extension] = /^(.*?)(?:\.(html|md|json|xml))?$/.exec(c.req.param('id') ?? '') ?? [];
  const id = EventId.safeParse(name.toLowerCase());
  const place = id.success ? await reader.eventById(id.data) : undefined;
  if (!place) return problemAnswer(c, site, { status: 404, title: 'No such event', detail: 'No event has this id.' });
  const ext = (extension as Extension | undefined) ?? preferredFormat(c.req.header('Accept'));
  return redirect(c, 303, pathOf({ kind: 'event', day: place.day, slug: place.slug, ext }), { Vary: 'Accept' });
}

function page(
  c: Context,
  place: Place,
  reader: SiteReader,
  site: Site,
  cache: PageCache | undefined,
): Promise<Response> {
  const format = formatOf(place.ext ?? preferredFormat(c.req.header('Accept')));
  const negotiated = place.ext ? {} : { Vary: 'Accept', 'Content-Location': pathOf({ ...place, ext: format.name }) };
  const headers = { ...(format.name !== 'html' && OPEN), ...negotiated };
  const make = async (): Promise<Answer | Elsewhere> => {
    const found = await find(place, format, reader, site);
    if (found.kind !== 'text') return found;
    const { status, body, shows } = found;
    return { status, mediaType: format.mediaType, body, cache: PAGE_CACHE, headers, ...(shows && { shows }) };
  };
  return answerFrom(c, site, cache, make, place.ext ? '' : format.name);
}

/** Answers from the cache where it can; else makes the answer, and keeps it where it is a page. */
async function answerFrom(
  c: Context,
  site: Site,
  cache: PageCache | undefined,
  make: () => Promise<Answer | Elsewhere>,
  variant = '',
): Promise<Response> {
  const encoding = preferredEncoding(c.req.header('Accept-Encoding'));
  const draw = async (): Promise<Drawn | Elsewhere> => {
    const result = await make();
    if ('kind' in result) return result;
    return { prepared: await prepare(result, encoding), ...(result.shows && { shows: result.shows }) };
  };
  const key = pageKey(pathnameOf(c), encoding, variant);
  const made = cache ? await cache.page(key, draw) : await draw();
  if ('prepared' in made) return send(c, made.prepared);
  if (!('kind' in made)) return send(c, made);
  return made.kind === 'moved' ? redirect(c, 301, made.to) : problemAnswer(c, site, made.problem);
}

async function find(place: Place, format: Format, reader: SiteReader, site: Site): Promise<Found> {
  switch (place.kind) {
    case 'front':
      return { kind: 'text', status: 200, body: format.front(await reader.front(), site) };
    case 'day': {
      const day = await reader.day(place.day);
      if (!day) return { kind: 'missing', problem: noDay(place.day) };
      return { kind: 'text', status: 200, body: format.day(day, site), shows: shownOnDay(day) };
    }
    case 'event': {
      const event = await reader.event(place.day, place.slug);
      switch (event.kind) {
        case 'found':
          return { kind: 'text', status: 200, body: format.event(event.page, site), shows: shownOnEvent(event.page) };
        case 'moved':
          return { kind: 'moved', to: pathOf({ ...place, day: event.day, slug: event.slug }) };
        case 'gone':
          return { kind: 'text', status: 410, body: format.gone(event.page, event.at, site) };
        case 'missing':
          return { kind: 'missing', problem: noEvent(place.day) };
      }
    }
  }
}

const noDay = (day: Day): Problem => ({
  status: 404,
  title: 'No events of this day',
  detail: `No event of ${day} is known.`,
});

const noEvent = (day: Day): Problem => ({
  status: 404,
  title: 'No such event',
  detail: `No event of ${day} has, or had, this address. The day’s own page, ${pathOf({ kind: 'day', day })}, lists all of them.`,
});

function redirect(c: Context, status: 301 | 303, to: string, headers: Record<string, string> = {}): Response {
  for (const [name, value] of Object.entries({ 'Cache-Control': REDIRECT_CACHE, ...headers })) c.header(name, value);
  return c.redirect(to, status);
}
