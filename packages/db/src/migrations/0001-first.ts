import { sql, type Kysely } from 'kysely';

/** The first schema: from source pages to what readers see. docs/data-model.md says what each table is for. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}

const SOURCE_PAGES = [
  `create table page (
    id integer generated always as identity primary key,
    source text not null,
    day date not null,
    title text not null,
    wrapper text not null default 'unknown',
    event_count integer not null default 0,
    leftovers jsonb not null default '[]',
    revision bigint,
    content_at timestamptz,
    read_at timestamptz,
    failed_at timestamptz,
    failure text,
    alarm text,
    unique (source, day)
  )`,
  `create table page_revision (
    id bigint generated always as identity primary key,
    page_id integer not null references page on delete cascade,
    revision bigint,
    at timestamptz not null,
    read_at timestamptz not null,
    hash text not null,
    settle_ms integer not null,
    wikitext text not null,
    unique (page_id, hash, at)
  )`,
  `create table heading (
    raw text primary key,
    category text,
    first_day date not null
  )`,
  `create table category (
    slug text primary key,
    label text not null,
    position smallint not null
  )`,
];

const EVENTS = [
  `create table event (
    id uuid primary key,
    page_id integer not null references page on delete cascade,
    day date not null,
    position integer not null,
    text text not null,
    section text not null,
    category text references category,
    links jsonb not null,
    state text not null check (state in ('unsettled', 'stable', 'withdrawn')),
    slug text,
    pending jsonb,
    pending_since timestamptz,
    first_seen_at timestamptz not null,
    present_since timestamptz not null,
    stable_at timestamptz,
    gone_at timestamptz,
    merged_into uuid,
    split_from uuid,
    version integer not null default 1,
    enriched_version integer not null default 0,
    enriched_at timestamptz,
    tagged_seq bigint,
    updated_at timestamptz not null default now()
  )`,
  `create index event_day on event (day, position)`,
  `create index event_page on event (page_id)`,
  `create index event_behind on event (day) where state = 'stable' and enriched_version < version`,
  `create index event_unsettled on event (present_since) where state = 'unsettled' and gone_at is null`,
  `create index event_pending on event (pending_since) where pending_since is not null`,
  `create unique index event_tagged on event (tagged_seq) where tagged_seq is not null`,
  `create sequence tagged_seq`,
  `create table event_slug (
    day date not null,
    slug text not null,
    event_id uuid not null references event on delete cascade,
    ordinal smallint not null,
    primary key (day, slug)
  )`,
  `create index event_slug_event on event_slug (event_id)`,
  `create table event_wording (
    event_id uuid not null references event on delete cascade,
    ordinal integer not null,
    text text not null,
    slug text,
    seen_at timestamptz not null,
    revision bigint,
    until timestamptz,
    public_at timestamptz,
    primary key (event_id, ordinal)
  )`,
  `create table topic (
    id integer generated always as identity primary key,
    title text not null,
    text text not null,
    unique (title, text)
  )`,
  `create table event_topic (
    event_id uuid not null references event on delete cascade,
    ordinal smallint not null,
    topic_id integer not null references topic,
    primary key (event_id, ordinal)
  )`,
  `create index event_topic_topic on event_topic (topic_id)`,
];

const ARTICLES = [
  `create table host (
    name text primary key,
    pace_ms integer not null default 1000,
    next_turn_at timestamptz not null default '-infinity',
    backoff integer not null default 0,
    retry_after_at timestamptz,
    robots jsonb,
    robots_at timestamptz,
    crawl_delay_ms integer,
    lease_until timestamptz,
    lease_by text,
    blocked boolean not null default false,
    requests bigint not null default 0,
    failures bigint not null default 0,
    last_ok_at timestamptz,
    last_failure text
  )`,
  `create table article (
    id integer generated always as identity primary key,
    url text not null unique,
    cited_url text not null,
    host text not null references host,
    state text not null default 'waiting',
    reason text,
    attempts integer not null default 0,
    next_try_at timestamptz default now(),
    captured_at timestamptz,
    final_url text,
    status smallint,
    etag text,
    last_modified text,
    kind text,
    title text,
    description text,
    authors text[],
    published text,
    modified text,
    site_name text,
    canonical_url text,
    image jsonb,
    language text,
    section text,
    keywords text[],
    rules jsonb,
    body text,
    word_count integer,
    paywalled boolean,
    fingerprint text,
    merged_into integer references article,
    submitted boolean not null default false,
    updated_at timestamptz not null default now()
  )`,
  `create index article_due on article (host, next_try_at) where next_try_at is not null`,
  `create table article_url (
    url text primary key,
    article_id integer not null references article on delete cascade
  )`,
  `create index article_url_article on article_url (article_id)`,
  `create table event_source (
    event_id uuid not null references event on delete cascade,
    ordinal smallint not null,
    article_id integer references article,
    url text not null,
    label text not null,
    agency text,
    outlet text,
    title text,
    published text,
    form text not null,
    primary key (event_id, ordinal)
  )`,
  `create index event_source_article on event_source (article_id)`,
  `create table snapshot (
    id bigint generated always as identity primary key,
    article_id integer not null references article on delete cascade,
    hash text not null,
    at timestamptz not null,
    url text not null,
    status smallint not null,
    content_type text,
    bytes integer not null,
    unique (article_id, hash)
  )`,
];

const CONNECTIONS = [
  `create table entity (
    id integer generated always as identity primary key,
    title text not null unique,
    label text not null,
    slug text not null unique,
    type text not null default 'other',
    linked boolean not null default true,
    events integer not null default 0
  )`,
  `create table entity_alias (
    entity_id integer not null references entity on delete cascade,
    surface text not null,
    count integer not null,
    primary key (surface, entity_id)
  )`,
  `create index entity_alias_entity on entity_alias (entity_id)`,
  `create table mention (
    event_id uuid not null references event on delete cascade,
    ordinal smallint not null,
    entity_id integer not null references entity,
    surface text not null,
    span_start integer,
    span_end integer,
    tagger text not null,
    score real not null,
    primary key (event_id, ordinal)
  )`,
  `create index mention_entity on mention (entity_id)`,
  `create table relation (
    from_id uuid not null references event on delete cascade,
    to_id uuid not null references event on delete cascade,
    ordinal smallint not null,
    score double precision not null,
    evidence jsonb not null,
    primary key (from_id, to_id),
    check (from_id <> to_id)
  )`,
  `create index relation_to on relation (to_id)`,
  `create table story (
    id uuid primary key,
    slug text not null unique,
    title text not null,
    first_day date not null,
    last_day date not null,
    events integer not null,
    merged_into uuid references story,
    updated_at timestamptz not null default now()
  )`,
  `create table story_event (
    event_id uuid primary key references event on delete cascade,
    story_id uuid not null references story on delete cascade
  )`,
  `create index story_event_story on story_event (story_id)`,
];

const OPERATION = [
  `create table run (
    id integer generated always as identity primary key,
    kind text not null,
    arguments jsonb not null default '{}',
    state text not null default 'running' check (state in ('running', 'done', 'stopped', 'failed')),
    total integer,
    finished integer not null default 0,
    facts jsonb not null default '{}',
    failure text,
    started_at timestamptz not null default now(),
    heartbeat_at timestamptz not null default now(),
    ended_at timestamptz
  )`,
  `create table change (
    seq bigint generated always as identity primary key,
    at timestamptz not null default now(),
    noun text not null,
    id text not null,
    kind text not null,
    day date,
    path text
  )`,
  `create table cursor (
    name text primary key,
    value text not null,
    at timestamptz not null default now()
  )`,
  `create table subscription (
    id integer generated always as identity primary key,
    url text not null unique,
    secret text not null,
    after_seq bigint not null default 0,
    attempts integer not null default 0,
    next_try_at timestamptz,
    failure text
  )`,
  `create table dead_letter (
    id bigint generated always as identity primary key,
    subscription_id integer not null references subscription on delete cascade,
    first_seq bigint not null,
    last_seq bigint not null,
    failure text not null,
    at timestamptz not null default now()
  )`,
];

const VIEWS = [
  `create view v_event as
    select e.id, e.day, e.text, e.category, e.section, e.slug,
      '/news/' || to_char(e.day, 'YYYY/MM/') || extract(day from e.day)::int || '/' || e.slug || '.html' as path,
      e.first_seen_at, e.updated_at, s.story_id,
      (select coalesce(array_agg(coalesce(nullif(t.text, ''), t.title) order by et.ordinal), '{}')
        from event_topic et join topic t on t.id = et.topic_id where et.event_id = e.id) as topics
    from event e left join story_event s on s.event_id = e.id
    where e.state = 'stable'`,
  `create view v_related as
    select r.from_id as event_id, r.to_id as related_id, r.ordinal, r.score, r.evidence, t.day as related_day, t.text as related_text
    from relation r join event f on f.id = r.from_id join event t on t.id = r.to_id
    where f.state = 'stable' and t.state = 'stable'`,
  `create view v_source as
    select s.event_id, s.ordinal, s.url, s.label, s.agency, s.outlet, a.id as article_id, a.state, a.reason, a.captured_at,
      a.title, a.description, a.authors, a.published, a.modified, a.site_name, a.canonical_url, a.image ->> 'url' as image,
      a.language, a.section, a.keywords, a.rules
    from event_source s join event e on e.id = s.event_id left join article a on a.id = s.article_id
    where e.state = 'stable'`,
  `create view v_entity as
    select m.event_id, n.id as entity_id, n.title, n.label, n.type, min(m.ordinal) as ordinal, max(m.score) as score
    from mention m join entity n on n.id = m.entity_id join event e on e.id = m.event_id
    where e.state = 'stable'
    group by m.event_id, n.id`,
];

const STATEMENTS = [...SOURCE_PAGES, ...EVENTS, ...ARTICLES, ...CONNECTIONS, ...OPERATION, ...VIEWS];
