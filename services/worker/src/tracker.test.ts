import { defineJob, defineStage, done, type Finished } from '@throughline/queue';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createTracker } from './tracker.ts';

const NOW = Date.UTC(2026, 0, 15, 12, 3);
const aJob = defineJob({ name: 'enrich', payload: z.object({ id: z.string() }), key: ({ id }) => id });
const signal = AbortSignal.timeout(60_000);

const ended = (key: string, outcome: Finished['outcome'], durationMs = 20): Finished => ({
  stage: 'enrich',
  key,
  payload: { id: key },
  outcome,
  attempt: 1,
  durationMs,
});

describe('createTracker', () => {
  it('knows what is in hand while it runs, however it ends', async () => {
    const tracker = createTracker(() => NOW);
    let seen: string[] = [];
    const stage = tracker.watched(
      defineStage(aJob, async ({ id }) => {
        seen = tracker.inHand().map(({ key }) => key);
        if (id === 'b') throw new Error('no');
        return done([]);
      }),
    );

    await stage.run({ id: 'a' }, undefined, signal, signal);
    expect(seen).toEqual(['a']);
    await expect(stage.run({ id: 'b' }, undefined, signal, signal)).rejects.toThrow('no');
    expect(tracker.inHand()).toEqual([]);
  });

  it('adds up five minutes by outcome, and keeps for good only what will not be tried again', () => {
    const tracker = createTracker(() => NOW);
    tracker.ended(ended('a', done([])));
    tracker.ended(ended('b', done([]), 250_000));
    tracker.ended(ended('c', { kind: 'failed', error: new Error('x'), willRetry: true }));
    tracker.ended(ended('d', { kind: 'failed', error: new Error('y'), willRetry: false }));
    tracker.ended(ended('e', { kind: 'interrupted' }));

    const { rollups, failed, done: well } = tracker.drain();
    expect(rollups.map(({ outcome, jobs }) => [outcome, jobs])).toEqual([
      ['done', 2],
      ['failed', 2],
    ]);
    expect(rollups[0]).toMatchObject({ at: new Date(Date.UTC(2026, 0, 15, 12)), totalMs: 250_020 });
    expect(rollups[0]?.buckets).toEqual([0, 1, 0, 0, 0, 0, 0, 0, 0, 1]);
    expect(failed.map(({ key }) => key)).toEqual(['d']);
    expect(well.map(({ key }) => key)).toEqual(['a', 'b']);
    expect(tracker.drain()).toEqual({ rollups: [], failed: [], done: [] });
  });

  it('loses nothing that could not be told', () => {
    const tracker = createTracker(() => NOW);
    tracker.ended(ended('a', done([])));
    const untold = tracker.drain();
    tracker.ended(ended('b', done([])));
    tracker.restore(untold);

    expect(tracker.drain().rollups.map(({ jobs }) => jobs)).toEqual([2]);
  });
});
