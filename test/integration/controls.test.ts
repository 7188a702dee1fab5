import { controlStore, workerStore } from '@throughline/db';
import { deliverJob, sweepJob } from '@throughline/pipeline';
import { request } from '@throughline/queue';
import { testDatabase } from '@throughline/test';
import { stationOn, workOn } from '@throughline/test/station';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

const WAIT = { timeout: 30_000, interval: 50 };
const database = await testDatabase();
afterAll(() => database.drop());

describe('a worker', () => {
  let station: Awaited<ReturnType<typeof stationOn>>;
  let working: Awaited<ReturnType<typeof workOn>>;
  const ended = (stage: string) => working.finished.filter((one) => one.stage === stage).length;
  beforeAll(async () => {
    station = await stationOn(database.db);
    working = await workOn(station.context);
    return async () => {
      await working.worker.close();
      await station.close();
    };
  });

  it('takes nothing new while it is quiet, and goes on when it is woken', async () => {
    const { context } = station;
    const workers = workerStore(database.db);
    await vi.waitFor(async () => expect(await workers.setQuiet(context.worker, true)).toBe(true), WAIT);
    const setConcurrency = vi.spyOn(working.queue, 'setConcurrency');
    await vi.waitFor(() => expect(setConcurrency).toHaveBeenCalledWith(sweepJob.name, 0), WAIT);
    const before = ended(deliverJob.name);
    await working.queue.enqueue([request(deliverJob, { subscriptionId: 1 })]);
    await vi.waitFor(async () => expect((await working.queue.counts())[deliverJob.name]?.waiting).toBe(1), WAIT);
    expect(ended(deliverJob.name)).toBe(before);

    expect(await workers.setQuiet(context.worker, false)).toBe(true);
    await vi.waitFor(() => expect(ended(deliverJob.name)).toBe(before + 1), WAIT);
    expect(await workers.setQuiet('nobody:1', true)).toBe(false);
  });

  it('does as many jobs of a stage at once as an operator has set, and as before once that is taken back', async () => {
    const setConcurrency = vi.spyOn(working.queue, 'setConcurrency');
    const controls = controlStore(database.db);
    await controls.setConcurrency(deliverJob.name, 7);
    await vi.waitFor(() => expect(setConcurrency).toHaveBeenCalledWith(deliverJob.name, 7), WAIT);
    await controls.setConcurrency(deliverJob.name, null);
    await vi.waitFor(
      () => expect(setConcurrency).toHaveBeenLastCalledWith(deliverJob.name, deliverJob.concurrency),
      WAIT,
    );
  });
});
