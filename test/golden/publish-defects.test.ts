import type { EntityId } from '@throughline/core';
import { formatOf, formats, type Extension, type Site } from '@throughline/publish';
import { addFeeds, createApp, type FeedCatalogue } from '@throughline/web';
import type { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import { readEventPage } from '../support/original-markdown.ts';
import {
  aDayPage,
  aFrontPage,
  aReference,
  aRelated,
  anEventPage,
  anItem,
  aRichEvent,
  aSource,
  day,
} from '../support/pages.ts';
import { siteInMemory } from '../support/site-reader.ts';

const site = { name: 'Throughline', origin: 'https://news.example' };
const render = (page: Parameters<(typeof formats)[number]['event']>[0], ext: Extension = 'html'): string =>
  formatOf(ext).event(page, site);
const read = (page: Parameters<typeof render>[0]) => readEventPage(render(page, 'md'));

/** Each is a fault of the site that this one replaces: what it did, and that ours does not. */
describe('of the original’s faults', () => {
  it('D2, D3: a page for every wording. Old addresses lead to the one page, which lists the wordings', async () => {
    const page = aRichEvent();
    const moved = Object.fromEntries(
      page.wordings.slice(0, -1).map(({ slug }) => [`${page.day}/${slug}`, { day: page.day, slug: page.slug }]),
    );
    const app = createApp(siteInMemory({ events: [page], moved }), { publicUrl: site.origin });
    for (const { to } of read(page).changes) {
      const first = await app.request(`/news/2017/01/30/${to}`);
      const response = first.status === 301 ? await app.request(first.headers.get('Location') ?? '') : first;
      expect(response.status).toBe(200);
      expect(readEventPage(await response.text()).sentence).toBe(page.text);
    }
  });

  it('D4: withdrawn events shown for ever. Their addresses say 410 and what had been there', async () => {
    const page = anEventPage({ text: 'A rumour.', slug: 'a-rumour' });
    const app = createApp(siteInMemory({ gone: [{ page, at: '2018-01-09T12:00:00Z' }] }), { publicUrl: site.origin });
    const response = await app.request('/news/2017/01/30/a-rumour.html');
    expect(response.status).toBe(410);
    expect(await response.text()).toMatch(/noindex[^]*A rumour\.[^]*CC BY-SA 4\.0/);
  });

  it('D5: letters lost or garbled. Every letter is shown, and an address keeps what ASCII cannot fold', () => {
    const text =
      'A fire near Pedrógão Grande and Figueiró dos Vinhos kills 64; 67 °C is measured, says José Mourinho. 李克强';
    const page = anEventPage({ ...aReference('2017-06-18', text) });
    for (const { name } of formats) expect(render(page, name)).toContain(text);
    expect(page.slug).toMatch(/^a-fire-near-pedrogao-grande-and-figueiro-dos-vinhos/);
  });

  it('D8: later events as background. Earlier and later ones stand apart, each with its date', () => {
    const page = anEventPage({
      related: [aRelated('2017-02-24', 'Later.', { when: 'later' }), aRelated('2015-12-08', 'Earlier.')],
    });
    expect(render(page)).toMatch(
      /Background[^]*8 December 2015[^]*Earlier\.[^]*Follow-ups[^]*24 February 2017[^]*Later\./,
    );
  });

  it('D9: dates sorted as text. A story runs from its oldest event to its newest', () => {
    const { story } = aRichEvent();
    if (!story) throw new Error('the rich event has a story');
    const events = story.events.toReversed();
    const dates = [
      ...(render({ ...aRichEvent(), story: { ...story, events } })
        .split('id="story"')[1]
        ?.matchAll(/datetime="([\d-]{10})"/g) ?? []),
    ];
    expect(dates.slice(0, 4).map(([, date]) => date)).toEqual(['2016-01-16', '2017-01-14', '2017-01-30', '2017-09-05']);
  });

  it('D11: entities decoded too little or escaped twice. Each is escaped once, as its format wants it', () => {
    const page = anEventPage({ text: 'AT&T buys "Fish & Chips" <Ltd>.', sources: [aSource({ label: 'Q&A' })] });
    expect(render(page)).toContain('AT&amp;T buys &quot;Fish &amp; Chips&quot; &lt;Ltd&gt;.');
    expect(render(page, 'xml')).toContain('AT&amp;T buys &quot;Fish &amp; Chips&quot; &lt;Ltd&gt;.');
    expect(render(page, 'md')).toContain('# AT&T buys "Fish & Chips" \\<Ltd\\>.');
    for (const { name } of formats) expect(render(page, name)).not.toMatch(/&amp;(amp|quot|lt|#)/);
  });

  it('D13: a broken link became title and address. A link that cannot be followed is shown as text', () => {
    const page = anEventPage({
      sources: [aSource({ url: 'https:--www.nytimes.com-2018', label: 'The New York Times' })],
    });
    expect(read(page).sources).toEqual([{ number: 1, label: 'The New York Times' }]);
    expect(render(page)).not.toContain('href="https:--');
  });

  it('D15: a topic made up where there is none. Then none is shown', () => {
    const page = anEventPage({ links: [{ start: 2, end: 8, surface: 'bridge', title: 'Bridge' }] });
    expect(read(page).topics).toEqual([]);
    expect(render(page)).not.toContain('class="trail"');
  });

  it('D16: the heading never shown. It is, as its category or, of an unknown one, as written', () => {
    for (const { name } of formats) {
      expect(render(anEventPage({ category: 'sports', section: 'Sport' }), name)).toMatch(/sports/i);
      expect(render(anEventPage({ section: 'Odds and ends' }), name)).toContain('Odds and ends');
    }
  });

  it('D17: one topic kept of several. All are shown, the outermost first', () => {
    const topics = ['WikiLeaks', 'Julian Assange'].map((text) => ({ title: text, text }));
    expect(read(anEventPage({ topics })).topics).toEqual(['WikiLeaks', 'Julian Assange']);
  });

  it('D18: links that led nowhere. Every link of every page to the site itself is answered', async () => {
    const extend = (inner: Hono, of: Site) => addFeeds(inner, of, everythingHasAFeed);
    const app = createApp(aClosedWorld(), { publicUrl: site.origin, extend });
    const seen = new Set<string>(['/']);
    const bad: string[] = [];
    for (const path of seen) {
      const response = await app.request(path);
      if (response.status >= 400) bad.push(`${response.status} ${path}`);
      const location = response.headers.get('Location');
      for (const link of location ? [location] : linksIn(await response.text(), path)) seen.add(link);
    }
    expect(bad).toEqual([]);
    expect(seen.size).toBeGreaterThan(40);
  });

  it('D19: dead sources without a copy. An archived copy is linked beside what became of the original', () => {
    const archived = { url: 'https://web.archive.org/web/2017/http://bigstory.ap.org/a', at: '2017-01-30T16:00:00Z' };
    const page = anEventPage({
      sources: [aSource({ url: 'http://bigstory.ap.org/a', state: 'gone', reason: '404', archived })],
    });
    expect(render(page)).toMatch(/Archived copy[^]*30 January 2017[^]*No longer there \(404\)/);
    expect(render(page, 'md')).toContain('[archived copy](https://web.archive.org/web/2017/http://bigstory.ap.org/a)');
  });
});

/** Three days of events that are all there, each related to the next. */
function aClosedWorld() {
  const dates = ['2017-05-01', '2017-05-02', '2017-05-03'];
  const items = dates.map((on) => [
    anItem(on, `A strike begins (${on}).`),
    anItem(on, `A film opens: "${on}" & more.`),
  ]);
  const all = items.flat();
  const events = all.map((item, index) => {
    const next = all[(index + 1) % all.length] ?? item;
    return anEventPage({ ...aReference(item.day, item.text), related: [aRelated(next.day, next.text)] });
  });
  const days = dates.map((on, index) => {
    const [previous, next] = [dates[index - 1], dates[index + 1]];
    return aDayPage(on, items[index], {
      ...(previous && { previous: day(previous) }),
      ...(next && { next: day(next) }),
    });
  });
  return siteInMemory({ events, days, front: aFrontPage(days.toReversed()) });
}

/** Whatever a page may be of is there; what its feed holds, tests over Postgres look at. */
const everythingHasAFeed: FeedCatalogue = {
  events: async () => ({ items: [] }),
  entity: async (slug) => ({
    id: 1 as EntityId,
    slug,
    label: slug,
    title: slug,
    type: 'other',
    events: 1,
    aliases: [],
  }),
  topic: async (id) => ({ id, label: `Topic ${id}` }),
  storyNamed: async () => undefined,
};

/** Paths of the site itself in HTML, Markdown, JSON or XML. */
function linksIn(text: string, base: string): string[] {
  const found = [...text.matchAll(/href="([^"]+)"|\]\(([^)]+)\)|"href": "([^"]+)"|<link>([^<]+)</g)].map(
    (match) => match.slice(1).find(Boolean) ?? '',
  );
  return found
    .map((link) => new URL(link, site.origin + base))
    .filter(({ origin, hash }) => origin === site.origin && !hash)
    .map(({ pathname }) => pathname);
}
