import type { Day, DayItem, DayPage, EventId, EventPage, EventReference, FrontPage } from '@throughline/core';
import { sql } from 'kysely';
import type { Database } from './database.ts';
import { ITEM, itemOf, latestOf, PUBLIC, type ItemRow } from './day-items.ts';
import { eventPageOf, PAGE, type PageJson } from './event-page.ts';
import { statement } from './statement.ts';

/** What stands at an event's place. */
export type EventPlace =
  | { kind: 'found'; page: EventPage }
  /** The event has another place now. */
  | { kind: 'moved'; day: Day; slug: string }
  /** The event was withdrawn at `at` (ISO 8601); `page` is what it was. */
  | { kind: 'gone'; page: EventPage; at: string }
  | { kind: 'missing' };

const FRONT_DAYS = 3;

export function siteStore(db: Database) {
  return {
    /** What stands at `/news/<day>/<slug>`. */
    async event(day: Day, slug: string): Promise<EventPlace> {
      const [place] = await atPlace(db, day, slug);
      return place ? placeAt(day, slug, place) : { kind: 'missing' };
    },

    /** Where an event is to be found, or the one it was merged into; undefined before it is public. */
    async place(id: EventId): Promise<{ day: Day; slug: string } | undefined> {
      const { rows } = await sql<{ day: Day; slug: string }>`select o.day, o.slug
        from event e left join event i on i.id = e.merged_into and i.slug is not null join event o on o.id = coalesce(i.id, e.id)
        where e.id = ${id} and o.slug is not null`.execute(db);
      return rows[0];
    },

    /** The newest events, newest first, of whatever day. */
    async latest(limit: number): Promise<{ items: (DayItem & { updatedAt: string })[]; updatedAt: string }> {
      const { rows } = await sql<ItemRow>`/* latest */ select ${ITEM} from event e
        where e.id in (select id from event where state = 'stable' and slug is not null
          order by day desc, first_seen_at desc, position limit ${limit})
        order by e.day desc, e.position, e.id`.execute(db);
      const items = rows.map((row) => ({ ...itemOf(row), updatedAt: row.updatedAt.toISOString() }));
      return { items, updatedAt: latestOf(rows) };
    },

    async page(id: EventId): Promise<EventPage | undefined> {
      const { rows } = await sql<{ page: PageJson }>`select ${PAGE} as page
        from event e join page p on p.id = e.page_id where e.id = ${id}`.execute(db);
      return rows[0] && eventPageOf(rows[0].page);
    },

    day: (day: Day): Promise<DayPage | undefined> => dayPage(db, day),

    /** The last three days that have events; empty on an empty archive. */
    async front(): Promise<FrontPage> {
      const { rows } = await sql<{ day: Day }>`with recursive last as (
          (select e.day, 1 as number from event e where ${PUBLIC} order by e.day desc limit 1)
          union all
          select (select e.day from event e where ${PUBLIC} and e.day < last.day order by e.day desc limit 1), last.number + 1
            from last where last.number < ${FRONT_DAYS} and last.day is not null)
        select day from last where day is not null`.execute(db);
      const days = (await Promise.all(rows.map(({ day }) => dayPage(db, day)))).filter((page) => page !== undefined);
      const updatedAt = days.reduce((latest, day) => (day.updatedAt > latest ? day.updatedAt : latest), latestOf([]));
      return { days, updatedAt };
    },

    /** Public events whose sentence or id begins so, for finding one by hand. */
    async find(text: string, limit: number): Promise<EventReference[]> {
      const { rows } = await sql<EventReference>`select id, day, slug, text from event
        where state = 'stable' and (text ilike ${`%${text.replace(/[\\%_]/g, '\\$&')}%`} or id::text = ${text} or slug = ${text})
        order by day desc, position limit ${limit}`.execute(db);
      return rows;
    },

    /** The days with public events, ascending. */
    async days(from?: Day, to?: Day): Promise<{ day: Day; updatedAt: string }[]> {
      let query = db
        .selectFrom('event')
        .select(['day', ({ fn }) => fn.max('updatedAt').as('updatedAt')])
        .where('state', '=', 'stable');
      if (from) query = query.where('day', '>=', from);
      if (to) query = query.where('day', '<=', to);
      const rows = await query.groupBy('day').orderBy('day').execute();
      return rows.map(({ day, updatedAt }) => ({ day, updatedAt: updatedAt.toISOString() }));
    },

    /** Every public event of a day, whole. */
    async pagesOf(day: Day): Promise<EventPage[]> {
      const { rows } = await sql<{ page: PageJson }>`/* pages of a day */ select ${PAGE} as page
        from event e join page p on p.id = e.page_id where e.day = ${day} and e.state = 'stable' order by e.position`.execute(
        db,
      );
      return rows.map(({ page }) => eventPageOf(page));
    },
  };
}

export type SiteStore = ReturnType<typeof siteStore>;

const atPlace = statement<PlaceRow, [day: Day, slug: string]>(
  (day, slug) =>
    sql`/* event */ select e.state, e.gone_at, i.day as into_day, i.slug as into_slug, ${PAGE} as page
      from event_slug es join event e on e.id = es.event_id join page p on p.id = e.page_id
      left join event i on i.id = e.merged_into
      where es.day = ${day} and es.slug = ${slug}`,
);

interface PlaceRow {
  state: string;
  goneAt: Date | null;
  intoDay: Day | null;
  intoSlug: string | null;
  page: PageJson;
}

function placeAt(day: Day, slug: string, { state, goneAt, intoDay, intoSlug, page }: PlaceRow): EventPlace {
  if (!page.slug) return { kind: 'missing' };
  if (state === 'withdrawn' && intoDay && intoSlug) return { kind: 'moved', day: intoDay, slug: intoSlug };
  if (page.day !== day || page.slug !== slug) return { kind: 'moved', day: page.day, slug: page.slug };
  if (state !== 'withdrawn') return { kind: 'found', page: eventPageOf(page) };
  return { kind: 'gone', page: eventPageOf(page), at: (goneAt ?? new Date(0)).toISOString() };
}

type DayRow = ItemRow & { previous: Day | null; next: Day | null };

const ofDay = statement<DayRow, [day: Day]>(
  (day) => sql`/* day */ select ${ITEM},
      (select p.day from event p where p.state = 'stable' and p.slug is not null and p.day < ${day}::date order by p.day desc limit 1) as previous,
      (select n.day from event n where n.state = 'stable' and n.slug is not null and n.day > ${day}::date order by n.day limit 1) as next
    from event e where e.day = ${day}::date and ${PUBLIC} order by e.position, e.id`,
);

/** The page of a day, undefined where it has no public event. */
const dayPage = async (db: Database, day: Day): Promise<DayPage | undefined> => dayPageOf(day, await ofDay(db, day));

function dayPageOf(day: Day, rows: readonly DayRow[]): DayPage | undefined {
  const [first] = rows;
  if (!first) return undefined;
  return {
    day,
    items: rows.map(itemOf),
    ...(first.previous && { previous: first.previous }),
    ...(first.next && { next: first.next }),
    updatedAt: latestOf(rows),
  };
}
