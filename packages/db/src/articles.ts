import type { ArticleId, ArticleImage, CaptureState, Day, EventId, ExtractedArticle } from '@throughline/core';
import { sql } from 'kysely';
import { appendChanges } from './changes.ts';
import { transact, type Database, type DatabaseTransaction } from './database.ts';
import { eventPathOf } from './paths.ts';
import { insertRows, toJson } from './rows.ts';

/** A URL that an event cites: `url` canonical, for matching; `citedUrl` as written, for fetching. */
export interface CitedUrl {
  url: string;
  citedUrl: string;
  host: string;
}

export interface DueArticle {
  id: ArticleId;
  citedUrl: string;
  attempts: number;
  etag: string | null;
  lastModified: string | null;
  /** Someone asked for it by hand. */
  submitted: boolean;
}

/** How one try at an article ended. */
export interface Capture {
  state: CaptureState;
  reason: string | null;
  status: number | null;
  finalUrl: string | null;
  /** When to try again; null for never. */
  nextTryAt: Date | null;
  etag?: string | null;
  lastModified?: string | null;
  extracted?: ExtractedArticle;
  snapshot?: { hash: string; bytes: number; contentType: string | null };
  /** Canonical URLs that turned out to lead here. */
  aliases?: string[];
}

/** Makes an article of every URL that has none yet, and its host; returns each URL's article. */
export async function ensureArticles(
  trx: DatabaseTransaction,
  cited: readonly CitedUrl[],
): Promise<Map<string, ArticleId>> {
  if (cited.length === 0) return new Map();
  const distinct = [...new Map(cited.map((one) => [one.url, one])).values()].sort((a, b) => (a.url < b.url ? -1 : 1));
  const hosts = [...new Set(distinct.map(({ host }) => host))].sort().map((name) => ({ name }));
  const known = await articlesOf(
    trx,
    distinct.map(({ url }) => url),
  );
  const fresh = distinct.filter(({ url }) => !known.has(url));
  if (fresh.length === 0) return known;
  await sql`insert into host (name) select name from json_to_recordset(${toJson(hosts)}::json) as h(name text) on conflict do nothing`.execute(
    trx,
  );
  await sql`insert into article (url, cited_url, host)
    select url, cited_url, host from json_to_recordset(${toJson(fresh.map((one) => ({ url: one.url, cited_url: one.citedUrl, host: one.host })))}::json)
      as a(url text, cited_url text, host text) on conflict do nothing`.execute(trx);
  await sql`insert into article_url (url, article_id)
    select a.url, a.id from article a where a.url in (select value from json_array_elements_text(${toJson(fresh.map(({ url }) => url))}::json))
    on conflict do nothing`.execute(trx);
  for (const [url, id] of await articlesOf(
    trx,
    fresh.map(({ url }) => url),
  ))
    known.set(url, id);
  return known;
}

async function articlesOf(db: Database, urls: readonly string[]): Promise<Map<string, ArticleId>> {
  const { rows } = await sql<{ url: string; articleId: ArticleId }>`
    select u.url, u.article_id from article_url u
    join json_array_elements_text(${toJson(urls)}::json) as wanted(url) on wanted.url = u.url`.execute(db);
  return new Map(rows.map((row) => [row.url, row.articleId]));
}

export function articleStore(db: Database) {
  return {
    /** The host's articles whose time has come, the longest waiting first. */
    due(host: string, limit: number, { submittedOnly = false } = {}): Promise<DueArticle[]> {
      return db
        .selectFrom('article')
        .select(['id', 'citedUrl', 'attempts', 'etag', 'lastModified', 'submitted'])
        .where('host', '=', host)
        .where('nextTryAt', '<=', sql<Date>`now()`)
        .where('mergedInto', 'is', null)
        .where((eb) => (submittedOnly ? eb('submitted', '=', true) : eb.lit(true)))
        .orderBy('nextTryAt')
        .orderBy('id')
        .limit(limit)
        .execute();
    },

    /** When the host's next article is due, in milliseconds since the epoch; undefined when none waits. */
    async nextDue(host: string): Promise<number | undefined> {
      const row = await db
        .selectFrom('article')
        .select(({ fn }) => fn.min('nextTryAt').as('at'))
        .where('host', '=', host)
        .executeTakeFirst();
      return row?.at?.getTime();
    },

    /**
     * Keeps the end of one try: state, fields with their rules, snapshot and
     * spellings, and tells the change feed of the events that show it. Returns
     * those events. A second run with the same capture leaves the same rows.
     */
    async record(id: ArticleId, at: Date, capture: Capture): Promise<EventId[]> {
      return transact(db, async (trx) => {
        await trx
          .updateTable('article')
          .set({
            state: capture.state,
            reason: capture.reason,
            status: capture.status,
            finalUrl: capture.finalUrl,
            nextTryAt: capture.nextTryAt,
            attempts: sql<number>`attempts + 1`,
            capturedAt: at,
            updatedAt: at,
            ...(capture.etag !== undefined && { etag: capture.etag }),
            ...(capture.lastModified !== undefined && { lastModified: capture.lastModified }),
            ...(capture.extracted && columnsOf(capture.extracted)),
          })
          .where('id', '=', id)
          .execute();
        if (capture.snapshot) await keepSnapshot(trx, id, at, capture, capture.snapshot);
        await keepAliases(trx, id, capture.aliases ?? []);
        return announceCiting(trx, id, at);
      });
    },

    /** Takes an article somebody asked for by hand, to be fetched at once unless it was; says where it stands. */
    async submit(cited: CitedUrl): Promise<SubmittedArticle> {
      return transact(db, async (trx) => {
        const id = (await ensureArticles(trx, [cited])).get(cited.url);
        if (id === undefined) throw new Error(`no article could be made for ${cited.citedUrl}`);
        await trx.updateTable('article').set({ submitted: true }).where('id', '=', id).execute();
        return readSubmitted(trx, id);
      });
    },

    /** Public events that cite an article, by any canonical URL that leads to it. */
    async citing(url: string): Promise<EventId[]> {
      const rows = await db
        .selectFrom('articleUrl as u')
        .innerJoin('eventSource as s', 's.articleId', 'u.articleId')
        .innerJoin('event as e', 'e.id', 's.eventId')
        .select(['e.id', 'e.day'])
        .distinct()
        .where('u.url', '=', url)
        .where('e.state', '=', 'stable')
        .orderBy('e.day')
        .orderBy('e.id')
        .execute();
      return rows.map((row) => row.id);
    },

    /** A submitted article with the events that cite it. */
    submitted: (id: ArticleId): Promise<SubmittedArticle> => readSubmitted(db, id),

    /** How many articles are in each state. */
    async states(): Promise<Partial<Record<CaptureState, number>>> {
      const rows = await db
        .selectFrom('article')
        .select(['state', ({ fn }) => fn.countAll<number>().as('count')])
        .groupBy('state')
        .execute();
      return Object.fromEntries(rows.map((row) => [row.state, row.count]));
    },
  };
}

/** What is known of an article that was submitted by hand. */
export interface SubmittedArticle {
  id: ArticleId;
  citedUrl: string;
  host: string;
  state: CaptureState;
  reason: string | null;
  submitted: boolean;
  title: string | null;
  published: string | null;
  siteName: string | null;
  capturedAt: Date | null;
  /** Events that cite it, stable or not. */
  events: EventId[];
}

async function readSubmitted(db: Database, id: ArticleId): Promise<SubmittedArticle> {
  const row = await db
    .selectFrom('article')
    .select(['id', 'citedUrl', 'host', 'state', 'reason', 'submitted', 'title', 'published', 'siteName', 'capturedAt'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  const citing = await db
    .selectFrom('eventSource')
    .innerJoin('event', 'event.id', 'eventSource.eventId')
    .select('event.id')
    .distinct()
    .where('eventSource.articleId', '=', id)
    .where('event.goneAt', 'is', null)
    .orderBy('event.id')
    .execute();
  return { ...row, events: citing.map((event) => event.id) };
}

export type ArticleStore = ReturnType<typeof articleStore>;

function columnsOf({ fields, ...rest }: ExtractedArticle) {
  const rules = Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, field.rule]));
  const image: ArticleImage | undefined = fields.image?.value;
  return {
    kind: rest.kind,
    title: clean(fields.title?.value),
    description: clean(fields.description?.value),
    authors: fields.authors?.value.map((author) => clean(author) ?? '') ?? null,
    published: clean(fields.published?.value),
    modified: clean(fields.modified?.value),
    siteName: clean(fields.siteName?.value),
    canonicalUrl: clean(fields.canonicalUrl?.value),
    image: image ? toJson(image) : null,
    language: clean(fields.language?.value),
    section: clean(fields.section?.value),
    keywords: fields.keywords?.value.map((keyword) => clean(keyword) ?? '') ?? null,
    rules: toJson(rules),
    body: clean(rest.body),
    wordCount: rest.wordCount,
    paywalled: rest.paywalled,
    fingerprint: rest.fingerprint || null,
  };
}

const clean = (text: string | undefined): string | null => text?.replaceAll('\0', '\uFFFD').toWellFormed() ?? null;

async function keepSnapshot(
  trx: DatabaseTransaction,
  articleId: ArticleId,
  at: Date,
  capture: Capture,
  snapshot: NonNullable<Capture['snapshot']>,
) {
  const row = { articleId, at, url: capture.finalUrl ?? '', status: capture.status ?? 0, ...snapshot };
  await trx
    .insertInto('snapshot')
    .values(row)
    .onConflict((conflict) => conflict.columns(['articleId', 'hash']).doNothing())
    .execute();
}

async function keepAliases(trx: DatabaseTransaction, articleId: ArticleId, urls: readonly string[]): Promise<void> {
  const rows = [...new Set(urls)].sort().map((url) => ({ url, articleId }));
  if (rows.length === 0) return;
  await insertRows('article_url', ['url', 'articleId'], rows, sql`on conflict do nothing`).execute(trx);
}

/** Readers see the article on its events' pages: those have changed. */
async function announceCiting(trx: DatabaseTransaction, id: ArticleId, at: Date): Promise<EventId[]> {
  const { rows } = await sql<{ id: EventId; day: Day; slug: string | null; state: string }>`
    with citing as (select e.id from event e join event_source s on s.event_id = e.id where s.article_id = ${id} order by e.id for no key update of e)
    update event set updated_at = ${at} from citing where event.id = citing.id returning event.id, event.day, event.slug, event.state`.execute(
    trx,
  );
  const shown = rows
    .filter(({ state, slug }) => state === 'stable' && slug !== null)
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  await appendChanges(
    trx,
    shown.map(({ id: eventId, day, slug }) => ({
      noun: 'event',
      id: eventId,
      kind: 'updated',
      day,
      path: eventPathOf(day, slug ?? ''),
    })),
  );
  return shown.map((row) => row.id);
}
