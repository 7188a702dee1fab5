import type { CalendarPage, Day, EntityId } from '@throughline/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aCollection, aHit, anEntity, aStory, day, HOSTILE } from '../../../test/support/pages.ts';
import { bars, spanOf } from './activity.tsx';
import { heat, renderArchivePage, renderYearPage } from './archive-page.tsx';
import { entityPath, isAsked, searchPath, topicPath } from './collection-path.ts';
import { renderCollectionPage } from './collection-page.tsx';
import { renderSearchPage } from './search-page.tsx';
import { renderStoryPage } from './story-page.tsx';

const site = { name: 'Throughline', origin: 'https://news.example' };

describe('addresses of collections', () => {
  it('carry names that are safe in a path', () => {
    expect(entityPath({ slug: 'a/b?c' })).toBe('/entities/a%2Fb%3Fc.html');
    expect(topicPath({ id: 12, label: 'Syrian Civil War' })).toBe('/topics/12-syrian-civil-war.html');
  });

  it('of a search say only what is asked for, always in one order', () => {
    expect(searchPath({ order: 'newest' })).toBe('/search');
    expect(searchPath({ to: day('2017-01-31'), text: 'a & b', order: 'oldest' })).toBe(
      '/search?q=a+%26+b&to=2017-01-31&order=oldest',
    );
    expect([isAsked({}), isAsked({ text: '' }), isAsked({ topic: 3 })]).toEqual([false, false, true]);
  });
});

describe('bars', () => {
  it('are months of a short time and years of a long one, gaps included', () => {
    const months = (...list: string[]) => bars(list.map((month) => ({ month, events: 2 })));
    expect(months('2016-11', '2017-02')).toEqual([
      { time: '2016-11', events: 2 },
      { time: '2016-12', events: 0 },
      { time: '2017-01', events: 0 },
      { time: '2017-02', events: 2 },
    ]);
    expect(months('1999-01', '1999-02', '2004-12').map(({ time, events }) => `${time}:${events}`)).toEqual([
      '1999:4',
      '2000:0',
      '2001:0',
      '2002:0',
      '2003:0',
      '2004:2',
    ]);
    expect(bars([])).toEqual([]);
  });

  it('have all events, and each the span of its own days', () => {
    const month = fc.tuple(fc.integer({ min: 1999, max: 2030 }), fc.integer({ min: 1, max: 12 }));
    fc.assert(
      fc.property(fc.array(month, { minLength: 1 }), (months) => {
        const counts = months.map(([year, number]) => ({
          month: `${year}-${String(number).padStart(2, '0')}`,
          events: 1,
        }));
        const all = bars(counts);
        expect(all.reduce((sum, { events }) => sum + events, 0)).toBe(months.length);
        for (const { time } of all) expect(spanOf(time).from.startsWith(time)).toBe(true);
      }),
    );
    expect(spanOf('2016-02')).toEqual({ from: '2016-02-01', to: '2016-02-29' });
    expect(spanOf('2016')).toEqual({ from: '2016-01-01', to: '2016-12-31' });
  });
});

describe('a search page', () => {
  const hits = [aHit('2017-01-30', 'A bridge opens in a town.', 'bridge')];
  const found = { query: { text: 'bridge', order: 'newest' as const }, hits, count: 1, names: [], isEmptyText: false };

  it('marks what was looked for, and gives the form back as it was filled in', () => {
    const html = renderSearchPage(
      { query: { ...found.query, category: 'sports', outlet: 'Reuters' }, found, notes: [] },
      site,
    );
    expect(html).toContain('A <mark>bridge</mark> opens in a town.');
    expect(html).toContain('value="bridge"');
    expect(html).toMatch(/<option value="sports" selected/);
    expect(html).toContain('value="Reuters"');
    expect(html).toContain('noindex');
  });

  it('marks in the midst of a long sentence, and shows no more of it than a list does', () => {
    const text = `${'long '.repeat(2_000)}bridge ${'more '.repeat(5_000)}`;
    const html = renderSearchPage(
      { query: found.query, found: { ...found, hits: [aHit('2017-01-30', text, 'bridge')] }, notes: [] },
      site,
    );
    expect(html).toContain('<mark>bridge</mark>');
    expect(html.length).toBeLessThan(40_000);
  });

  it('says when it found nothing, when only stop words were asked for, and what it did not understand', () => {
    const nothing = renderSearchPage(
      { query: found.query, found: { ...found, hits: [], count: 0 }, notes: ['“x” is no day.'] },
      site,
    );
    expect(nothing).toContain('Nothing was found.');
    expect(nothing).toContain('“x” is no day.');
    const stop = renderSearchPage({ query: found.query, found: { ...found, isEmptyText: true }, notes: [] }, site);
    expect(stop).toContain('in nearly every sentence');
    expect(renderSearchPage({ query: { order: 'newest' }, notes: [] }, site)).not.toContain('id="found"');
  });

  it('says that there are more than it counted, and leads on', () => {
    const html = renderSearchPage(
      { query: found.query, found: { ...found, count: 1_000, next: hits[0]!.id }, notes: [] },
      site,
    );
    expect(html).toContain('1,000 events or more');
    expect(html).toContain(`href="/search?q=bridge&amp;after=${hits[0]?.id}"`);
  });
});

describe('hostile text', () => {
  const entity = { ...anEntity(HOSTILE), id: 1 as EntityId, title: HOSTILE, events: 3 };
  const pages = {
    search: renderSearchPage(
      {
        query: { text: HOSTILE, outlet: HOSTILE, entity: HOSTILE, order: 'newest' },
        notes: [HOSTILE],
        found: {
          query: { text: HOSTILE, order: 'newest' },
          hits: [{ ...aHit('2017-01-30', HOSTILE, 'script') }],
          count: 1,
          names: [entity],
          entity,
          topic: { id: 1, label: HOSTILE },
          isEmptyText: false,
        },
      },
      site,
    ),
    entity: renderCollectionPage(
      aCollection(
        { kind: 'entity', entity, aliases: [HOSTILE] },
        { beside: [entity], months: [{ month: HOSTILE, events: Number.NaN }] },
      ),
      site,
    ),
    topic: renderCollectionPage(aCollection({ kind: 'topic', topic: { id: 1, title: HOSTILE, label: HOSTILE } }), site),
    story: renderStoryPage(
      aStory({ title: HOSTILE, slug: HOSTILE, entities: [entity], splitFrom: { slug: HOSTILE, title: HOSTILE } }),
      site,
    ),
  };

  it.each(Object.entries(pages))('stays text on a page of a %s', (_, html) => {
    const body = html.slice(html.indexOf('<body>'));
    expect(body).not.toMatch(/<(script|img|iframe|textarea)/i);
    expect(body.replace(/"[^"]*"/g, '""')).not.toMatch(/<[^>]* on\w+=/i);
    expect(body).not.toContain('href="javascript:');
  });
});

describe('the archive', () => {
  const calendar: CalendarPage = {
    days: [
      { day: day('2015-12-31'), events: 4 },
      { day: day('2016-02-29'), events: 1 },
      { day: day('2017-01-01'), events: 9 },
    ],
    updatedAt: '2017-01-31T08:00:00.000Z',
  };

  it('has a cell for every month of every year, dark where much happened', () => {
    const html = renderArchivePage(calendar, site);
    expect(html.match(/<td class="h/g)).toHaveLength(36);
    expect(html).toContain('href="/archive/2016.html#m02"');
    expect([heat(0, 10), heat(1, 10), heat(10, 10), heat(99, 10)]).toEqual([0, 1, 5, 5]);
    expect(renderArchivePage({ ...calendar, days: [] }, site)).toContain('Nothing has been read yet.');
  });

  it('has every day of a year under its weekday, linked where it has events', () => {
    const html = renderYearPage('2016', calendar, site);
    expect(html.match(/<caption>/g)).toHaveLength(12);
    expect(html.match(/<td[^>]*>(<a [^>]*>)?\d/g)).toHaveLength(366);
    expect(html).toContain('<a href="/news/2016/02/29/index.html" title="1 event">29</a>');
    const february = html.slice(html.indexOf('<caption>February'), html.indexOf('<caption>March'));
    expect(february.match(/<tr>.*?<\/tr>/gs)?.[1]).toBe(
      `<tr>${[1, 2, 3, 4, 5, 6, 7].map((number) => `<td>${number}</td>`).join('')}</tr>`,
    ); // 1 February 2016 was a Monday
    expect(html).toContain('href="/archive/2015.html"');
    expect(html).toContain('href="/archive/2017.html"');
  });

  it('of a full year stays small', () => {
    const days = Array.from(
      { length: 366 },
      (_, index) => new Date(Date.UTC(2016, 0, 1 + index)).toISOString().slice(0, 10) as Day,
    );
    const html = renderYearPage('2016', { ...calendar, days: days.map((one) => ({ day: one, events: 12 })) }, site);
    expect(html.length).toBeLessThan(50_000);
  });
});
