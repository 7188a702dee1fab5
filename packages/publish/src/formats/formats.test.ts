import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SaxesParser } from 'saxes';
import { anyDayPage, anyEventPage, anyFrontPage } from '../../../../test/support/any-pages.ts';
import {
  aHostileDay,
  aHostileEvent,
  aFrontPage,
  anEventPage,
  aRichDay,
  aRichEvent,
  aRichFront,
  HOSTILE,
} from '../../../../test/support/pages.ts';
import { feeds, formatOf, formats } from './index.ts';

const site = { name: 'Throughline', origin: 'https://news.example' };
const LICENSE = 'creativecommons.org/licenses/by-sa/4.0/';
const problem = { status: 404, title: 'No <such> page', detail: HOSTILE };

describe.each(formats)('the format $name', (format) => {
  it('shows the licence and a link to the page that the text comes from, wherever the text is shown', () => {
    const gone = format.gone(aRichEvent(), '2017-02-01T00:00:00Z', site);
    for (const text of [
      format.event(aRichEvent(), site),
      format.day(aRichDay(), site),
      format.front(aRichFront(), site),
      gone,
    ]) {
      expect(text).toContain(LICENSE);
      expect(text).toContain('https://en.wikipedia.org/wiki/Portal:Current_events/2017_January_30');
    }
  });

  it('writes every page, the emptiest and the most hostile, as a text without lone surrogates or controls', () => {
    const texts = [
      format.event(anEventPage(), site),
      format.event(aHostileEvent(), site),
      format.day(aHostileDay(), site),
      format.front(aFrontPage([]), site),
      format.front(aFrontPage([aHostileDay()]), site),
      format.gone(aHostileEvent(), HOSTILE, site),
      format.problem.render(problem, site),
    ];
    // eslint-disable-next-line no-control-regex
    for (const text of texts) expect(text).not.toMatch(/\p{Cs}|[\u0000-\u0008\u000e-\u001f]|\uffff\n/u);
    for (const text of texts) expect(text).toMatch(/[^\n]\n$/);
  });

  it('gives the same bytes for the same page, and takes nothing from it', () => {
    const page = aRichEvent();
    const copy = structuredClone(page);
    expect(format.event(page, site)).toBe(format.event(copy, site));
    expect(page).toEqual(copy);
  });

  it('shows every topic and the category of an event', () => {
    const page = { ...aRichEvent(), links: [], story: undefined as never, related: [], sources: [] };
    for (const word of ['Armed conflicts and attacks', ...page.topics.map(({ text }) => text)]) {
      expect(format.event(page, site)).toContain(word);
      expect(format.day(aRichDay(), site)).toContain(word);
    }
  });

  it('writes a sentence of five megabytes in linear time', () => {
    const text = 'A very long report. '.repeat(250_000);
    const before = performance.now();
    const written = format.event(anEventPage({ text, slug: 'a-very-long-report' }), site);
    if (format.name === 'html') expect(written.length).toBeLessThan(100_000);
    else expect(written.length).toBeGreaterThan(5_000_000);
    expect(performance.now() - before).toBeLessThan(10_000); // seconds on a slow machine; anything quadratic would take hours
  });
});

describe.each([formatOf('xml'), ...feeds.filter(({ mediaType }) => mediaType.endsWith('xml'))])('$name', (writer) => {
  const texts = (): string[] =>
    'event' in writer
      ? [
          writer.event(aRichEvent(), site),
          writer.event(aHostileEvent(), site),
          writer.day(aHostileDay(), site),
          writer.front(aFrontPage([aHostileDay(), aRichDay()]), site),
          writer.gone(aHostileEvent(), HOSTILE, site),
          writer.problem.render(problem, site),
        ]
      : [
          writer.render(
            { items: [...aHostileDay().items, ...aRichDay().items], updatedAt: '2017-01-31T08:00:00Z' },
            site,
          ),
        ];

  it('is well-formed XML, whatever the texts', () => {
    for (const text of texts()) expect(() => parseXml(text)).not.toThrow();
  });
});

describe('XML', () => {
  it('is well-formed and gives back the sentence of any event', () => {
    fc.assert(
      fc.property(anyEventPage, (page) => {
        const sentence = parseXml(formatOf('xml').event(page, site)).find(({ name }) => name === 'text')?.text;
        expect(sentence).toBe(
          page.text.replace(/[^\t\n\r\u0020-\u007e\u00a0-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, ''),
        );
      }),
    );
  });

  it('is well-formed for any day and front page', () => {
    fc.assert(fc.property(anyDayPage, (page) => void parseXml(formatOf('xml').day(page, site))));
    fc.assert(
      fc.property(anyFrontPage, (page) => void parseXml(formatOf('xml').front(page, site))),
      { numRuns: 30 },
    );
  });
});

describe('RSS', () => {
  const [rss] = feeds;
  const items = aRichDay().items;
  const feed = parseXml(rss?.render({ items, updatedAt: '2017-01-31T08:00:00Z' }, site) ?? '');
  const all = (name: string): string[] => feed.filter((element) => element.name === name).map(({ text }) => text);

  it('has one item an event, whose id does not change with wording, day or address', () => {
    const [first] = items;
    const reworded = first ? { ...first, text: 'Another wording.', slug: 'another-wording' } : undefined;
    const again = parseXml(
      rss?.render({ items: reworded ? [reworded] : [], updatedAt: '2017-01-31T08:00:00Z' }, site) ?? '',
    );
    expect(all('item')).toHaveLength(items.length);
    expect(all('guid')[0]).toBe(`urn:uuid:${first?.id}`);
    expect(again.find(({ name }) => name === 'guid')?.text).toBe(`urn:uuid:${first?.id}`);
  });

  it('has what readers need: absolute links, dates of RFC 822, descriptions, categories, the licence', () => {
    expect(all('link')).toContain(
      'https://news.example/news/2017/01/30/a-gunman-kills-six-people-at-a-mosque-in-quebec-city-during-evening-prayers.html',
    );
    expect(all('pubDate')[0]).toBe('Mon, 30 Jan 2017 00:00:00 GMT');
    expect(all('lastBuildDate')).toEqual(['Tue, 31 Jan 2017 08:00:00 GMT']);
    expect(all('description')).toContain('Context: Quebec City, Islam in Canada');
    expect(all('category')).toContain('Law and crime');
    expect(all('copyright')[0]).toContain('CC BY-SA 4.0');
  });

  it('escapes a description for HTML, since readers show it as such', () => {
    const [item] = aHostileDay().items;
    const texts = parseXml(rss?.render({ items: item ? [item] : [], updatedAt: '' }, site) ?? '');
    const description = texts.filter(({ name }) => name === 'description').at(-1)?.text;
    expect(description).toContain('&lt;script&gt;');
    expect(description).not.toContain('<');
  });
});

/** Every element with its text, in document order. Throws where the document is not well-formed. */
function parseXml(text: string): { name: string; text: string }[] {
  const elements: { name: string; text: string }[] = [];
  const open: { name: string; text: string }[] = [];
  const parser = new SaxesParser({ xmlns: true });
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name }) => {
    const element = { name, text: '' };
    elements.push(element);
    open.push(element);
  });
  parser.on('text', (part) => {
    const element = open.at(-1);
    if (element) element.text += part;
  });
  parser.on('closetag', () => void open.pop());
  parser.write(text).close();
  return elements;
}
