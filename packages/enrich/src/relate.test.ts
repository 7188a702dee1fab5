import type { Day, EventId } from '@throughline/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createEventIndex, type EventIndex, type IndexedEvent } from './event-index.ts';
import { affected, relate } from './relate.ts';

let serial = 0;
const anId = (): EventId => `00000000-0000-4000-8000-${String(++serial).padStart(12, '0')}` as EventId;

const anEvent = (facts: Partial<Omit<IndexedEvent, 'day'>> & { day?: string }): IndexedEvent => ({
  id: anId(),
  text: '',
  entities: [],
  topics: [],
  sources: [],
  ...facts,
  day: (facts.day ?? '2017-01-30') as Day,
});

const anyEvents = fc
  .array(
    fc.record({
      day: fc.integer({ min: 1, max: 28 }).map((day) => `2017-01-${String(day).padStart(2, '0')}`),
      text: fc
        .array(fc.constantFrom('flood', 'river', 'vote', 'dam', 'Mosul', 'strike'), { maxLength: 6 })
        .map((words) => words.join(' ')),
      section: fc.constantFrom('disasters-and-accidents', 'sports'),
      entities: fc.uniqueArray(fc.constantFrom('Iraq', 'Syria', 'Mosul', 'Tigris', 'France'), { maxLength: 4 }),
      topics: fc.uniqueArray(fc.constantFrom('Battle of Mosul', 'Floods'), { maxLength: 1 }),
      sources: fc.uniqueArray(fc.constantFrom('https://a.example/1', 'https://b.example/2'), { maxLength: 1 }),
    }),
    { minLength: 1, maxLength: 12 },
  )
  .map((drafts) => drafts.map(anEvent));

function indexOf(events: readonly IndexedEvent[]): EventIndex {
  const index = createEventIndex();
  for (const event of events) index.upsert(event);
  return index;
}

describe('relate', () => {
  it('finds the event that shares a rare entity, and says that this is why', () => {
    const strike = anEvent({ entities: ['Syria', 'Deir ez-Zor Governorate'], text: 'Aircraft strike a depot.' });
    const siege = anEvent({
      day: '2017-01-16',
      entities: ['Syria', 'Deir ez-Zor Governorate'],
      text: 'The siege tightens.',
    });
    const derby = anEvent({ entities: ['Celtic F.C.'], text: 'A derby ends level.' });

    const relations = relate(indexOf([siege, derby, strike]), strike);

    expect(relations.map(({ to }) => to)).toEqual([siege.id]);
    expect(relations[0]?.evidence).toContainEqual(
      expect.objectContaining({ signal: 'shared-entity', about: 'Deir ez-Zor Governorate' }),
    );
  });

  it('gives evidence whose weights sum to the score, and never the event itself', () => {
    fc.assert(
      fc.property(anyEvents, (events) => {
        const index = indexOf(events);
        for (const event of events) {
          for (const { to, score, evidence } of relate(index, event)) {
            expect(to).not.toBe(event.id);
            expect(evidence.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(score, 9);
          }
        }
      }),
    );
  });

  it('gives the same lists whatever the order in which events came in', () => {
    fc.assert(
      fc.property(anyEvents, (events) => {
        const [forward, backward] = [indexOf(events), indexOf(events.toReversed())];
        for (const event of events) expect(relate(backward, event)).toEqual(relate(forward, event));
      }),
    );
  });

  it('forgets an event that is removed or reworded', () => {
    fc.assert(
      fc.property(anyEvents, anyEvents, (kept, passing) => {
        const index = indexOf([...kept, ...passing]);
        for (const { id } of passing) index.remove(id);
        expect(index.size).toBe(kept.length);
        for (const event of kept) expect(relate(index, event)).toEqual(relate(indexOf(kept), event));
      }),
    );
  });

  it('keeps to earlier days, and to events that share an entity, where asked', () => {
    const early = anEvent({ day: '2017-01-02', entities: ['Mosul'], text: 'flood in the river' });
    const late = anEvent({ day: '2017-01-09', entities: ['Mosul'] });
    const alike = anEvent({ day: '2017-01-03', text: 'flood in the river', entities: ['Tigris'] });
    const asked = anEvent({ day: '2017-01-05', entities: ['Mosul'], text: 'flood in the river' });
    const index = indexOf([early, late, alike, asked, anEvent({}), anEvent({})]);
    const found = (options: object) =>
      relate(index, asked, options)
        .map(({ to }) => to)
        .toSorted();

    expect(found({})).toEqual([early.id, late.id, alike.id]);
    expect(found({ variant: 'earlier' })).toEqual([early.id, alike.id]);
    expect(found({ mustShareEntity: true })).toEqual([early.id, late.id]);
  });

  it('names the older events that a new one belongs to', () => {
    const older = anEvent({ day: '2017-01-02', entities: ['Mosul'] });
    const newer = anEvent({ day: '2017-01-09', entities: ['Mosul'] });
    expect(affected(indexOf([older, newer, anEvent({})]), newer)).toEqual([older.id]);
  });
});
