import {
  backends,
  defineJob,
  defineStage,
  done,
  openQueue,
  reject,
  request,
  skip,
  snooze,
  type Backend,
  type Finished,
  type Job,
  type Outcome,
} from '@throughline/queue';
import { createDatabase, freePort, testRedis } from '@throughline/test';
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';

const Word = z.object({ word: z.string() });
type Word = z.infer<typeof Word>;

const echoJob = defineJob({ name: 'echo', payload: Word, key: ({ word }) => word, attempts: 3, backoffMs: 20 });
const otherJob = defineJob({ name: 'other', payload: Word, key: ({ word }) => word });
const sleepyJob = defineJob({ name: 'sleepy', payload: Word, key: ({ word }) => word, maxSnoozes: 2 });
const shortJob = defineJob({ name: 'short', payload: Word, key: ({ word }) => word, attempts: 1, timeoutMs: 100 });
const jobs = [echoJob, otherJob, sleepyJob, shortJob];

const echo = (word: string) => request(echoJob, { word });
const log = { warn() {}, error() {} };
const WAIT = { timeout: 20_000, interval: 20 };

/** A promise that is kept from outside. */
function aGate(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => {};
  const promise = new Promise<void>((kept) => (resolve = kept));
  return { promise, resolve };
}

/** A server for each backend, or why there is none. */
const database = await createDatabase();
const redis = await testRedis();
const servers: Record<string, { url: string } | null> = { memory: { url: 'memory:' }, postgres: database, redis };
afterAll(async () => {
  await database.drop();
  await redis?.stop();
});

describe.each(backends)('queue backend $name', ({ name, durable }) => {
  const server = servers[name] ?? null;
  if (!server) {
    const missing = `NOT RUN: the contract of queue backend ${name}, for want of a server: install redis-server or set TEST_REDIS_URL`;
    if (process.env['REQUIRE_ALL']) {
      it(`has a server for ${name}`, () => expect.fail(missing));
    } else {
      console.warn(`\n${missing}\n`);
      it.skip(missing, () => {});
    }
    return;
  }

  const opened: Backend[] = [];
  let prefix = randomUUID();
  const open = async (options: { lockMs?: number } = {}) => {
    const queue = await openQueue({ url: server.url, prefix, jobs, log, ...options });
    opened.push(queue);
    return queue;
  };
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((queue) => queue.close({ timeoutMs: 1_000 })));
    prefix = randomUUID();
  });

  /** Works `job` with a plain function, and keeps the reports. */
  const works = async (
    queue: Backend,
    job: Job<Word>,
    run: (word: string, signal: AbortSignal, closing: AbortSignal) => Outcome | Promise<Outcome>,
  ): Promise<Finished[]> => {
    const reports: Finished[] = [];
    const stage = defineStage(job, async ({ word }, _ctx: object, signal, closing) => run(word, signal, closing));
    await queue.work(stage, {}, (finished) => reports.push(finished));
    return reports;
  };

  it('runs a job and then the jobs it asks for', async () => {
    const queue = await open();
    const heard: string[] = [];
    const reports = await works(queue, echoJob, (word) => {
      heard.push(word);
      return done(word === 'ping' ? [echo('pong')] : [], { letters: word.length });
    });
    await queue.enqueue([echo('ping')]);
    await queue.idle();
    expect(heard).toEqual(['ping', 'pong']);
    const ping = reports.find(({ key }) => key === 'ping'); // pong may be reported first
    expect(ping).toMatchObject({ stage: 'echo', attempt: 1, outcome: { kind: 'done', facts: { letters: 4 } } });
    expect(ping?.durationMs).toBeGreaterThanOrEqual(0);
  });

  it('hands the context to the stage, and treats a skip as an end', async () => {
    const queue = await open();
    const heard: string[] = [];
    const stage = defineStage(echoJob, async ({ word }, ctx: { heard: string[] }) => {
      ctx.heard.push(word);
      return skip('nothing to do');
    });
    await queue.work(stage, { heard }, () => {});
    await queue.enqueue([echo('x')]);
    await queue.idle({ delayed: true });
    expect(heard).toEqual(['x']);
    expect(await queue.failed('echo')).toEqual([]);
  });

  it('reports a rejection once, does not try again, and lists it with its reason', async () => {
    const queue = await open();
    const reports = await works(queue, echoJob, () => reject('it is no word'));
    await queue.enqueue([echo('x')]);
    await queue.idle({ delayed: true });
    await sleep(100); // longer than the first backoff
    expect(reports).toMatchObject([{ stage: 'echo', attempt: 1, outcome: { kind: 'rejected' } }]);
    expect(await queue.failed('echo')).toMatchObject([
      { key: 'x', payload: { word: 'x' }, error: 'it is no word', attempts: 1 },
    ]);
  });

  it('runs a snoozed job again as the same attempt, after the jobs it asks for', async () => {
    const queue = await open();
    const others = await works(queue, otherJob, () => done());
    const reports = await works(queue, echoJob, () =>
      reports.length === 0
        ? snooze('tired', 50, { next: [request(otherJob, { word: 'y' })], facts: { n: 1 } })
        : done(),
    );
    await queue.enqueue([echo('x')]);
    await queue.idle({ delayed: true });
    expect(reports.map(({ outcome, attempt }) => [outcome.kind, attempt])).toEqual([
      ['snoozed', 1],
      ['done', 1],
    ]);
    expect(others).toHaveLength(1);
  });

  it('rejects a job that is snoozed again and again', async () => {
    const queue = await open();
    const reports = await works(queue, sleepyJob, () => snooze('429', 1));
    await queue.enqueue([request(sleepyJob, { word: 'x' })]);
    await queue.idle({ delayed: true });
    expect(reports.map(({ outcome }) => outcome.kind)).toEqual(['snoozed', 'snoozed', 'rejected']);
    expect((await queue.failed('sleepy'))[0]?.error).toMatch(/429/);
  });

  it('tries a failing job again until its attempts are spent, then keeps it until it is retried by hand', async () => {
    const queue = await open();
    let broken = true;
    const reports = await works(queue, echoJob, () => {
      if (broken) throw new Error('the roof leaks');
      return done();
    });
    await queue.enqueue([echo('x')]);
    await queue.idle({ delayed: true });
    expect(reports.map(({ attempt, outcome }) => [attempt, outcome.kind === 'failed' && outcome.willRetry])).toEqual([
      [1, true],
      [2, true],
      [3, false],
    ]);
    const [failed] = await queue.failed('echo');
    expect(failed).toMatchObject({ key: 'x', payload: { word: 'x' }, error: 'the roof leaks', attempts: 3 });
    expect(Math.abs(Date.now() - (failed?.failedAt ?? 0))).toBeLessThan(10_000);

    broken = false;
    expect(await queue.retry('echo', ['no such id'])).toBe(0);
    expect(await queue.retry('echo', [failed!.id])).toBe(1);
    await queue.idle();
    expect(reports.at(-1)).toMatchObject({ attempt: 1, outcome: { kind: 'done' } });
    expect(await queue.failed('echo')).toEqual([]);
  });

  it('forgets failed jobs when told, one or all', async () => {
    const queue = await open();
    await works(queue, echoJob, () => reject('no'));
    await queue.enqueue(['a', 'b', 'c'].map(echo));
    await queue.idle();
    const failed = await queue.failed('echo');
    expect(failed.map(({ key }) => key).sort()).toEqual(['a', 'b', 'c']);
    expect(await queue.failed('echo', { limit: 2 })).toHaveLength(2);
    expect(await queue.drop('echo', [failed[0]!.id])).toBe(1);
    expect(await queue.drop('echo')).toBe(2);
    expect(await queue.failed('echo')).toEqual([]);
  });

  it('makes one of two requests with the same key, in one call or in two', async () => {
    const queue = await open();
    await queue.enqueue([echo('x'), echo('x')]);
    await queue.enqueue([echo('x')]);
    const reports = await works(queue, echoJob, () => done());
    await queue.idle();
    expect(reports).toHaveLength(1);
    await queue.enqueue([echo('x')]);
    await queue.idle();
    expect(reports).toHaveLength(2); // a key is free again once its job is over
  });

  it('keeps one more request that comes while the first is running, and only one', async () => {
    const queue = await open();
    const reports = await works(queue, echoJob, async () => {
      if (reports.length === 0) for (const _ of [1, 2, 3]) await queue.enqueue([echo('x')]);
      return done();
    });
    await queue.enqueue([echo('x')]);
    await queue.idle();
    expect(reports).toHaveLength(2);
  });

  it('does not start a job before its delay is over', async () => {
    const queue = await open();
    const started = Date.now();
    const reports = await works(queue, echoJob, () => done());
    await queue.enqueue([request(echoJob, { word: 'x' }, { delayMs: 300 })]);
    expect((await queue.counts())['echo']).toMatchObject({ waiting: 0, delayed: 1 });
    await queue.idle({ delayed: true });
    expect(reports).toHaveLength(1);
    expect(Date.now() - started).toBeGreaterThanOrEqual(295);
  });

  it('rejects a payload of the wrong shape without running the stage', async () => {
    const queue = await open();
    const run = vi.fn(() => done());
    const reports = await works(queue, echoJob, run);
    await queue.enqueue([{ job: 'echo', key: 'x', payload: { wörd: 7 } }]);
    await queue.idle();
    expect(reports).toMatchObject([{ outcome: { kind: 'rejected' } }]);
    expect((await queue.failed('echo'))[0]?.error).toMatch(/bad payload/);
    expect(run).not.toHaveBeenCalled();
  });

  it('takes NULs and lone surrogates out of payloads, keys and errors', async () => {
    const queue = await open();
    const heard: string[] = [];
    await works(queue, echoJob, (word) => {
      heard.push(word);
      throw new Error('bro\0ken \ud800 pipe');
    });
    await queue.enqueue([echo('a\0b\udfffc'), { job: 'echo', key: 'k\0\ud801', payload: { word: 'raw\0' } }]);
    await queue.idle({ delayed: true });
    expect(new Set(heard)).toEqual(new Set(['ab\ufffdc', 'raw']));
    const failed = await queue.failed('echo');
    expect(failed.map(({ error }) => error)).toEqual(['broken \ufffd pipe', 'broken \ufffd pipe']);
  });

  it('takes keys of any length', async () => {
    const queue = await open();
    const reports = await works(queue, echoJob, () => done());
    const long = `https://example.org/${'x'.repeat(20_000)}`;
    await queue.enqueue([echo(long), echo(`${long}y`), echo(long)]);
    await queue.idle();
    expect(reports).toHaveLength(2);
  });

  it('counts what waits, and how long the first has waited', async () => {
    const queue = await open();
    expect(await queue.oldestWaitingAgeMs('echo')).toBeNull();
    await queue.enqueue([echo('a'), echo('b'), request(echoJob, { word: 'c' }, { delayMs: 60_000 })]);
    await sleep(30);
    expect((await queue.counts())['echo']).toEqual({
      waiting: 2,
      active: 0,
      delayed: 1,
      failed: 0,
      completed: 0,
      paused: false,
    });
    const age = await queue.oldestWaitingAgeMs('echo');
    expect(age).toBeGreaterThanOrEqual(25);
    expect(age).toBeLessThan(30_000);
    await works(queue, echoJob, async (word) => (word === 'a' ? done() : reject('no')));
    await queue.idle();
    expect((await queue.counts())['echo']).toMatchObject({
      waiting: 0,
      active: 0,
      delayed: 1,
      failed: 1,
      completed: 1,
    });
  });

  it('hands out nothing while paused', async () => {
    const queue = await open();
    const reports = await works(queue, echoJob, () => done());
    await queue.pause('echo');
    await queue.enqueue([echo('x')]);
    await sleep(150);
    expect(reports).toEqual([]);
    expect((await queue.counts())['echo']).toMatchObject({ waiting: 1, paused: true });
    await queue.resume('echo');
    await queue.idle();
    expect(reports).toHaveLength(1);
    expect((await queue.counts())['echo']).toMatchObject({ waiting: 0, paused: false });
  });

  it('does as many at once as it is told while it works, and with 0 takes nothing new', async () => {
    const queue = await open();
    const letters = 'abcdefgh'.split('');
    let running = 0;
    let most = 0;
    const go = new Map(letters.map((letter) => [letter, aGate()]));
    const reports = await works(queue, echoJob, async (word) => {
      most = Math.max(most, ++running);
      await go.get(word)?.promise;
      running--;
      return done();
    });
    await queue.setConcurrency('echo', 0);
    await queue.enqueue([echo('a')]);
    await sleep(200);
    expect([running, reports.length]).toEqual([0, 0]);
    await queue.setConcurrency('echo', 2);
    await queue.enqueue(letters.slice(1).map(echo));
    await vi.waitFor(() => expect(running).toBe(2), WAIT);
    await sleep(200);
    expect(most).toBe(2);
    await queue.setConcurrency('echo', 4);
    for (const { resolve } of [...go.values()].slice(0, 2)) resolve();
    await vi.waitFor(() => expect(running).toBe(4), WAIT);
    expect(most).toBe(4);
    await queue.setConcurrency('echo', 0);
    for (const { resolve } of go.values()) resolve();
    await vi.waitFor(() => expect(running).toBe(0), WAIT);
    await sleep(200);
    expect((await queue.counts())['echo']).toMatchObject({ active: 0, waiting: letters.length - reports.length });
    expect(reports.length).toBeLessThan(letters.length);
    await queue.setConcurrency('echo', 1);
    await queue.idle();
    expect(reports).toHaveLength(letters.length);
    await expect(queue.setConcurrency('nobody', 1)).rejects.toThrow('no such job: nobody');
  });

  it('asks for a scheduled job again and again, until the schedule is gone', async () => {
    const queue = await open();
    const reports = await works(queue, echoJob, () => done());
    const schedules = [
      { name: 'often', request: echo('tick'), everyMs: 100 },
      { name: 'nightly', request: request(otherJob, { word: 'night' }), cron: '0 3 * * *' },
    ];
    await queue.schedule(schedules);
    await vi.waitFor(() => expect(reports.length).toBeGreaterThanOrEqual(3), 10_000);
    expect(reports[0]).toMatchObject({ key: 'tick', outcome: { kind: 'done' } });

    await queue.schedule(schedules); // asking for the same changes nothing
    const known = await queue.schedules();
    expect(known.map(({ name: called }) => called).sort()).toEqual(['nightly', 'often']);
    expect(known.find(({ job }) => job === 'other')).toMatchObject({ cron: '0 3 * * *', payload: { word: 'night' } });
    expect(known.find(({ job }) => job === 'echo')).toMatchObject({ everyMs: 100, payload: { word: 'tick' } });

    await queue.schedule([]);
    expect(await queue.schedules()).toEqual([]);
    await queue.idle({ delayed: true });
    const before = reports.length;
    await sleep(300);
    expect(reports).toHaveLength(before);
  });

  it('does not run a scheduled job beside a requested one with the same key', async () => {
    const queue = await open();
    let running = 0;
    let most = 0;
    const reports = await works(queue, echoJob, async () => {
      running += 1;
      most = Math.max(most, running);
      await sleep(250);
      running -= 1;
      return done();
    });
    await queue.enqueue([echo('tick')]);
    await queue.schedule([{ name: 'often', request: echo('tick'), everyMs: 50 }]);
    await vi.waitFor(() => expect(reports.length).toBeGreaterThanOrEqual(3), 10_000);
    expect(most).toBe(1);
  });

  it('becomes idle with a schedule still to come', async () => {
    const queue = await open();
    const reports = await works(queue, echoJob, () => done());
    await queue.schedule([{ name: 'hourly', request: echo('x'), everyMs: 3_600_000 }]);
    await vi.waitFor(() => expect(reports).toHaveLength(1), 5_000);
    await queue.idle({ delayed: true, signal: AbortSignal.timeout(5_000) });
    await queue.pause('echo');
    await queue.enqueue([echo('y')]);
    await expect(queue.idle({ signal: AbortSignal.timeout(50) })).rejects.toThrow();
  });

  it('waits for the running job when it closes, and tells it', async () => {
    const queue = await open();
    let told = false;
    const reports = await works(queue, echoJob, async (_, signal, closing) => {
      await sleep(200);
      told = closing.aborted && !signal.aborted;
      return done();
    });
    await queue.enqueue([echo('x')]);
    await vi.waitFor(async () => expect((await queue.counts())['echo']?.active).toBe(1));
    await queue.close();
    expect(reports).toMatchObject([{ outcome: { kind: 'done' } }]);
    expect(told).toBe(true);
  });

  it('aborts a running job when closing takes too long, which spends no attempt', async () => {
    const queue = await open();
    const reports = await works(queue, echoJob, async (_, signal) => {
      await sleep(60_000, undefined, { signal });
      return done();
    });
    await queue.enqueue([echo('x')]);
    await vi.waitFor(async () => expect((await queue.counts())['echo']?.active).toBe(1));
    const started = Date.now();
    await queue.close({ timeoutMs: 50 });
    expect(Date.now() - started).toBeLessThan(1_500);
    expect(reports).toMatchObject([{ outcome: { kind: 'interrupted' } }]);
    if (!durable) return;

    const later = await open();
    const again = await works(later, echoJob, () => done());
    await vi.waitFor(() => expect(again).toMatchObject([{ key: 'x', attempt: 1, outcome: { kind: 'done' } }]), 5_000);
  });

  it('closes in time even if a job does not heed its signal', async () => {
    const queue = await open();
    await works(queue, echoJob, () => new Promise(() => {}));
    await queue.enqueue([echo('x')]);
    await vi.waitFor(async () => expect((await queue.counts())['echo']?.active).toBe(1));
    const started = Date.now();
    await queue.close({ timeoutMs: 50 });
    expect(Date.now() - started).toBeLessThan(5_000);
  });

  it('counts a job that takes too long as failed', async () => {
    const queue = await open();
    const reports = await works(queue, shortJob, async (_, signal) => {
      await sleep(60_000, undefined, { signal });
      return done();
    });
    await queue.enqueue([request(shortJob, { word: 'x' })]);
    await queue.idle();
    expect(reports).toMatchObject([{ outcome: { kind: 'failed', willRetry: false } }]);
    expect((await queue.failed('short'))[0]?.error).toBe('short took longer than 100 ms');
  });

  it('refuses a job it does not know', async () => {
    const queue = await open();
    await expect(queue.enqueue([{ job: 'nonsense', key: 'x', payload: {} }])).rejects.toThrow(/no such job: nonsense/);
    const stranger = defineJob({ name: 'stranger', payload: Word, key: ({ word }) => word });
    await expect(works(queue, stranger, () => done())).rejects.toThrow(/no such job: stranger/);
  });

  it('says that it is closed, however often it was closed', async () => {
    const queue = await open();
    await Promise.all([queue.close(), queue.close()]);
    await queue.close();
    await expect(queue.enqueue([echo('x')])).rejects.toThrow(/is closed$/);
    await expect(queue.failed('echo')).rejects.toThrow(/is closed$/);
  });

  it('runs each of many jobs once, and never more at once than it may', async () => {
    const queue = await open();
    const heard = new Map<string, number>();
    let running = 0;
    let most = 0;
    const stage = defineStage(echoJob, async ({ word }) => {
      running += 1;
      most = Math.max(most, running);
      heard.set(word, (heard.get(word) ?? 0) + 1);
      await sleep(1);
      running -= 1;
      return done();
    });
    await queue.work(stage, {}, () => {}, { concurrency: 7 });
    await queue.enqueue(Array.from({ length: 1_200 }, (_, n) => echo(String(n))));
    await queue.idle();
    expect(heard.size).toBe(1_200);
    expect(new Set(heard.values())).toEqual(new Set([1]));
    expect(most).toBeLessThanOrEqual(7);
    expect(most).toBeGreaterThan(1);
  }, 30_000);

  it('never runs one key twice at once, however many workers and requests there are', async () => {
    const queues = durable ? [await open(), await open()] : [await open()];
    const running = new Set<string>();
    const clashes: string[] = [];
    let runs = 0;
    for (const queue of queues) {
      await works(queue, echoJob, async (word) => {
        if (running.has(word)) clashes.push(word);
        running.add(word);
        await sleep(5);
        running.delete(word);
        runs += 1;
        if (runs % 7 === 0) throw new Error('now and then it fails');
        return runs % 5 === 0 ? snooze('now and then it is tired', 3) : done();
      });
    }
    for (let round = 0; round < 40; round += 1) {
      await Promise.all(queues.map((queue) => queue.enqueue(['a', 'b', 'c'].map(echo))));
      await queues[0]!.retry('echo');
      await sleep(4);
    }
    await queues[0]!.idle({ delayed: true });
    expect(clashes).toEqual([]);
    expect(runs).toBeGreaterThan(20);
  }, 30_000);

  if (durable) {
    it('keeps jobs while no process is there', async () => {
      const queue = await open();
      await queue.enqueue([echo('x')]);
      await queue.close();
      const later = await open();
      const reports = await works(later, echoJob, () => done());
      await later.idle();
      expect(reports).toHaveLength(1);
    });

    it('hands the job of a killed worker to another', async () => {
      const queue = await open({ lockMs: 1_000 });
      await queue.enqueue([echo('x')]);
      const script = fileURLToPath(new URL('../support/hanging-worker.ts', import.meta.url));
      const options = ['--import', 'tsx', '--conditions=source', script, server.url, prefix, '1000'];
      const victim = spawn(process.execPath, options, { stdio: ['ignore', 'pipe', 'inherit'] });
      await once(victim.stdout, 'data', { signal: AbortSignal.timeout(20_000) });
      victim.kill('SIGKILL');
      await once(victim, 'exit');

      const reports = await works(queue, echoJob, () => done());
      await vi.waitFor(() => expect(reports).toMatchObject([{ key: 'x', attempt: 1 }]), { timeout: 15_000 });
    }, 40_000);
  }
});

describe('opening a queue', () => {
  it('says in one line that its server is not there, without the password', async () => {
    const port = await freePort();
    for (const [scheme, variable] of [
      ['postgres', 'DATABASE_URL'],
      ['redis', 'REDIS_URL'],
    ]) {
      const url = `${scheme}://me:secret@127.0.0.1:${port}/0`;
      const problem = await openQueue({ url, jobs, log }).catch((error: Error) => error.message);
      expect(problem).toMatch(/^cannot reach [^\n]*ECONNREFUSED[^\n]*$/);
      expect(problem).toContain(variable);
      expect(problem).not.toContain('secret');
    }
  });

  it('names the schemes it knows', async () => {
    await expect(openQueue({ url: 'amqp://localhost', jobs, log })).rejects.toThrow(/postgres:.*redis:.*memory:/);
    await expect(openQueue({ url: 'nonsense', jobs, log })).rejects.toThrow(/not a URL/);
  });

  it.skipIf(!redis)('warns of a Redis that throws keys away when it is full', async () => {
    const { Redis } = await import('ioredis');
    const client = new Redis(redis!.url);
    const warnings: string[] = [];
    try {
      await client.config('SET', 'maxmemory-policy', 'allkeys-lru');
      const noting = { ...log, warn: (_: object, message: string) => void warnings.push(message) };
      const queue = await openQueue({ url: redis!.url, prefix: randomUUID(), jobs, log: noting });
      await queue.close();
    } finally {
      await client.config('SET', 'maxmemory-policy', 'noeviction');
      client.disconnect();
    }
    expect(warnings).toEqual([expect.stringContaining('noeviction')]);
  });
});
