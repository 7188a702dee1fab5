import { describe, expect, it } from 'vitest';
import { anEntity, anEventPage, aReference, aRelated, aRichEvent } from '../../../test/support/pages.ts';
import { html } from './formats/html.tsx';

const site = { name: 'Throughline', origin: 'https://news.example' };

describe('the picture of what is related', () => {
  it('has earlier events on the left, later ones on the right, each a link with the reason on its edge', () => {
    const page = html.event(aRichEvent(), site);
    const picture = /<svg class="graph".*?<\/svg>/s.exec(page)?.[0] ?? '';
    const links = [...picture.matchAll(/<a href="([^"]*)"><title>([^<]*)<\/title><circle cx="(\d+)"/g)];
    expect(links.map(([, , title, x]) => [Number(x) < 352 ? 'left' : 'right', title?.slice(0, 16)])).toEqual([
      ['left', '8 December 2015:'],
      ['left', '23 January 2016:'],
      ['right', '30 January 2017:'],
      ['right', '24 February 2017'],
    ]);
    expect(links.map(([, href]) => page.split(`href="${href}"`).length - 1)).toEqual([2, 2, 2, 2]); // in the list too
    expect(picture).toContain('>Deir ez-Zor Gove…<');
  });

  it('is left out where a list says as much', () => {
    const related = [aRelated('2016-01-01', 'One.'), aRelated('2016-01-02', 'Two.')];
    expect(html.event(anEventPage({ related }), site)).not.toContain('class="graph"');
  });
});

describe('the map', () => {
  const located = (latitude: number, longitude: number) =>
    html.event(
      anEventPage({ entities: [{ ...anEntity('Deir ez-Zor', 'place'), place: { latitude, longitude } }] }),
      site,
    );

  it('has a dot where a place is, and says where that is', () => {
    const page = located(35.33, 40.14);
    expect(page).toContain('<circle cx="440" cy="99" r="5" class="node here">');
    expect(page).toContain('aria-label="Map of the world with Deir ez-Zor"');
    expect(page).toContain('35.3° N, 40.1° E');
    expect(located(-33.9, -70.7)).toContain('33.9° S, 70.7° W');
  });

  it('is left out where nothing has a place on Earth', () => {
    expect(html.event(anEventPage({ entities: [anEntity('Hope')] }), site)).not.toContain('class="map"');
    expect(located(Number.NaN, 0)).not.toContain('class="map"');
    expect(located(12, 400)).not.toContain('class="map"');
  });
});

describe('the line of a story', () => {
  const story = (count: number) => {
    const events = Array.from({ length: count }, (_, index) =>
      aReference(new Date(Date.UTC(2017, 0, 1 + index * 3)).toISOString().slice(0, 10), `Event ${index}.`),
    );
    const own = events[Math.floor(count / 2)] ?? aReference('2017-01-01', 'None.');
    return html.event(anEventPage({ ...own, story: { ...aRichEvent().story!, events } }), site);
  };

  it('has a dot an event and one of them filled; the list beside it has those around', () => {
    const page = story(40);
    const line = /<figure class="timeline".*?<\/figure>/s.exec(page)?.[0] ?? '';
    expect(line.match(/<circle/g)).toHaveLength(40);
    expect(line.match(/class="node here"/g)).toHaveLength(1);
    const list = page.slice(page.indexOf('</figure>'), page.indexOf('id="cite"'));
    expect(list.match(/<li/g)).toHaveLength(9);
    expect(list).toContain('The whole story');
  });

  it('is not drawn for a single event, nor for a single day', () => {
    expect(story(1)).not.toContain('class="timeline"');
  });
});
