import { sql, type Kysely } from 'kysely';

/** Archived copies of articles that are gone, permanent redirects, and when an article was last asked for. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}

const STATEMENTS = [
  `alter table article
    add column tried_at timestamptz,
    add column moved_to text,
    add column archived_url text,
    add column archived_at timestamptz,
    add column copy_try_at timestamptz,
    add column copy_attempts integer not null default 0`,
  `create index article_copy on article (copy_try_at) where copy_try_at is not null`,
  `update article set tried_at = captured_at,
    copy_try_at = case when kind is distinct from 'article' and next_try_at is null
      and (state in ('gone', 'unreachable') or kind = 'soft-404') then now() end`,
  `insert into host (name) select 'web.archive.org' where exists (select from article where copy_try_at is not null)
    on conflict do nothing`,
  `create or replace view v_source as
    select s.event_id, s.ordinal, s.url, s.label, s.agency, s.outlet, a.id as article_id, a.state, a.reason, a.captured_at,
      a.title, a.description, a.authors, a.published, a.modified, a.site_name, a.canonical_url, a.image ->> 'url' as image,
      a.language, a.section, a.keywords, a.rules, a.archived_url, a.archived_at
    from event_source s join event e on e.id = s.event_id left join article a on a.id = s.article_id
    where e.state = 'stable'`,
];
