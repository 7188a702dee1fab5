import type { ArticleId, Day, EventId } from '@throughline/core';
import { sql, type Kysely } from 'kysely';
import type { Database } from './database.ts';
import { look } from './look.ts';
import type { Schema } from './schema.ts';

/** What of a day is there and what is not. */
export interface DayProgress {
  day: Day;
  events: number;
  /** Cited articles: in all, with an ending, and still to be had. */
  sources: number;
  captured: number;
  waiting: number;
  enriched: number;
  alarm: string | null;
}

export interface EventProgress {
  id: EventId;
  day: Day;
  text: string;
  state: string;
  slug: string | null;
  version: number;
  enrichedVersion: number;
  sources: number;
  captured: number;
  entities: number;
  relations: number;
}

/** One step of an event's way through the stages. */
export interface EventStep {
  stage: string;
  at: Date | null;
  level: 'good' | 'watch' | 'bad' | 'off';
  says: string;
  articleId: ArticleId | null;
}

/** Articles that end alike, by stage `capture`'s verdict. */
export interface ArticleTrouble {
  state: string;
  reason: string;
  host: string;
  count: number;
  nextTryAt: Date | null;
  examples: { id: ArticleId; url: string }[];
}

/** Which of the articles that could not be had: all that fit everything given. */
export interface TroubleFilter {
  host?: string;
  /** A part of what ended them or of their URL, in any case. */
  text?: string;
}

/** Articles that an operator means: one, those of a host, those of a verdict, or all of a trouble. */
export interface ArticleFilter {
  id?: ArticleId;
  host?: string;
  state?: string;
  reason?: string;
  trouble?: TroubleFilter;
}

export interface HostRow {
  name: string;
  paceMs: number;
  paceOverrideMs: number | null;
  crawlDelayMs: number | null;
  nextTurnAt: Date | null;
  retryAfterAt: Date | null;
  backoff: number;
  blocked: boolean;
  requests: number;
  failures: number;
  lastOkAt: Date | null;
  lastFailure: string | null;
  robotsAt: Date | null;
  leaseBy: string | null;
  waiting: number;
}

/** A host's articles that ended alike. */
export interface HostArticles {
  state: string;
  reason: string;
  count: number;
  /** Of those, how many an archive has a copy of. */
  copies: number;
}

export interface HostPage {
  row: HostRow;
  /** What is kept of its robots.txt. */
  robots: unknown;
  articles: HostArticles[];
}

/** Of `articles` of a host, a field was not found on `unfound`. */
export interface UnfoundField {
  host: string;
  articles: number;
  unfound: number;
}

/** How a field of articles was found. */
export interface FieldRule {
  field: string;
  /** The rule that won; null where none did. */
  rule: string | null;
  articles: number;
}

/** What the dashboard's views read. Each look is one short transaction that writes nothing. */
export function operationStore(db: Database) {
  return {
    days: (from: Day, to: Day): Promise<DayProgress[]> => look(db, (trx) => daysOf(trx, from, to)),
    events: (day: Day): Promise<EventProgress[]> => look(db, (trx) => eventsOf(trx, day)),
    steps: (id: EventId): Promise<EventStep[]> => look(db, (trx) => stepsOf(trx, id)),
    /** The largest groups of articles that could not be had. */
    trouble: (filter: TroubleFilter): Promise<ArticleTrouble[]> => look(db, (trx) => troubleOf(trx, filter)),
    /** How many articles there are in all of these groups. */
    troubled: (filter: TroubleFilter): Promise<number> => look(db, (trx) => troubledBy(trx, filter)),
    hosts: (filter: { text?: string; order: string }, limit: number): Promise<HostRow[]> =>
      look(db, (trx) => hostsOf(trx, filter, limit)),
    host: (name: string): Promise<HostPage | undefined> => look(db, (trx) => hostOf(trx, name)),
    /** Which rule won each field, and how often none did, over the latest articles: of all hosts, or of one. */
    rules: (host?: string): Promise<FieldRule[]> => look(db, (trx) => rulesOf(trx, host)),
    /** The hosts on whose latest articles a field was not found, most often first. */
    unfound: (field: string, limit: number): Promise<UnfoundField[]> => look(db, (trx) => unfoundOf(trx, field, limit)),

    /** Asks for articles again at once: those of a host, of a verdict, or one. Returns how many. */
    async tryAgain(which: ArticleFilter): Promise<number> {
      const { numAffectedRows } = await sql`update article set next_try_at = now() where ${matches(which)}`.execute(db);
      return Number(numAffectedRows ?? 0);
    },

    /** Ends articles as gone, for good. Returns how many. */
    async markGone(which: ArticleFilter): Promise<number> {
      const { numAffectedRows } =
        await sql`update article set state = 'gone', reason = 'an operator says so', next_try_at = null
        where ${matches(which)} and state <> 'ok'`.execute(db);
      return Number(numAffectedRows ?? 0);
    },

    async setHost(name: string, set: { blocked?: boolean; paceOverrideMs?: number | null }): Promise<boolean> {
      const { numUpdatedRows } = await db.updateTable('host').set(set).where('name', '=', name).executeTakeFirst();
      return numUpdatedRows > 0;
    },

    /**
     * Has everything about an event, or those of a day, done once more: the
     * articles that it cites are due at once, whatever became of them, and it is
     * behind. What is there is shown until the new is.
     */
    clear: (what: { event: EventId } | { day: Day }): Promise<{ events: number; articles: number }> =>
      db.transaction().execute(async (trx) => {
        const meant = 'event' in what ? sql`e.id = ${what.event}` : sql`e.day = ${what.day}`;
        const { numAffectedRows: articles = 0n } = await sql`update article set next_try_at = now(), attempts = 0
          where id in (select s.article_id from event_source s join event e on e.id = s.event_id where e.state = 'stable' and ${meant})`.execute(
          trx,
        );
        const { numAffectedRows: events = 0n } =
          await sql`update event e set version = version + 1 where e.state = 'stable' and ${meant}`.execute(trx);
        return { events: Number(events), articles: Number(articles) };
      }),

    /** Has an event tagged and related anew. */
    async outdate(id: EventId): Promise<boolean> {
      const { numAffectedRows } =
        await sql`update event set version = version + 1 where id = ${id} and state = 'stable'`.execute(db);
      return Number(numAffectedRows ?? 0) > 0;
    },
  };
}

export type OperationStore = ReturnType<typeof operationStore>;

type Reading = Kysely<Schema>;

async function daysOf(db: Reading, from: Day, to: Day): Promise<DayProgress[]> {
  const { rows } = await sql<DayProgress>`
    with own as (select id, day, enriched_version >= version as enriched from event
        where day between ${from} and ${to} and state = 'stable'),
      cited as (select o.day, count(*)::int as sources,
          count(*) filter (where a.captured_at is not null or a.next_try_at is null)::int as captured,
          count(*) filter (where a.next_try_at is not null)::int as waiting
        from own o join event_source s on s.event_id = o.id join article a on a.id = s.article_id group by o.day),
      counted as (select day, count(*)::int as events, count(*) filter (where enriched)::int as enriched from own group by day),
      read as (select day, max(alarm) as alarm from page where day between ${from} and ${to} group by day)
    select r.day::text as day, coalesce(n.events, 0) as events, coalesce(n.enriched, 0) as enriched,
      coalesce(c.sources, 0) as sources, coalesce(c.captured, 0) as captured, coalesce(c.waiting, 0) as waiting, r.alarm
    from read r left join counted n using (day) left join cited c using (day) order by r.day`.execute(db);
  return rows;
}

async function eventsOf(db: Reading, day: Day): Promise<EventProgress[]> {
  const { rows } = await sql<EventProgress>`
    select e.id, e.day::text as day, e.text, e.state, e.slug, e.version, e.enriched_version,
      (select count(*)::int from event_source s where s.event_id = e.id) as sources,
      (select count(*)::int from event_source s join article a on a.id = s.article_id
        where s.event_id = e.id and a.state = 'ok') as captured,
      (select count(distinct entity_id)::int from mention m where m.event_id = e.id) as entities,
      (select count(*)::int from relation r where r.from_id = e.id) as relations
    from event e where e.day = ${day} order by e.position, e.id limit 500`.execute(db);
  return rows;
}

async function stepsOf(db: Reading, id: EventId): Promise<EventStep[]> {
  const { rows } = await sql<EventStep>`
    select 'discover' as stage, e.first_seen_at as at, 'good' as level,
      'seen on the page of ' || e.day || ' of ' || p.source as says, null::int as article_id, 0 as place
      from event e join page p on p.id = e.page_id where e.id = ${id}
    union all select 'discover', e.stable_at, case when e.state = 'stable' then 'good' else 'watch' end,
      'is ' || e.state || case when e.gone_at is null then '' else ' since ' || e.gone_at::text end, null, 1
      from event e where e.id = ${id}
    union all select 'capture', a.captured_at,
      case when a.state = 'ok' then 'good' when a.state = 'waiting' then 'watch' else 'bad' end,
      a.cited_url || ': ' || a.state || coalesce(' (' || a.reason || ')', '') || ' after ' || a.attempts || ' tries'
        || coalesce('; next at ' || to_char(a.next_try_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI'), ''), a.id, 2
      from event_source s join article a on a.id = s.article_id where s.event_id = ${id}
    union all select 'enrich', e.enriched_at, case when e.enriched_version >= e.version then 'good' else 'watch' end,
      (select count(*) from mention m where m.event_id = e.id) || ' mentions, '
        || (select count(*) from relation r where r.from_id = e.id) || ' relations, of version '
        || e.enriched_version || ' of ' || e.version, null, 3
      from event e where e.id = ${id}
    union all select 'deliver', max(c.at), 'good', count(*) || ' changes told, the last number ' || max(c.seq), null, 4
      from change c where c.noun = 'event' and c.id = ${id} having count(*) > 0
    order by place, at nulls last`.execute(db);
  return rows;
}

const troubled = ({ host, text }: TroubleFilter) => sql`state not in ('waiting', 'ok')
      and ${host === undefined ? sql`true` : sql`host = ${host}`}
      and ${text ? sql`strpos(lower(concat_ws(' ', state, reason, cited_url)), lower(${text})) > 0` : sql`true`}`;

async function troubledBy(db: Reading, filter: TroubleFilter): Promise<number> {
  const { rows } = await sql<{
    count: number;
  }>`select count(*)::int as count from article where ${troubled(filter)}`.execute(db);
  return rows[0]?.count ?? 0;
}

async function troubleOf(db: Reading, filter: TroubleFilter): Promise<ArticleTrouble[]> {
  const fits = troubled(filter);
  const { rows } = await sql<ArticleTrouble>`
    with fitting as (select state, reason, host, count(*)::int as count, min(next_try_at) as next_try_at
      from article where ${fits} group by state, reason, host order by count(*) desc, host, state limit 200)
    select g.state, coalesce(g.reason, '') as reason, g.host, g.count, g.next_try_at, e.examples
    from fitting g cross join lateral (
      select json_agg(json_build_object('id', id, 'url', cited_url) order by id desc) as examples
      from (select id, cited_url from article a
        where a.state = g.state and (a.reason = g.reason or (a.reason is null and g.reason is null)) and a.host = g.host and ${fits}
        order by id desc limit 3) as latest) e
    order by g.count desc, g.host, g.state`.execute(db);
  return rows;
}

const HOST_ORDERS: Record<string, string> = {
  waiting: 'waiting desc',
  failures: 'h.failures::real / greatest(h.requests, 1) desc, h.failures desc',
  requests: 'h.requests desc',
  turn: 'h.next_turn_at desc',
  name: 'h.name',
};

async function hostOf(db: Reading, name: string): Promise<HostPage | undefined> {
  const [row] = await hostsOf(db, { name, order: 'name' }, 1);
  if (row === undefined) return undefined;
  const kept = await db.selectFrom('host').select('robots').where('name', '=', name).executeTakeFirst();
  const { rows: articles } = await sql<HostArticles>`
    select state, coalesce(reason, '') as reason, count(*)::int as count,
      count(*) filter (where archived_url is not null)::int as copies
    from article where host = ${name} group by state, reason order by count(*) desc, state, reason limit 100`.execute(
    db,
  );
  return { row, robots: kept?.robots ?? null, articles };
}

async function hostsOf(
  db: Reading,
  { text, name, order }: { text?: string; name?: string; order: string },
  limit: number,
): Promise<HostRow[]> {
  const by = HOST_ORDERS[order] ?? HOST_ORDERS['waiting'] ?? '';
  const { rows } = await sql<HostRow>`
    select h.name, h.pace_ms, h.pace_override_ms, h.crawl_delay_ms, nullif(h.next_turn_at, '-infinity') as next_turn_at,
      h.retry_after_at, h.backoff, h.blocked, h.requests, h.failures, h.last_ok_at, h.last_failure, h.robots_at,
      case when h.lease_until > now() then h.lease_by end as lease_by, coalesce(w.waiting, 0) as waiting
    from host h left join (select host, count(*)::int as waiting from article where next_try_at is not null group by host) w
      on w.host = h.name
    where ${text ? sql`strpos(h.name, lower(${text})) > 0` : sql`true`}
      and ${name === undefined ? sql`true` : sql`h.name = ${name}`}
    order by ${sql.raw(by)}, h.name limit ${limit}`.execute(db);
  return rows;
}

/** Enough to tell how often a rule wins, few enough to be counted while somebody waits. */
const LATEST_ARTICLES = 5_000;

/** Those of one host by when they were captured, for which there is an index. */
const latestOf = (host: string | undefined) =>
  host === undefined
    ? sql`select host, rules from article where rules is not null order by id desc limit ${LATEST_ARTICLES}`
    : sql`select host, rules from article where host = ${host} and state = 'ok' and rules is not null
        order by captured_at desc limit ${LATEST_ARTICLES}`;

async function rulesOf(db: Reading, host: string | undefined): Promise<FieldRule[]> {
  const { rows } = await sql<FieldRule>`
    with latest as materialized (${latestOf(host)}),
      won as (select field, rule, count(*)::int as articles from latest, jsonb_each_text(latest.rules) as found (field, rule)
        group by field, rule),
      lost as (select field, null::text as rule, (select count(*)::int from latest) - sum(articles)::int as articles
        from won group by field)
    select field, rule, articles from (select * from won union all select * from lost) as counted
    where articles > 0 order by field, rule is null, articles desc, rule`.execute(db);
  return rows;
}

async function unfoundOf(db: Reading, field: string, limit: number): Promise<UnfoundField[]> {
  const { rows } = await sql<UnfoundField>`
    with latest as materialized (${latestOf(undefined)})
    select host, count(*)::int as articles, count(*) filter (where not rules ? ${field})::int as unfound from latest
    group by host having count(*) filter (where not rules ? ${field}) > 0
    order by unfound desc, articles, host limit ${limit}`.execute(db);
  return rows;
}

function matches(which: ArticleFilter) {
  const conditions = [sql`state <> 'ok'`];
  const { id, host, state, reason, trouble } = which;
  if (id !== undefined) conditions.push(sql`id = ${id}`);
  if (host !== undefined) conditions.push(sql`host = ${host}`);
  if (state !== undefined) conditions.push(sql`state = ${state}`);
  if (reason !== undefined) conditions.push(sql`coalesce(reason, '') = ${reason}`);
  if (trouble !== undefined) conditions.push(troubled(trouble));
  return sql.join(conditions, sql` and `);
}
