import {
  addDays,
  NEIGHBOUR_DAYS,
  dayNumber,
  pathKey,
  type Category,
  type Day,
  type EventChange,
  type EventId,
  type EventRecord,
  type Leftover,
  type PageState,
  type ParsedDay,
  type Step,
} from '@throughline/core';
import { sql } from 'kysely';
import { appendChanges, type NewChange } from './changes.ts';
import { transact, type Database, type DatabaseTransaction } from './database.ts';
import { eventRecords, writeRecords, type KeptRecord, type UrlReader, type WrittenRecord } from './event-records.ts';
import { eventPathOf } from './paths.ts';
import { insertRows, listOf, toJson } from './rows.ts';
import { leaveStories } from './story-counts.ts';
import { updatedEvents } from './updated-events.ts';

/** One reading of a source's page, to be made part of the record. */
export interface PageReading {
  day: Day;
  title: string;
  wikitext: string;
  /** A digest of `wikitext`: a page read again unchanged costs nothing. */
  hash: string;
  revision?: number;
  /** The revision's own time, milliseconds since the epoch; absent where the source does not say. */
  at?: number;
  /** How long its new events must stand before readers see them, in milliseconds; kept with the revision. */
  settleMs: number;
  parsed: ParsedDay;
}

/** What a source's page was like when it was last read. */
export interface KnownPage {
  id: number;
  day: Day;
  hash: string | null;
  /** Milliseconds since the epoch. */
  contentAt: number | null;
  eventCount: number;
}

/** What decides, without touching anything. */
export interface Decisions {
  /** What a reading makes of the events known for its page. */
  read: (state: PageState, reading: PageReading & { at: number }) => Step;
  /** What has stood long enough by now. */
  settle: (state: PageState) => Step;
  /** Why a person should look at the page, whose `eventCount` is that of the reading before. */
  alarm?: (parsed: ParsedDay, page: KnownPage) => string | null;
}

/** What a batch of readings came to. */
export interface Revised {
  pages: number;
  unchanged: number;
  /** Events whose entities and relations are behind now. */
  behind: EventId[];
  /** Events that were not known before. */
  fresh: EventId[];
  changes: number;
  alarms: { day: Day; alarm: string }[];
}

export interface ReviseOptions {
  now: number;
  readUrl: UrlReader;
  decide: Decisions;
}

const MS_PER_DAY = 86_400_000;

/** A page's text as it was at a time. */
export interface KeptRevision {
  day: Day;
  revision: number | null;
  /** Milliseconds since the epoch. */
  at: number;
  settleMs: number;
  wikitext: string;
}

export function pageStore(db: Database) {
  return {
    /**
     * Makes the readings of one source part of the record, in one transaction
     * that locks their pages and the neighbours'. `decide` is asked for each in
     * turn, oldest day first, with what the ones before it came to.
     */
    async revise(source: string, readings: readonly PageReading[], options: ReviseOptions): Promise<Revised> {
      const sorted = [...readings].sort((a, b) => (a.day < b.day ? -1 : a.day > b.day ? 1 : (a.at ?? 0) - (b.at ?? 0)));
      return transact(db, (trx) => revise(trx, source, sorted, options));
    },

    /** Lets events and wordings settle whose time has come; `decide` is asked for each page that has any. */
    async settle(
      source: string,
      now: number,
      settleMs: number,
      { decide, readUrl }: Pick<ReviseOptions, 'readUrl'> & { decide: Decisions['settle'] },
    ): Promise<Revised> {
      const due = new Date(now - settleMs);
      const rows = await db
        .selectFrom('event')
        .innerJoin('page', 'page.id', 'event.pageId')
        .select('event.day')
        .distinct()
        .where('page.source', '=', source)
        .where((eb) =>
          eb.or([
            eb.and([
              eb('event.state', '=', 'unsettled'),
              eb('event.goneAt', 'is', null),
              eb('event.presentSince', '<=', due),
              eb.not(
                eb.exists(
                  eb
                    .selectFrom('eventWording as w')
                    .select('w.ordinal')
                    .whereRef('w.eventId', '=', 'event.id')
                    .where('w.until', 'is', null)
                    .where('w.seenAt', '>', due),
                ),
              ),
            ]),
            eb('event.pendingSince', '<=', due),
          ]),
        )
        .orderBy('event.day')
        .limit(50)
        .execute();
      const days = rows.map((row) => row.day);
      if (days.length === 0) return { pages: 0, unchanged: 0, behind: [], fresh: [], changes: 0, alarms: [] };
      return transact(db, async (trx) => {
        const book = await openBook(trx, source, days);
        for (const day of days) book.add(decide(book.state(day)));
        return {
          pages: days.length,
          unchanged: 0,
          alarms: [],
          ...(await closeBook(trx, book, new Date(now), readUrl)),
        };
      });
    },

    /** Notes that a page could not be read, so that its day is seen to be behind. */
    async failed(source: string, day: Day, title: string, failure: string): Promise<void> {
      await sql`insert into page (source, day, title, failed_at, failure) values (${source}, ${day}, ${title}, now(), ${failure})
        on conflict (source, day) do update set failed_at = now(), failure = excluded.failure`.execute(db);
    },

    /** Notes that a source has no page for a day; where it had one, a person should look. */
    async missing(source: string, day: Day, title: string): Promise<void> {
      await sql`insert into page (source, day, title, read_at) values (${source}, ${day}, ${title}, now())
        on conflict (source, day) do update set read_at = now(), failure = null,
          alarm = case when page.event_count > 0 then ${GONE} || ': its ' || page.event_count || ' events are kept' end`.execute(
        db,
      );
    },

    /** The revisions of these days' pages up to `until` (milliseconds since the epoch), in the order of their own time. */
    async revisions(source: string, days: readonly Day[], until: number): Promise<KeptRevision[]> {
      const rows = await db
        .selectFrom('pageRevision as r')
        .innerJoin('page', 'page.id', 'r.pageId')
        .select(['page.day', 'r.revision', 'r.at', 'r.settleMs', 'r.wikitext'])
        .where('page.source', '=', source)
        .where('page.day', 'in', [...days])
        .where('r.at', '<=', new Date(until))
        .orderBy('r.at')
        .orderBy('page.day')
        .orderBy('r.id')
        .execute();
      return rows.map(({ at, ...row }) => ({ ...row, at: at.getTime() }));
    },

    /** When each page of the span was last read, milliseconds since the epoch. */
    async readTimes(source: string, from: Day, to: Day): Promise<Map<Day, number>> {
      const rows = await db
        .selectFrom('page')
        .select(['day', 'readAt'])
        .where('source', '=', source)
        .where('day', '>=', from)
        .where('day', '<=', to)
        .execute();
      return new Map(rows.flatMap(({ day, readAt }) => (readAt ? [[day, readAt.getTime()] as const] : [])));
    },

    /** Pages an operator should look at, newest first. */
    alarms(limit: number): Promise<{ day: Day; title: string; alarm: string | null; failure: string | null }[]> {
      return db
        .selectFrom('page')
        .select(['day', 'title', 'alarm', 'failure'])
        .where((eb) => eb.or([eb('alarm', 'is not', null), eb('failure', 'is not', null)]))
        .orderBy('day', 'desc')
        .limit(limit)
        .execute();
    },

    /** Whether any page was ever read. */
    async any(): Promise<boolean> {
      return (await db.selectFrom('page').select('id').limit(1).executeTakeFirst()) !== undefined;
    },
  };
}

export type PageStore = ReturnType<typeof pageStore>;

async function revise(
  trx: DatabaseTransaction,
  source: string,
  readings: readonly PageReading[],
  { now, readUrl, decide }: ReviseOptions,
): Promise<Revised> {
  const book = await openBook(
    trx,
    source,
    readings.map(({ day }) => day),
    readings,
  );
  const seen = await seenBefore(trx, source, readings);
  const revised: Revised = { pages: 0, unchanged: 0, behind: [], fresh: [], changes: 0, alarms: [] };
  for (const reading of readings) {
    const page = book.page(reading.day);
    if (page.hash === reading.hash || seen.has(reading)) {
      await stampUnchanged(trx, page, now);
      revised.unchanged++;
      continue;
    }
    const at = instantOf(reading, page, now);
    const alarm = decide.alarm?.(reading.parsed, page) ?? null;
    if (alarm !== null) revised.alarms.push({ day: reading.day, alarm });
    // A page that reads as nothing at all would withdraw its whole day: it is kept for a person to look at instead.
    const isTrusted = alarm === null || reading.parsed.events.length > 0;
    if (isTrusted) page.eventCount = reading.parsed.events.length;
    await keepPage(trx, page, reading, at, now, alarm);
    if (isTrusted) {
      book.add(decide.read(book.state(reading.day), { ...reading, at }));
      book.add(decide.settle(book.state(reading.day)));
    }
    revised.pages++;
    page.hash = reading.hash;
    page.contentAt = at;
  }
  await keepHeadings(trx, readings);
  return { ...revised, ...(await closeBook(trx, book, new Date(now), readUrl)) };
}

/**
 * Readings of revisions that are kept already: the same text with the same
 * time of its own. A source that lags behind itself, or a replay, shows them
 * again after newer ones; they are no news.
 */
async function seenBefore(
  trx: DatabaseTransaction,
  source: string,
  readings: readonly PageReading[],
): Promise<Set<PageReading>> {
  const asked = readings.flatMap(({ day, hash, at }, index) =>
    at === undefined ? [] : [{ index, day, hash, at: new Date(at) }],
  );
  const { rows } = await sql<{ index: number }>`select asked.index
    from json_to_recordset(${toJson(asked)}::json) as asked (index integer, day date, hash text, at timestamptz)
      join page on page.source = ${source} and page.day = asked.day
      join page_revision r on r.page_id = page.id and r.hash = asked.hash and r.at = asked.at
    where r.at < page.content_at`.execute(trx);
  return new Set(rows.flatMap(({ index }) => readings[index] ?? []));
}

/** A page without a revision time of its own is taken to be as old as its day, once; after that it is news. */
function instantOf({ at, day }: PageReading, page: KnownPage, now: number): number {
  if (at !== undefined) return Math.max(at, page.contentAt ?? at);
  return page.contentAt === null ? Math.min((dayNumber(day) + 1) * MS_PER_DAY, now) : Math.max(now, page.contentAt);
}

/** How the alarm of a page begins that its source has no more. */
const GONE = 'the page is gone';

/** The page was read, and is there: what says otherwise is over. An alarm about its text stands as long as the text does. */
async function stampUnchanged(trx: DatabaseTransaction, { id }: KnownPage, now: number): Promise<void> {
  await sql`update page set read_at = ${new Date(now)}, failed_at = null, failure = null,
    alarm = case when not starts_with(alarm, ${GONE}) then alarm end where id = ${id}`.execute(trx);
}

async function keepPage(
  trx: DatabaseTransaction,
  page: KnownPage,
  reading: PageReading,
  at: number,
  now: number,
  alarm: string | null,
) {
  const { parsed } = reading;
  await trx
    .updateTable('page')
    .set({
      title: reading.title,
      wrapper: parsed.wrapper,
      eventCount: page.eventCount,
      leftovers: toJson(parsed.leftovers satisfies Leftover[]) as never,
      revision: reading.revision ?? null,
      contentAt: new Date(at),
      readAt: new Date(now),
      failedAt: null,
      failure: null,
      alarm,
    })
    .where('id', '=', page.id)
    .execute();
  await trx
    .insertInto('pageRevision')
    .values({
      pageId: page.id,
      revision: reading.revision ?? null,
      at: new Date(at),
      readAt: new Date(now),
      hash: reading.hash,
      settleMs: reading.settleMs,
      wikitext: reading.wikitext.replaceAll('\0', '\uFFFD'),
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

async function keepHeadings(trx: DatabaseTransaction, readings: readonly PageReading[]): Promise<void> {
  const rows = new Map<string, { raw: string; category: Category | null; firstDay: Day }>();
  for (const { day, parsed } of readings) {
    for (const { heading, category } of parsed.sections) {
      if (!rows.has(heading)) rows.set(heading, { raw: heading, category: category ?? null, firstDay: day });
    }
  }
  if (rows.size === 0) return;
  const sorted = [...rows.values()].sort((a, b) => (a.raw < b.raw ? -1 : 1));
  const update = sql`on conflict (raw) do update set first_day = excluded.first_day where excluded.first_day < heading.first_day`;
  await insertRows('heading', ['raw', 'category', 'firstDay'], sorted, update).execute(trx);
}

/** The records of some pages, as they are and as they become. */
interface Book {
  page: (day: Day) => KnownPage;
  state: (day: Day) => PageState;
  add: (step: Step) => void;
  written: () => WrittenRecord[];
  changes: readonly EventChange[];
  /** Whether what enrichment depends on has changed. */
  isBehind: (id: EventId) => boolean;
}

async function openBook(
  trx: DatabaseTransaction,
  source: string,
  days: readonly Day[],
  readings: readonly PageReading[] = [],
): Promise<Book> {
  const around = new Set(days.flatMap((day) => [addDays(day, -NEIGHBOUR_DAYS), day, addDays(day, NEIGHBOUR_DAYS)]));
  const pages = await lockPages(trx, source, [...around].sort(), readings);
  const kept = new Map((await eventRecords(trx, source, [...around])).map((one) => [one.record.id, one]));
  return bookOf(pages, kept, await publicPaths(trx, [...around]));
}

async function publicPaths(trx: DatabaseTransaction, days: readonly Day[]): Promise<Map<string, EventId>> {
  const { rows } = await sql<{ day: Day; slug: string; eventId: EventId }>`select day, slug, event_id from event_slug
    where day in (select value::date from json_array_elements_text(${toJson(days)}::json))`.execute(trx);
  return new Map(rows.map(({ eventId, ...path }) => [pathKey(path), eventId]));
}

function bookOf(
  pages: ReadonlyMap<Day, KnownPage>,
  kept: ReadonlyMap<EventId, KeptRecord>,
  paths: Map<string, EventId>,
): Book {
  const records = new Map([...kept].map(([id, { record }]) => [id, record]));
  const byDay = new Map<Day, Set<EventId>>();
  const place = (record: EventRecord) => {
    const before = records.get(record.id);
    if (before && before.day !== record.day) byDay.get(before.day)?.delete(record.id);
    byDay.set(record.day, (byDay.get(record.day) ?? new Set()).add(record.id));
    records.set(record.id, record);
  };
  for (const record of records.values()) place(record);
  const dirty = new Set<EventId>();
  const behind = new Set<EventId>();
  const changes: EventChange[] = [];

  const page = (day: Day): KnownPage => {
    const known = pages.get(day);
    if (!known) throw new Error(`no page is open for ${day}`);
    return known;
  };
  const nearby = (day: Day): EventRecord[] =>
    [addDays(day, -NEIGHBOUR_DAYS), day, addDays(day, NEIGHBOUR_DAYS)].flatMap((near) =>
      [...(byDay.get(near) ?? [])].flatMap((id) => records.get(id) ?? []),
    );
  return {
    page,
    changes,
    isBehind: (id) => behind.has(id),
    state(day) {
      const seenAt = pages.get(day)?.contentAt ?? null;
      return { day, events: nearby(day), paths, ...(seenAt !== null && { seenAt }) };
    },
    add(step) {
      for (const record of step.events) {
        const before = records.get(record.id);
        if (!before || before.state !== record.state || before.reading.text !== record.reading.text)
          behind.add(record.id);
        dirty.add(record.id);
        for (const path of record.paths) paths.set(pathKey(path), record.id);
        place(record);
      }
      for (const { id, changed } of step.touched) {
        if (changed.text || changed.topics || changed.links || changed.sources || changed.section || changed.day)
          behind.add(id);
      }
      changes.push(...step.changes);
    },
    written() {
      return [...dirty].flatMap((id) => {
        const record = records.get(id);
        if (!record) return [];
        const before = kept.get(id);
        const version = before ? before.version + (behind.has(id) ? 1 : 0) : 1;
        return [{ record, pageId: page(record.day).id, version, fresh: before === undefined }];
      });
    },
  };
}

async function closeBook(
  trx: DatabaseTransaction,
  book: Book,
  at: Date,
  readUrl: UrlReader,
): Promise<Pick<Revised, 'behind' | 'fresh' | 'changes'>> {
  const written = book.written();
  await writeRecords(trx, written, at, readUrl);
  const withdrawn = written.filter(({ record }) => record.state === 'withdrawn').map(({ record }) => record.id);
  const bereft = await forgetWithdrawn(trx, withdrawn);
  const stories = await leaveStories(trx, withdrawn);
  const changes = book.changes.map(({ id, kind, day, slug }): NewChange => ({
    noun: 'event',
    id,
    kind,
    day,
    path: eventPathOf(day, slug),
  }));
  const told = new Set(changes.map(({ id }) => id));
  const updates = await updatedEvents(
    trx,
    bereft.filter((id) => !told.has(id)),
  );
  await appendChanges(trx, [...updates, ...changes, ...stories]);
  return {
    behind: written
      .filter(({ record }) => record.state === 'stable' && book.isBehind(record.id))
      .map(({ record }) => record.id),
    fresh: written.filter(({ fresh }) => fresh).map(({ record }) => record.id),
    changes: changes.length + updates.length + stories.length,
  };
}

/**
 * Events that are related to a withdrawn one are related again; indexes in
 * memory learn of it through `tagged_seq`. Gives those that a withdrawn one was
 * related to: their lists of related events are shorter now.
 */
async function forgetWithdrawn(trx: DatabaseTransaction, ids: readonly EventId[]): Promise<EventId[]> {
  if (ids.length === 0) return [];
  const gone = listOf(ids);
  await sql`update event set version = version + 1 where id in (select from_id from relation where to_id in ${gone})`.execute(
    trx,
  );
  const { rows } = await sql<{ fromId: EventId; toId: EventId }>`
    delete from relation where from_id in ${gone} or to_id in ${gone} returning from_id, to_id`.execute(trx);
  await markTagged(trx, ids);
  const withdrawn = new Set(ids);
  return [...new Set(rows.map(({ toId }) => toId))].filter((id) => !withdrawn.has(id));
}

const TAG_LOCK = 7_201_514;

/** Numbers the events in commit order, so that an index in memory that has followed to `n` can go on after `n`. Call it last. */
export async function markTagged(trx: DatabaseTransaction, ids: readonly EventId[]): Promise<void> {
  if (ids.length === 0) return;
  await sql`select pg_advisory_xact_lock(${TAG_LOCK})`.execute(trx);
  await sql`update event set tagged_seq = nextval('tagged_seq') where id in (select value::uuid from json_array_elements_text(${toJson(ids)}::json))`.execute(
    trx,
  );
}

async function lockPages(
  trx: DatabaseTransaction,
  source: string,
  around: readonly Day[],
  readings: readonly PageReading[],
): Promise<Map<Day, KnownPage>> {
  const fresh = readings.map(({ day, title }) => ({ day, title }));
  await sql`insert into page (source, day, title)
    select ${source}, day, min(title) from json_to_recordset(${toJson(fresh)}::json) as p(day date, title text) group by day order by day
    on conflict do nothing`.execute(trx);
  const { rows } = await sql<KnownPage>`
    select p.id, p.day, p.event_count, (extract(epoch from p.content_at) * 1000)::float8 as content_at,
      (select hash from page_revision r where r.page_id = p.id order by r.at desc, r.id desc limit 1) as hash
    from page p where p.source = ${source} and p.day in (select value::date from json_array_elements_text(${toJson(around)}::json))
    order by p.day for no key update of p`.execute(trx);
  return new Map(rows.map((row) => [row.day, row]));
}
