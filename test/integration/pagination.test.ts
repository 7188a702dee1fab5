import { randomUUID } from 'node:crypto';
import { addDays, Day, type EventId } from '@throughline/core';
import { appendChanges, eventStore } from '@throughline/db';
import { testDatabase } from '@throughline/test';
import { apiOn } from '@throughline/test/api';
import { portalPage, reader, tagsOf } from '@throughline/test/record';
import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';

const database = await testDatabase();
const { db } = database;
const { app } = apiOn(db);
afterAll(() => database.drop());

const DAYS = Array.from({ length: 6 }, (_, index) => addDays(Day.parse('2001-03-01'), index));
const nth = <T>(list: readonly T[], number: number): T => list[number % list.length] as T;
let written = 0;

const sentences = (count: number): string[] =>
  Array.from({ length: count }, () => {
    written++;
    return `A storm of number ${written} in [[Town ${written % 9}]]. [http://example.org/${written} (A)]`;
  });

const idsOf = async (state = 'stable'): Promise<EventId[]> => {
  const { rows } = await sql<{
    id: EventId;
  }>`select id from event where state = ${state} and slug is not null order by id`.execute(db);
  return rows.map(({ id }) => id);
};

/** Another one of a sort, in a table whose ids are drawn or counted. */
const WRITERS: Record<string, (number: number) => Promise<unknown>> = {
  async 'a day of events comes'(number) {
    const day = addDays(nth(DAYS, number), number % 2 === 0 ? 0 : 40 + number);
    const known = await sql<{ count: number }>`select count(*)::int as count from event where day = ${day}`.execute(db);
    if (known.rows[0]?.count === 0) await reader(db)({ day, wikitext: portalPage(sentences(3)) });
  },
  'an event moves to another day': async (number) =>
    sql`update event set day = ${nth(DAYS, number)}, position = ${number} where id = ${nth(await idsOf(), number)}`.execute(
      db,
    ),
  'an event says something else': async (number) =>
    sql`update event set text = text || ' More.', slug = slug || ${`-${number}`}, updated_at = now() where id = ${nth(await idsOf(), number)}`.execute(
      db,
    ),
  async 'an event is withdrawn'(number) {
    const ids = await idsOf();
    if (ids.length > 4)
      await sql`update event set state = 'withdrawn', gone_at = now() where id = ${nth(ids, number)}`.execute(db);
  },
  async 'an event is back'(number) {
    const ids = await idsOf('withdrawn');
    if (ids.length > 0)
      await sql`update event set state = 'stable', gone_at = null where id = ${nth(ids, number)}`.execute(db);
  },
  'an event is tagged': async (number) =>
    eventStore(db).tag([
      tagsOf(nth(await idsOf(), number), [
        { title: `Person ${number}`, surface: `Person ${number}`, tagger: 'wikilink', score: 1 },
      ]),
    ]),
  'an entity is called otherwise, or named no more': (number) =>
    sql`update entity set label = label || 'x', events = ${number % 3} where id = (select id from entity order by id offset ${number % 5} limit 1)`.execute(
      db,
    ),
  'an article is read': (number) =>
    sql`update article set state = 'ok', title = 'Read', updated_at = now() where id = (select id from article order by id offset ${number % 7} limit 1)`.execute(
      db,
    ),
  'an article is another one': (number) =>
    sql`update article set merged_into = (select min(id) from article) where merged_into is null
      and id = (select id from article where id > (select min(id) from article) order by id offset ${number % 7} limit 1)`.execute(
      db,
    ),
  async 'events are related anew'(number) {
    const ids = await idsOf();
    const from = nth(ids, number);
    const relations = ids
      .filter((id) => id !== from)
      .slice(number % 3, (number % 3) + 4)
      .map((to) => ({ to, score: 2, evidence: [{ signal: 'similar-text', weight: 2 }] }));
    await eventStore(db).relate([{ from, relations }], []);
  },
  'a story begins': (number) =>
    sql`insert into story (id, slug, title, first_day, last_day, events) values (${randomUUID()}, ${randomUUID()}, 'Story', ${nth(DAYS, number)}, ${nth(DAYS, number)}, 2)`.execute(
      db,
    ),
  'a story goes on': (number) =>
    sql`update story set last_day = last_day + 1, events = events + 1, updated_at = now()
      where id = (select id from story order by id offset ${number % 4} limit 1)`.execute(db),
  'a story goes into another': (number) =>
    sql`update story set merged_into = (select min(id::text)::uuid from story where merged_into is null) where merged_into is null
      and id = (select id from story where merged_into is null order by id desc offset ${number % 4} limit 1)
      and (select count(*) from story where merged_into is null) > 3`.execute(db),
  'something else changes': (number) =>
    db
      .transaction()
      .execute((trx) =>
        appendChanges(trx, [{ noun: 'article', id: String(number), kind: 'updated', day: null, path: null }]),
      ),
};

interface Walked {
  items: Record<string, unknown>[];
  next?: string | null;
  last?: number;
  more?: boolean;
}

/** Every list that goes on in a further answer, and what is one thing of it. */
const LISTS: Record<string, (item: Record<string, unknown>) => unknown> = {
  '/v1/events': ({ id }) => id,
  '/v1/events?q=storm': ({ id }) => id,
  '/v1/events?category=politics-and-elections': ({ id }) => id,
  '/v1/days': ({ day }) => day,
  '/v1/stories': ({ id }) => id,
  '/v1/entities': ({ id }) => id,
  '/v1/entities?name=town': ({ id }) => id,
  '/v1/sources': ({ id }) => id,
  '/v1/sources?host=example.org': ({ id }) => id,
  '/v1/relations': ({ from, to }) => JSON.stringify([from, to]),
  '/v1/changes': ({ seq }) => seq,
};

/** The whole list in one walk with nothing between, and the same in pieces. */
async function* slices(list: string, limit: number): AsyncGenerator<string[]> {
  const keyOf = LISTS[list] as (item: Record<string, unknown>) => unknown;
  let after: string | undefined;
  do {
    const url = new URL(list, 'http://localhost');
    url.searchParams.set('limit', String(limit));
    if (after !== undefined) url.searchParams.set('after', after);
    const response = await app.request(url.pathname + url.search);
    expect([url.pathname + url.search, response.status]).toEqual([url.pathname + url.search, 200]);
    const { items, next, last, more } = (await response.json()) as Walked;
    yield items.map((item) => String(keyOf(item)));
    after = list === '/v1/changes' ? (more ? String(last) : undefined) : (next ?? undefined);
  } while (after !== undefined);
}

async function whole(list: string): Promise<Set<string>> {
  const all: string[] = [];
  for await (const slice of slices(list, 100)) all.push(...slice);
  expect(new Set(all).size).toBe(all.length);
  return new Set(all);
}

beforeEach(async () => {
  await sql`truncate page, event, change, article, entity, story, topic, heading restart identity cascade`.execute(db);
  for (const day of DAYS) await reader(db)({ day, wikitext: portalPage(sentences(2)) });
  for (let number = 0; number < 12; number++) {
    await WRITERS['an event is tagged']?.(number);
    await WRITERS['events are related anew']?.(number);
    if (number < 7) await WRITERS['a story begins']?.(number);
  }
});

const writes = fc.array(fc.array(fc.tuple(fc.constantFrom(...Object.keys(WRITERS)), fc.nat(60)), { maxLength: 4 }), {
  minLength: 2,
  maxLength: 12,
});

describe('a list that is walked while others write', () => {
  it.each(Object.keys(LISTS))(
    '%s meets what is there all the while exactly once, and nothing twice',
    async (list) => {
      await fc.assert(
        fc.asyncProperty(writes, fc.integer({ min: 1, max: 5 }), async (script, limit) => {
          let always = await whole(list);
          const met: string[] = [];
          let step = 0;
          for await (const slice of slices(list, limit)) {
            met.push(...slice);
            for (const [writer, number] of script[step++] ?? []) await WRITERS[writer]?.(number);
            const now = await whole(list);
            always = new Set([...always].filter((key) => now.has(key)));
          }
          expect(met.length).toBe(new Set(met).size);
          expect([...always].filter((key) => !met.includes(key))).toEqual([]);
        }),
        { numRuns: 6 },
      );
    },
    60_000,
  );
});
