import { addDays, type Day, type EventId } from '@throughline/core';
import { describe, expect, it } from 'vitest';
import { WINDOW_DAYS } from './recent-events.ts';
import type { StoryEvent } from './story-event.ts';
import { createThreads, type Threads } from './threads.ts';

const START = '2021-03-01' as Day;

function anEvent(id: string, facts: Partial<StoryEvent> = {}): StoryEvent {
  return {
    id: id as EventId,
    day: START,
    text: id,
    section: 'Disasters',
    entities: [],
    implied: [],
    sources: [],
    ...facts,
  };
}

/** What other news there was: nothing of it goes on. */
const TOWNS = ['Arven', 'Bolmar', 'Cintra', 'Dorvik', 'Elsted', 'Farrow', 'Glimm', 'Hestia', 'Ibsen', 'Jorund'];
const others = (day: Day): StoryEvent[] =>
  TOWNS.map((town, at) =>
    anEvent(`${town} ${day}`, {
      day,
      section: ['Politics and elections', 'Sports', 'Business and economy'][at % 3] ?? '',
      text: `${town}${day.replaceAll('-', '')} meets number${at}${day.slice(8)} over thing${at * 7}${day.slice(8)}.`,
      entities: [`${town} ${day}`, `Thing ${at}${day}`],
    }),
  );

/** A ferry that sinks, four days of it. */
const ferry = [
  'The ferry MV Sandpiper sinks in the Bay of Reeds off Larnholm with 80 people on board.',
  'Divers reach the wreck of the ferry MV Sandpiper in the Bay of Reeds off Larnholm.',
  'The captain of the ferry MV Sandpiper is arrested in Larnholm over the sinking in the Bay of Reeds.',
  'The death toll of the sinking of the ferry MV Sandpiper off Larnholm rises to 31.',
].map((text, at) =>
  anEvent(`ferry ${at}`, {
    day: addDays(START, at),
    text,
    entities: ['MV Sandpiper', 'Larnholm', 'Bay of Reeds'],
    sources: [`https://news.example/mv-sandpiper-larnholm-${at}`],
  }),
);

const news = ferry.flatMap((event) => [...others(event.day), event]);
const placed = (threads: Threads, events: readonly StoryEvent[]) => events.map((event) => threads.place(event));

describe('threads', () => {
  it('go on with what is about the same, and not with what is only of the same days', () => {
    const threads = createThreads();
    const all = placed(threads, news);
    const ferries = all.filter((_, at) => ferry.includes(news[at] as StoryEvent));

    expect(ferries.map(({ thread, how }) => [thread, how])).toEqual([
      ['event:ferry 0', 'new'],
      ['event:ferry 0', 'likeness'],
      ['event:ferry 0', 'likeness'],
      ['event:ferry 0', 'likeness'],
    ]);
    for (const { chance, among } of ferries.slice(1)) {
      expect(chance).toBeGreaterThan(0.5);
      expect(among[0]).toEqual({ thread: 'event:ferry 0', chance });
    }
    const rest = all.filter((one) => !ferries.includes(one));
    expect(new Set(rest.map(({ thread }) => thread)).size).toBe(rest.length);
  });

  it('are what stands under one header, whatever it is about', () => {
    const threads = createThreads();
    const floods = ['Rain falls.', 'A minister resigns.'].map((text, at) =>
      anEvent(`flood ${at}`, { text, topic: 'Norland floods', day: addDays(START, at * 400) }),
    );
    for (const { thread, how, chance } of placed(threads, floods)) {
      expect([thread, how, chance]).toEqual(['topic:Norland floods', 'header', 1]);
    }
  });

  it('take in what nobody put under their header', () => {
    const threads = createThreads();
    const [first, ...rest] = news
      .slice(0, 22)
      .map((event) => (event.id === 'ferry 0' ? { ...event, topic: 'Sinking' } : event));
    const threadsOf = placed(threads, [first as StoryEvent, ...rest]);
    expect(threadsOf.at(-1)).toMatchObject({ thread: 'topic:Sinking', how: 'likeness' });
  });

  it('are the same when what was decided before is only taken in', () => {
    const whole = placed(createThreads(), news);
    const cut = 25;
    const threads = createThreads();
    news.slice(0, cut).forEach((event, at) => threads.follow(event, whole[at]?.thread ?? ''));

    expect(placed(threads, news.slice(cut))).toEqual(whole.slice(cut));
  });

  it('forget what is before their window', () => {
    const day = addDays(START, WINDOW_DAYS + 10);
    const again = { ...ferry[1], id: 'again' as EventId, day } as StoryEvent;
    const threads = createThreads();
    placed(threads, news);
    expect(threads.place(again)).toMatchObject({ thread: 'event:again', how: 'new', among: [] });
  });

  it('bear events without text, entities or a URL that can be read', () => {
    const threads = createThreads();
    const bare = ['a', 'b'].map((id) =>
      anEvent(id, { text: '', section: '', sources: ['', 'no url', 'http://x/%E0%A4%A'] }),
    );
    for (const { among } of placed(threads, bare))
      expect(among.every(({ chance }) => chance >= 0 && chance <= 1)).toBe(true);
  });
});
