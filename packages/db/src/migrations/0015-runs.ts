import { sql, type Kysely } from 'kysely';

/** Runs say who started them and what they cost, and do what an operator asks of them. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table run
    add column started_by text,
    add column asked text check (asked in ('pause', 'stop')),
    add column asked_by text,
    add column requests integer not null default 0`.execute(db);
}
