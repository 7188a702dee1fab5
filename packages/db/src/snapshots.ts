import type { ArticleId, Day } from '@throughline/core';
import { sql } from 'kysely';
import type { Database } from './database.ts';

export interface SnapshotRow {
  id: number;
  articleId: ArticleId;
  hash: string;
  at: Date;
  /** What was asked for the bytes: an archive's address where they are a copy. */
  url: string;
  bytes: number;
}

/** Days of events, both included. */
export interface Span {
  from?: Day | undefined;
  to?: Day | undefined;
}

/** The index of what was captured; the bytes are in the snapshot store. */
export function snapshotIndex(db: Database) {
  return {
    /** How many different snapshots there are, and their bytes. */
    async count(span: Span = {}): Promise<{ snapshots: number; bytes: number }> {
      const { rows } = await sql<{ snapshots: number; bytes: number }>`
        select count(*) as snapshots, coalesce(sum(bytes), 0)::bigint as bytes
        from (select distinct on (hash) hash, bytes from snapshot s where ${within(span)}) s`.execute(db);
      return rows[0] ?? { snapshots: 0, bytes: 0 };
    },

    /** Up to `limit` snapshots after the id `after`, each hash once, of articles that events of these days cite. */
    async after(after: number, limit: number, span: Span = {}): Promise<SnapshotRow[]> {
      const { rows } = await sql<SnapshotRow>`
        select s.id, s.article_id, s.hash, s.at, s.url, s.bytes from snapshot s
        where s.id > ${after} and ${within(span)}
          and not exists (select from snapshot o where o.hash = s.hash and o.id < s.id and ${within(span, 'o')})
        order by s.id limit ${limit}`.execute(db);
      return rows;
    },

    /** The snapshots of up to `limit` articles after the article `after`, of each the newest first. */
    async ofArticles(after: number, limit: number): Promise<{ articleId: ArticleId; snapshots: SnapshotRow[] }[]> {
      const { rows } = await sql<{ articleId: ArticleId; snapshots: SnapshotRow[] }>`
        select s.article_id, json_agg(json_build_object('id', s.id, 'articleId', s.article_id, 'hash', s.hash, 'at', s.at,
            'url', s.url, 'bytes', s.bytes) order by s.at desc, s.id desc) as snapshots
        from snapshot s where s.article_id in (
          select distinct article_id from snapshot where article_id > ${after} order by article_id limit ${limit})
        group by s.article_id order by s.article_id`.execute(db);
      return rows;
    },

    /** How many articles have snapshots, from the one after `after` on. */
    async articles(after = 0): Promise<number> {
      const { rows } = await sql<{ count: number }>`
        select count(distinct article_id) as count from snapshot where article_id > ${after}`.execute(db);
      return rows[0]?.count ?? 0;
    },

    async has(articleId: ArticleId, hash: string): Promise<boolean> {
      const row = await db
        .selectFrom('snapshot')
        .select('id')
        .where('articleId', '=', articleId)
        .where('hash', '=', hash)
        .executeTakeFirst();
      return row !== undefined;
    },
  };
}

const within = ({ from, to }: Span, table = 's') =>
  from === undefined && to === undefined
    ? sql`true`
    : sql`exists (select from event_source c join event e on e.id = c.event_id where c.article_id = ${sql.ref(`${table}.article_id`)}
        and e.day >= ${from ?? '0001-01-01'} and e.day <= ${to ?? '9999-12-31'})`;

export type SnapshotIndex = ReturnType<typeof snapshotIndex>;
