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
    const reasons = { reason: 'linked so 2 of 3 times', rivals: [{ title: 'Rus', chance: 0.1 }] };
    const guess = { title: 'Isil, Kazakhstan', surface: 'ISIL in', start: 34, end: 41, score: 0.9, ...reasons };
    const other = { title: 'Russia', surface: 'Russian', start: 0, end: 7, score: 0.8, ...reasons };
    const { mentions } = tag(event({ links: [link('ISIL', 'ISIL')] }), {
      read: () => ({ mentions: [guess, other].map((name) => ({ ...name, isKnown: true })), implied: [] }),
    });
    expect(mentions.map(({ title, tagger }) => [title, tagger])).toEqual([
      ['Russia', 'alias'],
      ['ISIL', 'wikilink'],
    ]);
    expect(mentions[0]).toEqual({ ...other, tagger: 'alias', origin: 'sentence' });
    expect(mentions[1]).not.toHaveProperty('reason');
  });

  it('leaves a name that nobody ever linked where editors linked others, and takes it where they linked nothing', () => {
    const name = { title: 'Russian', surface: 'Russian', start: 0, end: 7, score: 0.8, reason: 'a name', rivals: [] };
    const linker = { read: () => ({ mentions: [{ ...name, isKnown: false }], implied: [] }) };
    const titles = (links: Taggable['links']) => tag(event({ links }), linker).mentions.map(({ title }) => title);

    expect(titles([link('ISIL', 'ISIL')])).toEqual(['ISIL']);
    expect(titles([])).toEqual(['Russian']);
  });

  it('reads what an article says of itself, each entity once, after the sentence', () => {
    const find = (text: string) => [...text.matchAll(/Mosul|Raqqa/g)];
    const linker = {
      read: ({ text }: Taggable) => ({
        mentions: find(text).map(({ 0: title, index: start }) => {
          const place = { surface: title, start, end: start + title.length };
          return { title, ...place, score: 0.9, reason: 'a name', rivals: [], isKnown: false };
        }),
        implied: text.includes('Iraqi') ? ['Iraq', 'Mosul'] : [],
      }),
    };
    const text = 'Mosul is besieged.';
    const besides = [
      { origin: 'description' as const, text: 'Iraqi troops close in on Mosul.' },
      { origin: 'body' as const, text: 'From Raqqa, from Raqqa, comes help.' },
    ];
    const { mentions, implied } = tag(event({ text, besides }), linker);

    expect(mentions.map(({ title, origin, start }) => [title, origin, start])).toEqual([
      ['Mosul', 'sentence', 0],
      ['Raqqa', 'body', 5],
    ]);
    expect(implied).toEqual(['Iraq']);
  });
});
