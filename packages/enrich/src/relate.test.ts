import { dayNumber, dayOfNumber, type Day, type EventId, type Evidence } from '@throughline/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createEventIndex, type EventIndex, type IndexedEvent } from './event-index.ts';
import { SETTLED_DAYS } from './history.ts';
import { pairOf } from './pair.ts';
import { queryOf } from './query.ts';
import { background, evidenceOf, followUps, relate } from './relate.ts';

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
    expect(found({ reach: 'earlier' })).toEqual([early.id, alike.id]);
    expect(found({ mustShareEntity: true })).toEqual([early.id, late.id]);
  });

  it('keeps a relation with the later of two, and finds the later ones of an older event', () => {
    const [older, same, other] = [
      anEvent({ day: '2017-01-02', entities: ['Mosul'] }),
      anEvent({ day: '2017-01-09', entities: ['Mosul'] }),
      anEvent({ day: '2017-01-09', entities: ['Mosul'] }),
    ];
    const index = indexOf([other, older, same, anEvent({})]);
    const ends = (event: IndexedEvent) =>
      background(index, event)
        .map(({ to }) => to)
        .toSorted();

    expect([ends(older), ends(same), ends(other)]).toEqual([[], [older.id], [older.id, same.id]]);
    expect(followUps(index, older).map(({ to }) => to)).toEqual(expect.arrayContaining([same.id, other.id]));
    expect(followUps(index, other)).toEqual([]);
  });

  it('calls a sentence that comes again a near-duplicate', () => {
    const first = anEvent({ day: '2017-01-09', text: 'A dam bursts above the town of Oroville after heavy rain.' });
    const again = anEvent({ text: 'A dam bursts above the town of Oroville after the heavy rain.' });
    const alike = anEvent({ text: 'Engineers inspect the dam above Oroville.' });
    const index = indexOf([first, again, alike, anEvent({})]);
    const names = (event: IndexedEvent) =>
      relate(index, event, { reach: 'earlier' }).flatMap(({ evidence }) => evidence.map(({ signal }) => signal));

    expect(names(again)).toEqual(['near-duplicate', 'close-in-time']);
    expect(names(alike)).toEqual(['similar-text', 'close-in-time']);
  });

  it('prefers what is closer in time among equals, then goes by id', () => {
    const [far, near, twin] = ['2016-01-01', '2016-12-01', '2016-12-01'].map((day) =>
      anEvent({ day, entities: ['Mosul'] }),
    );
    const found = relate(
      indexOf([far, twin, near].filter((one) => one !== undefined)),
      anEvent({ entities: ['Mosul'] }),
    );

    expect(found.map(({ to }) => to)).toEqual([near?.id, twin?.id, far?.id]);
  });
});

/** An archive of `count` events over some months, in which everything has its own frequency. */
function anArchive(count: number, seed: number): IndexedEvent[] {
  let state = seed;
  const below = (most: number) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % most;
  };
  /** Small numbers are frequent. */
  const some = (most: number, kind: string) =>
    Array.from({ length: below(most) + 1 }, () => `${kind} ${Math.floor((below(1000) / 1000) ** 3 * 60)}`);
  const first = dayNumber('2016-06-01' as Day);
  return Array.from({ length: count }, () =>
    anEvent({
      day: dayOfNumber(first + below(150)),
      text: some(9, 'word')
        .map((word) => word.replace(' ', ''))
        .join(' '),
      section: `heading ${below(4)}`,
      entities: some(4, 'entity'),
      implied: some(3, 'implied entity'),
      topics: below(3) === 0 ? some(1, 'topic') : [],
      sources: below(5) === 0 ? some(1, 'https://example.org/') : [],
      ...(below(3) === 0 && { story: `story ${below(20)}` }),
    }),
  );
}

describe('evidence', () => {
  const events = anArchive(600, 5);
  const index = indexOf(events);
  const sum = (evidence: readonly Evidence[]) => evidence.reduce((total, { weight }) => total + weight, 0);
  const related = events.flatMap((event) => relate(index, event).map((relation) => ({ event, relation })));

  it('sums to the score, each piece above 0', () => {
    expect(related.length).toBeGreaterThan(1000);
    for (const { relation } of related) {
      expect(sum(relation.evidence)).toBeCloseTo(relation.score, 9);
      expect(Math.min(...relation.evidence.map(({ weight }) => weight))).toBeGreaterThan(0);
    }
  });

  /** The event without what a piece of evidence is about. */
  const without = (event: IndexedEvent, { signal, about }: Evidence): IndexedEvent | undefined => {
    const others = (values: readonly string[] = []) => values.filter((value) => value !== about);
    switch (signal) {
      case 'shared-entity':
        return { ...event, entities: others(event.entities), implied: others(event.implied) };
      case 'same-topic':
        return { ...event, topics: others(event.topics) };
      case 'same-source':
        return { ...event, sources: others(event.sources) };
      case 'same-story':
        return { ...event, story: '' };
      case 'similar-text':
      case 'near-duplicate':
        return { ...event, text: '' };
      default:
        return undefined;
    }
  };

  it('leaves the score less its weight when what it is about is taken out of an event', () => {
    const taken = new Map<string, number>();
    for (const { event, relation } of related) {
      for (const piece of relation.evidence) {
        const rest = without(event, piece);
        if (rest === undefined) continue;
        taken.set(piece.signal, (taken.get(piece.signal) ?? 0) + 1);
        const again = evidenceOf(pairOf(queryOf(index, rest), index.slotOf(relation.to) ?? -1));
        expect(Math.abs(sum(again) - (relation.score - piece.weight))).toBeLessThan(1e-9);
      }
    }
    expect([...taken.keys()].filter((name) => name !== 'near-duplicate').toSorted()).toEqual([
      'same-source',
      'same-story',
      'same-topic',
      'shared-entity',
      'similar-text',
    ]);
  });
});

describe('relations that are kept', () => {
  type Kept = Map<EventId, unknown>;
  const whole = (events: readonly IndexedEvent[]): Kept => {
    const index = indexOf(events);
    return new Map(events.map((event) => [event.id, background(index, event)]));
  };

  /** What is kept when events come in one after another. */
  const grown = (events: readonly IndexedEvent[]): Kept => {
    const index = createEventIndex();
    const kept: Kept = new Map();
    const byId = new Map(events.map((event) => [event.id, event]));
    for (const event of events) {
      index.upsert(event);
      kept.set(event.id, background(index, event));
      for (const { to } of followUps(index, event)) kept.set(to, background(index, byId.get(to) ?? event));
    }
    return kept;
  };

  it('are those of all events at once, however late each comes in, up to what settles', () => {
    const events = anArchive(400, 11);
    const lateness = (at: number) => (at * 7) % (SETTLED_DAYS + 1);
    const arriving = events
      .map((event, at) => ({ event, at: dayNumber(event.day) + lateness(at) }))
      .toSorted((a, b) => a.at - b.at)
      .map(({ event }) => event);
    const all = whole(events);

    expect(grown(arriving)).toEqual(new Map(arriving.map(({ id }) => [id, all.get(id)])));
  });

  it('are so where more events share something than are weighed', () => {
    const day = dayNumber('2016-06-01' as Day);
    const events = Array.from({ length: 500 }, (_, at) =>
      anEvent({
        day: dayOfNumber(day + Math.floor(at / 4)),
        entities: ['Mosul', `entity ${at % 30}`],
        text: `word${at % 17} word${at % 13}`,
      }),
    );
    const all = whole(events);

    expect(grown(events)).toEqual(all);
    expect(Math.max(...[...all.values()].map((relations) => (relations as unknown[]).length))).toBe(10);
  });
});
