import { describe, expect, it } from 'vitest';
import { aHostileEvent, anEventPage, aRichDay, aRichEvent, aSource, day } from '../../../../test/support/pages.ts';
import { html } from './html.tsx';

const site = { name: 'Throughline', origin: 'https://news.example' };
const scriptsOf = (page: string): string[] =>
  [...page.matchAll(/<script[^>]*>([^]*?)<\/script>/g)].map(([, text = '']) => text);

describe('an HTML page', () => {
  it('has one script, of data that no text can break out of', () => {
    const [data = '', ...others] = scriptsOf(html.event(aHostileEvent(), site));
    expect(others).toEqual([]);
    expect(data).not.toMatch(/[<>&]/);
    expect(JSON.parse(data)).toMatchObject({ '@type': 'NewsArticle', headline: expect.stringContaining('<script>') });
  });

  it('says what it is in the words of schema.org', () => {
    const [data = ''] = scriptsOf(html.event(aRichEvent(), site));
    expect(JSON.parse(data)).toMatchObject({
      '@context': 'https://schema.org',
      '@id': `https://news.example/events/${aRichEvent().id}`,
      datePublished: '2017-01-30',
      articleSection: 'Armed conflicts and attacks',
      about: { '@type': 'Event', startDate: '2017-01-30' },
      mentions: [{ '@type': 'Place', name: 'Deir ez-Zor Governorate' }, {}, {}, {}, {}],
      citation: [{ url: expect.stringContaining('reuters.com'), author: [{ name: 'Anna Example' }, {}] }, {}, {}],
      license: 'https://creativecommons.org/licenses/by-sa/4.0/',
    });
  });

  it('links only to itself and to safe addresses', () => {
    const unsafe = ['javascript:alert(1)', 'https://user:secret@a.example/', 'data:text/html,x'].map((url) =>
      aSource({ url, archived: { url, at: '2017-01-30T00:00:00Z' }, article: { image: { url }, canonicalUrl: url } }),
    );
    for (const page of [anEventPage({ sources: unsafe }), aHostileEvent()]) {
      const targets = [...html.event(page, site).matchAll(/(?:href|src|action)="([^"]*)"/g)].map(
        ([, target = '']) => target,
      );
      expect(targets.filter((target) => !/^(\/|#|https?:\/\/[\w.]+(\/|$))/.test(target))).toEqual([]);
      expect(targets.length).toBeGreaterThan(5);
    }
  });

  it('names its address, its other formats, its feed, and its neighbours', () => {
    const page = html.day(aRichDay(), site);
    expect(page).toContain('<link rel="canonical" href="https://news.example/news/2017/01/30/index.html"/>');
    expect(page).toContain(
      '<link rel="alternate" type="text/markdown" href="/news/2017/01/30/index.md" title="Markdown"/>',
    );
    expect(page).toContain('type="application/rss+xml" href="/index_rss.xml"');
    expect(page).toContain('<link rel="prev" href="/news/2017/01/29/index.html"/>');
    expect(page).toContain('<link rel="next" href="/news/2017/01/31/index.html"/>');
  });

  it('can be shared: title, description, kind and address of Open Graph', () => {
    const page = html.event(aRichEvent(), site);
    expect(page).toMatch(/<meta property="og:title" content="Six Russian[^"]*"\/>/);
    expect(page).toContain('<meta property="og:type" content="article"/>');
    expect(page).toMatch(/<meta property="og:description" content="Long-range aircraft[^"]*"\/>/);
    expect(page).toMatch(
      /<meta property="og:url" content="https:\/\/news\.example\/news\/2017\/01\/30\/six-[^"]*\.html"\/>/,
    );
  });

  it('says in which language an article is, where it is a language', () => {
    const written = (language: string): string =>
      html.event(
        anEventPage({ sources: [aSource({ article: { title: 'Titel', description: 'Satz.', language } })] }),
        site,
      );
    expect(written('pt-br')).toMatch(/<h3 dir="auto" lang="pt-br">/);
    expect(written('pt-br')).toContain('<span lang="pt-br">Satz.</span>');
    expect(written('"><script>').match(/lang=/g)).toHaveLength(1);
  });

  it('links the pages of its entities, its story and its category', () => {
    const linked = html.event(aRichEvent(), site);
    expect(linked).toContain('href="/entities/deir-ez-zor-governorate.html"');
    expect(linked).toContain('href="/stories/battle-for-deir-ez-zor.html"');
    expect(linked).toContain('href="/categories/armed-conflicts.html"');
  });

  it('says of a day with no neighbours, and of an event with nothing known, no more than there is', () => {
    expect(html.day({ day: day('2017-01-30'), items: [], updatedAt: '2017-01-30T00:00:00Z' }, site)).not.toContain(
      'class="pager"',
    );
    const bare = html.event(anEventPage(), site);
    expect(bare).toContain('The log cites no source for this event.');
    expect(bare).not.toMatch(/id="(related|story|changes|context)"/);
  });
});
