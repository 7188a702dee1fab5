import { describe, expect, it } from 'vitest';
import { sameEntities, samePairs, type TitleUse } from './same-entity.ts';

const use = (title: string, events: number, surfaces: Record<string, number>): TitleUse => ({
  title,
  events,
  surfaces: new Map(Object.entries(surfaces)),
});
const pairs = (...uses: TitleUse[]) => samePairs(uses).map(({ title, into, reason }) => [title, into, reason]);

const GROUP = use('Islamic State of Iraq and the Levant', 500, {
  ISIL: 227,
  'Islamic State of Iraq and the Levant': 146,
  'Islamic State': 96,
  ISIS: 35,
});

describe('samePairs', () => {
  it('knows a redirect that was linked under its own name, and a spelling that differs in small words', () => {
    const found = pairs(
      GROUP,
      use('ISIS', 24, { ISIS: 21, 'Islamic State': 2 }),
      use('ISIL', 34, { ISIL: 33 }),
      use('Islamic State', 10, { 'Islamic State': 9 }),
      use('Islamic State in Iraq and the Levant', 56, { ISIL: 12, 'Islamic State in Iraq and the Levant': 34 }),
    );
    expect(found.filter(([, into]) => into === GROUP.title).map(([title]) => title)).toEqual([
      'ISIL',
      'ISIS',
      'Islamic State',
      'Islamic State in Iraq and the Levant',
    ]);
  });

  it('knows a nation by its adjective, an office by its short name and an agency by its initials', () => {
    expect(
      pairs(
        use('Canada', 493, { Canada: 300, Canadian: 150 }),
        use('Canadian', 20, { Canadian: 20 }),
        use('Federal Bureau of Investigation', 126, { FBI: 80, 'Federal Bureau of Investigation': 46 }),
        use('FBI', 64, { FBI: 64 }),
      ),
    ).toEqual([
      ['Canadian', 'Canada', expect.any(String)],
      ['FBI', 'Federal Bureau of Investigation', expect.any(String)],
    ]);
  });

  it('knows a provisional name again once it is linked', () => {
    const provisional = { ...use('Ada Quill', 3, { 'Ada Quill': 3 }), linked: false };
    const page = use('Ada Quill (politician)', 1, { 'Ada Quill': 1 });
    expect(pairs(provisional, page)).toEqual([['Ada Quill', 'Ada Quill (politician)', 'name']]);
  });

  it('knows a page that was moved by what editors go on to write for it', () => {
    const found = pairs(
      use("People's Republic of China", 900, { China: 800, "People's Republic of China": 100 }),
      use('China', 1000, { China: 900, Chinese: 100 }),
    );
    expect(found).toEqual([["People's Republic of China", 'China', 'surface']]);
  });

  it.each([
    ['a city and its prefecture', use('Osaka', 10, { Osaka: 10 }), use('Osaka Prefecture', 19, { Osaka: 18 })],
    ['two years', use('2013 election', 5, { election: 5 }), use('2014 election', 9, { election: 9 })],
    ['a branch', GROUP, use('Islamic State of Iraq and the Levant in Libya', 12, { ISIL: 4, 'Islamic State': 4 })],
    [
      'a senator and the senate',
      use('Norland Senator', 12, { senator: 12 }),
      use('Norland Senate', 90, { Senate: 80, senator: 10 }),
    ],
    [
      'a people and its country',
      use('Greek people', 14, { Greeks: 14 }),
      use('Greece', 90, { Greece: 80, Greeks: 10 }),
    ],
  ])('does not join %s', (_, a, b) => {
    expect(pairs(a, b)).toEqual([]);
  });
});

describe('sameEntities', () => {
  const events = (title: string) => ({ A: 30, B: 40, C: 50 })[title] ?? 10;
  const beside: Record<string, Record<string, number>> = {
    A: { X: 9, Y: 9 },
    B: { X: 20, Y: 10 },
    C: { X: 20, Y: 20 },
    D: { Z: 30 },
  };
  const companions = (title: string) => new Map(Object.entries(beside[title] ?? {}));
  const decide = (pairsFound: Parameters<typeof sameEntities>[0], besides = companions) =>
    sameEntities(pairsFound, events, besides, () => 1).map(({ title, into }) => `${title} ${into}`);
  const pair = (title: string, into: string) => ({ title, into, reason: 'surface' as const, likeness: 0.5 });

  it('keeps what is named beside the same others', () => {
    expect(decide([pair('A', 'B'), pair('A', 'D')])).toEqual(['A B']);
  });

  it('refuses titles that stand together: no sentence links one concept twice', () => {
    const together = (title: string) => new Map([...companions(title), [title === 'A' ? 'B' : 'A', 9]]);
    expect(decide([{ ...pair('A', 'B'), likeness: 0 }], together)).toEqual([]);
  });

  it('tells offices of one name apart by what is named beside them', () => {
    const offices = ['Uganda', 'Brazil'].map((country) => use(`President of ${country}`, 30, { President: 30 }));
    const found = samePairs(offices);
    const besideIt = (title: string) => new Map([[title.replace('President of ', ''), 30]]);
    expect(found).toHaveLength(1);
    expect(
      sameEntities(
        found,
        () => 30,
        besideIt,
        () => 1,
      ),
    ).toEqual([]);
  });

  it('leads a chain to its end', () => {
    expect(decide([pair('A', 'B'), pair('B', 'C')])).toEqual(['A C', 'B C']);
  });
});
