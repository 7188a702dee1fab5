import { Day, dayNumber } from '@throughline/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { atomsOf } from './atoms.ts';
import { choose, type Choice } from './choose.ts';
import { createCompanions } from './companions.ts';
import { count, fading, left } from './fading.ts';
import { hashText, mix } from './hash.ts';
import { createHashedWeights } from './hashed-weights.ts';
import { learnSentence } from './learn.ts';
import { createMemory } from './memory.ts';
import { pageOf } from './page.ts';
import { createPatterns } from './patterns.ts';
import { readSentence } from './reading.ts';
import { linkRate } from './surfaces.ts';
import { titleCandidates } from './title-candidates.ts';
import { createTitles } from './titles.ts';

const day = dayNumber(Day.parse('2021-03-01'));

/** Text with links as `[[Title|surface]]` or `[[Title]]`. */
function sentence(marked: string) {
  const links: { start: number; end: number; surface: string; title: string }[] = [];
  let text = '';
  for (const part of marked.split(/(\[\[.*?\]\])/)) {
    const [, title = '', surface = title] = /^\[\[(.*?)(?:\|(.*))?\]\]$/.exec(part) ?? [];
    if (title !== '') links.push({ start: text.length, end: text.length + surface.length, surface, title });
    text += title === '' ? part : surface;
  }
  return { text, links };
}

function taught(...sentences: string[]) {
  const memory = createMemory();
  sentences.forEach((marked, at) => {
    const { text, links } = sentence(marked);
    learnSentence(memory, { text, day: day - sentences.length + at, section: '' }, links, []);
  });
  return memory;
}

/** The titles weighed for a stretch of a text. */
function candidatesFor(memory: ReturnType<typeof taught>, text: string, surface: string) {
  const reading = readSentence(memory, { text, day, section: '' });
  const span = reading.spans.find(({ start, end }) => text.slice(start, end) === surface);
  return span === undefined ? undefined : titleCandidates(memory, reading, span);
}

const titlesFor = (...asked: Parameters<typeof candidatesFor>) => candidatesFor(...asked)?.map(({ title }) => title);

describe('atomsOf', () => {
  it('parts words, numbers and marks, and keeps where they stand', () => {
    const text = 'Peru’s Ñ-7 team';
    expect(atomsOf(text).map(({ text }) => text)).toEqual(['Peru', '’', 's', 'Ñ', '-', '7', 'team']);
    for (const { start, end, text: atom } of atomsOf(text)) expect(text.slice(start, end)).toBe(atom);
  });

  it('stops reading somewhere', () => {
    expect(atomsOf('ab '.repeat(2_000_000)).length).toBeLessThan(1000);
  });
});

describe('choose', () => {
  const choice = fc
    .record({
      start: fc.nat(30),
      length: fc.integer({ min: 1, max: 8 }),
      chance: fc.double({ min: 0, max: 1, noNaN: true }),
    })
    .map(({ start, length, chance }): Choice => ({ start, end: start + length, chance }));

  it('takes what does not overlap and lies above the least chance, and no other set lies further above', () => {
    fc.assert(
      fc.property(fc.array(choice, { maxLength: 9 }), (choices) => {
        const inOrder = choices.toSorted((a, b) => a.end - b.end);
        const chosen = choose(inOrder, 0.3);
        const value = (set: readonly Choice[]) => set.reduce((sum, { chance }) => sum + chance - 0.3, 0);
        const apart = (set: readonly Choice[]) =>
          set.every((a, i) => set.every((b, j) => i === j || a.end <= b.start || b.end <= a.start));
        expect(apart(chosen)).toBe(true);
        expect(chosen.every(({ chance }) => chance > 0.3)).toBe(true);
        for (let bits = 0; bits < 2 ** inOrder.length; bits++) {
          const other = inOrder.filter((_, at) => (bits >> at) & 1);
          if (apart(other)) expect(value(chosen)).toBeGreaterThanOrEqual(value(other) - 1e-9);
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe('fading', () => {
  it('halves in its half-life, whatever the order of the counts', () => {
    const [forth, back] = [fading(), fading()];
    for (const at of [0, 10, 20]) count(forth, at, 10);
    for (const at of [20, 10, 0]) count(back, at, 10);

    expect(left(forth, 20, 10)).toBeCloseTo(1.75, 12);
    expect(left(back, 20, 10)).toBeCloseTo(1.75, 12);
    expect(left(forth, 30, 10)).toBeCloseTo(0.875, 12);
  });
});

describe('createHashedWeights', () => {
  it('learns what goes with what', () => {
    const weights = createHashedWeights(10, 0.1);
    const [good, bad] = [Int32Array.of(hashText('a'), mix(1, 2)), Int32Array.of(hashText('b'), mix(2, 1))];
    for (let step = 0; step < 50; step++) {
      weights.step(good, -1 / (1 + Math.exp(weights.sum(good))));
      weights.step(bad, 1 / (1 + Math.exp(-weights.sum(bad))));
    }
    expect(weights.sum(good)).toBeGreaterThan(1);
    expect(weights.sum(bad)).toBeLessThan(-1);
  });
});

describe('what learning counts', () => {
  it('knows a spelling by how often it is linked, and counts an unlinked one once a sentence', () => {
    const memory = taught(
      'The council of [[Kota, Rajasthan|Kota]] meets.',
      'Kota votes; Kota waits.',
      'A fire in [[Kota, Rajasthan|Kota]] is put out.',
    );
    const surface = memory.surfaces.get('Kota');
    expect(surface).toMatchObject({ linked: 2, unlinked: 1 });
    expect(linkRate(surface ?? ({} as never))).toBeCloseTo(2.3 / 4, 12);
    expect(surface?.top.title.title).toBe('Kota, Rajasthan');
  });

  it('leaves a link that covers half a word alone', () => {
    const memory = createMemory();
    const links = [{ start: 0, end: 3, surface: 'Rus', title: 'Rus' }];
    learnSentence(memory, { text: 'Russian fleet', day, section: '' }, links, []);
    expect(memory.surfaces.size).toBe(0);
  });
});

describe('titleCandidates', () => {
  it('thinks of the country of a demonym, whatever the apostrophe of a possessive', () => {
    const memory = taught(
      'The [[Chile|Chilean]] senate votes.',
      "[[Chile]]'s senate votes.",
      '[[Chile]]’s harvest is poor.',
    );
    expect(titlesFor(memory, 'A Chilean ship sinks.', 'Chilean')).toContain('Chile');
    expect(titlesFor(memory, 'Fires threaten Chile’s vineyards.', 'Chile')).toContain('Chile');
  });

  it('fills a pattern with a country nobody linked so before', () => {
    const memory = taught(
      'The [[President of Chile|president]] of [[Chile]] resigns.',
      'The [[President of Peru|president]] of [[Peru]] resigns.',
      'Ships leave [[Ghana]].',
      'A vote in [[Ghana]] is called off.',
      'Rain falls on [[Ghana]].',
      'The [[Chile|Chilean]] team loses to [[Ghana]].',
      'The [[Minister of Defence of Ghana|minister]] of [[Ghana]] resigns.',
    );
    expect(titlesFor(memory, 'The president of Ghana resigns.', 'president')).toContain('President of Ghana');
  });

  describe('where a sentence does not name its country', () => {
    const countries = ['Ghana', 'Chile', 'Norland', 'Sudan', 'Peru', 'Fiji'];
    const offices = ['President', 'Parliament', 'Senate', 'Flag'];
    const memory = taught(
      ...countries.flatMap((country) => [
        `A flood in [[${country}]] recedes.`,
        `Rain in [[${country}]] ends.`,
        `Voters in [[${country}]] wait.`,
        ...offices.map((office) => `The [[${office} of ${country}|${office.toLowerCase()}]] of [[${country}]] rests.`),
      ]),
      '[[Ada Quist]] of [[Norland]] wins the vote.',
      '[[Ada Quist]] visits a port in [[Norland]].',
      'The [[Iron Guild (Fiji)|Iron Guild]] of [[Fiji]] strikes.',
      'The [[Iron Guild (Peru)|Iron Guild]] of [[Peru]] strikes.',
      'The [[Iron Guild (Fiji)|Iron Guild]] halts work in [[Fiji]].',
    );

    const presidentIn = (text: string, title: string) =>
      candidatesFor(memory, text, 'president')?.find((one) => one.title === title);

    it('knows it by who is named', () => {
      const [hers, his] = ['Ada Quist is sworn in as president.', 'Ola Brandt is sworn in as president.'];
      expect(presidentIn(hers, 'President of Norland')?.fills).toBeGreaterThan(0.3);
      expect(presidentIn(his, 'President of Norland')?.fills ?? 0).toBe(0);
    });

    it('knows it by what its people are called', () => {
      expect(presidentIn('Ghanas mourn their president.', 'President of Ghana')?.fills).toBeGreaterThan(0.8);
    });

    it('takes a name for what it meant beside the same country', () => {
      const text = 'The Iron Guild votes in Fiji.';
      const candidates = candidatesFor(memory, text, 'Iron Guild');
      const shareOf = (title: string) => candidates?.find((one) => one.title === title)?.contextShare ?? 0;
      expect(shareOf('Iron Guild (Fiji)')).toBeGreaterThan(0.3);
      expect(shareOf('Iron Guild (Peru)')).toBe(0);
    });
  });

  it('knows a title written with other capitals, accents or dashes', () => {
    const memory = taught('The [[Côte-Nord Accord]] is signed.');
    expect(titlesFor(memory, 'Ministers praise the Cote Nord Accord.', 'Cote Nord Accord')).toContain(
      'Côte-Nord Accord',
    );
  });

  it('adds to a name what names of its sort have, and the year where it was the year', () => {
    const memory = taught(
      ...['Polk', 'Lane', 'Linn'].flatMap((name) => [
        `Floods reach [[${name} County, Oregon|${name} County]] in [[Oregon]].`,
      ]),
      ...['Akron', 'Lima', 'Troy'].map((name) => `A crash in [[${name}, Ohio|${name}]], [[Ohio]], kills two.`),
    );
    expect(titlesFor(memory, 'A fire burns Coos County in Oregon.', 'Coos County')).toContain('Coos County, Oregon');
  });

  it('knows a surname after the full name, and letters after what they stand for', () => {
    const memory = taught('Nothing is known yet.');
    const text = 'Ada Quist leads the Baltic Fishing Union (BFU). The BFU trusts Quist.';
    expect(titlesFor(memory, text, 'Quist')).toContain('Ada Quist');
    expect(titlesFor(memory, text, 'BFU')).toContain('Baltic Fishing Union');
  });

  it('thinks of the latest bearers of a surname first', () => {
    const titles = createTitles();
    ['Ann Roe', 'Bob Roe', 'Cid Roe (pilot)', 'Ann Roe'].forEach((title, at) => titles.linked(title, at));
    expect(titles.endingIn('Roe').map(({ title }) => title)).toEqual(['Bob Roe', 'Cid Roe (pilot)', 'Ann Roe']);
  });
});

describe('createPatterns', () => {
  it('keeps no more than so many patterns of a key, and forgets the rarest', () => {
    const patterns = createPatterns(() => undefined);
    for (let n = 0; n < 200; n++)
      patterns.learn(`Minister ${n} of Peru`, 'minister', [{ title: 'Peru', surface: 'Peru' }], 2021);
    for (let n = 0; n < 3; n++)
      patterns.learn('Minister of Peru', 'minister', [{ title: 'Peru', surface: 'Peru' }], 2021);
    const [first, ...rest] = patterns.titles('minister', [{ title: 'Chile', surface: 'Chile' }], 2021);
    expect(first).toMatchObject({ title: 'Minister of Chile', count: 3 });
    expect(rest.length).toBeLessThan(10);
  });
});

describe('createCompanions', () => {
  it('names what editors nearly always link beside a title', () => {
    const memory = taught(
      ...Array.from({ length: 4 }, () => 'Rain falls on [[Talca]], [[Chile]].'),
      'Snow falls on [[Chile]].',
    );
    expect(memory.companions.of(memory, 'Talca')).toContain('Chile');
    expect(createCompanions().of(memory, 'Talca')).toEqual([]);
  });
});

describe('pageOf', () => {
  it('says which sentences of the day have both words', () => {
    const page = pageOf([{ text: 'New York waits.' }, { text: 'York is new.' }, { text: 'In New York it rains.' }]);
    expect(page.places('New', 'York')).toEqual([0, 2]);
    expect(page.places('York', 'York')).toEqual([0, 1, 2]);
    expect(page.places('New', 'Delhi')).toEqual([]);
  });
});
