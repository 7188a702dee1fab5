import { CATEGORIES, type GoneStory } from '@throughline/core';
import {
  archivePath,
  categoryPath,
  collectionPath,
  entityPath,
  isAsked,
  renderArchivePage,
  renderCollectionPage,
  renderSearchPage,
  renderStoryPage,
  renderYearPage,
  searchPath,
  storyPath,
  yearPath,
  type Problem,
  type Site,
} from '@throughline/publish';
import type { Context, Hono } from 'hono';
import type { Answer } from './answer.ts';
import { pathnameOf } from './problems.ts';
import type { SiteReader } from './reader.ts';
import { searchQuery } from './search-query.ts';

/** Another place, or nothing. */
export type Elsewhere = { kind: 'moved'; to: string } | Missing;

interface Missing {
  kind: 'missing';
  problem: Problem;
}

/** A page, with the path that is its own. */
interface Drawn {
  path: string;
  body: string;
}

export interface CollectionsContext {
  reader: SiteReader;
  site: Site;
  /** Sends what `make` makes, or what is kept of it under `key` and the request's path. */
  answerFrom: (c: Context, make: () => Promise<Answer | Elsewhere>, key: string) => Promise<Response>;
}

const HITS = 20;
const CACHE = 'public, max-age=30, stale-while-revalidate=300';

/** Search, and the pages of what events have in common: entities, topics, categories, stories, years. */
export function addCollections(app: Hono, { reader, site, answerFrom }: CollectionsContext): void {
  app.get('/search', (c) => {
    const { query, notes } = searchQuery(new URL(c.req.url).searchParams);
    const make = async (): Promise<Answer> => {
      const found = isAsked(query) ? await reader.search(query, HITS) : undefined;
      return answerOf(renderSearchPage({ query, notes, ...(found && { found }) }, site));
    };
    return answerFrom(c, make, `${searchPath(query)} ${notes.join(' ')}`);
  });
  for (const [path, draw] of Object.entries(drawers(reader, site))) {
    app.get(path, (c) => {
      const name = (c.req.param('file') ?? '').replace(/\.html$/, '');
      return answerFrom(c, async () => settled(await draw(name), pathnameOf(c)), '');
    });
  }
}

/** By path: what draws the page of a name, or says why there is none. A string leads to another name. */
function drawers(
  reader: SiteReader,
  site: Site,
): Record<string, (name: string) => Promise<Drawn | Missing | string | undefined>> {
  return {
    '/entities/:file': async (name) => {
      const found = await reader.entity(name);
      if (found && 'movedTo' in found) return entityPath({ slug: found.movedTo });
      return found && { path: collectionPath(found.subject), body: renderCollectionPage(found, site) };
    },
    '/topics/:file': async (name) => {
      const id = Number(/^(\d{1,9})(?:-|$)/.exec(name)?.[1] ?? 0);
      const found = id > 0 ? await reader.topic(id) : undefined;
      return found && { path: collectionPath(found.subject), body: renderCollectionPage(found, site) };
    },
    '/categories/:file': async (name) => {
      const category = CATEGORIES.find((one) => one === name);
      const found = category && (await reader.category(category));
      return found && { path: categoryPath(category), body: renderCollectionPage(found, site) };
    },
    '/stories/:file': async (name) => {
      const found = await reader.story(name);
      if (found && 'movedTo' in found) return storyPath({ slug: found.movedTo });
      if (found && 'goneAt' in found) return { kind: 'missing', problem: goneStory(found) };
      return found && { path: storyPath(found), body: renderStoryPage(found, site) };
    },
    '/archive.html': async () => ({ path: archivePath(), body: renderArchivePage(await reader.calendar(), site) }),

    '/archive/:file': async (name) => {
      const calendar = await reader.calendar();
      if (!calendar.days.some(({ day }) => day.startsWith(`${name}-`) && name.length === 4)) return undefined;
      return { path: yearPath(name), body: renderYearPage(name, calendar, site) };
    },
  };
}

/** A page has one address: others that mean it lead there. */
function settled(drawn: Drawn | Missing | string | undefined, path: string): Answer | Elsewhere {
  if (drawn === undefined) return { kind: 'missing', problem: NOTHING };
  if (typeof drawn === 'string') return { kind: 'moved', to: drawn };
  if ('problem' in drawn) return drawn;
  return drawn.path === path ? answerOf(drawn.body) : { kind: 'moved', to: drawn.path };
}

const answerOf = (body: string): Answer => ({ mediaType: 'text/html', body, cache: CACHE });

const goneStory = ({ title, goneAt }: GoneStory): Problem => ({
  status: 410,
  title: 'No longer a story',
  detail: `No public event is in “${title}” since ${goneAt.slice(0, 10)}. The search at /search finds what its events became.`,
});

const NOTHING: Problem = {
  status: 404,
  title: 'Nothing of this name',
  detail: 'No public event is about this. The search at /search finds what is.',
};
