import { sql, type Kysely } from 'kysely';

/** Runs say who started them and what they cost; runs and workers do what an operator asks of them. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table run
    add column started_by text,
    add column asked text check (asked in ('pause', 'stop')),
    add column asked_by text,
    add column requests integer not null default 0`.execute(db);
  await sql`alter table worker add column quiet boolean not null default false`.execute(db);
}
