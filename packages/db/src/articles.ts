import type { ArticleId, CaptureState, Day, EventId, ExtractedArticle } from '@throughline/core';
import { sql } from 'kysely';
import {
  keepSnapshot,
  recordCapture,
  recordCopy,
  recordReading,
  type Capture,
  type CopyFinding,
  type Reading,
} from './captures.ts';
import { transact, type Database, type DatabaseTransaction } from './database.ts';
import { toJson } from './rows.ts';

/** A URL that an event cites: `url` canonical, for matching; `citedUrl` as written, for fetching. */
export interface CitedUrl {
  url: string;
  citedUrl: string;
  host: string;
}

export interface DueArticle {
  id: ArticleId;
  /** What to ask for: as cited, or where that has moved for good. */
  askUrl: string;
  attempts: number;
  /** Validators of the article that we have; null where there is none. */
  etag: string | null;
  lastModified: string | null;
  /** Someone asked for it by hand. */
  submitted: boolean;
}

/** What is known of an article, and of its URLs. */
export interface KnownArticle {
  id: ArticleId;
  /** The spelling that was cited first. */
  citedUrl: string;
  state: CaptureState;
  reason: string | null;
  kind: ExtractedArticle['kind'] | null;
  title: string | null;
  triedAt: Date | null;
  capturedAt: Date | null;
  finalUrl: string | null;
  movedTo: string | null;
  archivedUrl: string | null;
  archivedAt: Date | null;
  nextTryAt: Date | null;
  /** Every canonical URL that leads to it. */
  urls: string[];
  /** Its URL as events cite it. */
  citedAs: string[];
  /** What was cited as articles of their own before they turned out to be this one. */
  merged: string[];
}

/** An article that its host does not have, and what the archive is to be asked of it. */
export interface MissingArticle {
  id: ArticleId;
  citedUrl: string;
  /** The day of the first event that cites it; null where none does. */
  day: Day | null;
  /** Tries at the archive so far. */
  attempts: number;
  /** The copy that was found, whose bytes are still to be fetched. */
  copy: { url: string; at: Date } | null;
  /** It was looked for in a list of its host's copies already. */
  listed: boolean;
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
    async due(host: string, limit: number, { submittedOnly = false } = {}): Promise<DueArticle[]> {
      const rows = await db
        .selectFrom('article')
        .select(['id', 'citedUrl', 'movedTo', 'attempts', 'kind', 'etag', 'lastModified', 'submitted'])
        .where('host', '=', host)
        .where('nextTryAt', '<=', sql<Date>`now()`)
        .where('mergedInto', 'is', null)
        .where((eb) => (submittedOnly ? eb('submitted', '=', true) : eb.lit(true)))
        .orderBy('nextTryAt')
        .orderBy('id')
        .limit(limit)
        .execute();
      return rows.map(({ citedUrl, movedTo, kind, etag, lastModified, ...row }) => ({
        ...row,
        askUrl: movedTo ?? citedUrl,
        etag: kind === 'article' ? etag : null,
        lastModified: kind === 'article' ? lastModified : null,
      }));
    },

    /** Articles to ask the archive about, the longest waiting first. */
    async missing(limit: number): Promise<MissingArticle[]> {
      const { rows } = await sql<Omit<MissingArticle, 'copy'> & { url: string | null; at: Date | null }>`
        select a.id, a.cited_url, a.copy_attempts as attempts, a.archived_url as url, a.archived_at as at, a.copy_listed as listed,
          (select min(e.day) from event_source s join event e on e.id = s.event_id where s.article_id = a.id) as day
        from article a where a.copy_try_at <= now() and a.merged_into is null
        order by a.copy_try_at, a.id limit ${limit}`.execute(db);
      return rows.map(({ url, at, ...row }) => ({ ...row, copy: url !== null && at ? { url, at } : null }));
    },

    /**
     * An article of which no copy was found yet, and others like it of its host
     * that events of at most `days` before or after cite, none looked for in a
     * list of copies already: at most `limit`, the earliest first.
     */
    async missingBeside(id: ArticleId, { days, limit }: { days: number; limit: number }): Promise<MissingArticle[]> {
      const { rows } = await sql<Omit<MissingArticle, 'copy'>>`with missing as (
          select a.id, a.cited_url, a.copy_attempts as attempts, a.copy_listed as listed, min(e.day) as day
          from article a join event_source s on s.article_id = a.id join event e on e.id = s.event_id
          where a.host = (select host from article where id = ${id}) and a.copy_try_at <= now() and a.merged_into is null
            and a.archived_url is null and not a.copy_listed
          group by a.id)
        select m.* from missing m join missing given on given.id = ${id} and m.day between given.day - ${days}::int and given.day + ${days}::int
        order by m.day, m.id limit ${limit}`.execute(db);
      return rows.map((row) => ({ ...row, copy: null }));
    },

    /** How the search for archived copies stands, in articles. */
    async copies(): Promise<CopyCounts> {
      const { rows } = await sql<CopyCounts>`select
          count(*) filter (where copy_try_at is not null and archived_url is null) as waiting,
          count(*) filter (where copy_try_at is not null and archived_url is not null) as located,
          count(*) filter (where copy_try_at is null and archived_url is not null) as found,
          count(*) filter (where copy_try_at is null and archived_url is null and copy_attempts > 0) as without
        from article where merged_into is null`.execute(db);
      return rows[0] ?? { waiting: 0, located: 0, found: 0, without: 0 };
    },

    /** Asks the archive again about articles of which it had no copy. Returns how many. */
    async missAgain(): Promise<number> {
      const { rows } = await sql<{
        id: number;
      }>`update article set copy_try_at = now(), copy_attempts = 0, copy_listed = false
        where copy_try_at is null and archived_url is null and copy_attempts > 0 and merged_into is null
          and kind is distinct from 'article' returning id`.execute(db);
      return rows.length;
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
     * spellings, and tells the change feed of the public events that show
     * another thing than before. Returns those events, and the article: another
     * one where this capture showed the two to be one. A second run with the
     * same capture leaves the same rows.
     */
    record(id: ArticleId, at: Date, capture: Capture): Promise<{ id: ArticleId; events: EventId[] }> {
      return transact(db, (trx) => recordCapture(trx, id, at, capture));
    },

    /** The events that cite an article, public or not, at most a hundred. */
    async citedBy(id: ArticleId): Promise<EventId[]> {
      const { rows } = await sql<{ eventId: EventId }>`select distinct event_id from event_source
        where article_id = ${id} order by event_id limit 100`.execute(db);
      return rows.map(({ eventId }) => eventId);
    },

    /** Keeps what the archive has of an article; returns the public events that show a change. */
    recordCopy(id: ArticleId, at: Date, finding: CopyFinding): Promise<EventId[]> {
      return transact(db, (trx) => recordCopy(trx, id, at, finding));
    },

    /** Keeps another reading of a snapshot; returns the public events that show a change. */
    reread(id: ArticleId, at: Date, reading: Reading): Promise<EventId[]> {
      return transact(db, (trx) => recordReading(trx, id, at, reading));
    },

    /** Keeps that there is a snapshot of an article, which says nothing that is not known. */
    keepSnapshot: (id: ArticleId, at: Date, snapshot: Parameters<typeof keepSnapshot>[3]): Promise<void> =>
      keepSnapshot(db, id, at, snapshot),

    /** The article that a canonical URL leads to, with everything that names it. */
    async find(url: string): Promise<KnownArticle | undefined> {
      const { rows } = await sql<KnownArticle>`
        select a.id, a.cited_url, a.state, a.reason, a.kind, a.title, a.tried_at, a.captured_at, a.final_url, a.moved_to,
          a.archived_url, a.archived_at, a.next_try_at,
          (select coalesce(json_agg(o.url order by o.url), '[]') from article_url o where o.article_id = a.id) as urls,
          (select coalesce(json_agg(distinct s.url), '[]') from event_source s where s.article_id = a.id) as cited_as,
          (select coalesce(json_agg(m.cited_url order by m.id), '[]') from article m where m.merged_into = a.id) as merged
        from article_url u join article a on a.id = u.article_id where u.url = ${url}`.execute(db);
      return rows[0];
    },

    /** Asks again for articles that were tried before: this one, or a host's, the ones not tried since `before`. Returns how many. */
    async revisit(which: { id: ArticleId } | { host?: string; before?: Date }): Promise<number> {
      let query = db
        .updateTable('article')
        .set({ nextTryAt: sql<Date>`now()`, attempts: 0 })
        .where('mergedInto', 'is', null)
        .where('triedAt', 'is not', null);
      if ('id' in which) query = query.where('id', '=', which.id);
      else {
        if (which.host !== undefined) query = query.where('host', '=', which.host);
        if (which.before) query = query.where('triedAt', '<', which.before);
      }
      const { numUpdatedRows } = await query.executeTakeFirst();
      return Number(numUpdatedRows);
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

    /** Public events that cite an article or that it was found to report, by any canonical URL that leads to it. */
    async citing(url: string): Promise<EventId[]> {
      const { rows } = await sql<{
        id: EventId;
      }>`with named as (select article_id as id from article_url where url = ${url})
        select id from (
          select e.id, e.day, e.position from named n join event_source s on s.article_id = n.id join event e on e.id = s.event_id
            where e.state = 'stable'
          union select e.id, e.day, e.position from named n join article a on a.id = n.id join event e on e.id = a.joined_event
            where e.state = 'stable') citing
        order by day, position, id`.execute(db);
      return rows.map(({ id }) => id);
    },

    /** A submitted article with the events that cite it. */
    submitted: (id: ArticleId): Promise<SubmittedArticle> => readSubmitted(db, id),

    /** How many articles are in each state. */
    async states(): Promise<Partial<Record<CaptureState, number>>> {
      const rows = await db
        .selectFrom('article')
        .select(['state', ({ fn }) => fn.countAll<number>().as('count')])
        .where('mergedInto', 'is', null)
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

async function readSubmitted(db: Database, given: ArticleId): Promise<SubmittedArticle> {
  const row = await db
    .selectFrom('article as a')
    .innerJoin('article as t', (join) => join.on('t.id', '=', sql<ArticleId>`coalesce(a.merged_into, a.id)`))
    .select(['t.id', 't.citedUrl', 't.host', 't.state', 't.reason', 't.submitted', 't.title', 't.published'])
    .select(['t.siteName', 't.capturedAt'])
    .where('a.id', '=', given)
    .executeTakeFirstOrThrow();
  const citing = await db
    .selectFrom('eventSource')
    .innerJoin('event', 'event.id', 'eventSource.eventId')
    .select('event.id')
    .distinct()
    .where('eventSource.articleId', '=', row.id)
    .where('event.goneAt', 'is', null)
    .orderBy('event.id')
    .execute();
  return { ...row, events: citing.map((event) => event.id) };
}

/** Articles that their hosts do not have. */
export interface CopyCounts {
  /** The archive is still to be asked for a copy. */
  waiting: number;
  /** It has one, whose bytes are still to be fetched. */
  located: number;
  /** A copy was found and read. */
  found: number;
  /** The archive has none that serves. */
  without: number;
}

export type ArticleStore = ReturnType<typeof articleStore>;
