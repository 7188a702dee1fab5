import { emptyWorld, type Day, type EventId, type Step } from '@throughline/core';
import { describe, expect, it } from 'vitest';
import { replayIdentity, type Edit } from './replay-identity.ts';

const DAY = '2017-05-26' as Day;

const page = (...bullets: string[]): string =>
  [
    '{{Current events header|2017|05|26}}',
    '<!-- All news items below this line -->',
    ';Disasters',
    ...bullets,
    '|}',
  ].join('\n');

const at = (hour: number, wikitext: string, day = DAY): Edit => ({
  at: new Date(Date.parse('2017-05-26T00:00:00Z') + hour * 3_600_000).toISOString(),
  day,
  wikitext,
});

const flood = "*Floods in [[Sri Lanka]] kill ninety people. [http://news.example.org/floods (''The Paper'')]";
const later =
  "*The death toll of the floods in [[Sri Lanka]] passes one hundred. [https://news.example.org/floods (''The Paper'')]";
const hoax = '*The moon is reported missing by an observer.';

const edits = [at(0, page(flood)), at(4, page(flood, hoax)), at(5, page(later)), at(9, page(later))];

describe('replayIdentity', () => {
  it('gives each event once, under one URL, with its wordings', async () => {
    const events = await replayIdentity({ edits });
    expect(events.map(({ state }) => state)).toEqual(['stable', 'unsettled']);
    expect(events[0]).toMatchObject({
      day: DAY,
      url: '/news/2017/05/26/the-death-toll-of-the-floods-in-sri-lanka-passes-one-hundred',
    });
    expect(events[0]?.wordings.map(({ text }) => text)).toEqual([
      'Floods in Sri Lanka kill ninety people.',
      'The death toll of the floods in Sri Lanka passes one hundred.',
      'The death toll of the floods in Sri Lanka passes one hundred.',
    ]);
    expect(events[1]).toMatchObject({ url: '', wordings: [{ text: 'The moon is reported missing by an observer.' }] });
  });

  it('changes nothing when the same revisions come a second time', async () => {
    const world = emptyWorld();
    const first = await replayIdentity({ edits, world });
    const steps: Step[] = [];
    const second = await replayIdentity({ edits, world, onStep: (step) => steps.push(step) });
    expect(second).toEqual(first);
    expect(steps.flatMap(({ events, changes }) => [...events, ...changes])).toEqual([]);
  });

  it('takes a deleted page for an empty one, and gives what was public a tombstone', async () => {
    const events = await replayIdentity({
      edits: [at(0, page(flood)), { at: '2017-05-27T00:00:00Z', day: DAY, deleted: true }],
    });
    expect(events).toMatchObject([
      { state: 'withdrawn', url: '/news/2017/05/26/floods-in-sri-lanka-kill-ninety-people' },
    ]);
  });

  it('gives a merged event as part of the one that it was merged into', async () => {
    const relief = "*Ships with relief goods leave India. [http://news.example.org/relief (''The Paper'')]";
    const both = flood.replace(/$/, " [http://news.example.org/relief (''The Paper'')]");
    const events = await replayIdentity({ edits: [at(0, page(flood, relief)), at(4, page(both))] });
    expect(events).toMatchObject([{ url: '/news/2017/05/26/floods-in-sri-lanka-kill-ninety-people' }]);
    expect(events[0]?.wordings.map(({ text }) => text)).toContain('Ships with relief goods leave India.');
  });

  it('settles by the time it is told to', async () => {
    const newId = () => 'one' as EventId;
    const states = async (settleMs: number) =>
      (await replayIdentity({ edits: [at(0, page(flood)), at(1, page(flood))], settleMs, newId })).map(
        ({ state }) => state,
      );
    expect([await states(3_600_000), await states(3_600_001)]).toEqual([['stable'], ['unsettled']]);
  });

  it('refuses an edit that has no time', async () => {
    await expect(replayIdentity({ edits: [{ at: 'yesterday', day: DAY }] })).rejects.toThrow(
      '"yesterday" is not an instant',
    );
  });
});
