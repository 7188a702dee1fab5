import { sql, type Kysely } from 'kysely';

/** What the dashboard asks for every second is read from indexes alone. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}

const STATEMENTS = [
  `create index article_turned_away on article (host, tried_at) where state = 'refused' and reason like 'robots%'`,
  `drop index article_trouble`,
  `create index article_trouble on article (state, reason, host, id) include (next_try_at) where state not in ('waiting', 'ok')`,
  `drop index failure_group`,
  `create index failure_group on failure (stage, cause, host, failed_at, id)`,
];
