import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Day } from '../day.ts';
import type { ParsedEvent, Topic } from '../event.ts';
import type { EventId } from '../ids.ts';
import { reconcile } from './reconcile.ts';
import type { KnownEvent, Reconciliation } from './reconciliation.ts';

const DAY = '2017-05-26' as Day;
const EVE = '2017-05-25' as Day;

function anItem(text: string, more: Partial<ParsedEvent> & { urls?: string[] } = {}): ParsedEvent {
  const { urls = [], ...rest } = more;
  const sources = urls.map((url) => ({ url, label: '', form: 'link' as const }));
  return { text, section: '', topics: [], links: [], sources, position: 0, ...rest };
}

const aLink = (title: string) => ({ start: 0, end: 0, surface: title, title });
const aTopic = (title: string): Topic => ({ title, text: title });

const onPage = (...items: ParsedEvent[]): ParsedEvent[] => items.map((item, position) => ({ ...item, position }));

const knownAs = (prefix: string, items: readonly ParsedEvent[], more: Partial<KnownEvent> = {}): KnownEvent[] =>
  items.map((item, i) => ({ ...item, id: `${prefix}${i}` as EventId, day: DAY, gone: false, firstSeen: 0, ...more }));

const known = (...items: ParsedEvent[]) => knownAs('e', onPage(...items));

const read = (events: readonly KnownEvent[], ...items: ParsedEvent[]): Reconciliation =>
  reconcile({ day: DAY, known: events, neighbours: [], parsed: onPage(...items) });

const idsOf = ({ items }: Reconciliation) => items.map((verdict) => ('id' in verdict ? verdict.id : undefined));
const kindsOf = ({ items }: Reconciliation) => items.map(({ kind }) => kind);

const flood = anItem('At least 91 people are killed in floods in Sri Lanka.', {
  urls: ['http://www.bbc.com/news/40063400'],
});
const warrant = anItem('Turkey issues a warrant for the basketball player Enes Kanter.', {
  urls: ['http://www.espn.com/1947'],
});
const breach = anItem('Hackers steal payment data from most restaurants of a chain.', {
  urls: ['http://www.reuters.com/18M2BY'],
});

describe('reconcile, on one page', () => {
  it('keeps every event of a page that did not change', () => {
    const result = read(known(flood, warrant, breach), flood, warrant, breach);
    expect(kindsOf(result)).toEqual(['same', 'same', 'same']);
    expect(idsOf(result)).toEqual(['e0', 'e1', 'e2']);
    expect(result).toMatchObject({ missing: [], absent: [] });
  });

  it('calls a sentence with its source kept reworded, whatever its words', () => {
    const rewritten = { ...flood, text: 'Monsoon rains cost over a hundred lives near Colombo.' };
    expect(read(known(flood, warrant), warrant, rewritten).items).toMatchObject([
      { kind: 'same', id: 'e1' },
      { kind: 'reworded', id: 'e0', changed: { text: true, sources: false } },
    ]);
  });

  it('knows a sentence again by its words when its source was replaced as well', () => {
    const now = anItem('At least 112 people are now killed in floods in Sri Lanka.', {
      urls: ['http://www.cnn.com/1'],
    });
    expect(read(known(flood, breach), breach, now).items[1]).toMatchObject({
      kind: 'reworded',
      id: 'e0',
      changed: { sources: true },
    });
  });

  it('takes two items on one story for two events', () => {
    const toll = anItem('The death toll of the floods in Sri Lanka reaches 91.', { links: [aLink('Sri Lanka')] });
    const aid = anItem('India sends ships with relief goods to Colombo.', { links: [aLink('Sri Lanka')] });
    const result = read(known(toll), aid);
    expect(kindsOf(result)).toEqual(['new']);
    expect(result.missing).toEqual([{ kind: 'withdrawn', id: 'e0' }]);
  });

  it('lets words decide between items that cite one URL', () => {
    const urls = ['http://live.example.org/election'];
    const polls = anItem('Polls open in the general election in Armenia.', { urls });
    const result = anItem('The ruling party of Armenia wins a majority of seats.', { urls });
    const now = anItem('The ruling party of Armenia wins an outright majority of the seats.', { urls });
    expect(idsOf(read(known(polls, result), now, polls))).toEqual(['e1', 'e0']);
  });

  it('gives an unchanged sentence to the event that had it, though another takes over its source', () => {
    const urls = flood.sources.map(({ url }) => url);
    const copycat = anItem('Relief workers reach the villages cut off since Friday.', { urls });
    const result = read(known(flood), { ...flood, sources: [] }, copycat);
    expect(idsOf(result)).toEqual(['e0', undefined]);
  });

  it('sees no change of sources in https for http, in www, in order', () => {
    const urls = ['https://espn.com/1947', 'https://bbc.com/news/40063400/'];
    const cited = { ...flood, sources: [...flood.sources, ...warrant.sources] };
    const changed = {
      text: false,
      topics: false,
      section: false,
      links: false,
      sources: false,
      position: false,
      day: false,
    };
    expect(read(known(cited), anItem(flood.text, { urls })).items).toMatchObject([
      { kind: 'same', changed: { ...changed, citations: true } },
    ]);
  });

  it('sees no rewording in white space and composition, but in a comma', () => {
    const text = 'Floods in Pedrógão, Portugal.';
    const kinds = [text, text.normalize('NFD'), text.replace(' ', '  '), text.replace(',', '')].map(
      (now) => kindsOf(read(known(anItem(text)), anItem(now)))[0],
    );
    expect(kinds).toEqual(['same', 'same', 'same', 'reworded']);
  });

  it('tells a move to another topic, and what else changed', () => {
    const under = { ...flood, topics: [aTopic('2017 Sri Lanka floods')] };
    expect(read(known(flood), under).items).toMatchObject([
      { kind: 'moved', from: DAY, changed: { topics: true, text: false } },
    ]);
    const linked = { ...under, links: [aLink('Sri Lanka')], section: 'Disasters' };
    expect(read(known(under), linked).items).toMatchObject([
      { kind: 'same', changed: { links: true, section: true, topics: false } },
    ]);
  });

  it('keeps equal sentences apart by their topics, then by their order', () => {
    const polls = (topic: string) => anItem('Voters go to the polls.', { topics: [aTopic(topic)] });
    const before = known(polls('Kenya'), polls('Nepal'), polls('Nepal'));
    expect(idsOf(read(before, polls('Nepal'), polls('Nepal'), polls('Kenya')))).toEqual(['e1', 'e2', 'e0']);
  });

  it('gives the part that was split off a new event that knows where it comes from', () => {
    const both = anItem(
      'A fire at a casino in Manila kills 36 people. A militant group claims responsibility for the attack.',
      {
        urls: ['http://a.example/fire', 'http://b.example/claim'],
      },
    );
    const fire = anItem('A fire at a casino in Manila kills 36 people.', { urls: ['http://a.example/fire'] });
    const claim = anItem('A militant group claims responsibility for the attack.', {
      urls: ['http://b.example/claim'],
    });
    expect(read(known(both), fire, claim).items).toMatchObject([
      { kind: 'reworded', id: 'e0' },
      { kind: 'split', of: 'e0' },
    ]);
    expect(read(known(fire, claim), both)).toMatchObject({
      items: [{ kind: 'reworded', id: 'e0' }],
      missing: [{ kind: 'merged', id: 'e1', into: 'e0' }],
    });
  });

  it('calls an event merged when another has taken over its source and kept its own words', () => {
    const ruling = anItem('A judge in Hawaii exempts grandparents from the travel ban.', {
      urls: ['http://a.example/1'],
    });
    const again = anItem('Judge Watson widens what counts as close family.', { urls: ['http://b.example/2'] });
    const both = { ...ruling, sources: [...ruling.sources, ...again.sources] };
    expect(read(known(again, ruling), both).missing).toEqual([{ kind: 'merged', id: 'e0', into: 'e1' }]);
  });

  it('knows a part by its words where there is no source to tell', () => {
    const fire = anItem('A fire at a casino in Manila kills 36 people.');
    const claim = anItem('A militant group claims responsibility for the attack.');
    const both = anItem(`${fire.text} ${claim.text}`);
    expect(read(known(both), fire, claim).items).toMatchObject([{ id: 'e0' }, { kind: 'split', of: 'e0' }]);
  });

  it('lets the source decide where source and sentence speak for different events', () => {
    const floods = anItem('Floods in the south of Peru kill ten people.', { urls: ['http://a.example/1'] });
    const quake = anItem('A strong earthquake shakes the capital of Nepal.', { urls: ['http://a.example/2'] });
    const now = anItem('Floods in the south of Peru now kill twelve people.', { urls: ['http://a.example/2'] });
    expect(idsOf(read(known(floods, quake), now))).toEqual(['e1']);
  });

  it('lets links speak for what words leave open', () => {
    const before = 'A tanker overturns near Bahawalpur and catches fire with many victims.';
    const after = 'More than a hundred people die in Bahawalpur as a tanker explodes.';
    const links = [aLink('Bahawalpur'), aLink('2017 Bahawalpur explosion')];
    expect(kindsOf(read(known(anItem(before)), anItem(after)))).toEqual(['new']);
    expect(kindsOf(read(known(anItem(before, { links })), anItem(after, { links })))).toEqual(['reworded']);
  });

  it('lets the place decide between sentences that are alike', () => {
    const polls = (topic: string, more = '') => anItem(`Voters go to the polls${more}.`, { topics: [aTopic(topic)] });
    const result = read(known(polls('Kenya'), polls('Nepal')), polls('Nepal', ' today'), polls('Kenya', ' today'));
    expect(idsOf(result)).toEqual(['e1', 'e0']);
  });

  it('restores the event whose sentence is back, whoever had the source', () => {
    const toll = (count: string, url: string) =>
      anItem(`Floods in the south of Peru kill ${count} people.`, { urls: [url] });
    const gone = knownAs('g', [toll('ten', 'http://a.example/1'), toll('twelve', 'http://a.example/2')], {
      gone: true,
    });
    expect(idsOf(read(gone, toll('twelve', 'http://a.example/1')))).toEqual(['g1']);
  });

  it('restores an event that had left, before it makes a new one', () => {
    const gone = knownAs('g', [flood], { gone: true });
    expect(read([...gone, ...known(warrant)], warrant, flood)).toMatchObject({
      items: [{ kind: 'same' }, { kind: 'restored', id: 'g0' }],
      absent: [],
    });
    expect(read(gone, breach)).toMatchObject({ items: [{ kind: 'new' }], missing: [], absent: ['g0'] });
  });

  it('puts back the events of an old state of the page, before those that stood in for them', () => {
    const later = anItem('The floods of Sri Lanka, said to be the worst in years, go on.', {
      urls: ['http://c.example/9'],
    });
    const restored = { ...flood, sources: [...flood.sources, ...later.sources] };
    expect(read([...knownAs('g', [flood], { gone: true }), ...known(later)], restored)).toMatchObject({
      items: [{ kind: 'restored', id: 'g0' }],
      missing: [{ kind: 'merged', id: 'e0', into: 'g0' }],
    });
  });

  it('does not take a new item for one that left just because it resembles it', () => {
    const gone = knownAs(
      'g',
      [anItem('President Trump withdraws the United States from the Paris Agreement on climate change.')],
      { gone: true },
    );
    const resigns = anItem(
      'An envoy resigns as President Trump withdraws the United States from the climate agreement.',
    );
    expect(kindsOf(read(gone, resigns))).toEqual(['new']);
  });
});

describe('reconcile, between days', () => {
  const across = (neighbours: KnownEvent[], events: KnownEvent[], ...items: ParsedEvent[]) =>
    reconcile({ day: DAY, known: events, neighbours, parsed: onPage(...items) });

  it('finds an event again that left the page of the day before', () => {
    const left = knownAs('e', [flood], { day: EVE, gone: true });
    expect(across(left, [], flood).items).toMatchObject([
      { kind: 'moved', id: 'e0', from: EVE, changed: { day: true } },
    ]);
  });

  it('keeps an event that leaves this page and already stands on the next as a younger copy', () => {
    const copy = knownAs('copy', [flood], { day: EVE, firstSeen: 5 });
    expect(across(copy, known(flood, warrant), warrant).missing).toEqual([
      { kind: 'moved', id: 'e0', day: EVE, twin: 'copy0' },
    ]);
  });

  it('withdraws an event when the copy on the next page is the older one', () => {
    const older = knownAs('copy', [flood], { day: EVE, firstSeen: -5 });
    expect(across(older, known(flood), warrant).missing).toEqual([{ kind: 'withdrawn', id: 'e0' }]);
  });

  it('leaves alone what stands on both pages', () => {
    const there = knownAs('n', [flood], { day: EVE });
    expect(across(there, known(flood), flood)).toMatchObject({ items: [{ kind: 'same', id: 'e0' }], missing: [] });
    expect(kindsOf(across(there, [], flood))).toEqual(['new']);
  });

  it.each([
    [
      'the toll of one day for that of the next',
      'The death toll of the pipeline explosion in San Bruno rises to 6.',
      'The death toll of the pipeline explosion in San Bruno rises to 7.',
    ],
    [
      'one election for another',
      'Voters in Guinea go to the polls for a legislative election.',
      'Voters in Austria go to the polls for a legislative election.',
    ],
    ['a phrase for an event', 'Illegal immigration to Europe', 'Illegal immigration to Europe'],
  ])('does not take %s', (_, yesterday, today) => {
    const left = knownAs('e', [anItem(yesterday)], { day: EVE, gone: true });
    expect(kindsOf(across(left, [], anItem(today)))).toEqual(['new']);
  });
});

// Few words and URLs, so that pages are full of look-alikes.
const word = fc.constantFrom('flood', 'fire', 'kills', 'ten', 'in', 'Peru', 'Nepal', 'vote', 'court', 'rules');
const anyItem = fc
  .record({
    words: fc.array(word, { minLength: 1, maxLength: 8 }),
    urls: fc.array(
      fc.constantFrom('http://a.example/1', 'http://a.example/2', 'https://www.a.example/2', 'not a url'),
      { maxLength: 2 },
    ),
    topics: fc.array(fc.constantFrom('Peru', 'Nepal').map(aTopic), { maxLength: 1 }),
    links: fc.array(fc.constantFrom('Peru', 'Nepal', 'Fire').map(aLink), { maxLength: 2 }),
  })
  .map(({ words, ...rest }) => anItem(words.join(' '), rest));
const anyPage = fc.array(anyItem, { maxLength: 8 }).map((items) => onPage(...items));
const anyKnown = fc
  .array(fc.tuple(anyItem, fc.boolean(), fc.nat(9)), { maxLength: 8 })
  .map((rows) =>
    rows.flatMap(([item, gone, firstSeen], i) =>
      knownAs(`e${i}-`, [{ ...item, position: i % 5 }], { gone, firstSeen }),
    ),
  );
const anyNeighbours = anyKnown.map((events) =>
  events.map((event): KnownEvent => ({ ...event, id: `n${event.id}` as EventId, day: EVE })),
);

describe('reconcile, whatever it is given', { timeout: 20_000 }, () => {
  it('puts every item and every known event in exactly one place, and no event in two', () => {
    fc.assert(
      fc.property(anyKnown, anyNeighbours, anyPage, (events, neighbours, parsed) => {
        const { items, missing, absent } = reconcile({ day: DAY, known: events, neighbours, parsed });
        expect(items.map(({ item }) => item)).toEqual(parsed.map((_, i) => i));
        const found = items.flatMap((verdict) => ('id' in verdict ? [verdict.id] : []));
        const here = [...found.filter((id) => !id.startsWith('n')), ...missing.map(({ id }) => id), ...absent];
        expect(here.sort()).toEqual(events.map(({ id }) => id).sort());
        expect(new Set(found).size).toBe(found.length);
        const goneIds = new Set(events.filter(({ gone }) => gone).map(({ id }) => id));
        expect(absent.every((id) => goneIds.has(id))).toBe(true);
        expect(missing.some(({ id }) => goneIds.has(id))).toBe(false);
      }),
    );
  });

  it('gives the same answer in whatever order the known events come', () => {
    fc.assert(
      fc.property(anyKnown, anyNeighbours, anyPage, fc.nat(), (events, neighbours, parsed, turn) => {
        const turned = <T>(list: T[]) =>
          [...list.slice(turn % (list.length || 1)), ...list.slice(0, turn % (list.length || 1))].reverse();
        const straight = reconcile({ day: DAY, known: events, neighbours, parsed });
        expect(reconcile({ day: DAY, known: turned(events), neighbours: turned(neighbours), parsed })).toEqual(
          straight,
        );
      }),
    );
  });

  it('keeps every id of a page that did not change, look-alikes and all', () => {
    fc.assert(
      fc.property(anyPage, anyNeighbours, (page, neighbours) => {
        const result = reconcile({ day: DAY, known: knownAs('e', page), neighbours, parsed: page });
        expect(idsOf(result)).toEqual(page.map((_, i) => `e${i}`));
        expect(new Set(kindsOf(result))).toEqual(new Set(page.length > 0 ? ['same'] : []));
      }),
    );
  });

  it('finds nothing more to say when its answer is applied', () => {
    fc.assert(
      fc.property(anyKnown, anyPage, (events, parsed) => {
        const first = reconcile({ day: DAY, known: events, neighbours: [], parsed });
        const ids = first.items.map((verdict, i) => ('id' in verdict ? verdict.id : (`new${i}` as EventId)));
        const applied = knownAs('', parsed).map((event, i) => ({ ...event, id: ids[i] as EventId }));
        const second = reconcile({ day: DAY, known: applied, neighbours: [], parsed });
        expect(idsOf(second)).toEqual(ids);
        expect(second.missing).toEqual([]);
      }),
    );
  });

  // Sentences of their own: `3a 3b …` is the third.
  const aPageOfItsOwn = (minWords: number) =>
    fc
      .array(fc.integer({ min: minWords, max: 20 }), { minLength: 1, maxLength: 12 })
      .map((sizes) =>
        onPage(
          ...sizes.map((size, i) =>
            anItem(Array.from({ length: size }, (_, k) => `${i}${String.fromCharCode(97 + k)}`).join(' ')),
          ),
        ),
      );

  it('keeps ids when a page is put into another order', () => {
    fc.assert(
      fc.property(
        aPageOfItsOwn(1).chain((page) =>
          fc.tuple(fc.constant(page), fc.shuffledSubarray(page, { minLength: page.length })),
        ),
        ([page, shuffled]) => {
          const result = reconcile({
            day: DAY,
            known: knownAs('e', page),
            neighbours: [],
            parsed: onPage(...shuffled),
          });
          expect(idsOf(result)).toEqual(shuffled.map(({ position }) => `e${position}`));
        },
      ),
    );
  });

  it('keeps the id of a sentence in which one word of four or more is another now', () => {
    fc.assert(
      fc.property(aPageOfItsOwn(4), fc.nat(), fc.nat(), (page, which, where) => {
        const i = which % page.length;
        const words = (page[i] as ParsedEvent).text.split(' ');
        const now = page.with(i, {
          ...(page[i] as ParsedEvent),
          text: words.with(where % words.length, 'other').join(' '),
        });
        const result = reconcile({ day: DAY, known: knownAs('e', page), neighbours: [], parsed: now });
        expect(idsOf(result)).toEqual(page.map((_, k) => `e${k}`));
      }),
    );
  });

  it('keeps the id of an item with a URL of its own, though every word of the page is rewritten and moved', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 12 }).chain((size) =>
          fc.shuffledSubarray(
            Array.from({ length: size }, (_, i) => i),
            { minLength: size },
          ),
        ),
        (order) => {
          const cite = (i: number, text: string) => anItem(text, { urls: [`http://a.example/${i}`] });
          const page = onPage(...order.map((_, i) => cite(i, `old sentence number ${i}`)));
          const now = onPage(...order.map((i) => cite(i, `fresh wording of ${i} altogether`)));
          const result = reconcile({ day: DAY, known: knownAs('e', page), neighbours: [], parsed: now });
          expect(idsOf(result)).toEqual(order.map((i) => `e${i}`));
        },
      ),
    );
  });
});

describe('reconcile, on a hostile page', { timeout: 20_000 }, () => {
  const SIZE = 5_000;
  const many = (make: (i: number) => ParsedEvent) => onPage(...Array.from({ length: SIZE }, (_, i) => make(i)));
  /** A number below `bound` that depends on `seed` alone. */
  const mixed = (seed: number, bound: number) => (Math.imul(seed ^ (seed >>> 13), 0x5bd1e995) >>> 0) % bound;
  const soup = (salt: number) => (i: number) =>
    anItem(Array.from({ length: 30 }, (_, k) => `w${mixed(salt + i * 30 + k, SIZE)}`).join(' '));
  const url = (i: number) => `http://a.example/${i}`;

  // Weighing every pair of 5,000 by 5,000 takes minutes.
  it.each<[string, (i: number) => ParsedEvent, (i: number) => ParsedEvent, number]>([
    ['equal items', () => anItem('x'), () => anItem('x'), SIZE],
    ['items that all change alike', () => anItem('one and the same'), () => anItem('one and the other'), 0],
    ['items that each change', (i) => anItem(`a${i} b${i} c${i} in`), (i) => anItem(`a${i} b${i} d${i} in`), SIZE],
    ['one URL for all', (i) => anItem(`a${i}`, { urls: [url(0)] }), (i) => anItem(`b${i}`, { urls: [url(0)] }), 0],
    [
      'URLs in a chain',
      (i) => anItem(`a${i}`, { urls: [url(i), url(i + 1)] }),
      (i) => anItem(`b${i}`, { urls: [url(i), url(i + 1)] }),
      SIZE,
    ],
  ])('reads 5,000 of them in linear time: %s', (_, before, now, kept) => {
    const result = reconcile({ day: DAY, known: knownAs('e', many(before)), neighbours: [], parsed: many(now) });
    expect(idsOf(result).filter((id, i) => id === `e${i}`)).toHaveLength(kept);
  });

  it('reads 5,000 items that share their words at random in linear time', () => {
    const result = reconcile({
      day: DAY,
      known: knownAs('e', many(soup(1))),
      neighbours: knownAs('n', many(soup(2)), { day: EVE }),
      parsed: many(soup(3)),
    });
    expect(result.items).toHaveLength(SIZE);
  });

  it('reads a sentence of a megabyte', () => {
    const long = 'word '.repeat(200_000);
    expect(kindsOf(read(known(anItem(long)), anItem(`${long}more`)))).toEqual(['reworded']);
  });

  it('never throws, whatever texts, titles and URLs hold', () => {
    const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 12 });
    const item = fc
      .tuple(text, fc.array(text, { maxLength: 3 }), fc.array(text, { maxLength: 2 }))
      .map(([words, urls, titles]) => anItem(words, { urls, links: titles.map(aLink), topics: titles.map(aTopic) }));
    fc.assert(
      fc.property(fc.array(item, { maxLength: 4 }), fc.array(item, { maxLength: 4 }), (before, now) => {
        expect(read(known(...before), ...now).items).toHaveLength(now.length);
      }),
      { numRuns: 40 },
    );
  });
});
