import { describe, expect, it } from 'vitest';
import type { EventId, StoryId } from './ids.ts';
import { planStories, storyTitle, type KnownStories, type Placement } from './story.ts';

const event = (name: string) => name as EventId;
const story = (name: string) => name as StoryId;
const on = (thread: string, ...names: string[]): Placement[] =>
  names.map((name) => ({ eventId: event(name), thread, how: 'likeness', score: 0.9 }));
const known = (facts: Partial<KnownStories> = {}): KnownStories => ({
  of: new Map(),
  byTopic: new Map(),
  owned: new Set(),
  ...facts,
});
const wasIn = (of: Record<string, string[]>) =>
  new Map(Object.entries(of).flatMap(([id, names]) => names.map((name) => [event(name), story(id)] as const)));

function plan(placements: Placement[], facts?: Partial<KnownStories>) {
  let made = 0;
  const { parts, alone } = planStories(placements, known(facts), () => story(`new ${++made}`));
  return {
    alone,
    parts: parts.map(({ events, ...part }) => ({ ...part, events: events.map(({ eventId }) => eventId) })),
  };
}

describe('planStories', () => {
  it('makes a story of what goes on, or stands under a header, and none of an event alone', () => {
    expect(plan([...on('event:a', 'a', 'b'), ...on('event:c', 'c'), ...on('topic:Flood', 'd')])).toEqual({
      parts: [
        { id: 'new 1', isNew: true, events: ['a', 'b'] },
        { id: 'new 2', isNew: true, topic: 'Flood', events: ['d'] },
      ],
      alone: ['c'],
    });
  });

  it('keeps ids when the same comes out again', () => {
    const of = wasIn({ one: ['a', 'b'], flood: ['d'] });
    const { parts } = plan([...on('event:a', 'a', 'b'), ...on('topic:Flood', 'd')], {
      of,
      byTopic: new Map([['Flood', story('flood')]]),
    });
    expect(parts.map(({ id, isNew }) => [id, isNew])).toEqual([
      ['one', false],
      ['flood', false],
    ]);
  });

  it('leaves a story that is cut with its greater part, and says where the other comes from', () => {
    const of = wasIn({ one: ['a', 'b', 'c', 'd', 'e'] });
    const { parts } = plan([...on('event:d', 'd', 'e'), ...on('event:a', 'a', 'b', 'c')], { of });
    expect(parts).toEqual([
      { id: 'one', isNew: false, events: ['a', 'b', 'c'] },
      { id: 'new 1', isNew: true, splitFrom: 'one', events: ['d', 'e'] },
    ]);
  });

  it('gives stories that grow together the id of the greater one', () => {
    const of = wasIn({ small: ['a', 'b'], great: ['c', 'd', 'e'] });
    expect(plan(on('event:a', 'a', 'b', 'c', 'd', 'e'), { of }).parts).toEqual([
      { id: 'great', isNew: false, events: ['a', 'b', 'c', 'd', 'e'] },
    ]);
  });

  it('never hands a story with earlier events to another thread', () => {
    const of = wasIn({ old: ['a', 'b'] });
    const facts = { of, owned: new Set([story('old')]) };
    expect(plan(on('event:a', 'a', 'b'), facts).parts).toMatchObject([{ id: 'new 1', splitFrom: 'old' }]);
    expect(plan(on('story:old', 'a', 'b'), facts).parts).toMatchObject([{ id: 'old', isNew: false }]);
  });

  it('gives a header that comes late the story that its events are in', () => {
    const of = wasIn({ one: ['a', 'b'] });
    expect(plan(on('topic:Flood', 'a', 'b', 'c'), { of }).parts).toEqual([
      { id: 'one', isNew: false, topic: 'Flood', events: ['a', 'b', 'c'] },
    ]);
  });
});

describe('storyTitle', () => {
  it('is the sentence, cut at a word where it is long', () => {
    expect(storyTitle('A ferry sinks off Lamu. ')).toBe('A ferry sinks off Lamu');
    const title = storyTitle(`${'A long sentence, '.repeat(9)}ends.`);
    expect(title.length).toBeLessThanOrEqual(101);
    expect(title).toMatch(/\p{L}…$/u);
  });
});
