import { describe, expect, it } from 'vitest';
import { tag, type Taggable } from './tag.ts';

const sentence = 'Russian aircraft strike depots of ISIL in Deir ez-Zor.';
const event = (facts: Partial<Taggable>): Taggable => ({
  text: sentence,
  links: [],
  topics: [],
  day: '2017-01-30',
  ...facts,
});
const link = (surface: string, title: string) => {
  const start = sentence.indexOf(surface);
  return { start, end: start + surface.length, surface, title };
};

describe('tag', () => {
  it('takes links in text order, then headers', () => {
    const { mentions } = tag(
      event({
        links: [link('Deir ez-Zor', 'Deir ez-Zor'), link('ISIL', 'islamic_State#History')],
        topics: [
          { title: 'Syrian civil war', text: 'Syrian war' },
          { title: '', text: 'Aftermath' },
        ],
      }),
    );

    expect(mentions.map(({ title, surface, tagger }) => [title, surface, tagger])).toEqual([
      ['Islamic State', 'ISIL', 'wikilink'],
      ['Deir ez-Zor', 'Deir ez-Zor', 'wikilink'],
      ['Syrian civil war', 'Syrian war', 'topic-header'],
    ]);
    for (const { start, end, surface } of mentions.slice(0, 2)) expect(sentence.slice(start, end)).toBe(surface);
  });

  it('names an entity once if its header says what the sentence says', () => {
    const { mentions } = tag(event({ links: [link('ISIL', 'ISIL')], topics: [{ title: 'ISIL', text: 'ISIL' }] }));
    expect(mentions).toHaveLength(1);
  });

  it('drops a link whose offsets lie outside the text, or whose title is empty', () => {
    const links = [{ start: 50, end: 99, surface: 'x', title: 'X' }, { ...link('ISIL', '#top') }];
    expect(tag(event({ links })).mentions).toEqual([]);
  });

  it('never lets the linker overrule an editor', () => {
    const reasons = { reason: 'linked so 2 of 3 times', rivals: [{ title: 'Rus', chance: 0.1 }], isKnown: true };
    const guess = { title: 'Isil, Kazakhstan', surface: 'ISIL in', start: 34, end: 41, score: 0.9, ...reasons };
    const other = { title: 'Russia', surface: 'Russian', start: 0, end: 7, score: 0.8, ...reasons };
    const { mentions } = tag(event({ links: [link('ISIL', 'ISIL')] }), {
      read: () => ({ mentions: [guess, other], implied: [] }),
    });
    expect(mentions.map(({ title, tagger }) => [title, tagger])).toEqual([
      ['Russia', 'alias'],
      ['ISIL', 'wikilink'],
    ]);
    expect(mentions[0]).toEqual({ ...other, tagger: 'alias' });
    expect(mentions[1]).not.toHaveProperty('reason');
  });
});
