import { describe, expect, it } from 'vitest';
import { fitUseTypes } from '../fit/use-types.ts';
import { likelyType } from './likely-type.ts';
import type { NameUse } from './use-features.ts';

const use = (before: string, surface: string, after: string, section = 'Politics and elections'): NameUse => ({
  before,
  surface,
  after,
  section,
});

describe('likelyType', () => {
  it('takes a title for what its form says', () => {
    expect(likelyType('Norland Province', [])).toBe('place');
  });

  it('knows the countries', () => {
    expect(likelyType('Norway', [])).toBe('place');
    expect(likelyType('Türkiye', [])).toBe('place');
    expect(likelyType('European Union', [])).not.toBe('place');
  });

  it('tells people by their titles, their shortened names and what they do', () => {
    const uses = [
      use('Prime Minister ', 'Erik Halvorsen', ' says that the talks have failed.'),
      use('The opposition asks ', 'Halvorsen', ' to resign.'),
      use('The former minister ', 'Halvorsen', ' is arrested.'),
    ];
    expect(likelyType('Erik Halvorsen', uses)).toBe('person');
  });

  it('tells places by where things happen', () => {
    const happened = 'Armed conflicts and attacks';
    const uses = [
      use('At least nine people are killed in ', 'Kasrabad', ', Iraq, by a car bomb.', happened),
      use('Troops enter the town of ', 'Kasrabad', ' after a week of fighting.', happened),
      use('Several rockets hit houses in ', 'Kasrabad', '.', happened),
    ];
    expect(likelyType('Kasrabad', uses)).toBe('place');
  });

  it('does not take a common noun or an office for a name', () => {
    expect(likelyType('Majority government', [use('She leads a ', 'majority government', '.')])).toBe('other');
    expect(likelyType('President of Norway', [use('The ', 'President of Norway', ' resigns.')])).toBe('other');
    expect(likelyType('Oil spill', [use('An ', 'oil spill', ' is seen.')])).toBe('other');
  });

  it('does not guess at a name of which nothing is known', () => {
    expect(likelyType('Qwx', [])).toBe('other');
    expect(likelyType('', [])).toBe('other');
  });
});

describe('fitUseTypes', () => {
  it('learns from titles that say what they are, with the same weights every time', () => {
    const places = ['Aland', 'Borum', 'Corin', 'Delm'].map(
      (name) => [`${name} Province`, [use('Rain falls in ', name, ', north of the sea.')]] as const,
    );
    const people = ['Ann Ek', 'Bo Lind', 'Cy Moe', 'Di Rask'].map(
      (name) => [name, [use('says President ', name, ' of the party.')]] as const,
    );
    const titles = new Map([...places, ...people]);
    const lines: string[] = [];
    const fitted = fitUseTypes(titles, (line) => lines.push(line));
    expect(lines[0]).toBe(
      '8 of 8 titles say what they are: 4 person, 0 organisation, 4 place, 0 event, 0 work, 0 other',
    );
    expect(Buffer.from(fitted.weights, 'base64').length).toBe(6 * 2 ** 14);
    expect(fitUseTypes(titles, () => {})).toEqual(fitted);
  });
});
