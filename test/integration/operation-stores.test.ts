import { appendChanges, changeStore, openDatabase, runStore, subscriptionStore } from '@throughline/db';
import { testDatabase } from '@throughline/test';
import { sql } from 'kysely';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';

const database = await testDatabase();
const { db } = database;
afterAll(() => database.drop());

const changes = changeStore(db);
const runs = runStore(db);
const subscriptions = subscriptionStore(db);

beforeEach(async () => {
  await sql`truncate change, run, subscription, dead_letter restart identity cascade`.execute(db);
});

const change = (id: string) => ({ noun: 'event', id, kind: 'updated', day: null, path: null }) as const;
const append = (...ids: string[]) => db.transaction().execute((trx) => appendChanges(trx, ids.map(change)));

describe('changes', () => {
  it('are told in the order in which they became visible', async () => {
    await append('a', 'b');
    await append('c');
    expect((await changes.after(0, 10)).map(({ id }) => id)).toEqual(['a', 'b', 'c']);
    expect((await changes.after(1, 1)).map(({ id }) => id)).toEqual(['b']);
    expect(await changes.latest()).toBe(3);
  });

  it('are never missed by a reader who follows while transactions of any length commit', async () => {
    const writers = openDatabase(database.url, { maxConnections: 8 });
    const total = 120;
    let finished = false;
    const write = async (i: number) =>
      writers.transaction().execute(async (trx) => {
        await sleep((i * 7) % 11);
        await appendChanges(trx, [change(`${i}`), change(`${i}b`)]);
        await sleep((i * 5) % 7);
      });
    const writing = Promise.all(Array.from({ length: total }, (_, i) => write(i))).then(() => (finished = true));
    const seen: string[] = [];
    const follow = async () => {
      let last = 0;
      for (let over = false; !over;) {
        over = finished;
        for (const { seq, id } of await changes.after(last, 9)) {
          last = seq;
          seen.push(id);
          over = false;
        }
      }
    };
    await Promise.all([follow(), writing]).finally(() => writers.destroy());
    expect(seen).toHaveLength(2 * total);
    expect(new Set(seen).size).toBe(2 * total);
  });

  it('are not there when their transaction is not', async () => {
    const failing = db.transaction().execute(async (trx) => {
      await appendChanges(trx, [change('x')]);
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await changes.after(0, 10)).toEqual([]);
  });
});

describe('runs', () => {
  it('are one of a kind at a time; another kind may run beside', async () => {
    const held = await runs.hold('import', {}, 1, async (id) => {
      expect(await runs.hold('import', {}, 1, () => expect.unreachable())).toBe(false);
      expect(await runs.hold('backfill', {}, 1, async (other) => runs.end(other, 'done', {}))).toBe(true);
      await runs.progress(id, { finished: 1 });
      await runs.end(id, 'done', { events: 3 });
    });
    expect(held).toBe(true);
    expect(await runs.lastOf('import')).toMatchObject({ state: 'done', finished: 1, total: 1, failure: null });
    expect(await runs.hold('import', {}, 1, async () => {})).toBe(true);
  });

  it('let the next one in when the work throws', async () => {
    await expect(runs.hold('import', {}, 1, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    expect(await runs.hold('import', {}, 1, async () => {})).toBe(true);
  });

  it('whose process died are closed by the next', async () => {
    const dying = openDatabase(database.url);
    let entered: () => void = () => {};
    const inside = new Promise<void>((resolve) => (entered = resolve));
    const hanging = runStore(dying).hold('import', {}, 9, () => {
      entered();
      return new Promise(() => {});
    });
    hanging.catch(() => {});
    await inside;
    expect(await runs.hold('import', {}, 1, () => expect.unreachable())).toBe(false);
    await sql`select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and pid <> pg_backend_pid()
      and database = (select oid from pg_database where datname = current_database())`.execute(db); // what a kill -9 does to its connections
    for (let held = false; !held; await sleep(20)) {
      held = await runs.hold('import', {}, 1, async (id) => runs.end(id, 'done', {}));
    }
    expect((await runs.recent(5)).map(({ state, failure }) => [state, failure])).toEqual([
      ['done', null],
      ['stopped', 'its process died'],
    ]);
  });
});

describe('subscriptions', () => {
  it('hear of what changes from the moment they are made', async () => {
    await append('before');
    await subscriptions.ensure('http://127.0.0.1:1/hook', 'secret');
    expect(await subscriptions.behind()).toEqual([]);
    await append('after');
    expect(await subscriptions.behind()).toEqual([1]);
    expect(await subscriptions.get(1)).toEqual({
      id: 1,
      url: 'http://127.0.0.1:1/hook',
      secret: 'secret',
      afterSeq: 1,
      attempts: 0,
      tryingSeq: null,
      hubOf: null,
    });
    await subscriptions.ensure('http://127.0.0.1:1/hook', 'another');
    expect(await subscriptions.get(1)).toMatchObject({ secret: 'another', afterSeq: 1 });
  });

  it('go forward only, and wait after a failure', async () => {
    await subscriptions.ensure('http://127.0.0.1:1/hook', 'secret');
    await append('a', 'b', 'c');
    await subscriptions.delivered(1, 2);
    await subscriptions.delivered(1, 1);
    expect(await subscriptions.get(1)).toMatchObject({ afterSeq: 2 });
    await subscriptions.failed(1, 1, 'status 500', new Date(Date.now() + 60_000));
    expect(await subscriptions.behind()).toEqual([]);
    await subscriptions.failed(1, 1, 'status 500', new Date(Date.now() - 1));
    expect(await subscriptions.behind()).toEqual([1]);
    expect(await subscriptions.get(1)).toMatchObject({ attempts: 2 });
  });

  it('keep what was given up as a dead letter, and go on behind it', async () => {
    await subscriptions.ensure('http://127.0.0.1:1/hook', 'secret');
    await append('a', 'b', 'c');
    await subscriptions.bury(1, 1, 2, 'status 500');
    expect(await subscriptions.get(1)).toMatchObject({ afterSeq: 2, attempts: 0 });
    expect((await sql`select subscription_id, first_seq, last_seq, failure from dead_letter`.execute(db)).rows).toEqual(
      [{ subscriptionId: 1, firstSeq: 1, lastSeq: 2, failure: 'status 500' }],
    );
    expect(await subscriptions.behind()).toEqual([1]);
  });
});
