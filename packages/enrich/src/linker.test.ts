import { addDays, Day } from '@throughline/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLinker, type Example } from './linker.ts';
import { pageOf } from './linker/page.ts';

const FIRST = Day.parse('2021-01-01');

/** An event with links written as `[[Title|surface]]` or `[[Title]]`. */
function example(marked: string, day: string, section = ''): Example {
  const links: { start: number; end: number; surface: string; title: string }[] = [];
  let text = '';
  for (const part of marked.split(/(\[\[.*?\]\])/)) {
    const [, title = '', surface = title] = /^\[\[(.*?)(?:\|(.*))?\]\]$/.exec(part) ?? [];
    if (title !== '') links.push({ start: text.length, end: text.length + surface.length, surface, title });
    text += title === '' ? part : surface;
  }
  return { text, day, section, links, topics: [] };
}

/** A linker that has learnt these, a day each. */
function taught(...marked: string[]) {
  const linker = createLinker();
  linker.learn(marked.map((one, at) => example(one, addDays(FIRST, at))));
  return linker;
}

const read = (linker: ReturnType<typeof createLinker>, text: string, day: string = addDays(FIRST, 40)) =>
  linker.read({ text, day, links: [], topics: [] }).mentions;
const titles = (mentions: readonly { title: string }[]) => mentions.map(({ title }) => title);

const NEWS = [
  'The [[Chile|Chilean]] senate votes for a port in [[Talca]], [[Chile]].',
  'A storm leaves [[Talca]], [[Chile]], without power.',
  '[[Ada Quist]] wins the election in [[Norland]].',
  'The [[Chile|Chilean]] navy rescues nine sailors off [[Norland]].',
  '[[Ada Quist]], the leader of [[Norland]], visits [[Chile]].',
  'Miners strike in [[Talca]], [[Chile]].',
];

describe('a linker', () => {
  it('finds what the archive links, with its place, its chance, the reason and what else it might be', () => {
    const text = 'Chilean miners meet Ada Quist in Talca.';
    const mentions = read(taught(...NEWS), text);

    expect(titles(mentions)).toEqual(['Chile', 'Ada Quist', 'Talca']);
    for (const { start, end, surface, score, reason, rivals } of mentions) {
      expect(text.slice(start, end)).toBe(surface);
      expect(score).toBeGreaterThan(0);
      expect(score).toBeLessThanOrEqual(1);
      expect(reason).toMatch(/^linked so \d+ of \d+ times$/);
      for (const { title, chance } of rivals) {
        expect(title).not.toBe('');
        expect(chance).toBeLessThanOrEqual(1);
      }
    }
  });

  it('makes provisional entities of names nobody linked before', () => {
    const prizes = ['[[Ilse Maron]], a physicist, wins a prize.', '[[Chile]] honours [[Odd Ferrow]], a physicist.'];
    const mentions = read(taught(...NEWS, ...prizes), 'Chile honours Bela Varga, a physicist.');
    expect(mentions.find(({ surface }) => surface === 'Bela Varga')).toMatchObject({
      title: 'Bela Varga',
      reason: 'written like a name',
    });
  });

  it('takes a name for what it meant lately', () => {
    const [state, country] = [
      'Rain falls on [[Georgia (U.S. state)|Georgia]].',
      'Snow falls on [[Georgia (country)|Georgia]].',
    ];
    const then = taught(...Array.from({ length: 8 }, () => country), ...Array.from({ length: 8 }, () => state));
    const linker = createLinker();
    linker.learn(Array.from({ length: 8 }, (_, at) => example(state, addDays(FIRST, at))));
    linker.learn(Array.from({ length: 8 }, (_, at) => example(country, addDays(FIRST, 500 + at))));

    expect(titles(read(then, 'Hail falls on Georgia.', addDays(FIRST, 18)))).toEqual(['Georgia (U.S. state)']);
    expect(titles(read(linker, 'Hail falls on Georgia.', addDays(FIRST, 510)))).toEqual(['Georgia (country)']);
  });

  it('says the same of the same, however the days are handed over', () => {
    const days = NEWS.map((marked, at) => example(marked, addDays(FIRST, Math.floor(at / 2))));
    const [whole, parted] = [createLinker(), createLinker()];
    whole.learn(days);
    for (let at = 0; at < days.length; at += 2) parted.learn(days.slice(at, at + 2));
    const page = pageOf(NEWS.map((text) => ({ text })));
    for (const [place, text] of NEWS.entries()) {
      const event = { text, day: addDays(FIRST, 9), links: [], topics: [], page, place };
      expect(parted.read(event)).toEqual(whole.read(event));
    }
  });

  const anyText = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc
      .array(
        fc.oneof(
          fc.constantFrom(
            'Chile',
            'Chile’s',
            'Talca',
            'Ada Quist',
            '[[',
            ']]',
            '|',
            '(',
            ')',
            '. ',
            '\n',
            '\u0000',
            '\ud800',
            'of',
            '2021',
            '{X}',
            '{T}',
            '*',
            '$&',
          ),
          fc.string({ maxLength: 6 }),
        ),
        { maxLength: 60 },
      )
      .map((parts) => parts.join(' ')),
  );

  it('never trips over a text: what it finds lies in it and does not overlap', () => {
    const linker = taught(...NEWS);
    fc.assert(
      fc.property(anyText, (text) => {
        let end = 0;
        for (const mention of read(linker, text)) {
          expect(mention.start).toBeGreaterThanOrEqual(end);
          expect(mention.end).toBeGreaterThan(mention.start);
          expect(text.slice(mention.start, mention.end)).toBe(mention.surface);
          ({ end } = mention);
        }
        expect(end).toBeLessThanOrEqual(text.length);
      }),
      { numRuns: 150 },
    );
  });

  it('learns from anything, and goes on reading', () => {
    const linker = taught(...NEWS);
    fc.assert(
      fc.property(anyText, fc.nat(40), fc.nat(40), fc.string({ maxLength: 20 }), (text, start, length, title) => {
        const links = [{ start, end: start + length, surface: text.slice(start, start + length), title }];
        linker.learn([{ text, day: addDays(FIRST, 20), links, topics: [{ title, text }] }]);
        for (const { start, end, surface } of read(linker, text)) expect(text.slice(start, end)).toBe(surface);
      }),
      { numRuns: 100 },
    );
    linker.learn(NEWS.map((marked) => example(marked, addDays(FIRST, 30))));
    expect(titles(read(linker, 'Miners strike in Talca.'))).toEqual(['Talca']);
  });

  it('reads no further into a text than it must: five megabytes are as their beginning', () => {
    const linker = taught(...NEWS);
    const beginning = 'Miners meet Ada Quist in Talca, where it rains. '.repeat(60);
    for (const more of ['Chile and Talca. '.repeat(300_000), 'x'.repeat(5_000_000), '('.repeat(5_000_000)]) {
      expect(read(linker, beginning + more)).toEqual(read(linker, beginning));
    }
  });
});
