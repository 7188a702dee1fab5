import { day } from '../support/pages.ts';
import {
  alarmStore,
  auditStore,
  controlStore,
  failureStore,
  healthStore,
  operationStore,
  quantileOf,
  throughputStore,
  workerStore,
} from '@throughline/db';
import { askedFor, jobs, scheduledJobs, sweep } from '@throughline/pipeline';
import { testDatabase } from '@throughline/test';
import { stationOn } from '@throughline/test/station';
import { sql } from 'kysely';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';

const database = await testDatabase();
const { db } = database;
afterAll(() => database.drop());

beforeEach(async () => {
  await sql`truncate worker, throughput, failure, stage_control, schedule, alarm, audit, page cascade`.execute(db);
});

describe('throughput', () => {
  const throughput = throughputStore(db);
  const at = new Date('2026-01-15T12:00:00Z');
  const rollup = {
    at,
    stage: 'enrich',
    outcome: 'done',
    jobs: 2,
    totalMs: 50,
    buckets: [0, 2, 0, 0, 0, 0, 0, 0, 0, 0],
  };

  it('adds up what several workers counted, in any step of time', async () => {
    await Promise.all([
      throughput.add([rollup]),
      throughput.add([rollup]),
      throughput.add([{ ...rollup, stage: 'a' }]),
    ]);
    await throughput.add([
      { ...rollup, at: new Date('2026-01-15T12:05:00Z'), buckets: [1, 0, 0, 0, 0, 0, 0, 0, 0, 1] },
    ]);

    const fine = await throughput.since(at);
    expect(fine.map(({ stage, jobs, totalMs }) => [stage, jobs, totalMs])).toEqual([
      ['a', 2, 50],
      ['enrich', 4, 100],
      ['enrich', 2, 50],
    ]);
    const [, hour] = await throughput.since(at, 3_600_000);
    expect(hour).toMatchObject({ stage: 'enrich', jobs: 6, totalMs: 150, buckets: [1, 4, 0, 0, 0, 0, 0, 0, 0, 1] });
    expect(await throughput.counts(at, 12 * 3_600_000)).toEqual([
      { at, stage: 'a', outcome: 'done', jobs: 2 },
      { at, stage: 'enrich', outcome: 'done', jobs: 6 },
    ]);
    expect(await throughput.forgetBefore(new Date('2026-01-15T12:05:00Z'))).toBe(2);
  });

  it('is forgotten by the sweep after 400 days; what somebody did is kept', async () => {
    const daysAgo = (days: number) => new Date(Date.now() - days * 24 * 3_600_000);
    await throughput.add([399, 401].map((days) => ({ ...rollup, at: daysAgo(days) })));
    await sql`insert into audit (at, operator, action, target) values (${daysAgo(4_000)}, 'a', 'b', 'c')`.execute(db);
    const { context, close } = await stationOn(db);
    const signal = () => AbortSignal.timeout(10_000);
    await sweep.run({}, context, signal(), signal()).finally(close);
    expect(await throughput.since(daysAgo(1_000))).toHaveLength(1);
    expect(await auditStore(db).recent(9)).toHaveLength(1);
  });

  it('is what one part of the sweep forgets; what is switched off, a sweep of everything leaves out', async () => {
    const { context, close } = await stationOn(db);
    const swept = async (payload: Parameters<typeof sweep.run>[0]) => {
      await throughput.add([{ ...rollup, at: new Date(Date.now() - 401 * 24 * 3_600_000) }]);
      await sweep.run(payload, context, AbortSignal.timeout(10_000), AbortSignal.timeout(10_000));
      return throughput.since(new Date(0));
    };
    try {
      await controlStore(db).know(scheduledJobs());
      expect(await swept({ part: 'discover' })).toHaveLength(1);
      expect(await swept({ part: 'retention' })).toEqual([]);
      await controlStore(db).setSchedule('retention', { enabled: false });
      expect(await swept({})).toHaveLength(1);
      await controlStore(db).setSchedule('retention', { enabled: true });
      expect(await swept({})).toEqual([]);
    } finally {
      await close();
    }
  });

  it('tells how long most of them took', () => {
    expect(quantileOf([0, 9, 0, 0, 0, 0, 0, 0, 0, 1], 0.5)).toBe(30);
    expect(quantileOf([0, 9, 0, 0, 0, 0, 0, 0, 0, 1], 0.95)).toBe(Number.POSITIVE_INFINITY);
    expect(quantileOf([0, 0], 0.5)).toBeNull();
  });
});

describe('failures', () => {
  const failures = failureStore(db);
  const failure = (key: string, error: string, host: string | null = null) =>
    failures.add({ stage: 'capture', key, payload: { host: key }, host, error, attempts: 3 });

  it('are grouped by what they have in common, and kept once a job', async () => {
    await failure('a', 'GET https://a.example/1 took 3000 ms', 'a.example');
    await failure('a', 'GET https://a.example/2 took 5000 ms', 'a.example');
    await failure('b', 'GET https://b.example/2 took 5000 ms', 'b.example');
    await failure('c', 'bad\0 \ud800 payload');

    const { groups } = await failures.groups();
    expect(groups.map(({ cause, host, count }) => [cause, host, count])).toEqual([
      ['GET … took N ms', 'a.example', 1],
      ['GET … took N ms', 'b.example', 1],
      ['bad\uFFFD \uFFFD payload', null, 1],
    ]);
    expect(await failures.counts()).toEqual({ open: 3, lastHour: 3, commonest: 'GET … took N ms' });
  });

  it('are found by any word, taken by filter, and gone once their job has worked', async () => {
    await failure('a', 'one', 'a.example');
    await failure('b', 'two', 'b.example');
    await failure('c', 'two');

    expect((await failures.list({ text: 'B.EXAMPLE' }, 10)).map(({ key }) => key)).toEqual(['b']);
    expect((await failures.list({ text: "%'" }, 10)).length).toBe(0);
    expect((await failures.list({ host: '' }, 10)).map(({ key }) => key)).toEqual(['c']);
    expect((await failures.take({ cause: 'two' }, 1)).map(({ key, payload }) => [key, payload])).toEqual([
      ['b', { host: 'b' }],
    ]);
    await failures.resolve([{ stage: 'capture', key: 'a' }]);
    expect((await failures.list({}, 10)).map(({ key }) => key)).toEqual(['c']);
  });

  it('are counted in all, though only the largest groups are listed', async () => {
    await Promise.all(Array.from({ length: 203 }, (_, n) => failure(`k${n}`, 'late', `${n}.example`)));
    await failure('again', 'late', '7.example');
    const { groups, jobs, others } = await failures.groups();
    expect([groups.length, jobs, others]).toEqual([200, 204, 3]);
    expect(groups[0]).toMatchObject({ host: '7.example', count: 2 });
    expect(await failures.groups({ text: 'nothing is so' })).toEqual({ groups: [], jobs: 0, others: 0 });
  });

  it('have a cause without what differs from case to case', async () => {
    await failure('a', 'no "5 Jan" in 0f8fad5b-d9cb-469f-a165-70867728950e\nat x');
    expect((await failures.groups()).groups.map(({ cause }) => cause)).toEqual(['no "…" in …']);
  });
});

describe('recomputing everything by a schedule', () => {
  const recompute = async (isAsked: boolean) => {
    const { context, close } = await stationOn(db);
    const payload = isAsked ? askedFor('recompute')?.payload : { part: 'recompute' as const };
    try {
      return await sweep.run(payload as never, context, AbortSignal.timeout(10_000), AbortSignal.timeout(10_000));
    } finally {
      await close();
    }
  };

  it('is off until somebody wants it, and not done twice because a queue was made anew', async () => {
    const controls = controlStore(db);
    await controls.know(scheduledJobs());
    const state = async () => (await controls.schedules()).find(({ name }) => name === 'recompute');
    expect(await state()).toMatchObject({ enabled: false, lastAt: null });
    expect(await recompute(false)).toMatchObject({ kind: 'done', facts: { recomputed: 1 } });
    await controls.worked(['recompute']);
    expect(await recompute(false)).toMatchObject({ kind: 'done', facts: { recomputed: 0 } });
    expect(await recompute(true)).toMatchObject({ kind: 'done', facts: { recomputed: 1 } });
    await controls.setSchedule('recompute', { enabled: true });
    await controls.know(scheduledJobs());
    expect(await state()).toMatchObject({ enabled: true });
  });
});

describe('workers, controls, alarms and the audit log', () => {
  it('keep what was said last', async () => {
    const workers = workerStore(db);
    await workers.beat('one:1', '1.0', []);
    await workers.beat('one:1', '1.1', [{ stage: 'enrich', key: 'a', since: 5, timeoutMs: 9 }]);
    expect(await workers.all()).toMatchObject([{ name: 'one:1', version: '1.1', inHand: [{ key: 'a' }] }]);
    await workers.leave('one:1');
    expect(await workers.all()).toEqual([]);

    const controls = controlStore(db);
    await controls.know([{ name: 'sweep', everyMs: 15_000 }]);
    expect(await controls.setSchedule('sweep', { enabled: false })).toBe(true);
    await controls.know([
      { name: 'sweep', everyMs: 20_000 },
      { name: 'retention', everyMs: 60_000 },
    ]);
    await controls.worked(['retention']);
    expect(await controls.schedules()).toMatchObject([
      { name: 'retention', lastAt: expect.any(Date) },
      { name: 'sweep', enabled: false, everyMs: 15_000, lastAt: null },
    ]);
    await controls.setConcurrency('capture', 4);
    expect(await controls.concurrency()).toEqual(new Map([['capture', 4]]));

    const alarms = alarmStore(db);
    await alarms.raise('disk', 'watch', 'fills up');
    await alarms.raise('disk', 'bad', 'full');
    const [open] = await alarms.open();
    expect(open).toMatchObject({ light: 'disk', level: 'bad', says: 'full', toldAt: null });
    expect(await alarms.takeNews(60_000)).toEqual({ raised: [], resolved: [] });
    const news = await alarms.takeNews(0);
    expect(news.raised).toMatchObject([{ light: 'disk', says: 'full' }]);
    expect(await alarms.takeNews(0)).toEqual({ raised: [], resolved: [] });
    await alarms.untell(news);
    expect((await alarms.takeNews(0)).raised).toHaveLength(1);
    await alarms.resolve('disk');
    expect(await alarms.open()).toEqual([]);
    expect((await alarms.takeNews(0)).resolved).toMatchObject([{ light: 'disk' }]);
    expect((await alarms.takeNews(0)).resolved).toEqual([]);
    expect(await alarms.recent(5)).toMatchObject([
      { light: 'disk', toldAt: expect.any(Date), resolvedAt: expect.any(Date) },
    ]);

    const audit = auditStore(db);
    await audit.add('operator', 'pause', 'enrich', { because: 'test' });
    expect(await audit.recent(5)).toMatchObject([
      { operator: 'operator', action: 'pause', facts: { because: 'test' } },
    ]);
  });
});

describe('health', () => {
  it('is read in one look', async () => {
    await controlStore(db).paused('enrich', 'operator');
    await sql`insert into page (source, day, title, event_count, content_at, read_at, alarm) values
      ('portal', current_date - 10, 'a', 3, now() - interval '10 days', now(), null),
      ('portal', current_date - 9, 'b', 0, null, now(), null),
      ('portal', current_date - 8, 'c', 2, now() - interval '3 days', now(), 'unknown frame')`.execute(db);

    const facts = await healthStore(db).facts(Date.now());
    expect(Math.abs(facts.skewMs)).toBeLessThan(60_000);
    expect(facts.sources).toMatchObject([{ source: 'portal', failure: null }]);
    expect(facts.pages.drifted).toMatchObject([{ alarm: 'unknown frame' }]);
    expect(facts.pages.empty).toHaveLength(1);
    expect(facts.pages.empty[0]).toEqual(day(facts.pages.empty[0] ?? ''));
    expect(facts.stages.find(({ stage }) => stage === 'enrich')?.pausedAt).toBeGreaterThan(0);
    expect(new Set(facts.stages.map(({ stage }) => stage))).toEqual(new Set(jobs.map(({ name }) => name)));
  });
});

describe('extraction', () => {
  it('tells which rule won each field, and how often none did', async () => {
    await sql`truncate article cascade`.execute(db);
    await sql`insert into host (name) values ('a.example') on conflict do nothing`.execute(db);
    for (const [n, rules] of [{ title: 'og' }, { title: 'og', authors: 'json-ld' }, { title: 'h1' }].entries()) {
      await sql`insert into article (url, cited_url, host, state, rules)
        values (${`a.example/${n}`}, ${`https://a.example/${n}`}, 'a.example', 'ok', ${JSON.stringify(rules)})`.execute(
        db,
      );
    }
    expect(await operationStore(db).rules()).toEqual([
      { field: 'authors', rule: 'json-ld', articles: 1 },
      { field: 'authors', rule: null, articles: 2 },
      { field: 'title', rule: 'og', articles: 2 },
      { field: 'title', rule: 'h1', articles: 1 },
    ]);
  });
});
