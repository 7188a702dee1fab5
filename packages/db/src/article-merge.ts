import type { ArticleId, EventId } from '@throughline/core';
import { sql } from 'kysely';
import type { Capture } from './captures.ts';
import type { DatabaseTransaction } from './database.ts';
import { toJson } from './rows.ts';

/**
 * Makes one article of those that a capture shows to be one: a spelling of it
 * is another's. The one cited first goes on; the others' spellings, sources and
 * snapshots become its own, their rows stay with `merged_into`. A URL that a
 * page merely claims for itself counts only where the titles agree, or nothing
 * was captured there yet. Returns the article that goes on, and the events
 * whose source is another article than before.
 */
export async function mergeArticles(
  trx: DatabaseTransaction,
  tried: ArticleId,
  capture: Pick<Capture, 'state' | 'spellings' | 'extracted'>,
): Promise<{ id: ArticleId; moved: EventId[] }> {
  const self = await survivorOf(trx, tried);
  if (capture.state !== 'ok' || !capture.spellings?.length) return { id: self, moved: [] };
  const others = await ownersOf(trx, self, capture);
  if (others.length === 0) return { id: self, moved: [] };
  const [id = self, ...merged] = [self, ...others].toSorted((a, b) => a - b);
  return { id, moved: await mergeInto(trx, id, merged) };
}

async function survivorOf(trx: DatabaseTransaction, id: ArticleId): Promise<ArticleId> {
  const row = await trx.selectFrom('article').select('mergedInto').where('id', '=', id).executeTakeFirstOrThrow();
  return row.mergedInto ?? id;
}

/** The other articles that a capture's spellings belong to, locked in their order. */
async function ownersOf(
  trx: DatabaseTransaction,
  self: ArticleId,
  { spellings = [], extracted }: Pick<Capture, 'spellings' | 'extracted'>,
): Promise<ArticleId[]> {
  const rows = toJson(spellings.map(({ url, certain }) => ({ url, certain })));
  const owners = await sql<{ id: ArticleId; certain: boolean }>`
    select u.article_id as id, bool_or(s.certain) as certain
    from json_to_recordset(${rows}::json) as s(url text, certain boolean) join article_url u on u.url = s.url
    where u.article_id <> ${self} group by u.article_id`.execute(trx);
  if (owners.rows.length === 0) return [];
  const ids = [self, ...owners.rows.map(({ id }) => id)];
  const locked = await trx
    .selectFrom('article')
    .select(['id', 'kind', 'title'])
    .where('id', 'in', ids)
    .where('mergedInto', 'is', null)
    .orderBy('id')
    .forUpdate()
    .execute();
  const certain = new Set(owners.rows.filter((owner) => owner.certain).map(({ id }) => id));
  const title = titleKey(extracted?.fields.title?.value);
  return locked
    .filter(({ id }) => id !== self)
    .filter((other) => certain.has(other.id) || other.kind !== 'article' || titleKey(other.title) === title)
    .map(({ id }) => id);
}

const titleKey = (title: string | null | undefined): string => (title ?? '').toLowerCase().replace(/\s+/g, ' ').trim();

async function mergeInto(trx: DatabaseTransaction, id: ArticleId, merged: readonly ArticleId[]): Promise<EventId[]> {
  const from = sql`(select value::integer from json_array_elements_text(${toJson(merged)}::json))`;
  const { rows } = await sql<{ eventId: EventId }>`
    update event_source set article_id = ${id} where article_id in ${from} returning event_id`.execute(trx);
  const moved = [...new Set(rows.map(({ eventId }) => eventId))].sort();
  await sql`update article_url set article_id = ${id} where article_id in ${from}`.execute(trx);
  await sql`update snapshot s set article_id = ${id} where article_id in ${from}
    and not exists (select from snapshot k where k.article_id = ${id} and k.hash = s.hash)
    and s.id = (select min(o.id) from snapshot o where o.article_id in ${from} and o.hash = s.hash)`.execute(trx);
  await sql`delete from snapshot where article_id in ${from}`.execute(trx);
  await sql`update article set submitted = submitted or (select bool_or(m.submitted) from article m where m.id in ${from})
    where id = ${id}`.execute(trx);
  await sql`update article set merged_into = ${id}, state = 'ok', reason = null, next_try_at = null, copy_try_at = null
    where id in ${from} or merged_into in ${from}`.execute(trx);
  // Relations depend on which events cite the same article.
  await sql`update event set version = version + 1
    where id in (select value::uuid from json_array_elements_text(${toJson(moved)}::json))`.execute(trx);
  return moved;
}
