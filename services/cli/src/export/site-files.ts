import { dirname } from 'node:path';
import { CATEGORIES, type Day } from '@throughline/core';
import { catalogueStore, collectionStore, type Database, type ListedCollection } from '@throughline/db';
import {
  archivePath,
  categoryPath,
  dayPath,
  entityPath,
  eventPath,
  feedPathOf,
  feeds,
  formats,
  frontPath,
  storyPath,
  topicPath,
  yearPath,
  type Site,
} from '@throughline/publish';
import { progress } from '@throughline/runtime';
import { addFeeds, createApp, postgresReader } from '@throughline/web';
import { fileSet, type FileSet } from './file-set.ts';
import { LICENSE, readManifest, writeManifest, type Manifest } from './manifest.ts';
import { siteAt, type Exporting, type Span } from './walk.ts';

/** Pages that are drawn at the same time. */
const LANES = 6;

/** What no file can answer. */
const LEFT_OUT: Readonly<Record<string, string>> = {
  '/search': 'every question has an answer of its own, so there is no end of pages: a service has to answer',
  '/events/': 'an event’s address for life leads to where the event is now: a file cannot lead on',
  '/v1/': 'the API answers questions: a service has to',
};

/** Asks the site for what it shows at a path; undefined where it has no page. */
type Ask = (path: string) => Promise<string | undefined>;

interface Drawing extends Exporting {
  about: Site;
  ask: Ask;
  files: FileSet;
}

/**
 * Writes the pages of the site as files, byte for byte as the service answers
 * them, with a manifest of their checksums. Into a directory that has one, only
 * what may have changed since is drawn, only files that differ are written, and
 * those of what is gone are taken away. Of a part of the days it draws these
 * days and the collections that they name. Says how many of each.
 */
export async function exportSite(
  reading: Exporting,
  span: Span,
  { out, url }: { out: string; url: string },
): Promise<void> {
  const { terminal, seq, db, hub, report } = reading;
  const about = siteAt(url, hub);
  const before = await knownIn(out, about, terminal.version);
  const isWhole = span.from === undefined && span.to === undefined;
  const days = await daysToDraw(reading, span, before);
  const files = fileSet(out, before?.files ?? {});
  const drawing = { ...reading, about, ask: asking(db, about), files };
  const collections = await collectionsToDraw(drawing, days, isWhole);
  const bar = progress({
    label: 'export',
    total: days.length + collections.length,
    unit: 'days and collections',
    stream: terminal.progress,
  });
  let finished = 0;
  const told = async (): Promise<void> => {
    bar.advance(1);
    await report({ finished: ++finished, total: days.length + collections.length });
  };
  await inLanes(days, (day) => drawDay(drawing, day), told, terminal.interrupted);
  await inLanes(collections, (one) => drawCollection(drawing, one), told, terminal.interrupted);
  if (!terminal.interrupted.aborted) {
    await drawLists(drawing);
    await files.removeOthers(
      new Set([...days.map((day) => dirname(dayPath(day))), ...(isWhole ? LIST_DIRECTORIES : [])]),
    );
  }
  bar.done();
  // A part of the days, or of the work, says nothing of what else has changed: the next export begins where this one did.
  const isDone = isWhole && !terminal.interrupted.aborted;
  const asOf = isDone ? seq : (before?.seq ?? 0);
  await writeManifest(out, {
    format: 1,
    version: terminal.version,
    url: about.origin,
    ...(hub !== undefined && { hub }),
    seq: asOf,
    license: LICENSE,
    leftOut: LEFT_OUT,
    files: files.all(),
  });
  const { written, same, removed } = files.counts;
  terminal.error(
    `${written} files written, ${same} unchanged, ${removed} removed; ${days.length} days and ${collections.length} collections drawn\n`,
  );
}

/** The service itself, asked without a network. */
function asking(db: Database, { origin, hub }: Site): Ask {
  const app = createApp(postgresReader(db), {
    publicUrl: origin,
    ...(hub !== undefined && { hub }),
    extend: (routes, site) => addFeeds(routes, site, catalogueStore(db)),
  });
  return async (path) => {
    const response = await app.request(origin + path);
    if (response.status === 200) return response.text();
    if (response.status < 500) return undefined;
    throw new Error(`${path} was answered with ${response.status}`);
  };
}

/** An earlier export that this one can go on from: of the same program, for the same address and hub. */
async function knownIn(out: string, about: Site, version: string): Promise<Manifest | undefined> {
  const manifest = await readManifest(out);
  const isSame = manifest?.version === version && manifest.url === about.origin && manifest.hub === about.hub;
  return isSame ? manifest : undefined;
}

/** All of them, or those that may differ: a day that has lost its last event too. */
async function daysToDraw(
  { catalogue, days }: Exporting,
  { from, to }: Span,
  before: Manifest | undefined,
): Promise<Day[]> {
  if (!before || before.seq === 0) return days;
  const touched = await catalogue.daysTouched(before.seq);
  return touched.filter((day) => (from === undefined || day >= from) && (to === undefined || day <= to));
}

/** The directories of which all is known when everything was drawn. */
const LIST_DIRECTORIES = ['/', '/entities', '/topics', '/stories', '/categories', '/archive', '/sitemaps'];

const pathOf = (one: ListedCollection): string => {
  switch (one.kind) {
    case 'entity':
      return entityPath(one);
    case 'story':
      return storyPath(one);
    case 'topic':
      return topicPath(one.topic);
  }
};

const withFeeds = (path: string): string[] => [path, ...feeds.map((feed) => feedPathOf(path, feed))];

/** Those that name an event of the days, or have another number of events than before; the others' files stay. */
async function collectionsToDraw(
  { db, files }: Drawing,
  days: readonly Day[],
  isWhole: boolean,
): Promise<ListedCollection[]> {
  const isAsBefore = (one: ListedCollection): boolean => files.entry(pathOf(one))?.records === one.events;
  const listed = await collectionStore(db).listed(days);
  const [due, others] = [
    listed.filter((one) => one.isTouched || (isWhole && !isAsBefore(one))),
    listed.filter((one) => !one.isTouched && isAsBefore(one)),
  ];
  for (const one of others) files.leave(withFeeds(pathOf(one)));
  return due;
}

async function drawDay({ site, about, ask, files }: Drawing, day: Day): Promise<void> {
  const [page, events] = await Promise.all([site.day(day), site.pagesOf(day)]);
  for (const format of formats) {
    if (page) await files.keep(dayPath(day, format.name), format.day(page, about));
    for (const event of events)
      await files.keep(eventPath(event.day, event.slug, format.name), format.event(event, about));
  }
  if (page) await drawAll({ ask, files }, feedsOf(dayPath(day)));
}

const feedsOf = (path: string): string[] => withFeeds(path).slice(1);

async function drawCollection({ ask, files }: Drawing, one: ListedCollection): Promise<void> {
  const [path = '', ...own] = withFeeds(pathOf(one));
  const page = await ask(path);
  if (page === undefined) return;
  await files.keep(path, page, one.events);
  await drawAll({ ask, files }, own);
}

/** The front page, the archive, and the lists for programs: each shows something of everything. */
async function drawLists({ ask, files, db }: Drawing): Promise<void> {
  const { days } = await collectionStore(db).calendar();
  const years = [...new Set(days.map(({ day }) => day.slice(0, 4)))];
  await drawAll({ ask, files }, [
    ...formats.map(({ name }) => frontPath(name)),
    ...feeds.map(({ path }) => path),
    ...CATEGORIES.flatMap((category) => withFeeds(categoryPath(category))),
    archivePath(),
    ...years.map(yearPath),
    '/favicon.svg',
    '/robots.txt',
    '/sitemap.xml',
  ]);
  const lists = [...((await ask('/sitemap.xml')) ?? '').matchAll(/\/sitemaps\/[\w-]+\.xml/g)].map(([path]) => path);
  await drawAll({ ask, files }, lists);
}

async function drawAll({ ask, files }: Pick<Drawing, 'ask' | 'files'>, paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    const text = await ask(path);
    if (text !== undefined) await files.keep(path, text);
  }
}

/** Does each, several at a time, until all are done or it is stopped. */
async function inLanes<T>(
  list: readonly T[],
  work: (one: T) => Promise<void>,
  told: () => Promise<void>,
  stopped: AbortSignal,
): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < list.length && !stopped.aborted) {
      await work(list[next++] as T);
      await told();
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
}
