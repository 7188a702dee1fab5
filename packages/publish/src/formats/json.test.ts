import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyDayPage, anyEventPage, anyFrontPage } from '../../../../test/support/any-pages.ts';
import { aRichDay, aRichEvent } from '../../../../test/support/pages.ts';
import { json, parseJsonDay, parseJsonEvent, parseJsonFront } from './json.ts';

const site = { name: 'Throughline', origin: 'https://news.example' };

describe('the JSON of a page', () => {
  it('gives back the view model that it was written from, to the last character', () => {
    fc.assert(
      fc.property(anyEventPage, (page) => {
        expect(parseJsonEvent(json.event(page, site))).toEqual(page);
      }),
    );
    fc.assert(
      fc.property(anyDayPage, (page) => {
        expect(parseJsonDay(json.day(page, site))).toEqual(page);
      }),
    );
    fc.assert(
      fc.property(anyFrontPage, (page) => {
        expect(parseJsonFront(json.front(page, site))).toEqual(page);
      }),
      { numRuns: 30 },
    );
    expect(parseJsonEvent(json.event(aRichEvent(), site))).toEqual(aRichEvent());
  });

  it('says what it is, where the other formats are, and where every event in it is', () => {
    const document = JSON.parse(json.event(aRichEvent(), site)) as Record<string, never>;
    const base = 'https://news.example/news/2017/01/30/six-russian-long-range-bombers';
    expect(document).toMatchObject({
      type: 'event',
      version: 1,
      links: {
        html: expect.stringContaining(base),
        md: expect.stringMatching(/\.md$/),
        permalink: `https://news.example/events/${aRichEvent().id}`,
      },
      attribution: { license: 'CC BY-SA 4.0', revision: 762_801_007 },
      event: {
        href: expect.stringContaining(base),
        related: [{ href: expect.stringMatching(/\/news\/2015\/12\/8\/.*\.html$/) }, {}, {}, {}],
      },
    });
  });

  it('of one type is not read as another', () => {
    expect(() => parseJsonEvent(json.day(aRichDay(), site))).toThrow(/"day", not event/);
  });
});
