import {
  ARCHIVE_HOST,
  type ArticleId,
  type ArticleImage,
  type CaptureState,
  type Day,
  type EventId,
  type ExtractedArticle,
} from '@throughline/core';
import { sql } from 'kysely';
import { mergeArticles } from './article-merge.ts';
import { appendChanges } from './changes.ts';
import type { Database, DatabaseTransaction } from './database.ts';
import { eventPathOf } from './paths.ts';
import { insertRows, toJson } from './rows.ts';

/** A canonical URL that turned out to lead to an article. */
export interface Spelling {
  url: string;
  /** A permanent redirect leads there: whoever has that URL is the same article. Otherwise its title has to agree. */
  certain: boolean;
}

/** How one try at an article ended. */
export interface Capture {
  state: CaptureState;
  reason: string | null;
  status: number | null;
  finalUrl: string | null;
  /** When to try again; null for never. */
  nextTryAt: Date | null;
  etag?: string | null;
  lastModified?: string | null;
  extracted?: ExtractedArticle;
  snapshot?: Snapshot;
  spellings?: readonly Spelling[];
  /** Where the article has moved for good. */
  movedTo?: { url: string; host: string };
  /** The host does not have it (any more): an archive may. */
  wantsCopy?: boolean;
}

interface Snapshot {
  hash: string;
  bytes: number;
  contentType: string | null;
}

/** What an archive was found to have of an article. */
export interface CopyFinding {
  /** The copy; null where there is none that serves. */
  copy: { url: string; at: Date } | null;
  /** When to ask the archive again; null for never. */
  nextTryAt: Date | null;
  /** Whether this was a try that counts. */
  tried: boolean;
  /** It was looked for in a list of its host's copies. */
  listed?: boolean;
  extracted?: ExtractedArticle;
  /** With the URL that its bytes came from. */
  snapshot?: Snapshot & { url: string };
}

/** What an article's snapshot says when it is read again. */
export interface Reading {
  extracted: ExtractedArticle;
  /** How the capture that it came from ended, read so. */
  state: CaptureState;
  reason: string | null;
  spellings?: readonly Spelling[];
}

/** The states of an article that its page decided; another, as `gone`, came from a later try and stands. */
const READ_STATES: readonly CaptureState[] = ['ok', 'not-article'];

/** Keeps the end of one try. Returns the article, which may be the one that this one goes on in, and the public events that show a change. */
export async function recordCapture(
  trx: DatabaseTransaction,
  tried: ArticleId,
  at: Date,
  capture: Capture,
): Promise<{ id: ArticleId; events: EventId[] }> {
  const { id, moved } = await mergeArticles(trx, tried, capture);
  if (capture.movedTo) await ensureHost(trx, capture.movedTo.host);
  if (capture.wantsCopy) await ensureHost(trx, ARCHIVE_HOST);
  const events = await changing(trx, id, at, moved, async (kind) => {
    await trx
      .updateTable('article')
      .set({
        ...endOfTry(capture, at),
        ...(capture.extracted && readingOf(capture.extracted, kind)),
        ...copyColumns(capture, kind, at),
      })
      .where('id', '=', id)
      .execute();
  });
  if (capture.snapshot)
    await keepSnapshot(trx, id, at, {
      ...capture.snapshot,
      url: capture.finalUrl ?? '',
      status: capture.status ?? 0,
    });
  await keepSpellings(trx, id, capture.spellings ?? []);
  await appendUpdated(trx, events);
  return { id, events: events.map((event) => event.id) };
}

/** Keeps what an archive has of an article. Returns the public events that show a change. */
export async function recordCopy(
  trx: DatabaseTransaction,
  id: ArticleId,
  at: Date,
  finding: CopyFinding,
): Promise<EventId[]> {
  const events = await changing(trx, id, at, [], async (kind) => {
    await trx
      .updateTable('article')
      .set({
        archivedUrl: finding.copy?.url ?? null,
        archivedAt: finding.copy?.at ?? null,
        copyTryAt: finding.nextTryAt,
        ...(finding.listed && { copyListed: true }),
        ...(finding.tried && { copyAttempts: sql<number>`copy_attempts + 1` }),
        ...(finding.extracted && readingOf(finding.extracted, kind)),
      })
      .where('id', '=', id)
      .execute();
  });
  if (finding.snapshot) await keepSnapshot(trx, id, at, { status: 200, ...finding.snapshot });
  await appendUpdated(trx, events);
  return events.map((event) => event.id);
}

/** Keeps another reading of what was captured before. Returns the public events that show a change. */
export async function recordReading(
  trx: DatabaseTransaction,
  id: ArticleId,
  at: Date,
  { extracted, state, reason, spellings = [] }: Reading,
): Promise<EventId[]> {
  const events = await changing(trx, id, at, [], async () => {
    await trx.updateTable('article').set(readingOf(extracted, null)).where('id', '=', id).execute();
    await trx
      .updateTable('article')
      .set({ state, reason })
      .where('id', '=', id)
      .where('state', 'in', READ_STATES)
      .execute();
  });
  await keepSpellings(trx, id, spellings);
  await appendUpdated(trx, events);
  return events.map((event) => event.id);
}

const endOfTry = (capture: Capture, at: Date) => ({
  state: capture.state,
  reason: capture.reason,
  status: capture.status,
  finalUrl: capture.finalUrl,
  nextTryAt: capture.nextTryAt,
  attempts: sql<number>`attempts + 1`,
  triedAt: at,
  ...(capture.movedTo && { movedTo: capture.movedTo.url, host: capture.movedTo.host }),
  ...(capture.etag !== undefined && { etag: capture.etag }),
  ...(capture.lastModified !== undefined && { lastModified: capture.lastModified }),
});

/** An article that its own host gives needs no copy; one that the host does not have, and of which there is none, does. */
function copyColumns({ extracted, wantsCopy }: Capture, kind: ExtractedArticle['kind'] | null, at: Date) {
  if (extracted?.kind === 'article') return { archivedUrl: null, archivedAt: null, copyTryAt: null };
  if (!wantsCopy || kind === 'article') return {};
  return {
    copyTryAt: sql<Date | null>`case when archived_url is null and copy_attempts = 0 then ${at}::timestamptz else copy_try_at end`,
  };
}

/** What readers see of an article. */
const SEEN = [
  'state',
  'reason',
  'title',
  'description',
  'authors',
  'published',
  'modified',
  'siteName',
  'canonicalUrl',
  'image',
  'language',
  'section',
  'keywords',
  'rules',
  'archivedUrl',
  'archivedAt',
] as const;

interface ShownEvent {
  id: EventId;
  day: Day;
  slug: string;
}

/**
 * Runs `change` on a locked article and stamps it, and the events that cite it,
 * where readers see another thing than before. Returns those that are public,
 * and those of `moved`, whose source is another article now.
 */
async function changing(
  trx: DatabaseTransaction,
  id: ArticleId,
  at: Date,
  moved: readonly EventId[],
  change: (kind: ExtractedArticle['kind'] | null) => Promise<void>,
): Promise<ShownEvent[]> {
  const look = () => trx.selectFrom('article').select(SEEN).where('id', '=', id).executeTakeFirstOrThrow();
  const { kind } = await trx
    .selectFrom('article')
    .select('kind')
    .where('id', '=', id)
    .forNoKeyUpdate()
    .executeTakeFirstOrThrow();
  const before = await look();
  await change(kind);
  const after = await look();
  const isOther = JSON.stringify(before) !== JSON.stringify(after);
  if (isOther) await trx.updateTable('article').set({ capturedAt: at, updatedAt: at }).where('id', '=', id).execute();
  return isOther || moved.length > 0 ? stampCiting(trx, isOther ? id : null, moved, at) : [];
}

/** Stamps the events that show an article as changed; returns the public ones. */
async function stampCiting(
  trx: DatabaseTransaction,
  id: ArticleId | null,
  moved: readonly EventId[],
  at: Date,
): Promise<ShownEvent[]> {
  const { rows } = await sql<{ id: EventId; day: Day; slug: string | null; state: string }>`
    with citing as (select e.id from event e where e.id in (select s.event_id from event_source s where s.article_id = ${id}
        union select value::uuid from json_array_elements_text(${toJson(moved)}::json)) order by e.id for no key update)
    update event set updated_at = ${at} from citing where event.id = citing.id returning event.id, event.day, event.slug, event.state`.execute(
    trx,
  );
  return rows
    .flatMap(({ state, slug, ...event }) => (state === 'stable' && slug !== null ? [{ ...event, slug }] : []))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** Tells the outbox: the last act of the transaction. */
const appendUpdated = (trx: DatabaseTransaction, events: readonly ShownEvent[]): Promise<void> =>
  appendChanges(
    trx,
    events.map(({ id, day, slug }) => ({ noun: 'event', id, kind: 'updated', day, path: eventPathOf(day, slug) })),
  );

/** A wall or an error page says nothing of the article; and no other page takes away what an article's own has told. */
const NO_READING = new Set<ExtractedArticle['kind']>(['soft-404', 'consent-wall', 'bot-wall']);

const NOTHING = { fields: {}, rivals: {}, body: '', wordCount: 0, fingerprint: '', faults: [] };

function readingOf(extracted: ExtractedArticle, known: ExtractedArticle['kind'] | null) {
  if (extracted.kind === 'article') return columnsOf(extracted);
  if (known === 'article') return {};
  return columnsOf(
    NO_READING.has(extracted.kind)
      ? { kind: extracted.kind, paywalled: extracted.paywalled, direction: extracted.direction, ...NOTHING }
      : extracted,
  );
}

function columnsOf({ fields, ...rest }: ExtractedArticle) {
  const rules = Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, field.rule]));
  const image: ArticleImage | undefined = fields.image?.value;
  return {
    kind: rest.kind,
    title: clean(fields.title?.value),
    description: clean(fields.description?.value),
    authors: fields.authors?.value.map((author) => clean(author) ?? '') ?? null,
    published: clean(fields.published?.value),
    modified: clean(fields.modified?.value),
    siteName: clean(fields.siteName?.value),
    canonicalUrl: clean(fields.canonicalUrl?.value),
    image: image ? toJson(image) : null,
    language: clean(fields.language?.value),
    section: clean(fields.section?.value),
    keywords: fields.keywords?.value.map((keyword) => clean(keyword) ?? '') ?? null,
    rules: toJson(rules),
    rivals: toJson(rest.rivals),
    images: toJson(rest.images ?? []),
    publishedBounds: rest.publishedBounds ? toJson(rest.publishedBounds) : null,
    direction: rest.direction,
    body: clean(rest.body),
    wordCount: rest.wordCount,
    paywalled: rest.paywalled,
    fingerprint: rest.fingerprint || null,
  };
}

const clean = (text: string | undefined): string | null => text?.replaceAll('\0', '\uFFFD').toWellFormed() ?? null;

/** Keeps that there is a snapshot of an article. */
export async function keepSnapshot(
  db: Database,
  articleId: ArticleId,
  at: Date,
  { hash, bytes, contentType, url, status }: Snapshot & { url: string; status: number },
): Promise<void> {
  await db
    .insertInto('snapshot')
    .values({ articleId, at, hash, bytes, contentType, url, status })
    .onConflict((conflict) => conflict.columns(['articleId', 'hash']).doNothing())
    .execute();
}

async function keepSpellings(
  trx: DatabaseTransaction,
  articleId: ArticleId,
  spellings: readonly Spelling[],
): Promise<void> {
  const rows = [...new Set(spellings.map(({ url }) => url))].sort().map((url) => ({ url, articleId }));
  if (rows.length === 0) return;
  await insertRows('article_url', ['url', 'articleId'], rows, sql`on conflict do nothing`).execute(trx);
}

async function ensureHost(trx: DatabaseTransaction, name: string): Promise<void> {
  await trx
    .insertInto('host')
    .values({ name })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}
