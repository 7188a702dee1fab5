import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, type Day } from '../day.ts';
import type { ParsedEvent } from '../event.ts';
import type { EventId } from '../ids.ts';
import { nextSettling, readRevision, settle } from './lifecycle.ts';
import { knownEvent, pathKey, type EventChange, type EventRecord, type PageState, type Step } from './record.ts';

const DAY = '2017-05-26' as Day;
const HOUR = 3_600_000;

function anItem(text: string, ...urls: string[]): ParsedEvent {
  const sources = urls.map((url) => ({ url, label: '', form: 'link' as const }));
  return { text, section: '', topics: [], links: [], sources, position: 0 };
}

const onPage = (...items: ParsedEvent[]): ParsedEvent[] => items.map((item, position) => ({ ...item, position }));

/** Pages in memory, read at hours since the start. */
function aRecord() {
  const events = new Map<EventId, EventRecord>();
  const paths = new Map<string, EventId>();
  const seen = new Map<Day, number>();
  const changes: EventChange[] = [];
  const state = (day: Day): PageState => {
    const near = [addDays(day, -1), day, addDays(day, 1)];
    const seenAt = seen.get(day);
    return {
      day,
      events: [...events.values()].filter((event) => near.includes(event.day)),
      paths,
      ...(seenAt !== undefined && { seenAt }),
    };
  };
  const keep = (step: Step): Step => {
    for (const event of step.events) {
      events.set(event.id, event);
      for (const path of event.paths) paths.set(pathKey(path), event.id);
    }
    changes.push(...step.changes);
    return step;
  };
  let ids = 0;
  const newId = () => `e${ids++}` as EventId;
  return {
    events,
    paths,
    changes,
    state,
    read(hour: number, items: ParsedEvent[], day = DAY): Step {
      const step = keep(readRevision(state(day), onPage(...items), { at: hour * HOUR, revision: hour, newId }));
      seen.set(day, Math.max(hour * HOUR, seen.get(day) ?? 0));
      return step;
    },
    settle: (hour: number, day = DAY) => keep(settle(state(day), hour * HOUR)),
    the: (id: string) => events.get(id as EventId) as EventRecord,
    /** What readers see on a day. */
    shown: (day = DAY) =>
      [...events.values()]
        .filter((event) => event.day === day && event.state === 'stable')
        .map(({ reading }) => reading.text),
    said: () => changes.map(({ kind, id, slug }) => `${kind} ${id} ${slug}`),
  };
}

const flood = anItem('Floods kill ninety people in Sri Lanka.', 'http://a.example/flood');
const moreFlood = anItem('Floods kill over a hundred people in Sri Lanka.', 'http://a.example/flood');
const hoax = anItem('The Queen is suspected of being dead.', 'http://b.example/queen');
const vote = anItem('Voters in Kenya elect a president.', 'http://c.example/vote');

describe('settling', () => {
  it('shows an event once it has stood on the page for three hours, and says since when', () => {
    const record = aRecord();
    record.read(0, [flood]);
    record.settle(2.99);
    expect(record.shown()).toEqual([]);
    record.settle(8);
    expect(record.shown()).toEqual([flood.text]);
    expect(record.the('e0')).toMatchObject({
      state: 'stable',
      stableAt: 3 * HOUR,
      slug: 'floods-kill-ninety-people-in-sri-lanka',
    });
    expect(record.said()).toEqual(['created e0 floods-kill-ninety-people-in-sri-lanka']);
  });

  it('settles what had stood when the next revision comes, even if that one takes it away', () => {
    const record = aRecord();
    record.read(0, [flood]);
    record.read(3, []);
    expect(record.the('e0')).toMatchObject({ state: 'withdrawn', stableAt: 3 * HOUR, goneAt: 3 * HOUR });
  });

  it('never shows what was gone before its time', () => {
    const record = aRecord();
    record.read(0, [flood, hoax]);
    record.read(2, [flood]);
    record.settle(100);
    expect(record.shown()).toEqual([flood.text]);
    expect(record.the('e1')).toMatchObject({ state: 'unsettled', goneAt: 2 * HOUR, paths: [] });
    expect(record.said().join()).not.toContain('e1');
  });

  it('counts from its return when something came back', () => {
    const record = aRecord();
    record.read(0, [hoax]);
    record.read(1, []);
    record.read(4, [hoax]);
    record.settle(6);
    expect(record.the('e0')).toMatchObject({ state: 'unsettled', firstSeenAt: 0, presentSince: 4 * HOUR });
    record.settle(7);
    expect(record.shown()).toEqual([hoax.text]);
  });

  it('lets a new wording of a public event wait as long, and keeps the old one until then', () => {
    const record = aRecord();
    record.read(0, [flood]);
    record.read(5, [moreFlood]);
    expect(record.shown()).toEqual([flood.text]);
    record.settle(8);
    expect(record.shown()).toEqual([moreFlood.text]);
    expect(record.the('e0').wordings).toMatchObject([
      { text: flood.text, seenAt: 0, revision: 0, until: 5 * HOUR, publicAt: 3 * HOUR },
      { text: moreFlood.text, seenAt: 5 * HOUR, revision: 5, publicAt: 8 * HOUR },
    ]);
  });

  it('keeps a wording that was gone before its time, but out of sight', () => {
    const record = aRecord();
    record.read(0, [flood]);
    record.read(5, [anItem('Floods in Sri Lanka are a hoax.', 'http://a.example/flood')]);
    record.read(6, [flood]);
    record.settle(100);
    expect(record.shown()).toEqual([flood.text]);
    expect(record.the('e0').wordings.map(({ publicAt }) => publicAt)).toEqual([3 * HOUR, undefined, undefined]);
    expect(record.said()).toEqual(['created e0 floods-kill-ninety-people-in-sri-lanka']);
  });

  it('lets a wording wait anew when its event was away', () => {
    const record = aRecord();
    record.read(0, [flood]);
    record.read(5, [moreFlood]);
    record.read(6, []);
    expect(record.the('e0').pending).toBeUndefined();
    record.read(9, [moreFlood]);
    record.settle(11.9);
    expect(record.shown()).toEqual([flood.text]);
    record.settle(12);
    expect(record.shown()).toEqual([moreFlood.text]);
  });

  it('shows a corrected source, topic or section at once, whatever the sentence waits for', () => {
    const record = aRecord();
    record.read(0, [flood]);
    record.read(5, [
      {
        ...moreFlood,
        section: 'Disasters',
        sources: vote.sources,
        links: [{ start: 0, end: 6, surface: 'Floods', title: 'Flood' }],
      },
    ]);
    expect(record.the('e0').reading).toMatchObject({
      text: flood.text,
      links: [],
      section: 'Disasters',
      sources: vote.sources,
    });
  });

  it('makes the events of an old page public as soon as it is read', () => {
    const record = aRecord();
    record.read(0, [flood, vote]);
    record.settle(24 * 365 * 10);
    expect(record.shown()).toEqual([flood.text, vote.text]);
    expect(record.the('e0').stableAt).toBe(3 * HOUR);
  });

  it('says when to look again', () => {
    const record = aRecord();
    expect(nextSettling([])).toBeUndefined();
    record.read(0, [flood]);
    record.read(1, [flood, vote]);
    expect(nextSettling([...record.events.values()])).toBe(3 * HOUR);
    record.settle(3);
    expect(nextSettling([...record.events.values()])).toBe(4 * HOUR);
    record.settle(4);
    expect(nextSettling([...record.events.values()])).toBeUndefined();
  });
});

describe('a public event', () => {
  const settled = (...items: ParsedEvent[]) => {
    const record = aRecord();
    record.read(0, items);
    record.settle(3);
    return record;
  };

  it('has one slug at a time, and leads there from its old ones', () => {
    const record = settled(flood);
    record.read(5, [moreFlood]);
    record.settle(8);
    expect(record.the('e0')).toMatchObject({ slug: 'floods-kill-over-a-hundred-people-in-sri-lanka' });
    expect(record.the('e0').paths.map(({ slug }) => slug)).toEqual([
      'floods-kill-ninety-people-in-sri-lanka',
      'floods-kill-over-a-hundred-people-in-sri-lanka',
    ]);
  });

  it('takes its old slug again with its old wording', () => {
    const record = settled(flood);
    record.read(5, [moreFlood]);
    record.read(10, [flood]);
    record.settle(20);
    expect(record.the('e0').slug).toBe('floods-kill-ninety-people-in-sri-lanka');
    expect(record.the('e0').paths).toHaveLength(2);
  });

  it('keeps its slug through an edit that only moves a comma', () => {
    const record = settled(flood);
    record.read(5, [{ ...flood, text: 'Floods kill ninety people, in Sri Lanka' }]);
    record.settle(8);
    expect(record.the('e0').paths).toEqual([{ day: DAY, slug: 'floods-kill-ninety-people-in-sri-lanka' }]);
    expect(record.the('e0').wordings).toHaveLength(2);
  });

  it('numbers its slug when another event has or had it', () => {
    const second = anItem('Voters in Kenya elect a president 2.');
    const record = settled(vote, { ...vote, sources: [] }, second, { ...vote, sources: flood.sources });
    const slug = 'voters-in-kenya-elect-a-president';
    const slugs = [...record.events.values()].map((event) => event.slug);
    expect(slugs).toEqual([slug, `${slug}-2`, `${slug}-2-2`, `${slug}-3`]);
    record.read(4, []);
    record.read(5, [{ ...vote, text: 'Voters in Kenya elect: a president!', sources: hoax.sources }]);
    record.settle(9);
    expect(record.shown()).toEqual(['Voters in Kenya elect: a president!']);
  });

  it('takes its numbered slug again, rather than another number', () => {
    const record = settled(vote, { ...vote, sources: [] });
    record.read(5, [vote, { ...vote, text: 'Voters in Kenya elect a president and a parliament.', sources: [] }]);
    record.read(10, [vote, { ...vote, sources: [] }]);
    record.settle(20);
    expect(record.the('e1').slug).toBe('voters-in-kenya-elect-a-president-2');
  });

  it('leaves a tombstone when it goes, and is back under its old URL when it returns', () => {
    const record = settled(flood, vote);
    record.read(5, [vote]);
    expect(record.the('e0')).toMatchObject({
      state: 'withdrawn',
      goneAt: 5 * HOUR,
      slug: 'floods-kill-ninety-people-in-sri-lanka',
    });
    record.read(6, [flood, vote]);
    expect(record.the('e0')).toMatchObject({
      state: 'stable',
      presentSince: 6 * HOUR,
      slug: 'floods-kill-ninety-people-in-sri-lanka',
    });
    expect(record.the('e0').goneAt).toBeUndefined();
    expect(record.the('e0').wordings).toEqual([expect.not.objectContaining({ until: expect.anything() })]);
    expect(record.said().slice(2)).toEqual([
      'withdrawn e0 floods-kill-ninety-people-in-sri-lanka',
      'restored e0 floods-kill-ninety-people-in-sri-lanka',
    ]);
  });

  it('survives a page that is blanked, pasted over and put back', () => {
    const record = settled(flood, vote);
    record.read(5, []);
    record.read(5.1, [hoax, anItem('An article of 2015 is published.', 'http://d.example/2015')]);
    record.read(6, [flood, vote]);
    record.settle(100);
    expect(record.shown()).toEqual([flood.text, vote.text]);
    expect([...record.paths.values()].sort()).toEqual(['e0', 'e1']);
  });

  it('goes on in the event that it was merged into', () => {
    const record = settled(flood, vote);
    record.read(5, [{ ...flood, sources: [...flood.sources, ...vote.sources] }]);
    expect(record.the('e1')).toMatchObject({ state: 'withdrawn', mergedInto: 'e0' });
    expect(record.said()).toContain('merged e1 voters-in-kenya-elect-a-president');
    record.read(6, [flood, vote]);
    expect(record.the('e1')).toMatchObject({ state: 'stable' });
    expect(record.the('e1').mergedInto).toBeUndefined();
  });

  it('says nothing to readers when only its place on the page changed', () => {
    const record = settled(flood, vote);
    const step = record.read(5, [vote, flood]);
    expect(step.changes).toEqual([]);
    expect(step.touched.map(({ changed }) => changed)).toMatchObject([
      { position: true, text: false, sources: false, links: false },
      { position: true },
    ]);
  });

  it('asks for nothing to be captured or tagged again when a robot turns http into https', () => {
    const record = settled(flood, vote);
    const secure = [flood, vote].map((item) =>
      anItem(item.text, ...item.sources.map(({ url }) => url.replace('http:', 'https:'))),
    );
    const step = record.read(5, secure);
    expect(step.touched).toHaveLength(2);
    for (const { changed } of step.touched) {
      expect(changed).toMatchObject({ citations: true, text: false, sources: false, links: false, topics: false });
    }
    expect(record.read(6, secure)).toEqual({ events: [], changes: [], touched: [] });
  });
});

describe('an event that moves to another day', () => {
  const NEXT = addDays(DAY, 1);
  const settled = () => {
    const record = aRecord();
    record.read(0, [flood, vote]);
    record.settle(3);
    return record;
  };
  const path = (day: Day) => ({ day, slug: 'floods-kill-ninety-people-in-sri-lanka' });

  it('keeps its id and leads there from its old day', () => {
    const record = settled();
    record.read(5, [vote]);
    record.read(6, [flood], NEXT);
    expect(record.the('e0')).toMatchObject({ day: NEXT, state: 'stable', paths: [path(DAY), path(NEXT)] });
    expect(record.shown(NEXT)).toEqual([flood.text]);
    expect(record.events.size).toBe(2);
  });

  it.each([
    ['at once', 5.5],
    ['long after, when its copy was public', 20],
  ])('keeps its id when it was put there first and taken away here %s', (_, hour) => {
    const record = settled();
    record.read(5, [flood], NEXT);
    record.settle(hour, NEXT);
    record.read(hour, [vote]);
    expect(record.the('e0')).toMatchObject({ day: NEXT, state: 'stable', paths: [path(DAY), path(NEXT)] });
    expect(record.the('e2')).toMatchObject({ mergedInto: 'e0', paths: [] });
    expect(record.shown(NEXT)).toEqual([flood.text]);
    expect(record.shown()).toEqual([vote.text]);
    // The copy is no event that could come back elsewhere.
    record.read(29, [vote, flood]);
    expect(record.the('e2').goneAt).toBeDefined();
    expect(record.the('e3')).toMatchObject({ day: DAY, state: 'unsettled' });
    record.read(29.5, [vote]);
    // Nothing swings back when either page is read again.
    expect(record.read(30, [vote]).events).toEqual([]);
    expect(record.read(30, [flood], NEXT).events).toEqual([]);
  });
});

// A page's life: hours that pass, and which of a few sentences stand there in which of their wordings.
const sentence = fc.constantFrom('flood', 'vote', 'hoax', 'fire');
const anyItem = fc
  .tuple(sentence, fc.constantFrom('', ' at noon', ' again and again today'), fc.boolean())
  .map(([name, more, cited]) =>
    anItem(
      `The ${name} of ${name}ville is reported by ${name} watchers${more}.`,
      ...(cited ? [`http://a.example/${name}`] : []),
    ),
  );
const anyLife = fc.array(
  fc.record({
    hours: fc.constantFrom(0, 0.5, 1, 2, 3, 5),
    items: fc.array(anyItem, { maxLength: 5 }),
    next: fc.boolean(),
  }),
  { minLength: 1, maxLength: 8 },
);

/** Reads a life, and gives the record after each revision with what the pages hold. */
function* live(life: { hours: number; items: ParsedEvent[]; next: boolean }[]) {
  const record = aRecord();
  const pages = new Map<Day, ParsedEvent[]>();
  let hour = 0;
  for (const { hours, items, next } of life) {
    hour += hours;
    const day = next ? addDays(DAY, 1) : DAY;
    pages.set(day, items);
    record.read(hour, items, day);
    yield { record, pages, hour, day, items };
  }
}

const here = (record: ReturnType<typeof aRecord>, day: Day) =>
  [...record.events.values()].filter((event) => event.day === day && event.goneAt === undefined);

// Each run is a whole life.
const RUNS = { numRuns: 50 };

describe('a page, whatever is done to it', { timeout: 20_000 }, () => {
  it('has one event for each item, in the words that it has now', () => {
    fc.assert(
      fc.property(anyLife, (life) => {
        for (const { record, pages } of live(life)) {
          for (const [day, items] of pages) {
            const words = here(record, day).map((event) => knownEvent(event).text);
            expect(words.sort()).toEqual(items.map(({ text }) => text).sort());
          }
        }
      }),
      RUNS,
    );
  });

  it('shows no sentence that did not once stand for three hours without a gap', () => {
    fc.assert(
      fc.property(anyLife, (life) => {
        const since = new Map<string, number>();
        const settled = new Set<string>();
        let last: ReturnType<typeof aRecord> | undefined;
        for (const { record, pages, hour } of live([...life, { hours: 5, items: [], next: false }])) {
          for (const [text, from] of since) if (hour - from >= 3) settled.add(text);
          const now = new Set([...pages.values()].flat().map(({ text }) => text));
          for (const text of since.keys()) if (!now.has(text)) since.delete(text);
          for (const text of now) if (!since.has(text)) since.set(text, hour);
          const wordings = [...record.events.values()].flatMap((event) => event.wordings);
          const shown = wordings.filter(({ publicAt }) => publicAt !== undefined).map(({ text }) => text);
          expect(shown.filter((text) => !settled.has(text))).toEqual([]);
          last = record;
        }
        const visible = [...(last?.events.values() ?? [])].filter(({ state }) => state !== 'unsettled');
        expect(visible.filter(({ reading }) => !settled.has(reading.text))).toEqual([]);
      }),
      RUNS,
    );
  });

  it('gives every public event one URL of its own, and never loses one', () => {
    fc.assert(
      fc.property(anyLife, (life) => {
        let before = new Set<string>();
        for (const { record } of live(life)) {
          const events = [...record.events.values()];
          const urls = events.filter(({ state }) => state === 'stable').map(({ day, slug }) => `${day}/${slug}`);
          expect(new Set(urls).size).toBe(urls.length);
          const paths = events.flatMap((event) => event.paths.map(pathKey));
          expect(new Set(paths).size).toBe(paths.length);
          expect(urls.filter((url) => !paths.includes(url))).toEqual([]);
          expect([...before].filter((path) => !paths.includes(path))).toEqual([]);
          before = new Set(paths);
        }
      }),
      RUNS,
    );
  });

  it('tells readers of every coming and going once', () => {
    fc.assert(
      fc.property(anyLife, (life) => {
        for (const { record } of live(life)) {
          const visible = new Set<EventId>();
          const known = new Set<EventId>();
          for (const { kind, id } of record.changes) {
            expect({ kind, known: known.has(id), visible: visible.has(id) }).toEqual({
              kind,
              known: kind !== 'created',
              visible: kind !== 'created' && kind !== 'restored',
            });
            known.add(id);
            if (kind === 'withdrawn' || kind === 'merged') visible.delete(id);
            else visible.add(id);
          }
          const stable = [...record.events.values()].filter(({ state }) => state === 'stable').map(({ id }) => id);
          expect([...visible].sort()).toEqual(stable.sort());
        }
      }),
      RUNS,
    );
  });

  it('writes nothing when the same revision is read again, or an older one', () => {
    fc.assert(
      fc.property(anyLife, (life) => {
        const nothing = { events: [], changes: [], touched: [] };
        for (const { record, hour, day, items } of live(life)) {
          expect(record.read(hour, items, day)).toEqual(nothing);
          expect(record.read(hour - 0.1, [anItem('Something quite different.')], day)).toEqual(nothing);
        }
      }),
      RUNS,
    );
  });

  it('comes to the same whatever order the known events are given in', () => {
    fc.assert(
      fc.property(anyLife, anyItem, (life, more) => {
        let ids = 0;
        const facts = () => ((ids = 0), { at: 1_000 * HOUR, newId: () => `new${ids++}` as EventId });
        for (const { record, day, items } of live(life)) {
          const state = record.state(day);
          const parsed = onPage(more, ...items.slice(1));
          const turned = { ...state, events: [...state.events].reverse() };
          const sorted = ({ events, changes, touched }: Step) =>
            [events, changes, touched].map((list) =>
              [...list].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)),
            );
          expect(sorted(readRevision(turned, parsed, facts()))).toEqual(sorted(readRevision(state, parsed, facts())));
        }
      }),
      RUNS,
    );
  });
});
