import { sql, type Kysely, type RawBuilder } from 'kysely';
import type { Database } from './database.ts';
import { look } from './look.ts';
import { toJson } from './rows.ts';
import type { Schema } from './schema.ts';

/** A job that spent its attempts or was rejected. */
export interface Failure {
  id: number;
  stage: string;
  key: string;
  payload: unknown;
  cause: string;
  host: string | null;
  error: string;
  attempts: number;
  failedAt: Date;
}

/** Failures alike in stage, cause and host. */
export interface FailureGroup {
  stage: string;
  cause: string;
  host: string | null;
  count: number;
  firstAt: Date;
  lastAt: Date;
  /** The latest few. */
  examples: { id: number; key: string; error: string }[];
}

/** Which failures are meant: all that fit everything given. */
export interface FailureFilter {
  stage?: string;
  cause?: string;
  host?: string;
  /** A part of key, payload, error or host, in any case. */
  text?: string;
  ids?: readonly number[];
}

const MOST_GROUPS = 200;
const LONGEST_CAUSE = 160;

/** The inbox of what needs a person. */
export function failureStore(db: Database) {
  return {
    /** Keeps a failure; one of the same job is replaced. */
    async add(failure: Pick<Failure, 'stage' | 'key' | 'payload' | 'host' | 'error' | 'attempts'>): Promise<void> {
      const { stage, key, payload, host, error, attempts } = failure;
      const text = error.replaceAll('\0', '\uFFFD').toWellFormed();
      await sql`insert into failure (stage, key, payload, cause, host, error, attempts)
        values (${stage}, ${key}, ${toJson(payload ?? null)}, ${causeOf(text)}, ${host}, ${text}, ${attempts})
        on conflict (stage, key) do update set payload = excluded.payload, cause = excluded.cause, host = excluded.host,
          error = excluded.error, attempts = excluded.attempts, failed_at = now()`.execute(db);
    },

    /** What has worked since is no failure any more. */
    async resolve(done: readonly { stage: string; key: string }[]): Promise<void> {
      if (done.length === 0) return;
      await sql`delete from failure using json_to_recordset(${toJson(done)}::json) as done (stage text, key text)
        where failure.stage = done.stage and failure.key = done.key`.execute(db);
    },

    /** The largest groups, and how many failures there are in all of them. */
    groups: (filter: FailureFilter = {}): Promise<{ groups: FailureGroup[]; jobs: number; others: number }> =>
      look(db, (trx) => groupsOf(trx, filter)),

    list: (filter: FailureFilter, limit: number): Promise<Failure[]> =>
      look(db, async (trx) => {
        const { rows } = await sql<Failure>`
          select id, stage, key, payload, cause, host, error, attempts, failed_at
          from failure where ${fits(filter)} order by failed_at desc, id desc limit ${limit}`.execute(trx);
        return rows;
      }),

    /** Takes failures out of the inbox and returns them: to be asked for again, or forgotten. */
    async take(filter: FailureFilter, limit: number): Promise<Failure[]> {
      const { rows } = await sql<Failure>`
        delete from failure where id in (select id from failure where ${fits(filter)} order by id limit ${limit} for update skip locked)
        returning id, stage, key, payload, cause, host, error, attempts, failed_at`.execute(db);
      return rows;
    },

    /** How many there are, how many are of the last hour, and the commonest cause. */
    async counts(): Promise<{ open: number; lastHour: number; commonest: string | null }> {
      const { rows } = await sql<{ open: number; lastHour: number; commonest: string | null }>`
        select (select count(*)::int from failure) as open,
          (select count(*)::int from failure where failed_at > now() - interval '1 hour') as last_hour,
          (select cause from failure group by cause order by count(*) desc, cause limit 1) as commonest`.execute(db);
      return rows[0] ?? { open: 0, lastHour: 0, commonest: null };
    },
  };
}

export type FailureStore = ReturnType<typeof failureStore>;

/** `others` are the groups beyond those that are given. */
async function groupsOf(db: Kysely<Schema>, filter: FailureFilter) {
  const { rows } = await sql<FailureGroup & { jobs: number; all: number }>`
    with every as (select stage, cause, host, count(*)::int as count, min(failed_at) as first_at, max(failed_at) as last_at
      from failure where ${fits(filter)} group by stage, cause, host),
    fitting as (select *, (select sum(count) from every)::int as jobs, (select count(*) from every)::int as "all"
      from every order by count desc, stage, cause, host limit ${MOST_GROUPS})
    select g.*, e.examples from fitting g cross join lateral (
      select json_agg(json_build_object('id', id, 'key', key, 'error', left(error, 400)) order by failed_at desc, id desc) as examples
      from (select id, key, error, failed_at from failure f
        where f.stage = g.stage and f.cause = g.cause and (f.host = g.host or (g.host is null and f.host is null))
          and ${fits(filter)}
        order by failed_at desc, id desc limit 3) as latest) e
    order by g.count desc, g.stage, g.cause, g.host`.execute(db);
  const groups = rows.map(({ jobs: _jobs, all: _all, ...group }) => group);
  return { groups, jobs: rows[0]?.jobs ?? 0, others: (rows[0]?.all ?? 0) - rows.length };
}

function fits({ stage, cause, host, text, ids }: FailureFilter): RawBuilder<unknown> {
  const conditions = [sql`true`];
  if (stage !== undefined) conditions.push(sql`stage = ${stage}`);
  if (cause !== undefined) conditions.push(sql`cause = ${cause}`);
  if (host !== undefined) conditions.push(host === '' ? sql`host is null` : sql`host = ${host}`);
  if (ids !== undefined) conditions.push(sql`id = any(${[...ids]}::bigint[])`);
  if (text !== undefined && text !== '') {
    conditions.push(sql`strpos(lower(concat_ws(' ', key, host, error, payload::text)), lower(${text})) > 0`);
  }
  return sql.join(conditions, sql` and `);
}

/** An error without what differs from case to case: URLs, ids, quoted values, numbers. One line of at most 160 characters. */
function causeOf(error: string): string {
  const line = error.split('\n', 1)[0] ?? '';
  return line
    .replace(/\bhttps?:\/\/\S+/g, '…')
    .replace(/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}\b/gi, '…')
    .replace(/(["'`]).{1,400}?\1/g, '$1…$1')
    .replace(/\d+/g, 'N')
    .slice(0, LONGEST_CAUSE)
    .trim();
}
