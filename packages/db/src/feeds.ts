import type { ArticleId, EventId } from '@throughline/core';
import { sql } from 'kysely';
import { ensureArticles, type CitedUrl } from './articles.ts';
import { transact, type Database } from './database.ts';
import { toJson } from './rows.ts';
import type { FeedForm } from './schema.ts';

/** A feed or news sitemap that is read for articles. */
export interface Feed {
  id: number;
  url: string;
  title: string | null;
  form: FeedForm | null;
  etag: string | null;
  lastModified: string | null;
  /** Readings that failed, in a row. */
  failures: number;
  failure: string | null;
  readAt: Date | null;
  nextReadAt: Date;
}

/** An item of a feed with the article that it is. */
export interface FeedEntry extends CitedUrl {
  /** The id the feed gives it. */
  key: string;
  title: string;
  published: Date | null;
}

/** How one reading ended; what is absent stays as it was. */
export interface FeedReading {
  title?: string;
  form?: FeedForm;
  etag?: string | null;
  lastModified?: string | null;
  /** Null where it went well. */
  failure: string | null;
  nextReadAt: Date;
}

const COLUMNS = [
  'id',
  'url',
  'title',
  'form',
  'etag',
  'lastModified',
  'failures',
  'failure',
  'readAt',
  'nextReadAt',
] as const;

/** The feeds that are read, and the items that each has had. */
export function feedStore(db: Database) {
  return {
    /** A new feed, due at once; undefined where it is there already. */
    async add(
      url: string,
      facts: { title?: string | undefined; form?: FeedForm | undefined } = {},
    ): Promise<number | undefined> {
      const { title = null, form = null } = facts;
      const row = await db
        .insertInto('feed')
        .values({ url, title, form })
        .onConflict((conflict) => conflict.doNothing())
        .returning('id')
        .executeTakeFirst();
      return row?.id;
    },

    /** Forgets a feed; the articles it brought stay. By number or URL. */
    async remove(which: string): Promise<boolean> {
      const isNumber = /^\d{1,9}$/.test(which);
      const { numDeletedRows } = await db
        .deleteFrom('feed')
        .where((eb) => (isNumber ? eb('id', '=', Number(which)) : eb('url', '=', which)))
        .executeTakeFirst();
      return numDeletedRows > 0n;
    },

    /** All of them with how many items each has had. */
    async list(): Promise<(Feed & { items: number })[]> {
      const { rows } = await sql<
        Feed & { items: number }
      >`select f.id, f.url, f.title, f.form, f.etag, f.last_modified, f.failures,
          f.failure, f.read_at, f.next_read_at, (select count(*)::int from feed_item i where i.feed_id = f.id) as items
        from feed f order by f.id`.execute(db);
      return rows;
    },

    get: (id: number): Promise<Feed | undefined> =>
      db.selectFrom('feed').select(COLUMNS).where('id', '=', id).executeTakeFirst(),

    /** Those whose time has come. */
    async due(limit: number): Promise<number[]> {
      const rows = await db
        .selectFrom('feed')
        .select('id')
        .where('nextReadAt', '<=', sql<Date>`now()`)
        .orderBy('nextReadAt')
        .orderBy('id')
        .limit(limit)
        .execute();
      return rows.map(({ id }) => id);
    },

    /** Keeps how a reading ended. */
    async keep(id: number, at: Date, { failure, ...reading }: FeedReading): Promise<void> {
      await db
        .updateTable('feed')
        .set({ ...reading, readAt: at, failure, failures: failure === null ? 0 : sql<number>`failures + 1` })
        .where('id', '=', id)
        .execute();
    },

    /**
     * Makes an article, asked for by hand, of each item that the feed has not
     * had. An item is known again by its article, whatever its id and title are
     * now, and by its id, whatever its address is now. Returns the hosts of the new articles, one for each.
     */
    async take(id: number, entries: readonly FeedEntry[]): Promise<string[]> {
      if (entries.length === 0) return [];
      return transact(db, async (trx) => {
        const known = await trx
          .selectFrom('feedItem')
          .select('key')
          .where('feedId', '=', id)
          .where(
            'key',
            'in',
            entries.map(({ key }) => key),
          )
          .execute();
        const keys = new Set(known.map(({ key }) => key));
        const fresh = entries.filter(({ key }) => !keys.has(key));
        const articles = await ensureArticles(trx, fresh);
        const rows = fresh.map(({ url, key, title, published }) => ({
          f: id,
          a: articles.get(url),
          k: key,
          t: title,
          p: published,
        }));
        const { rows: taken } = await sql<{
          articleId: ArticleId;
        }>`insert into feed_item (feed_id, article_id, key, title, published)
          select f, a, k, t, p from json_to_recordset(${toJson(rows)}::json) as i(f integer, a integer, k text, t text, p timestamptz)
          where a is not null order by a on conflict do nothing returning article_id`.execute(trx);
        const ids = taken.map(({ articleId }) => articleId);
        await sql`update article set submitted = true where id in (select value::integer from json_array_elements_text(${toJson(ids)}::json))`.execute(
          trx,
        );
        const { rows: hosts } = await sql<{ host: string }>`select host from article
          where id in (select value::integer from json_array_elements_text(${toJson(ids)}::json)) order by id`.execute(
          trx,
        );
        return hosts.map(({ host }) => host);
      });
    },

    /** What the feeds say of an article that they brought: for one whose page gives no title. */
    async itemOf(articleId: ArticleId): Promise<{ title: string; published: Date | null } | undefined> {
      return db
        .selectFrom('feedItem')
        .select(['title', 'published'])
        .where('articleId', '=', articleId)
        .where('title', '<>', '')
        .orderBy('feedId')
        .limit(1)
        .executeTakeFirst();
    },
  };
}

export type FeedStore = ReturnType<typeof feedStore>;

/** An event that an article came to, and why. */
export interface Joined {
  event: EventId;
  why: string;
}
