import { ARCHIVE_HOST, Day, type ArticleId, type EventId, type ExtractedArticle } from '@throughline/core';
import { articleStore, changeStore, hostStore, openDatabase, type Capture, type CitedUrl } from '@throughline/db';
import { testDatabase } from '@throughline/test';
import { endOf, portalPage, reader } from '@throughline/test/record';
import { sql } from 'kysely';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';

const database = await testDatabase();
const { db } = database;
afterAll(() => database.drop());

const articles = articleStore(db);
const hosts = hostStore(db);
const read = reader(db);
const DAY = Day.parse('2026-03-10');
const AT = new Date('2026-03-11T08:00:00Z');

beforeEach(async () => {
  await sql`truncate page, event, change, heading, article, host, entity, topic restart identity cascade`.execute(db);
});

const extracted: ExtractedArticle = {
  fields: {
    title: { value: 'A \0 title', rule: 'json-ld:headline', confidence: 1 },
    authors: { value: ['Ada'], rule: 'meta:author', confidence: 0.5 },
    image: { value: { url: 'https://example.org/a.jpg', width: 10 }, rule: 'meta:og:image', confidence: 0.9 },
  },
  rivals: {},
  body: 'Text \ud800 end',
  kind: 'article',
  paywalled: false,
  wordCount: 2,
  direction: 'ltr',
  fingerprint: '',
  faults: [],
};
const ok: Capture = {
  state: 'ok',
  reason: null,
  status: 200,
  finalUrl: 'http://example.org/a',
  nextTryAt: null,
  etag: '"1"',
  extracted,
  snapshot: { hash: 'h1', bytes: 10, contentType: 'text/html' },
};

/** A page whose events cite these URLs, one each; the events in page order. */
async function cite(...urls: string[]): Promise<EventId[]> {
  const items = urls.map((url, i) => `Sentence ${i} about [[Town ${i}]]. [${url} (A)]`);
  await read({ day: DAY, wikitext: portalPage(items) });
  return (await db.selectFrom('event').select('id').orderBy('position').execute()).map(({ id }) => id);
}

const one = async (host = 'example.org') => {
  const [article] = await articles.due(host, 10);
  if (!article) throw new Error(`no article of ${host} is due`);
  return article;
};
const rows = async () => (await sql<Record<string, unknown>>`select * from article order by id`.execute(db)).rows;
const urlOf = (path: string): CitedUrl => ({
  url: `https://example.org${path}`,
  citedUrl: `http://example.org${path}`,
  host: 'example.org',
});

describe('articles', () => {
  it('are one for all spellings of a URL, fetched as first cited', async () => {
    await cite('http://www.example.org/a?utm_source=x', 'https://example.org/a', 'http://m.example.org/a/');
    expect(await rows()).toMatchObject([{ url: 'https://example.org/a', state: 'waiting', attempts: 0 }]);
    expect((await sql`select distinct article_id from event_source`.execute(db)).rows).toHaveLength(1);
  });

  it('are due at their time, the longest waiting first, and not once they are merged or finished', async () => {
    await cite('http://example.org/a', 'http://example.org/b', 'http://example.org/c', 'http://other.example/d');
    const [a, b, c] = await articles.due('example.org', 10);
    await articles.record(a?.id as ArticleId, AT, ok);
    await articles.record(b?.id as ArticleId, AT, {
      ...ok,
      state: 'unreachable',
      nextTryAt: new Date(Date.now() - 60_000),
      extracted: undefined as never,
    });
    expect((await articles.due('example.org', 10)).map(({ id, attempts }) => [id, attempts])).toEqual([
      [b?.id, 1],
      [c?.id, 0],
    ]);
    await articles.record(c?.id as ArticleId, AT, {
      ...ok,
      state: 'unreachable',
      nextTryAt: new Date(Date.now() + 60_000),
    });
    await sql`update article set merged_into = ${a?.id} where id = ${b?.id}`.execute(db);
    expect(await articles.due('example.org', 10)).toEqual([]);
    expect(await articles.nextDue('elsewhere.example')).toBeUndefined();
  });

  it('keep what a try came to: fields with their rules, snapshot, spellings; twice the same is the same', async () => {
    const [event] = await cite('http://example.org/a');
    const { id } = await one();
    const spellings = ['https://example.org/a', 'https://example.org/moved'].map((url) => ({ url, certain: true }));
    const since = await changeStore(db).latest();
    expect(await articles.record(id, AT, { ...ok, spellings })).toEqual({ id, events: [event] });
    const [before] = await rows();
    expect(before).toMatchObject({
      state: 'ok',
      attempts: 1,
      etag: '"1"',
      title: 'A \uFFFD title',
      authors: ['Ada'],
      body: 'Text \uFFFD end',
      description: null,
      rules: { title: 'json-ld:headline', authors: 'meta:author', image: 'meta:og:image' },
      image: { url: 'https://example.org/a.jpg', width: 10 },
    });
    expect(await changeStore(db).after(since, 10)).toMatchObject([{ kind: 'updated', id: event }]);

    const told = await changeStore(db).latest();
    expect(await articles.record(id, new Date(AT.getTime() + 1_000), { ...ok, spellings })).toEqual({ id, events: [] });
    expect(await rows()).toEqual([{ ...before, attempts: 2, triedAt: new Date(AT.getTime() + 1_000) }]);
    expect(await changeStore(db).after(told, 10)).toEqual([]); // nothing that a reader could see
    expect((await sql`select hash from snapshot`.execute(db)).rows).toEqual([{ hash: 'h1' }]);
    expect(await articles.citing('https://example.org/moved')).toEqual([event]);
    expect(await articles.states()).toEqual({ ok: 1 });
  });

  it('keep what was read before when a later try fails', async () => {
    await cite('http://example.org/a');
    const { id } = await one();
    await articles.record(id, AT, ok);
    const { extracted: _, snapshot: __, etag: ___, ...failed } = ok;
    await articles.record(id, AT, { ...failed, state: 'gone', reason: 'status 410', status: 410 });
    expect(await rows()).toMatchObject([{ state: 'gone', reason: 'status 410', title: 'A \uFFFD title', etag: '"1"' }]);
  });

  it('are joined by later events through every URL that leads to them', async () => {
    await cite('http://example.org/a');
    await articles.record((await one()).id, AT, {
      ...ok,
      spellings: [{ url: 'https://example.org/moved', certain: true }],
    });
    const next = Day.parse('2026-03-20');
    await read({
      day: next,
      wikitext: portalPage(['A sequel in [[Rome]]. [https://www.example.org/moved/ (B)]']),
      at: endOf(next),
    });
    expect(await rows()).toHaveLength(1);
    expect(await articles.citing('https://example.org/a')).toHaveLength(2);
  });

  it('are made once when two pages cite the same at once', async () => {
    const others = openDatabase(database.url, { maxConnections: 8 });
    const days = ['2026-05-01', '2026-05-10', '2026-05-20', '2026-06-01'].map((day) => Day.parse(day));
    const urls = Array.from({ length: 12 }, (_, i) => `http://host${i % 4}.example/${i}`);
    const pageOf = (order: string[], day: Day) =>
      portalPage(order.map((url, i) => `Item ${i} of ${day}. [${url} (A)]`));
    await Promise.all(
      days.map((day, i) => reader(others)({ day, wikitext: pageOf(i % 2 ? urls.toReversed() : urls, day) })),
    ).finally(() => others.destroy());
    expect(await rows()).toHaveLength(12);
    expect((await sql`select 1 from event_source where article_id is null`.execute(db)).rows).toEqual([]);
  });

  it('can be submitted: a cited one says who cites it, an unknown one waits', async () => {
    const [event] = await cite('http://example.org/a');
    expect(await articles.submit(urlOf('/a'))).toMatchObject({ state: 'waiting', submitted: true, events: [event] });
    expect(await articles.submit(urlOf('/new'))).toMatchObject({ state: 'waiting', submitted: true, events: [] });
    await articles.submit(urlOf('/new'));
    expect((await articles.due('example.org', 10, { submittedOnly: true })).map(({ askUrl }) => askUrl)).toEqual([
      'http://example.org/a',
      'http://example.org/new',
    ]);
  });
});

describe('hosts', () => {
  const reachAll = { all: true } as const;

  it('are held by one worker at a time, and by the next once let go', async () => {
    const both = await Promise.all([hosts.lease('example.org', 'a', 60_000), hosts.lease('example.org', 'b', 60_000)]);
    expect(both.filter((lease) => lease !== undefined)).toHaveLength(1);
    const [holder, other] = both[0] ? ['a', 'b'] : ['b', 'a'];
    expect(await hosts.holders()).toEqual([holder]);
    expect(await hosts.lease('example.org', holder, 60_000)).toBeDefined();
    await hosts.release('example.org', other);
    expect(await hosts.lease('example.org', other, 60_000)).toBeUndefined();
    await hosts.releaseAll(holder);
    expect(await hosts.lease('example.org', other, 60_000)).toBeDefined();
  });

  it('are free again when their worker was not heard of for the time of its lease', async () => {
    await hosts.lease('example.org', 'a', -1);
    expect(await hosts.lease('example.org', 'b', 60_000)).toBeDefined();
    const state = await hosts.lease('example.org', 'b', 60_000);
    if (!state) throw new Error('not held');
    await hosts.keep('a', { ...state, backoff: 9 }, { ok: true }, 60_000); // a comes back: its word counts no more
    expect(await hosts.lease('example.org', 'b', 60_000)).toMatchObject({ backoff: 0 });
  });

  it('keep what a request taught, over restarts', async () => {
    const state = await hosts.lease('example.org', 'a', 60_000);
    if (!state) throw new Error('not held');
    expect(state).toMatchObject({ robots: null, robotsAt: null, nextTurnAt: 0, blocked: false });
    const later = Date.now() + 5_000;
    await hosts.keep(
      'a',
      { ...state, nextTurnAt: later, backoff: 2, retryAfterAt: later },
      { ok: false, failure: 'status 503' },
      60_000,
    );
    await hosts.keepRobots('example.org', { groups: [], sitemaps: ['\ud800'] }, 4_000);
    await hosts.release('example.org', 'a');
    expect(await hosts.lease('example.org', 'b', 60_000)).toMatchObject({
      nextTurnAt: later,
      backoff: 2,
      retryAfterAt: later,
      crawlDelayMs: 4_000,
      robots: { groups: [], sitemaps: ['\uFFFD'] },
    });
    expect((await sql`select requests, failures, last_failure from host`.execute(db)).rows).toEqual([
      { requests: 1, failures: 1, lastFailure: 'status 503' },
    ]);
  });

  it('are due when an article is, their turn has come, nobody has them, and they are within reach', async () => {
    await cite(
      'http://a.example/1',
      'http://b.example/1',
      'http://c.example/1',
      'http://d.example/1',
      'http://e.example/1',
    );
    await sql`update host set blocked = true where name = 'a.example'`.execute(db);
    await hosts.lease('b.example', 'x', 60_000);
    await sql`update host set next_turn_at = now() + interval '1 hour' where name = 'c.example'`.execute(db);
    expect(await hosts.due(10, reachAll)).toEqual(['d.example', 'e.example']);
    expect(await hosts.due(1, reachAll)).toHaveLength(1);
    expect(await hosts.due(10, { all: false, hosts: [] })).toEqual([]);
    expect(await hosts.due(10, { all: false, hosts: ['e.example'] })).toEqual(['e.example']);
    await articles.submit({ url: 'https://d.example/1', citedUrl: 'http://d.example/1', host: 'd.example' });
    expect(await hosts.due(10, { all: false, hosts: [] })).toEqual(['d.example']);
  });

  it('are told apart by whether their articles are new, were captured before, or are to be found in the archive', async () => {
    await cite('http://d.example/1', 'http://e.example/1', 'http://f.example/1');
    await sql`update article set captured_at = now() where host = 'e.example'`.execute(db);
    await sql`update article set next_try_at = null, copy_try_at = now() where host = 'f.example'`.execute(db);
    await sql`insert into host (name) values (${ARCHIVE_HOST}) on conflict do nothing`.execute(db);
    expect(await hosts.due(10, reachAll, 'new')).toEqual(['d.example']);
    expect(await hosts.due(10, reachAll, 'captured')).toEqual(['e.example']);
    expect(await hosts.due(10, reachAll, 'copies')).toEqual([ARCHIVE_HOST]);
    expect((await hosts.due(10, reachAll)).toSorted()).toEqual(['d.example', 'e.example', ARCHIVE_HOST].toSorted());
  });
});
