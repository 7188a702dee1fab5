import { daysBetween, type Day } from '@throughline/core';
import { pageTitle } from '@throughline/portal';
import { dueDays, firstWatched } from './polling.ts';
import type { Source, SourceRead } from './source.ts';
import { wikimediaUserAgent } from './user-agent.ts';
import { createWikiApi, isRecord, type WikiApi, WikiApiError, type WikiApiOptions } from './wiki-api.ts';

export interface PortalOptions extends Partial<Omit<WikiApiOptions, 'userAgent'>> {
  /** Whom the wiki's operators can write to: an e-mail address or URL of whoever runs this installation. */
  contact: string | undefined;
  /** Our own version. */
  version: string;
}

const ENDPOINT = 'https://en.wikipedia.org/w/api.php';

/** Titles that one call may ask for. Source: the API's limit for clients without a bot's rights. */
const TITLES_A_CALL = 50;
const CALLS_AT_ONCE = 3;
const CALLS_A_MINUTE = 200;

/** Old days are asked for this seldom and this few at a time. */
const OLD_DAYS = { everyMs: 3_600_000, atOnce: TITLES_A_CALL };
/** The day of the portal's first page. */
const FIRST_DAY = '1999-01-01' as Day;
/** After a call has failed nothing is due for this long. */
const REST_MS = 5 * 60_000;

/** What reading these days anew takes: API calls, and seconds at the pace that the wiki allows. */
export function planBackfill(from: Day, to: Day): { days: number; calls: number; seconds: number } {
  const days = [...daysBetween(from, to)].length;
  const calls = Math.ceil(days / TITLES_A_CALL);
  return { days, calls, seconds: Math.ceil((calls * 60) / CALLS_A_MINUTE) };
}

/**
 * Wikipedia's Current Events Portal, read over the Action API: up to 50 days a
 * call, redirects followed, revisions kept. A call that fails makes its days
 * `failed`; the others go on. Throws without a contact, saying why.
 */
export function portalSource(options: PortalOptions): Source {
  const api = createWikiApi({ endpoint: ENDPOINT, ...options, userAgent: wikimediaUserAgent(options) });
  let restUntil = 0;
  let oldDaysAt = 0;
  return {
    name: 'portal',
    async *read(days, { signal }) {
      for await (const batch of readBatches(api, days, signal)) {
        if (batch.some(({ kind }) => kind === 'failed')) restUntil = Date.now() + REST_MS;
        yield* batch;
      }
    },
    async due(now, readTimes) {
      if (now < restUntil) return [];
      const lookBack = now >= oldDaysAt;
      if (lookBack) oldDaysAt = now + OLD_DAYS.everyMs;
      const from = lookBack ? FIRST_DAY : firstWatched(now);
      const due = dueDays(now, await readTimes(from, dayOf(now)));
      const watched = due.filter((day) => day >= firstWatched(now));
      return [...watched, ...due.slice(watched.length, watched.length + OLD_DAYS.atOnce)];
    },
  };
}

const dayOf = (now: number): Day => new Date(now).toISOString().slice(0, 10) as Day;

/** Reads batches side by side, and gives them out in order. */
async function* readBatches(api: WikiApi, days: readonly Day[], signal: AbortSignal): AsyncGenerator<SourceRead[]> {
  const under: Promise<SourceRead[]>[] = [];
  for (let start = 0; start < days.length; start += TITLES_A_CALL) {
    const batch = readBatch(api, days.slice(start, start + TITLES_A_CALL), signal);
    batch.catch(() => undefined); // it is awaited later; until then nobody hears it
    under.push(batch);
    if (under.length >= CALLS_AT_ONCE) yield (await under.shift()) ?? [];
  }
  for (const batch of under) yield await batch;
}

/** Reads the days of one call; in halves where their pages are too long for one answer. */
async function readBatch(api: WikiApi, days: readonly Day[], signal: AbortSignal): Promise<SourceRead[]> {
  try {
    const pages = await readPages(api, days.map(pageTitle), signal);
    return days.map((day) => readOf(day, pages));
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof WikiApiError)) throw error;
    if (error.code === 'size' && days.length > 1) {
      const half = Math.ceil(days.length / 2);
      const halves = [days.slice(0, half), days.slice(half)].map((part) => readBatch(api, part, signal));
      return (await Promise.all(halves)).flat();
    }
    return days.map((day) => ({ kind: 'failed', day, title: pageTitle(day), reason: error.message }));
  }
}

/** What the wiki said of each title. */
interface Pages {
  /** Title asked for → title it stands for. */
  renamed: Map<string, string>;
  byTitle: Map<string, Record<string, unknown>>;
}

/** More parts than this no answer has: a wiki that continues for ever is given up. */
const MAX_PARTS = 100;

/** Asks for the latest revision of each title, and goes on as long as the answer says that there is more. */
async function readPages(api: WikiApi, titles: readonly string[], signal: AbortSignal): Promise<Pages> {
  const pages: Pages = { renamed: new Map(), byTitle: new Map() };
  const query = {
    action: 'query',
    prop: 'revisions',
    titles: titles.join('|'),
    rvprop: 'ids|timestamp|sha1|content',
    rvslots: 'main',
    redirects: '1',
  };
  let more: Record<string, string> | undefined = {};
  for (let part = 0; more; part++) {
    if (part === MAX_PARTS)
      throw new WikiApiError('malformed', 'the wiki continues its answer for ever', { passing: false });
    more = collect(await api({ ...query, ...more }, signal), pages);
  }
  return pages;
}

/** Adds one answer's pages. Returns what to ask with for the rest, if there is one. */
function collect(answer: Record<string, unknown>, { renamed, byTitle }: Pages): Record<string, string> | undefined {
  const query = isRecord(answer['query']) ? answer['query'] : {};
  for (const list of [query['normalized'], query['redirects']]) {
    for (const entry of records(list)) renamed.set(String(entry['from']), String(entry['to']));
  }
  for (const page of records(query['pages'])) {
    const title = String(page['title']);
    const known = byTitle.get(title);
    if (!known?.['revisions']) byTitle.set(title, page);
  }
  const more = answer['continue'];
  return isRecord(more)
    ? Object.fromEntries(Object.entries(more).map(([key, value]) => [key, String(value)]))
    : undefined;
}

const records = (list: unknown): Record<string, unknown>[] => (Array.isArray(list) ? list.filter(isRecord) : []);

/** What the answers say of one day. */
function readOf(day: Day, { renamed, byTitle }: Pages): SourceRead {
  const asked = pageTitle(day);
  let title = asked;
  for (let hops = 0; hops < 4 && renamed.has(title); hops++) title = renamed.get(title) ?? title;
  const page = byTitle.get(title);
  if (!page) return { kind: 'failed', day, title, reason: 'the wiki says nothing of this page' };
  if (page['missing'] === true || page['invalid'] === true) return { kind: 'missing', day, title };
  const [revision] = records(page['revisions']);
  const wikitext = contentOf(revision);
  if (!revision || wikitext === undefined)
    return { kind: 'failed', day, title, reason: "the page's text is hidden or absent" };
  return { kind: 'page', day, title, wikitext, ...revisionFacts(revision) };
}

function contentOf(revision: Record<string, unknown> | undefined): string | undefined {
  const slots = revision?.['slots'];
  const main = isRecord(slots) ? slots['main'] : undefined;
  const content = isRecord(main) ? main['content'] : undefined;
  return typeof content === 'string' ? content : undefined;
}

function revisionFacts({ revid, parentid, timestamp }: Record<string, unknown>) {
  const at = typeof timestamp === 'string' ? Date.parse(timestamp) : Number.NaN;
  return {
    ...(typeof revid === 'number' && { revision: revid }),
    ...(typeof parentid === 'number' && parentid > 0 && { parent: parentid }),
    ...(!Number.isNaN(at) && { at }),
  };
}
