import { slugOf, type Day, type ParsedDay } from '@throughline/core';
import { decodePage, parseDay } from '@throughline/portal';
import { describe, expect, it } from 'vitest';

// What the original lost or garbled in reading, each fault by its number in the list of them.

const DAY = '2011-03-11' as Day;

const parse = (...lines: string[]): ParsedDay => parseDay(DAY, `{{Current events header|2011|03|11}}\n${lines.join('\n')}\n|}`);

describe('the original’s faults of reading, mended', () => {
  it('D1: keeps every child under a topic, and nested topics with theirs', () => {
    const { events } = parse(
      ';Disasters and accidents',
      '*[[Coast quake]]',
      '**A quake strikes. [https://a.example/1 (A)]',
      '**[[Power plant|Plant]]',
      '***A reactor stops. [https://a.example/2 (A)]',
      '***Villagers leave. [https://a.example/3 (A)]',
      '**Ports close. [https://a.example/4 (A)]',
    );

    expect(events.map(({ text, topics }) => [text, topics.map((topic) => topic.text)])).toEqual([
      ['A quake strikes.', ['Coast quake']],
      ['A reactor stops.', ['Coast quake', 'Plant']],
      ['Villagers leave.', ['Coast quake', 'Plant']],
      ['Ports close.', ['Coast quake']],
    ]);
  });

  it('D5: reads single-byte pages without mojibake, so that their slugs are right', () => {
    const bytes = Uint8Array.from('* Fires burn near Pedr\xf3g\xe3o Grande.', (character) => character.charCodeAt(0));
    const [event] = parseDay(DAY, decodePage(bytes)).events;

    expect(event?.text).toBe('Fires burn near Pedrógão Grande.');
    expect(slugOf(event?.text ?? '')).toBe('fires-burn-near-pedrogao-grande');
  });

  it('D11: decodes character references, doubled ones too', () => {
    const [event] = parse('* &#x22;Tea&#32;&amp;&nbsp;cake&quot;, &amp;amp; more&hellip; caf&eacute; &amp;quot;x&amp;quot;.').events;

    expect(event?.text).toBe('"Tea & cake", & more… café "x".');
  });

  it('D13: makes no title of a malformed link or a language mark', () => {
    const { events } = parse(
      '* A mayor resigns. [https://p.example/2018/mayor (P)',
      '* Bus drivers walk out {{es icon}} [[[https://q.example/bus (Q)]]]',
    );

    expect(events.map(({ text }) => text)).toEqual(['A mayor resigns.', 'Bus drivers walk out']);
    expect(events.map(({ sources }) => sources[0]?.url)).toEqual(['https://p.example/2018/mayor', 'https://q.example/bus']);
  });

  it('D14: keeps sources that are references only', () => {
    const [event] = parse('* A recorder is found.<ref>{{cite web|url=https://p.example/r|title=Found}}</ref><ref>https://q.example/r</ref>').events;

    expect(event?.text).toBe('A recorder is found.');
    expect(event?.sources.map(({ url, label }) => [url, label])).toEqual([
      ['https://p.example/r', 'Found'],
      ['https://q.example/r', ''],
    ]);
  });

  it('D15: invents no topic for an item without a header', () => {
    const [event] = parse('* [[Mexico]] counts votes with [[Robert Example]].').events;

    expect(event?.topics).toEqual([]);
    expect(event?.links.map(({ title }) => title)).toEqual(['Mexico', 'Robert Example']);
  });

  it('D16: gives every event its heading and category', () => {
    const { events } = parse('* First thing.', ';Law and crime', '* Second thing.', "'''Sports'''", '* Third thing.');

    expect(events.map(({ section, category }) => [section, category])).toEqual([
      ['', undefined],
      ['Law and crime', 'law-and-crime'],
      ['Sports', 'sports'],
    ]);
  });

  it('D17: keeps all topics of a header', () => {
    const [event] = parse('*[[Leak]], [[Trial of a publisher|The trial]]', '**A court adjourns.').events;

    expect(event?.topics).toEqual([
      { title: 'Leak', text: 'Leak' },
      { title: 'Trial of a publisher', text: 'The trial' },
    ]);
  });

  it('D20: publishes no topic that has nothing below it, and says so', () => {
    const { events, leftovers } = parse('* A tax begins.', '* [[Taxation in Ruritania]]');

    expect(events).toHaveLength(1);
    expect(leftovers).toEqual([{ text: '[[Taxation in Ruritania]]', reason: 'topic without events' }]);
  });
});
