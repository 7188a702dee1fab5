import { describe, expect, it } from 'vitest';
import { typeOfTitle } from './entity-type.ts';

describe('typeOfTitle', () => {
  it.each([
    ['Boulder County, Colorado', 'place'],
    ['Deir ez-Zor Governorate', 'place'],
    ['Kathmandu, Nepal', 'place'],
    ['2017 United Kingdom general election', 'event'],
    ['April 2015 Nepal earthquake', 'event'],
    ['Syrian civil war', 'event'],
    ['2016 in spaceflight', 'event'],
    ['Labour Party (UK)', 'organisation'],
    ['Supreme Court of the United States', 'organisation'],
    ['Manchester United F.C.', 'organisation'],
    ['Pope Benedict XVI', 'person'],
    ['Charles Taylor (politician)', 'person'],
    ['Parasite (2019 film)', 'work'],
  ])('takes %s for what its form says', (title, type) => {
    expect(typeOfTitle(title)).toBe(type);
  });

  it.each(['Barack Obama', 'Paris', 'President of Russia', 'List of wars', 'Nuclear program of Iran', 'COVID-19', ''])(
    'does not guess at %s',
    (title) => {
      expect(typeOfTitle(title)).toBe('other');
    },
  );
});
