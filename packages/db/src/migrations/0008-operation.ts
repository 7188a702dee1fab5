import { sql, type Kysely } from 'kysely';

/** What an operator looks at and does: workers, throughput, failures, pauses, alarms, the audit log. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}

const STATEMENTS = [
  `create table worker (
    name text primary key,
    version text not null,
    started_at timestamptz not null default now(),
    heartbeat_at timestamptz not null default now(),
    in_hand jsonb not null default '[]'
  )`,
  `create table throughput (
    at timestamptz not null,
    stage text not null,
    outcome text not null,
    jobs integer not null,
    total_ms bigint not null,
    buckets integer[] not null,
    primary key (at, stage, outcome)
  )`,
  `create table failure (
    id bigint generated always as identity primary key,
    stage text not null,
    key text not null,
    payload jsonb not null,
    cause text not null,
    host text,
    error text not null,
    attempts integer not null,
    failed_at timestamptz not null default now(),
    unique (stage, key)
  )`,
  `create index failure_group on failure (stage, cause, host)`,
  `create index failure_at on failure (failed_at)`,
  `create table stage_control (
    stage text primary key,
    paused_at timestamptz,
    paused_by text,
    concurrency integer
  )`,
  `create table schedule (
    name text primary key,
    every_ms bigint,
    enabled boolean not null default true,
    last_at timestamptz
  )`,
  `create table alarm (
    id bigint generated always as identity primary key,
    light text not null,
    level text not null,
    says text not null,
    since timestamptz not null default now(),
    told_at timestamptz,
    resolved_at timestamptz,
    resolution_told_at timestamptz
  )`,
  `create unique index alarm_open on alarm (light) where resolved_at is null`,
  `create table audit (
    id bigint generated always as identity primary key,
    at timestamptz not null default now(),
    operator text not null,
    action text not null,
    target text not null,
    facts jsonb not null default '{}'
  )`,
  `create index audit_at on audit (at)`,
  `alter table host add column pace_override_ms integer`,
  `create index article_trouble on article (state, host) where state not in ('waiting', 'ok')`,
  `create index article_read on article (host, captured_at) where state = 'ok'`,
];
