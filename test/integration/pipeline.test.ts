import { Day, type EventId } from '@throughline/core';
import { siteStore, type Database } from '@throughline/db';
import {
  batches,
  captureJob,
  DAYS_A_JOB,
  discover,
  discoverJob,
  enrichJob,
  sweepJob,
  sweep,
  type Context,
} from '@throughline/pipeline';
import { request, type Backend } from '@throughline/queue';
import { fileSource } from '@throughline/sources';
import { testDatabase } from '@throughline/test';
import { serveOnLoopback } from '@throughline/test/loopback';
import { portalPage, reader } from '@throughline/test/record';
import { difference, everything, stationOn, untilDone, workOn } from '@throughline/test/station';
import { sql } from 'kysely';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { locateSample, sampleDays, startReplayServer, type ReplayServer } from '../../services/cli/src/sample.ts';

const days = sampleDays(locateSample());
const sources = () => [fileSource('portal', new Map(days.map(({ day, file }) => [day, file])))];
const allDays = () =>
  batches(
    days.map(({ day }) => day),
    DAYS_A_JOB,
  ).map((some) => request(discoverJob, { source: 'portal', days: some }));
const ended: (() => Promise<unknown>)[] = [];
afterAll(async () => {
  for (const end of ended.toReversed()) await end();
});

let replay: ReplayServer;
beforeAll(async () => {
  replay = await startReplayServer(locateSample());
  ended.push(() => replay.close());
});

async function station(options: Parameters<typeof stationOn>[1] = { sources: sources(), replay }) {
  const { db, drop } = await testDatabase();
  ended.push(drop);
  const { context, close } = await stationOn(db, options);
  ended.push(close);
  return { db, context };
}

async function working(context: Context) {
  const { queue, worker, finished } = await workOn(context);
  ended.push(() => worker.close());
  return { queue, finished };
}

describe('the days of the sample, from page to related events', () => {
  let db: Database;
  let context: Context;
  let queue: Backend;

  beforeAll(async () => {
    ({ db, context } = await station());
    const work = await working(context);
    queue = work.queue;
    await untilDone(queue, context, allDays());
    expect(work.finished.filter(({ outcome }) => outcome.kind === 'failed' || outcome.kind === 'rejected')).toEqual([]);
  });

  it('give the seed event its source with metadata, its five entities and related events that say why', async () => {
    const page = await seedPage(db);
    expect(page.sources).toMatchObject([{ state: 'ok', article: { siteName: 'Reuters', language: 'en' } }]);
    const { title, description, authors, published } = page.sources[0]?.article ?? {};
    for (const value of [title, description, authors?.[0], published]) expect(value).toMatch(/./);
    expect(Object.keys(page.sources[0]?.rules ?? {})).toContain('title');
    expect(page.entities.map(({ label }) => label).toSorted(byText)).toEqual([
      'Deir ez-Zor Governorate',
      'Islamic State of Iraq and the Levant',
      'Russian Defence Ministry',
      'Russian military intervention',
      'Syria',
    ]);
    expect(page.related.length).toBeGreaterThanOrEqual(5);
    for (const { id, score, evidence } of page.related) {
      expect(id).not.toBe(page.id);
      expect(evidence.length).toBeGreaterThan(0);
      expect(evidence.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(score, 9);
    }
  });

  it('leave no event without entities that has a link, and no article waiting', async () => {
    const bare = await sql`select text from event e where state = 'stable' and jsonb_array_length(links) > 0
      and not exists (select from mention m where m.event_id = e.id)`.execute(db);
    expect(bare.rows).toEqual([]);
    expect(await context.articles.states()).not.toHaveProperty('waiting');
    const counts = await sql<{
      events: number;
      mentions: number;
    }>`select n.events, (select count(distinct m.event_id) from mention m where m.entity_id = n.id) as mentions from entity n`.execute(
      db,
    );
    for (const { events, mentions } of counts.rows) expect(events).toBe(mentions);
  });

  it.each([
    ['404', '%AS_MISS_UNIVERSE%', { state: 'gone', reason: 'status 404', status: 404, again: false }],
    ['410', '%bigstory.ap.org%', { state: 'gone', reason: 'status 410', status: 410, again: false }],
    [
      'robots.txt',
      '%dailymail%',
      { state: 'refused', reason: 'robots: robots.txt asks us not to', status: null, again: true },
    ],
    ['a PDF', '%uksc-2016-0196%', { state: 'refused', reason: 'type: application/pdf', status: 200, again: false }],
    ['a redirect', '%militarytimes%', { state: 'ok', reason: null, status: 200, again: false }],
  ])('record how it ended with %s', async (_, url, ending) => {
    const { rows } =
      await sql`select state, reason, status, next_try_at is not null as again from article where url ilike ${url}`.execute(
        db,
      );
    expect(rows).toEqual([ending]);
  });

  it('change no row when every stage runs again', async () => {
    const before = await everything(db);
    expect(Object.keys(before)).toEqual(expect.arrayContaining(['event', 'relation', 'mention', 'article', 'change']));
    const hosts = (await sql<{ name: string }>`select name from host order by name`.execute(db)).rows;
    const ids = (await sql<{ id: EventId }>`select id from event order by id`.execute(db)).rows.map(({ id }) => id);
    await untilDone(queue, context, [
      ...allDays(),
      ...hosts.map(({ name }) => request(captureJob, { host: name })),
      ...batches(ids, 50).map((eventIds) => request(enrichJob, { eventIds })),
      request(sweepJob, {}),
    ]);
    expect(difference(before, await everything(db))).toEqual([]);
  });

  it('come to the same entities and relations however often all of it is enriched anew', async () => {
    const enriched = async () => {
      await context.events.outdateAll();
      await untilDone(queue, context, [request(sweepJob, {})]);
      return everything(db, ['event']); // its version grows each time
    };
    const before = await enriched();
    expect(difference(before, await enriched())).toEqual([]);
  });
});

describe('the sweep', () => {
  it('asks again for everything that a queue has lost', async () => {
    const { context, db } = await station();
    for (const { payload } of allDays()) {
      const outcome = await discover.run(
        payload as never,
        context,
        AbortSignal.timeout(60_000),
        AbortSignal.timeout(60_000),
      );
      expect(outcome.kind).toBe('done'); // what it asks for next goes nowhere: the queue is lost
    }
    expect(await context.events.behindCount()).toBeGreaterThan(40);
    expect(await context.articles.states()).not.toHaveProperty('ok');

    const { queue, finished } = await working(context); // a new worker sweeps when it starts
    await untilDone(queue, context);
    expect(await context.events.behindCount()).toBe(0);
    expect(await context.articles.states()).not.toHaveProperty('waiting');
    expect((await seedPage(db)).related.length).toBeGreaterThanOrEqual(5);
    const asked = finished.filter(({ stage }) => stage === 'sweep').length;
    const again = await sweep.run({}, context, AbortSignal.timeout(5_000), AbortSignal.timeout(5_000));
    expect(asked).toBeGreaterThan(0);
    expect(again).toMatchObject({ kind: 'done', next: [], facts: { hosts: 0, events: 0, days: 0, subscribers: 0 } });
  });
});

describe('politeness', () => {
  it('never asks a host twice at once, though two workers with queues of their own want to', async () => {
    const underWay = new Map<string, number>();
    let most = 0;
    let asked = 0;
    await using web = await serveOnLoopback({
      '*': (incoming, response) => {
        const { host } = new URL(String(incoming.headers['x-replay-url']));
        const now = (underWay.get(host) ?? 0) + 1;
        underWay.set(host, now);
        most = Math.max(most, now);
        asked++;
        void sleep(10).then(() => {
          underWay.set(host, now - 1);
          response.writeHead(200, { 'content-type': 'text/html' }).end(`<title>Page ${asked}</title><h1>Page</h1>`);
        });
      },
    });
    const names = ['a.example', 'b.example'];
    const at = { origin: web.origin, hosts: new Set(names) };
    const first = await station({ replay: at });
    const second = await stationOn(first.db, { replay: at });
    ended.push(second.close);
    const items = Array.from({ length: 24 }, (_, i) => `Item ${i} of [[Town ${i}]]. [http://${names[i % 2]}/${i} (A)]`);
    await reader(first.db)({ day: Day.parse('2026-03-10'), wikitext: portalPage(items) });

    const contexts = [first.context, { ...second.context, worker: 'other:1' }];
    const queues = await Promise.all(contexts.map(async (context) => (await working(context)).queue));
    const wishes = names.map((host) => request(captureJob, { host }));
    for (let round = 0; round < 8; round++) {
      for (const queue of queues) await queue.enqueue(wishes);
      await sleep(25);
    }
    for (const [i, queue] of queues.entries()) await untilDone(queue, contexts[i] as Context, wishes);
    expect(await first.context.articles.states()).not.toHaveProperty('waiting');
    expect(asked).toBe(24 + 2); // each page once, and each robots.txt
    expect(most).toBe(1);
  });
});

describe('a submitted article', () => {
  const story = (title: string) =>
    `<html lang="en"><head><title>${title}</title><meta property="og:type" content="article"><meta property="og:title" content="${title}"><meta property="article:published_time" content="2026-03-09T10:00:00Z"></head><body><article><h1>${title}</h1>${'<p>The council of the town met on Monday evening and voted for a bridge across the river, which will be opened in the spring of next year.</p>'.repeat(4)}</article></body></html>`;

  it('joins the events that cite it, or becomes an event of its own, once', async () => {
    await using web = await serveOnLoopback({
      '*': (incoming, response) => {
        const { pathname } = new URL(String(incoming.headers['x-replay-url']));
        if (pathname === '/robots.txt') return void response.writeHead(404).end();
        response
          .writeHead(200, { 'content-type': 'text/html' })
          .end(story(pathname === '/cited' ? 'A cited story' : 'Town council votes for a bridge'));
      },
    });
    const { db, context } = await station({ replay: { origin: web.origin, hosts: new Set(['news.example']) } });
    await reader(db)({
      day: Day.parse('2026-03-10'),
      wikitext: portalPage(['A vote in [[Rome]]. [http://news.example/cited (News)]']),
    });
    const { queue } = await working(context);
    const submit = async (path: string) => {
      await context.articles.submit({
        url: `https://news.example${path}`,
        citedUrl: `http://news.example${path}`,
        host: 'news.example',
      });
      await untilDone(queue, context, [request(captureJob, { host: 'news.example' })]);
    };
    await submit('/cited');
    await submit('/new');
    await submit('/new');

    const { rows } = await sql`select e.day, e.text, p.source, a.url from event e join page p on p.id = e.page_id
      join event_source s on s.event_id = e.id join article a on a.id = s.article_id where e.state = 'stable' order by e.day`.execute(
      db,
    );
    expect(rows).toEqual([
      { day: '2026-03-09', text: 'Town council votes for a bridge', source: 'url', url: 'https://news.example/new' },
      { day: '2026-03-10', text: 'A vote in Rome.', source: 'portal', url: 'https://news.example/cited' },
    ]);
  });
});

async function seedPage(db: Database) {
  const { rows } = await sql<{
    id: EventId;
  }>`select id from v_event where day = '2017-01-30' and text ilike '%bombers%'`.execute(db);
  const page = await siteStore(db).page(rows[0]?.id as EventId);
  if (!page) throw new Error('the seed event is not public');
  return page;
}

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
