import { Validator } from '@seriousme/openapi-schema-validator';
import { Day, type EventId, type StoryId } from '@throughline/core';
import { subscriptionStore } from '@throughline/db';
import { testDatabase } from '@throughline/test';
import { apiOn, OPERATOR_TOKEN, readSample } from '@throughline/test/api';
import { portalPage, reader } from '@throughline/test/record';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

type Json = Record<string, unknown>;

const database = await testDatabase();
const { db } = database;
const { app } = apiOn(db);
beforeAll(() => readSample(db));
afterAll(() => database.drop());

const get = (path: string, headers: Record<string, string> = {}) => app.request(path, { headers });
const json = async <T = Json>(path: string): Promise<T> => {
  const response = await get(path);
  expect([path, response.status]).toEqual([path, 200]);
  return (await response.json()) as T;
};

interface Operation {
  path: string;
  method: string;
  operationId: string;
  parameters: { name: string; in: string; required: boolean; schema: Json }[];
  responses: Record<string, { content: Record<string, { schema: Json }> }>;
}

interface Description {
  paths: Record<string, Record<string, Omit<Operation, 'path' | 'method'>>>;
  components: { schemas: Json };
}

/** A client made of nothing but the description: it knows no operation by name. */
async function clientOf(description: Description) {
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  ajv.addSchema({ $id: 'api', components: description.components });
  const operations = Object.entries(description.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): Operation => ({ path, method, ...operation })),
  );
  const check = ({ responses }: Operation, status: number, body: unknown) => {
    const answer = responses[String(status)] ?? responses[`${String(status)[0]}XX`];
    const [schema] = Object.values(answer?.content ?? {}).map((one) => one.schema);
    const at = JSON.parse(JSON.stringify(schema).replaceAll('"#/components', '"api#/components')) as Json;
    const isValid = ajv.compile(at);
    return isValid(body) ? [] : (isValid.errors ?? []).slice(0, 3);
  };
  return { operations, check };
}

describe('/v1/openapi.json', () => {
  it('is a valid description by another’s validator', async () => {
    const { valid, errors } = await new Validator().validate(await json('/v1/openapi.json'));
    expect(errors ?? []).toEqual([]);
    expect(valid).toBe(true);
  });

  it('describes every answer: a client made of it alone calls every operation that reads', async () => {
    const description = await json<Description & Json>('/v1/openapi.json');
    const { operations, check } = await clientOf(description);
    const known = await knownValues();
    const reading = operations.filter(({ method }) => method === 'get');
    expect(reading.length).toBeGreaterThanOrEqual(15);
    for (const operation of reading) {
      for (const withOptional of [false, true]) {
        const asked = operation.parameters.filter(
          ({ name, required }) =>
            required || (withOptional && (known[`${operation.operationId}.${name}`] ?? known[name])),
        );
        const value = ({ name }: { name: string }) => known[`${operation.operationId}.${name}`] ?? known[name] ?? '';
        const path = asked.reduce(
          (text, one) => text.replace(`{${one.name}}`, encodeURIComponent(value(one))),
          operation.path,
        );
        const query = asked.filter((one) => one.in === 'query').map((one) => [one.name, value(one)]);
        const search = new URLSearchParams(query);
        if (operation.operationId === 'related') search.set('text', 'Floods in Spain and an earthquake in Italy');
        const headers = { Authorization: `Bearer ${OPERATOR_TOKEN}` };
        const response = await get(`${path}?${search.toString()}`, headers);
        const body: unknown = await response.json();
        expect({
          operation: operation.operationId,
          status: response.status,
          errors: check(operation, response.status, body),
        }).toEqual({
          operation: operation.operationId,
          status: 200,
          errors: [],
        });
      }
      const wrong = await get(`${operation.path.replace(/\{\w+\}/g, '%3F')}?no_such_parameter=1`, {
        Authorization: `Bearer ${OPERATOR_TOKEN}`,
      });
      expect([operation.operationId, wrong.status, check(operation, 400, await wrong.json())]).toEqual([
        operation.operationId,
        400,
        [],
      ]);
    }
  });
});

/** Values that a parameter can have, by its name or its operation’s and its own. */
async function knownValues(): Promise<Record<string, string>> {
  await subscriptionStore(db).ensure('https://subscriber.example/hook', 'a secret');
  const { rows } = await sql<{ id: EventId; day: Day; entity: string; url: string; article: number }>`
    select e.id, e.day, n.slug as entity, s.url, s.article_id as article from event e join mention m on m.event_id = e.id
    join entity n on n.id = m.entity_id join event_source s on s.event_id = e.id
    where exists (select from relation r where r.from_id = e.id) and s.article_id is not null order by e.id limit 1`.execute(
    db,
  );
  const [row] = rows;
  if (!row) throw new Error('the sample has no such event');
  const { rows: stories } = await sql<{
    id: StoryId;
  }>`select id from story where events > 0 order by id limit 1`.execute(db);
  const story = stories[0]?.id;
  if (!story) throw new Error('the sample has no story');
  return {
    limit: '3',
    from: '2015-01-01',
    'listRelations.from': row.id,
    to: '2030-01-01',
    category: 'politics-and-elections',
    type: 'other',
    name: 'e',
    'getEvent.id': row.id,
    'getStory.id': story,
    'getSource.id': String(row.article),
    'listDeadLetters.id': '1',
    day: row.day,
    slug: row.entity,
    q: 'president or election',
    'lookup.url': row.url,
    as_of: '2030-01-01T00:00:00Z',
    host: 'bbc.co.uk',
    state: 'waiting',
    'listChanges.after': '3',
  };
}

describe('an answer', () => {
  it('says of each value where it comes from', async () => {
    const { items } = await json<{ items: { id: string }[] }>('/v1/events?limit=1&category=science-and-technology');
    const event = await json<Json & { provenance: Record<string, Json>; sources: Json[] }>(
      `/v1/events/${items[0]?.id}`,
    );
    expect(event.provenance['/text']).toMatchObject({
      rule: 'sentence',
      license: 'CC BY-SA 4.0',
      at: expect.any(String),
    });
    expect(event.provenance['/sources/0/url']).toMatchObject({ url: expect.stringContaining('wikipedia.org') });
    expect(event.provenance['/related']).toMatchObject({ rule: 'relate' });
    for (const pointer of Object.keys(event.provenance)) {
      const value = pointer
        .split('/')
        .slice(1)
        .reduce<unknown>((at, key) => (at as Json)[key], event);
      if (!['/category', '/story'].includes(pointer)) expect([pointer, value]).not.toEqual([pointer, undefined]);
    }
  });

  it('leads a client that would rather have a page to it', async () => {
    const { items } = await json<{ items: { id: string; day: string }[] }>('/v1/events?limit=1');
    const [event] = items;
    const page = await get(`/v1/events/${event?.id}`, { Accept: 'text/markdown' });
    expect([page.status, page.headers.get('Location')]).toEqual([303, `/events/${event?.id}.md`]);
    const dayPage = await get('/v1/days/2017-01-30', { Accept: 'application/xml' });
    expect(dayPage.headers.get('Location')).toBe('/news/2017/01/30/index.xml');
    expect((await get('/v1/days/2017-01-30', { Accept: '*/*' })).headers.get('Content-Type')).toMatch(
      /^application\/json/,
    );
  });

  it('has an ETag, and is not sent again', async () => {
    const first = await get('/v1/days/2017-01-30');
    const etag = first.headers.get('ETag') ?? '';
    expect((await get('/v1/days/2017-01-30', { 'If-None-Match': etag })).status).toBe(304);
  });
});

describe('lookup', () => {
  it('finds the events of an article by any spelling of its URL', async () => {
    const { items } = await json<{ items: { id: number; url: string }[] }>('/v1/sources?limit=100');
    const article = items.find(({ url }) => url.startsWith('https://www.bbc'));
    if (!article) throw new Error('the sample cites the BBC');
    const bare = article.url.replace('https://www.', '');
    for (const spelling of [article.url, `http://m.${bare}?utm_source=x#top`, `https://${bare}/`, bare]) {
      const found = await json<{ source: Json; events: Json[] }>(`/v1/lookup?url=${encodeURIComponent(spelling)}`);
      expect(found.source).toMatchObject({ id: article.id });
      expect(found.events.length).toBeGreaterThan(0);
    }
  });
});

describe('related', () => {
  it('relates a text to the events that its names and words belong with, and says why', async () => {
    const text = 'What is left of eastern Aleppo after the Syrian army took the last districts?';
    const { items } = await json<{ items: { text: string; evidence: { signal: string }[] }[] }>(
      `/v1/related?day=2016-12-14&text=${encodeURIComponent(text)}`,
    );
    expect(items[0]?.text).toMatch(/Aleppo/);
    expect(items[0]?.evidence.map(({ signal }) => signal)).toContain('shared-entity');
  });

  it('relates an article by the events that cite it', async () => {
    const { rows } = await sql<{ url: string; id: string }>`select s.url, s.event_id as id from event_source s
      where exists (select from relation r where r.from_id = s.event_id) and s.article_id is not null limit 1`.execute(
      db,
    );
    const { items, to } = await json<{ items: { id: string }[]; to: { events: string[] } }>(
      `/v1/related?url=${encodeURIComponent(rows[0]?.url ?? '')}`,
    );
    expect(to.events).toContain(rows[0]?.id);
    expect(items.length).toBeGreaterThan(0);
    expect(items.map(({ id }) => id)).not.toContain(rows[0]?.id);
  });
});

describe('a problem', () => {
  it.each([
    ['/v1/nothing', 404],
    ['/v1/events/00000000-0000-4000-8000-000000000000', 404],
    ['/v1/events/17', 400],
    ['/v1/events?limit=0', 400],
    ['/v1/events?limit=101', 400],
    ['/v1/events?limit=1&limit=2', 400],
    ['/v1/events?after=rubbish', 400],
    ['/v1/events?from=2017-02-30', 400],
    ['/v1/events?from=0000-01-01', 400],
    ['/v1/events?q=%00', 400],
    ['/v1/events?topic=99999999999', 400],
    ['/v1/days/0000-01-01', 400],
    ['/v1/days/1066-10-14', 404],
    ['/v1/sources/99999999999', 400],
    ['/v1/lookup?url=javascript:alert(1)', 400],
    ['/v1/lookup?url=https://example.org/never', 404],
    ['/v1/related', 400],
    ['/v1/related?url=https://a.example/&text=x', 400],
    ['/v1/search', 400],
    ['/v1/changes?after=-1', 400],
  ])('for %s is %i, as RFC 9457 says', async (path, status) => {
    const response = await get(path);
    expect([response.status, response.headers.get('Content-Type')]).toEqual([
      status,
      'application/problem+json; charset=utf-8',
    ]);
    expect(await response.json()).toMatchObject({
      type: 'about:blank',
      status,
      title: expect.any(String),
      detail: expect.any(String),
    });
  });

  it('never comes of what strangers send: whatever the parameters, an answer or a 4xx', async () => {
    const paths = ['/v1/events', '/v1/search', '/v1/entities', '/v1/lookup', '/v1/related', '/v1/days', '/v1/changes'];
    const names = ['q', 'url', 'text', 'name', 'after', 'from', 'entity', 'outlet', 'day', 'limit', 'as_of'];
    const query = fc.uniqueArray(fc.tuple(fc.constantFrom(...names), fc.string({ unit: 'binary', maxLength: 60 })), {
      selector: ([name]) => name,
      maxLength: 3,
    });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...paths), query, async (path, parameters) => {
        const response = await get(`${path}?${new URLSearchParams(parameters).toString()}`);
        expect(response.status).toBeLessThan(500);
      }),
      { seed: 6, numRuns: 200 },
    );
  });

  it('says which methods there are', async () => {
    const response = await app.request('/v1/events', { method: 'DELETE' });
    expect([response.status, response.headers.get('Allow')]).toEqual([405, 'GET, HEAD']);
  });
});

/** Walks a list to its end; between two slices `write` may do whatever it likes. */
async function walk(path: string, write: () => Promise<unknown>): Promise<string[]> {
  const met: string[] = [];
  for (let after: string | null = ''; after !== null; await write()) {
    const slice: { items: { id: string }[]; next: string | null } = await json(`${path}${after && `&after=${after}`}`);
    met.push(...slice.items.map(({ id }) => id));
    after = slice.next;
  }
  return met;
}

describe('a list', () => {
  it('meets every event that is there all the while exactly once, though events come, go and move to other days', async () => {
    const read = reader(db);
    const days = Array.from({ length: 12 }, (_, i) => Day.parse(`2001-03-${String(i + 1).padStart(2, '0')}`));
    const sentence = (day: Day, n: number) =>
      `Item ${n} of ${day} in [[Town ${n}]] is kept. [http://example.org/${day}/${n} (A)]`;
    for (const day of days) await read({ day, wikitext: portalPage([1, 2, 3].map((n) => sentence(day, n))) });
    const before = await publicIds();
    let round = 0;
    const met = await walk('/v1/events?to=2001-12-31&limit=4', async () => {
      round++;
      const [from, to] = [days[(round * 5) % 11] as Day, days[((round * 5) % 11) + 1] as Day];
      // The first event of a day moves to the day behind it, and a new one comes.
      await sql`update event set day = ${to} where id = (select id from event where day = ${from} and state = 'stable' order by id limit 1)`.execute(
        db,
      );
      const day = Day.parse(`2001-0${4 + (round % 5)}-01`);
      await read({ day, wikitext: portalPage([sentence(day, 1)]) });
    });
    expect(round).toBeGreaterThan(8);
    expect(met.filter((id) => before.has(id)).toSorted()).toEqual([...before].toSorted());
    expect(new Set(met).size).toBe(met.length);
  });

  it.each(['/v1/entities?limit=7', '/v1/sources?limit=7'])('%s is walked to its end without a gap', async (path) => {
    const met = await walk(path, async () => {});
    const [table, where] = path.includes('entities') ? ['entity', 'events > 0'] : ['article', 'merged_into is null'];
    const { rows } = await sql
      .raw<{ count: number }>(`select count(*)::int as count from ${table} where ${where}`)
      .execute(db);
    expect([met.length, new Set(met).size]).toEqual([rows[0]?.count, rows[0]?.count]);
  });

  it('is named by a Link header too', async () => {
    const response = await get('/v1/events?limit=2');
    const { next } = (await response.json()) as { next: string };
    expect(response.headers.get('Link')).toBe(`</v1/events?limit=2&after=${next}>; rel="next"`);
  });
});

const publicIds = async (): Promise<Set<string>> => {
  const { rows } = await sql<{
    id: string;
  }>`select id from event where day < '2002-01-01' and state = 'stable'`.execute(db);
  return new Set(rows.map(({ id }) => id));
};

describe('as_of', () => {
  it('shows a day and an event as readers saw them then, under the event’s own id', async () => {
    const read = reader(db);
    const on = Day.parse('2003-05-05');
    const at = (hour: number) => Date.parse(`2003-05-06T0${hour}:00:00Z`);
    const first = 'Voters in [[Peru]] go to the polls early. [http://example.org/peru (A)]';
    const second = 'Voters in [[Peru]] go to the polls two years early. [http://example.org/peru (A)]';
    await read({ day: on, wikitext: portalPage([first]), at: at(1) });
    await read({ day: on, wikitext: portalPage([second]), at: at(5) });
    const now = await json<{ items: { id: string; text: string }[] }>(`/v1/days/${on}`);
    const then = await json<{ items: { id: string; text: string }[] }>(`/v1/days/${on}?as_of=2003-05-06T03:00:00Z`);
    expect([now.items[0]?.text, then.items[0]?.text]).toEqual([
      'Voters in Peru go to the polls two years early.',
      'Voters in Peru go to the polls early.',
    ]);
    expect(then.items[0]?.id).toBe(now.items[0]?.id);
    const event = await json(`/v1/events/${now.items[0]?.id}?as_of=2003-05-06T03:00:00Z`);
    expect(event).toMatchObject({ text: 'Voters in Peru go to the polls early.', links: [{ title: 'Peru' }] });
    expect((await get(`/v1/events/${now.items[0]?.id}?as_of=2003-05-05T00:00:00Z`)).status).toBe(404);
    await read({ day: on, wikitext: portalPage(['Something else entirely happened in [[Chile]].']), at: at(9) });
    expect((await get(`/v1/events/${now.items[0]?.id}`)).status).toBe(410);
  });

  it('shows lists, days and what is found as they were then', async () => {
    const read = reader(db);
    const on = Day.parse('2004-05-05');
    const at = (hour: number) => Date.parse(`2004-05-06T0${hour}:00:00Z`);
    const first = 'Fishermen of [[Peru]] strike for a week. [http://example.org/strike (A)]';
    const second = 'Fishermen of [[Peru]] strike for a fortnight. [http://example.org/strike (A)]';
    await read({ day: on, wikitext: portalPage([first]), at: at(1) });
    await read({ day: on, wikitext: portalPage([second]), at: at(5) });
    await read({ day: on, wikitext: portalPage(['Something else entirely is said of [[Chile]].']), at: at(9) });
    const span = `from=${on}&to=${on}`;
    const texts = async (path: string): Promise<string[]> =>
      (await json<{ items: { text: string }[] }>(path)).items.map(({ text }) => text);
    const asOf = (clock: string): string => `as_of=2004-05-06T${clock}:00Z`;
    expect(await texts(`/v1/events?${span}&${asOf('00:00')}`)).toEqual([]);
    expect(await texts(`/v1/events?${span}&${asOf('03:00')}`)).toEqual(['Fishermen of Peru strike for a week.']);
    expect(await texts(`/v1/events?${span}&q=fortnight&${asOf('03:00')}`)).toEqual([]);
    expect(await texts(`/v1/search?${span}&q=fortnights&${asOf('08:30')}`)).toEqual([
      'Fishermen of Peru strike for a fortnight.',
    ]);
    expect(await texts(`/v1/events?${span}`)).not.toContain('Fishermen of Peru strike for a fortnight.');
    const days = async (clock: string) => (await json(`/v1/days?${span}&${asOf(clock)}`))['items'];
    expect(await days('00:00')).toEqual([]);
    expect(await days('03:00')).toMatchObject([{ day: on, events: 1 }]);
    const walked: string[] = [];
    for (let next: string | null = ''; next !== null;) {
      const part: { items: { id: string }[]; next: string | null } = await json(
        `/v1/events?limit=7&as_of=2026-01-01T00:00:00Z${next && `&after=${next}`}`,
      );
      walked.push(...part.items.map(({ id }) => id));
      next = part.next;
    }
    const { rows } = await sql<{
      id: string;
    }>`select distinct e.id from event e join event_wording w on w.event_id = e.id
      where w.public_at <= '2026-01-01' and (e.state <> 'withdrawn' or e.gone_at > '2026-01-01')`.execute(db);
    expect(walked.toSorted()).toEqual(rows.map(({ id }) => id).toSorted());
  });
});

describe('v_event.path', () => {
  it('is the event’s address, percent-encoded as the site writes it', async () => {
    await reader(db)({
      day: Day.parse('2004-02-03'),
      wikitext: portalPage(['انتخابات في القاهرة.', '“Ça va” à [[Zürich]]!']),
    });
    const { rows } = await sql<{
      path: string;
      href: string;
    }>`select path from v_event where day = '2004-02-03' order by path`.execute(db);
    const { items } = await json<{ items: { href: string }[] }>('/v1/days/2004-02-03');
    expect(rows.map(({ path }) => path)).toEqual(
      items.map(({ href }) => href.replace('https://news.example', '')).toSorted(),
    );
  });
});
