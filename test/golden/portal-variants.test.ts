import type { Day, ParsedDay } from '@throughline/core';
import { categoryOf, dayOfTitle, decodePage, decodePageAs, pageTitle, parseDay } from '@throughline/portal';
import { describe, expect, it } from 'vitest';

// One test for each row of the table of variants that a portal page may show. Frames are in portal-forms.test.ts.

const DAY = '2014-05-06' as Day;

const parse = (...lines: string[]): ParsedDay =>
  parseDay(DAY, `{{Current events header|2014|05|06}}\n${lines.join('\n')}\n{{Current events footer}}`);

const one = (line: string) => {
  const { events } = parse(line);
  expect(events).toHaveLength(1);
  return events[0]!;
};

const texts = ({ events }: ParsedDay): string[] => events.map(({ text }) => text);
const topicsOf = ({ events }: ParsedDay): string[][] => events.map(({ topics }) => topics.map(({ title }) => title));
const reasons = ({ leftovers }: ParsedDay): string[] => leftovers.map(({ reason }) => reason);

describe('frames', () => {
  it('W5: reads what stands after the closing tag, and lists what it does not understand', () => {
    const parsed = parseDay(
      DAY,
      '{{Current events header|2014|05|06}}\n* A lighthouse is lit again.\n{{Current events footer}}\n* A ferry runs late.\n[[Category:2014]]\nx',
    );

    expect(texts(parsed)).toEqual(['A lighthouse is lit again.', 'A ferry runs late.']);
    expect(reasons(parsed)).toEqual(['category', 'stray text']);
  });

  it('raises layout drift for a page of which it understands nothing', () => {
    expect(parseDay(DAY, '{{New frame of 2031|{{item|x}}}}').wrapper).toBe('unknown');
    expect(parseDay(DAY, '{"events": []}').wrapper).toBe('unknown');
  });

  it('raises it for a frame that it does not know, and reads the items all the same', () => {
    const parsed = parseDay(DAY, '{{Daily digest|day=6|items=\n* A lighthouse is lit again.\n}}');

    expect(parsed.wrapper).toBe('unknown');
    expect(texts(parsed)).toEqual(['A lighthouse is lit again.']);
  });

  it('does not take an empty page, or one that waits for its first item, for drift', () => {
    expect(parseDay(DAY, '').wrapper).toBe('none');
    expect(parse('<!-- All news items below this line -->', '*').wrapper).toBe('header');
  });

  it('H4: leaves out other days on the page, edit links and notes, and follows notes to their sources', () => {
    const item = (words: string) => `<ul><li>${words}</li></ul>`;
    const html = `<div id="mw-content-text"><div id="2014_May_7" class="vevent"><div class="description">${item('Another day has this.')}</div></div>
      <div id="2014_May_6" class="vevent"><div class="current-events-content description"><h3>Law and crime<span class="mw-editsection">[edit]</span></h3>
      ${item('A judge retires.<sup class="reference"><a href="#cite_note-1">[1]</a></sup>')}</div></div>
      <ol class="references"><li id="cite_note-1"><span class="mw-cite-backlink"><a href="#cite_ref-1">^</a></span> <a class="external text" href="https://paper.example/judge">"Judge retires"</a>. <i>Paper</i></li></ol></div>`;

    const { events, wrapper } = parseDay(DAY, html);

    expect(wrapper).toBe('html');
    expect(events).toMatchObject([
      { text: 'A judge retires.', section: 'Law and crime', sources: [{ url: 'https://paper.example/judge' }] },
    ]);
  });
  it('H4: reads the links of every renderer: red links, numbered ones, other wikis, the parser’s own', () => {
    const html = `<div class="current-events-content description"><ul><li>A <a href="/w/index.php?title=Harbour_strike&amp;action=edit&amp;redlink=1" class="new" title="Harbour strike (page does not exist)">strike</a> ends in <a rel="mw:WikiLink" href="./Troms%C3%B8#History" title="Tromsø">Tromsø</a>. <a class="external autonumber" href="https://p.example/a[1]">[1]</a> <a href="https://en.wikinews.org/wiki/Strike_ends" class="extiw">(Wikinews)</a><sup class="mw-ref"><a href="./Portal:Current_events#cite_note-2">[2]</a></sup></li></ul></div>
      <ol class="references"><li id="cite_note-2"><a class="external text" href="https://q.example/b">Q</a></li></ol>`;

    expect(parseDay(DAY, html).events).toMatchObject([
      {
        text: 'A strike ends in Tromsø.',
        links: [
          { surface: 'strike', title: 'Harbour strike' },
          { surface: 'Tromsø', title: 'Tromsø' },
        ],
        sources: [
          { url: 'https://p.example/a%5B1%5D', label: '', form: 'bare' },
          { url: 'https://en.wikinews.org/wiki/Strike_ends', form: 'wikinews' },
          { url: 'https://q.example/b', label: 'Q', form: 'reference' },
        ],
      },
    ]);
  });
});

describe('headings', () => {
  it.each([
    ['Armed conflicts and attacks', 'armed-conflicts'],
    ['Armed attacks and conflicts', 'armed-conflicts'],
    ['Conflicts & attacks', 'armed-conflicts'],
    ['Arts, culture & entertainment', 'arts-and-culture'],
    ['Business and the economy', 'business-and-economy'],
    ['Businesses and economy', 'business-and-economy'],
    ['Disasters and Accidents:', 'disasters-and-accidents'],
    ['Environment and health', 'health-and-environment'],
    ['International Relations', 'international-relations'],
    ['Laws and crimes', 'law-and-crime'],
    ['Crime and Law', 'law-and-crime'],
    ['Elections and politics', 'politics-and-elections'],
    ['Technology and science', 'science-and-technology'],
    ['Science & weather', 'science-and-technology'],
    ['Sport', 'sports'],
    ['Sports and Recreation', 'sports'],
    ['Deaths', 'deaths'],
    ['Miscellaneous news', 'other'],
  ])('H5: knows %s', (heading, category) => {
    expect(categoryOf(heading)).toBe(category);
  });

  it.each(['Bird Deaths', 'Intragalactic relations', 'Law, crime and accidents', 'Arab Spring', '', 'constructor', 'toString'])(
    'H5: does not guess %s',
    (heading) => {
      expect(categoryOf(heading)).toBeUndefined();
    },
  );

  it('keeps the heading as written beside its category', () => {
    expect(parse(';Laws and crimes:', '* A judge retires.')).toMatchObject({
      sections: [{ heading: 'Laws and crimes', category: 'law-and-crime' }],
      events: [{ section: 'Laws and crimes', category: 'law-and-crime' }],
    });
    expect(parse(';Bird Deaths', '* A gull is found.').events[0]).not.toHaveProperty('category');
  });
});

describe('bullets', () => {
  it('B1: nests to any depth, and jumps back', () => {
    const parsed = parse('*[[A]]', '**[[B]]', '***[[C]]', '****One happens.', '**Two happens.', '*Three happens here today.', '***Four happens.');

    expect(texts(parsed)).toEqual(['One happens.', 'Two happens.', 'Three happens here today.', 'Four happens.']);
    expect(topicsOf(parsed)).toEqual([['A', 'B', 'C'], ['A'], [], ['']]);
  });

  it('B2: reads headers with a colon, with several links, without a link, and none at all', () => {
    const parsed = parse(
      '*[[Strike]]:', '**One happens.',
      '*[[Harbour]], [[Bay|the bay]] and [[Gulf]]', '**Two happens.',
      '*Flash floods:', '**Three happens.',
      '*Aftermath of the [[Quake]] in [[Vale]]:', '**Four happens.',
      ';Sport', '**Five happens.',
    ); // prettier-ignore

    expect(parsed.events.map(({ topics }) => topics)).toEqual([
      [{ title: 'Strike', text: 'Strike' }],
      [
        { title: 'Harbour', text: 'Harbour' },
        { title: 'Bay', text: 'the bay' },
        { title: 'Gulf', text: 'Gulf' },
      ],
      [{ title: '', text: 'Flash floods' }],
      [
        { title: 'Quake', text: 'Aftermath of the Quake in Vale' },
        { title: 'Vale', text: 'Vale' },
      ],
      [],
    ]);
  });

  it('B2: takes a header that is itself a sourced event for an event and the topic of its children', () => {
    const parsed = parse('*[[Storm]]: A storm closes [[Oslo]]. [https://p.example/1 (P)]', '**Trams stop. [https://p.example/2 (P)]');

    expect(parsed.events).toMatchObject([
      { text: 'A storm closes Oslo.', topics: [{ title: 'Storm' }], sources: [{ url: 'https://p.example/1' }] },
      { text: 'Trams stop.', topics: [{ title: 'Storm' }, { title: '', text: 'A storm closes Oslo.' }] },
    ]);
  });

  it('B3: keeps the topic and the sentence of one bullet', () => {
    expect(one("* [[2014 vote|The vote]], [[Malta]]: [[Gozo]] counts again.")).toMatchObject({
      text: 'Gozo counts again.',
      topics: [
        { title: '2014 vote', text: 'The vote' },
        { title: 'Malta', text: 'Malta' },
      ],
      links: [{ start: 0, end: 4, surface: 'Gozo', title: 'Gozo' }],
    });
  });

  it('B4: makes no event of a placeholder', () => {
    expect(parse(';Sport', '*[[Regatta]]', '**', '*')).toMatchObject({
      events: [],
      leftovers: [{ text: '[[Regatta]]', reason: 'topic without events' }],
    });
  });

  it('gives a topic that stands alone to the item beside it, where an indent was forgotten', () => {
    expect(topicsOf(parse('*[[Regatta]]', '*A yacht sinks.', '*A crew is saved.'))).toEqual([['Regatta'], []]);
  });

  it('reads lines outside the list: sources for the event before, sentences as events', () => {
    const parsed = parse('* A dam holds.', '[https://p.example/dam (P)]', 'A reader writes a letter to the dam.', 'x');

    expect(parsed.events).toMatchObject([
      { text: 'A dam holds.', sources: [{ url: 'https://p.example/dam', label: 'P' }] },
      { text: 'A reader writes a letter to the dam.', sources: [] },
    ]);
    expect(reasons(parsed)).toEqual(['stray text']);
  });
});

describe('sources', () => {
  it.each([
    ['[https://p.example/1 (Label)]', { url: 'https://p.example/1', label: 'Label', outlet: 'Label', form: 'link' }],
    ["[https://p.example/1 (''The Post'')]", { url: 'https://p.example/1', label: 'The Post', outlet: 'The Post', form: 'link' }],
    ["[https://p.example/1 (AFP via ''The Post'')]", { url: 'https://p.example/1', label: 'AFP via The Post', agency: 'AFP', outlet: 'The Post', form: 'link' }],
    ['[https://p.example/1 Label]', { url: 'https://p.example/1', label: 'Label', outlet: 'Label', form: 'link' }],
    ['([https://p.example/1 Reuters])', { url: 'https://p.example/1', label: 'Reuters', outlet: 'Reuters', form: 'link' }],
    ['[https://p.example/1]', { url: 'https://p.example/1', label: '', form: 'bare' }],
    ['https://p.example/1', { url: 'https://p.example/1', label: '', form: 'bare' }],
    ['[//p.example/1 (BBC (1))]', { url: '//p.example/1', label: 'BBC (1)', outlet: 'BBC (1)', form: 'link' }],
    ['[https://p.example/1?a=b&amp;c=d (P)]', { url: 'https://p.example/1?a=b&c=d', label: 'P', outlet: 'P', form: 'link' }],
  ])('S1: %s', (wikitext, source) => {
    const event = one(`* A dam holds. ${wikitext}`);

    expect(event.text).toBe('A dam holds.');
    expect(event.sources).toEqual([source]);
  });

  it('S1: reads several, however they are separated, and keeps the full stop after them', () => {
    expect(one('* A dam holds [https://a.example (A)], [https://b.example (B)][https://c.example C].')).toMatchObject({
      text: 'A dam holds.',
      sources: [{ label: 'A' }, { label: 'B' }, { label: 'C' }],
    });
  });

  it('S1: tells a label that is words of the sentence from one that names an outlet', () => {
    expect(one('* The ministry publishes [https://m.example/r.pdf a report] on dams. [https://p.example (P)]')).toMatchObject({
      text: 'The ministry publishes a report on dams.',
      sources: [
        { url: 'https://m.example/r.pdf', label: '' },
        { url: 'https://p.example', label: 'P' },
      ],
    });
  });

  it('S2: reads references: citations over several lines, named ones wherever they are defined, dead-link marks', () => {
    const parsed = parse(
      '* A dam holds.<ref name="x"/><ref>{{cite news',
      ' | url = https://p.example/dam?a=1&amp;b=2',
      ' | title = Dam &amp; river | work = [[The Post]] | date = 2014-05-06 | accessdate = 2015-01-01',
      '}}</ref>{{dead link|date=May 2015}}',
      '* A river rises.<ref name=x>[https://q.example/river River news] {{webarchive|url=https://web.archive.org/x}}</ref>',
      '* A lake dries.<ref>Said on the radio.</ref><ref name="nowhere" />',
    );

    expect(parsed.events.map(({ sources }) => sources)).toEqual([
      [
        { url: 'https://q.example/river', label: 'River news', outlet: 'River news', form: 'reference' },
        { url: 'https://p.example/dam?a=1&b=2', label: 'The Post', outlet: 'The Post', title: 'Dam & river', published: '2014-05-06', form: 'reference' },
      ],
      [{ url: 'https://q.example/river', label: 'River news', outlet: 'River news', form: 'reference' }],
      [],
    ]);
    expect(texts(parsed)).toEqual(['A dam holds.', 'A river rises.', 'A lake dries.']);
    expect(reasons(parsed)).toContain('reference without a link');
    expect(reasons(parsed)).toContain('reference that is nowhere defined');
  });

  it('S3: takes Wikinews for a source', () => {
    expect(one('* A dam holds. [[n:Dam holds, says "engineer"?|(Wikinews)]]')).toMatchObject({
      text: 'A dam holds.',
      links: [],
      sources: [{ url: 'https://en.wikinews.org/wiki/Dam_holds,_says_%22engineer%22%3F', label: 'Wikinews', form: 'wikinews' }],
    });
  });

  it('S4: reads what is broken, and leaves no brackets in the text', () => {
    expect(one('* A dam [[holds. [https://p.example/1 (P) [https://q.example/2|x (Q)]')).toMatchObject({
      text: 'A dam holds.',
      sources: [
        { url: 'https://p.example/1', label: 'P', form: 'broken' },
        { url: 'https://q.example/2|x', label: 'Q', form: 'link' },
      ],
    });
    expect(one('* A [[dam|big dam] holds.')).toMatchObject({ text: 'A big dam holds.', links: [{ title: 'Dam', surface: 'big dam' }] });
    expect(one('* A {{convert|5|km dam holds.').text).toBe('A convert|5|km dam holds.');
  });
});

describe('templates and marks', () => {
  it.each([
    ['Temperatures reach {{convert|26.7|C}} in Omsk.', 'Temperatures reach 26.7 °C in Omsk.'],
    ['Winds of {{convert|80|to|100|km/h|mph|abbr=on}} blow.', 'Winds of 80 to 100 km/h blow.'],
    ['{{MV|Sea Lark|1998|2}} sinks.', 'MV Sea Lark sinks.'],
    ['{{USS|Heron|AM-10}} sails.', 'USS Heron sails.'],
    ['It costs {{US$|5 million}} now.', 'It costs US$5 million now.'],
    ['{{Nowrap|10 [[Ohm]]s}} are measured.', '10 Ohms are measured.'],
    ['{{ill|Ana Reis|pt}} and {{Interlanguage link multi|Jo Mar|pt|lt=Jo}} meet.', 'Ana Reis and Jo meet.'],
    ['The {{lang|fr|bateau}} floats.', 'The bateau floats.'],
    ['{{flag|Malta}} wins.', 'Malta wins.'],
    ['{{flagicon|MLT}} Malta wins.', 'Malta wins.'],
    ['Rates fall by {{frac|3|1|2}} points.', 'Rates fall by 3 1/2 points.'],
    ['The {{chem|C|O|2}} level{{snd}}high{{citation needed|date=May 2014}} rises.', 'The CO2 level – high rises.'],
    ["The ''Post''{{'s}} owner{{'}} resigns.", "The Post's owner' resigns."],
    ['{{Template nobody knows|the dam|holds=yes}} holds.', 'the dam holds.'],
  ])('T1: %s', (wikitext, text) => {
    expect(one(`* ${wikitext}`).text).toBe(text);
  });

  it('T1: lists what a template holds and does not show', () => {
    expect(parse('* Winds of {{convert|80|km/h|mph}} blow.').leftovers).toEqual([
      { text: 'convert|3=mph', reason: 'template arguments that show nothing' },
    ]);
  });

  it.each([
    ['A dam holds.<ref>{{cite web|url=https://p.example/dam|work=[[The Post|Post]]}}</ref>', '[[The Post]]', 'details of a reference'],
    ['A [[dam&nbsp;wall|wall]] holds.', '[[dam&nbsp;wall]]', 'link written with references'],
    ['A dam holds.<ref lost="here">https://p.example/dam</ref>', '<ref lost="here">', 'attributes of a tag'],
    ['A <nowiki lost="here">dam</nowiki> holds.', '<nowiki lost="here">', 'attributes of a tag'],
    ['A dam holds.<div lost="here">', '<div lost="here">', 'attributes of a tag'],
    ['A dam holds.\n{{Current events mislaid footer}}', '{{Current events mislaid footer}}', 'frame template of an unknown form'],
    ['A dam holds.\n{{Current events footer|mislaid}}', '{{Current events footer|mislaid}}', 'frame template of an unknown form'],
  ])('lists what is hidden in markup: %s', (wikitext, text, reason) => {
    expect(parse(`* ${wikitext}`).leftovers).toEqual([{ text, reason }]);
  });

  it('T2: reads pipes, sections, trails, files, entities, breaks, invisible characters and comments', () => {
    expect(
      one(
        "* [[File:Dam.jpg|thumb|A [[dam]]]]The [[Dam (river)#History|old&nbsp;dam]]s<br/>of <small>[[café]]</small> &amp; ''[[Lake]]land''<!-- sic --> \u200Bho\u200Bld.",
      ),
    ).toMatchObject({
      text: 'The old dams of café & Lakeland hold.',
      links: [
        { surface: 'old dams', title: 'Dam (river)' },
        { surface: 'café', title: 'Café' },
        { surface: 'Lakeland', title: 'Lake' },
      ],
    });
  });

  it("T2: tells an apostrophe beside italics from bold, by the wiki's own rule", () => {
    expect(one("* The ''Herald'''s owner resigns.").text).toBe("The Herald's owner resigns.");
    expect(one("* '''Died:''' A ''painter''.").text).toBe('Died: A painter.');
  });
});

describe('encodings and titles', () => {
  it('E1: reads UTF-8, with or without a byte-order mark, and else one byte a character', () => {
    const utf8 = new TextEncoder().encode('\uFEFFPedrógão – “x”');

    expect(decodePage(utf8)).toBe('Pedrógão – “x”');
    expect(decodePageAs(utf8).encoding).toBe('utf-8');
    expect(decodePageAs(new Uint8Array([0x50, 0xe3, 0x6f, 0x20, 0x96, 0x20, 0x93, 0x78, 0x94, 0x80]))).toEqual({
      text: 'Pão – “x”€',
      encoding: 'windows-1252',
    });
  });

  it('F: names the page of a day, and knows the day of a page', () => {
    expect(pageTitle('2026-09-01' as Day)).toBe('Portal:Current events/2026 September 1');
    expect(dayOfTitle('Portal:Current_events/2026_September_1')).toBe('2026-09-01');
    for (const title of ['Portal:Current events', 'Portal:Current events/2026 February 30', 'Portal:Current events/2026 Mai 1']) {
      expect(dayOfTitle(title)).toBeUndefined();
    }
  });
});
