import type {
  ArticleId,
  Category,
  CitedSource,
  Day,
  EventId,
  EventRecord,
  ParsedEvent,
  Topic,
} from '@throughline/core';
import { sql } from 'kysely';
import { ensureArticles, type CitedUrl } from './articles.ts';
import type { Database, DatabaseTransaction } from './database.ts';
import { insertRows, toJson } from './rows.ts';

/** A record with the row it is kept in. */
export interface KeptRecord {
  record: EventRecord;
  version: number;
}

interface LoadedRow {
  id: EventId;
  day: Day;
  position: number;
  text: string;
  section: string;
  category: Category | null;
  links: ParsedEvent['links'];
  state: EventRecord['state'];
  slug: string | null;
  pending: ParsedEvent | null;
  pendingSince: number | null;
  firstSeenAt: number;
  presentSince: number;
  stableAt: number | null;
  goneAt: number | null;
  mergedInto: EventId | null;
  splitFrom: EventId | null;
  version: number;
  topics: Topic[] | null;
  sources: CitedSource[] | null;
  paths: EventRecord['paths'] | null;
  wordings: EventRecord['wordings'] | null;
}

const msOf = (column: string) => sql.raw(`(extract(epoch from ${column}) * 1000)::float8`);

/** The records of all events on the pages of a source for these days, gone ones included, and locks them. */
export async function eventRecords(
  trx: DatabaseTransaction,
  source: string,
  days: readonly Day[],
): Promise<KeptRecord[]> {
  const { rows } = await sql<LoadedRow>`
    select e.id, e.day, e.position, e.text, e.section, e.category, e.links, e.state, e.slug, e.pending, e.version,
      e.merged_into, e.split_from, ${msOf('e.pending_since')} as pending_since, ${msOf('e.first_seen_at')} as first_seen_at,
      ${msOf('e.present_since')} as present_since, ${msOf('e.stable_at')} as stable_at, ${msOf('e.gone_at')} as gone_at,
      (select json_agg(json_build_object('title', t.title, 'text', t.text) order by et.ordinal)
        from event_topic et join topic t on t.id = et.topic_id where et.event_id = e.id) as topics,
      (select json_agg(json_strip_nulls(json_build_object('url', s.url, 'label', s.label, 'agency', s.agency, 'outlet', s.outlet,
        'title', s.title, 'published', s.published, 'form', s.form)) order by s.ordinal)
        from event_source s where s.event_id = e.id) as sources,
      (select json_agg(json_build_object('day', p.day, 'slug', p.slug) order by p.ordinal)
        from event_slug p where p.event_id = e.id) as paths,
      (select json_agg(json_strip_nulls(json_build_object('text', w.text, 'seenAt', ${msOf('w.seen_at')}, 'revision', w.revision,
        'until', ${msOf('w.until')}, 'publicAt', ${msOf('w.public_at')}, 'slug', w.slug)) order by w.ordinal)
        from event_wording w where w.event_id = e.id) as wordings
    from event e join page on page.id = e.page_id
    where page.source = ${source} and e.day in (select value::date from json_array_elements_text(${toJson(days)}::json))
    order by e.id
    for no key update of e`.execute(trx);
  return rows.map((row) => ({ record: recordOf(row), version: row.version }));
}

function recordOf(row: LoadedRow): EventRecord {
  const reading: ParsedEvent = {
    text: row.text,
    section: row.section,
    ...(row.category !== null && { category: row.category }),
    topics: row.topics ?? [],
    links: row.links,
    sources: row.sources ?? [],
    position: row.position,
  };
  return {
    id: row.id,
    day: row.day,
    state: row.state,
    reading,
    ...(row.pending !== null &&
      row.pendingSince !== null && { pending: { reading: row.pending, since: row.pendingSince } }),
    firstSeenAt: row.firstSeenAt,
    presentSince: row.presentSince,
    ...(row.stableAt !== null && { stableAt: row.stableAt }),
    ...(row.goneAt !== null && { goneAt: row.goneAt }),
    ...(row.slug !== null && { slug: row.slug }),
    paths: row.paths ?? [],
    wordings: row.wordings ?? [],
    ...(row.mergedInto !== null && { mergedInto: row.mergedInto }),
    ...(row.splitFrom !== null && { splitFrom: row.splitFrom }),
  };
}

/** A record to write: `fresh` where no row exists yet, `pageId` the page of its day. */
export interface WrittenRecord {
  record: EventRecord;
  pageId: number;
  version: number;
  fresh: boolean;
}

const iso = (ms: number | undefined): string | null => (ms === undefined ? null : new Date(ms).toISOString());

const EVENT_COLUMNS = [
  'id',
  'pageId',
  'day',
  'position',
  'text',
  'section',
  'category',
  'links',
  'state',
  'slug',
  'pending',
  'pendingSince',
  'firstSeenAt',
  'presentSince',
  'stableAt',
  'goneAt',
  'mergedInto',
  'splitFrom',
  'version',
  'enrichedVersion',
  'updatedAt',
] as const;

/** How a cited URL is matched and fetched; undefined where it cannot be. */
export type UrlReader = (url: string) => CitedUrl | undefined;

/** Writes records whole: the event's row, wordings, paths, topics and sources, and makes articles of new URLs. */
export async function writeRecords(
  trx: DatabaseTransaction,
  written: readonly WrittenRecord[],
  at: Date,
  readUrl: UrlReader,
): Promise<void> {
  if (written.length === 0) return;
  const sorted = [...written].sort((a, b) => (a.record.id < b.record.id ? -1 : 1));
  await insertRows(
    'event',
    EVENT_COLUMNS,
    sorted.map((one) => eventRow(one, at)),
    EVENT_UPDATE,
  ).execute(trx);
  await clearParts(
    trx,
    sorted.filter(({ fresh }) => !fresh).map(({ record }) => record.id),
  );
  const records = sorted.map(({ record }) => record);
  await writeWordings(trx, records);
  await writePaths(trx, records);
  await writeTopics(trx, records);
  await writeSources(trx, records, readUrl);
}

const EVENT_UPDATE = sql`on conflict (id) do update set page_id = excluded.page_id, day = excluded.day, position = excluded.position,
  text = excluded.text, section = excluded.section, category = excluded.category, links = excluded.links, state = excluded.state,
  slug = excluded.slug, pending = excluded.pending, pending_since = excluded.pending_since, present_since = excluded.present_since,
  stable_at = excluded.stable_at, gone_at = excluded.gone_at, merged_into = excluded.merged_into, split_from = excluded.split_from,
  version = excluded.version, updated_at = excluded.updated_at`;

function eventRow({ record, pageId, version }: WrittenRecord, at: Date) {
  const { reading, pending } = record;
  return {
    id: record.id,
    pageId,
    day: record.day,
    position: reading.position,
    text: reading.text,
    section: reading.section,
    category: reading.category ?? null,
    links: reading.links,
    state: record.state,
    slug: record.slug ?? null,
    pending: pending?.reading ?? null,
    pendingSince: iso(pending?.since),
    firstSeenAt: iso(record.firstSeenAt),
    presentSince: iso(record.presentSince),
    stableAt: iso(record.stableAt),
    goneAt: iso(record.goneAt),
    mergedInto: record.mergedInto ?? null,
    splitFrom: record.splitFrom ?? null,
    version,
    enrichedVersion: 0,
    updatedAt: at.toISOString(),
  };
}

async function clearParts(trx: DatabaseTransaction, ids: readonly EventId[]): Promise<void> {
  if (ids.length === 0) return;
  const list = sql`(select value::uuid from json_array_elements_text(${toJson(ids)}::json))`;
  for (const table of ['event_wording', 'event_slug', 'event_topic', 'event_source']) {
    await sql`delete from ${sql.table(table)} where event_id in ${list}`.execute(trx);
  }
}

async function writeWordings(trx: DatabaseTransaction, records: readonly EventRecord[]): Promise<void> {
  const rows = records.flatMap(({ id, wordings }) =>
    wordings.map((wording, ordinal) => ({
      eventId: id,
      ordinal,
      text: wording.text,
      slug: wording.slug ?? null,
      seenAt: iso(wording.seenAt),
      revision: wording.revision ?? null,
      until: iso(wording.until),
      publicAt: iso(wording.publicAt),
    })),
  );
  if (rows.length === 0) return;
  await insertRows(
    'event_wording',
    ['eventId', 'ordinal', 'text', 'slug', 'seenAt', 'revision', 'until', 'publicAt'],
    rows,
  ).execute(trx);
}

async function writePaths(trx: DatabaseTransaction, records: readonly EventRecord[]): Promise<void> {
  const rows = records.flatMap(({ id, paths }) =>
    paths.map(({ day, slug }, ordinal) => ({ day, slug, eventId: id, ordinal })),
  );
  if (rows.length === 0) return;
  // A path belongs to the event that had it first: readers' bookmarks never change their meaning.
  await insertRows('event_slug', ['day', 'slug', 'eventId', 'ordinal'], rows, sql`on conflict do nothing`).execute(trx);
}

async function writeTopics(trx: DatabaseTransaction, records: readonly EventRecord[]): Promise<void> {
  const rows = records.flatMap(({ id, reading }) =>
    reading.topics.map(({ title, text }, ordinal) => ({ e: id, o: ordinal, ti: title, te: text })),
  );
  if (rows.length === 0) return;
  const distinct = [...new Map(rows.map(({ ti, te }) => [`${ti}\0${te}`, { ti, te }])).values()].sort((a, b) =>
    a.ti === b.ti ? (a.te < b.te ? -1 : 1) : a.ti < b.ti ? -1 : 1,
  );
  await sql`insert into topic (title, text) select ti, te from json_to_recordset(${toJson(distinct)}::json) as t(ti text, te text)
    on conflict do nothing`.execute(trx);
  await sql`insert into event_topic (event_id, ordinal, topic_id)
    select r.e, r.o, t.id from json_to_recordset(${toJson(rows)}::json) as r(e uuid, o smallint, ti text, te text)
    join topic t on t.title = r.ti and t.text = r.te`.execute(trx);
}

async function writeSources(
  trx: DatabaseTransaction,
  records: readonly EventRecord[],
  readUrl: UrlReader,
): Promise<void> {
  const cited = records.flatMap(({ id, reading }) =>
    reading.sources.map((source, ordinal) => ({ eventId: id, ordinal, source, read: readUrl(source.url) })),
  );
  if (cited.length === 0) return;
  const articles = await ensureArticles(
    trx,
    cited.flatMap(({ read }) => read ?? []),
  );
  const rows = cited.map(({ eventId, ordinal, source, read }) => ({
    eventId,
    ordinal,
    articleId: (read && articles.get(read.url)) ?? (null as ArticleId | null),
    url: source.url,
    label: source.label,
    agency: source.agency ?? null,
    outlet: source.outlet ?? null,
    title: source.title ?? null,
    published: source.published ?? null,
    form: source.form,
  }));
  const columns = [
    'eventId',
    'ordinal',
    'articleId',
    'url',
    'label',
    'agency',
    'outlet',
    'title',
    'published',
    'form',
  ] as const;
  await insertRows('event_source', columns, rows).execute(trx);
}

/** Every record of a source, the days in order. */
export async function allRecords(db: Database, source: string): Promise<EventRecord[]> {
  const { rows } = await sql<{ day: Day }>`select distinct e.day from event e join page on page.id = e.page_id
    where page.source = ${source} order by e.day`.execute(db);
  const kept = await db.transaction().execute((trx) =>
    eventRecords(
      trx,
      source,
      rows.map(({ day }) => day),
    ),
  );
  return kept.map(({ record }) => record);
}

/** The record of one event, for tests and tools. */
export async function eventRecord(db: Database, id: EventId): Promise<EventRecord | undefined> {
  return db.transaction().execute(async (trx) => {
    const { rows } = await sql<{
      source: string;
      day: Day;
    }>`select page.source, e.day from event e join page on page.id = e.page_id where e.id = ${id}`.execute(trx);
    const place = rows[0];
    const records = place ? await eventRecords(trx, place.source, [place.day]) : [];
    return records.find(({ record }) => record.id === id)?.record;
  });
}
