import { sql, type Kysely } from 'kysely';

/** What programs need: an order that lists can be walked in, deliveries that keep to one call, feeds that are read. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}

/**
 * Lists of events are walked along the day under which each was first public.
 * An event may move to another day while somebody walks; this one stays, so it
 * is neither met twice nor missed.
 */
const LISTS = [
  `alter table event add column listed_day date`,
  `create function set_listed_day() returns trigger language plpgsql as $$ begin
    if new.listed_day is null and new.slug is not null then new.listed_day := new.day; end if;
    return new;
  end $$`,
  `create trigger event_listed before insert or update of slug on event for each row execute function set_listed_day()`,
  `update event e set listed_day = coalesce(
      (select s.day from event_slug s where s.event_id = e.id order by s.ordinal limit 1), e.day) where slug is not null`,
  `create index event_listed on event (listed_day, id) where state = 'stable'`,
];

/** RFC 3986: what is not unreserved is percent-encoded, byte by byte. */
const PATHS = [
  `create function url_encode(text) returns text language sql stable strict parallel safe as $$
    select coalesce(string_agg(case when ch ~ '^[A-Za-z0-9_.!~*''()-]$' and octet_length(ch) = 1 then ch
        else upper(regexp_replace(encode(convert_to(ch, 'UTF8'), 'hex'), '(..)', '%\\1', 'g')) end, '' order by n), '')
    from unnest(string_to_array($1, null)) with ordinality as u(ch, n)
  $$`,
  `create or replace view v_event as
    select e.id, e.day, e.text, e.category, e.section, e.slug,
      '/news/' || to_char(e.day, 'YYYY/MM/') || extract(day from e.day)::int || '/' || url_encode(e.slug) || '.html' as path,
      e.first_seen_at, e.updated_at, s.story_id,
      (select coalesce(array_agg(coalesce(nullif(t.text, ''), t.title) order by et.ordinal), '{}')
        from event_topic et join topic t on t.id = et.topic_id where et.event_id = e.id) as topics
    from event e left join story_event s on s.event_id = e.id
    where e.state = 'stable'`,
];

const DELIVERIES = [
  // The last change of the call that is being tried again: what comes later waits for a call of its own.
  `alter table subscription add column trying_seq bigint`,
  `alter table subscription add column created_at timestamptz not null default now()`,
  `create index dead_letter_subscription on dead_letter (subscription_id)`,
];

const FEEDS = [
  `create table feed (
    id integer generated always as identity primary key,
    url text not null unique,
    title text,
    form text,
    etag text,
    last_modified text,
    failures integer not null default 0,
    failure text,
    read_at timestamptz,
    next_read_at timestamptz not null default now(),
    added_at timestamptz not null default now()
  )`,
  `create index feed_due on feed (next_read_at)`,
  `create table feed_item (
    feed_id integer not null references feed on delete cascade,
    article_id integer not null references article,
    key text not null,
    title text not null,
    published timestamptz,
    seen_at timestamptz not null default now(),
    primary key (feed_id, article_id)
  )`,
  `create unique index feed_item_key on feed_item (feed_id, key)`,
  `create index feed_item_article on feed_item (article_id)`,
  // Which event a submitted article came to, and why: said to whoever submitted it.
  `alter table article add column joined_event uuid references event on delete set null`,
  `alter table article add column joined_why text`,
  `create index article_joined on article (joined_event) where joined_event is not null`,
];

const STATEMENTS = [...LISTS, ...PATHS, ...DELIVERIES, ...FEEDS];
