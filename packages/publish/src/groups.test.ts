import { describe, expect, it } from 'vitest';
import { anItem } from '../../../test/support/pages.ts';
import { groups } from './groups.ts';

const item = (text: string, parts: Parameters<typeof anItem>[2]) => anItem('2017-01-30', text, parts);

describe('the groups of a day', () => {
  it('follow the editors’ order, one for a category however its heading was spelled', () => {
    const items = [
      item('a', { category: 'sports', section: 'Sport' }),
      item('b', { category: 'deaths', section: 'Deaths' }),
      item('c', { category: 'sports', section: 'Sports' }),
      item('d', { section: 'Odds  and ends' }),
    ];
    expect(groups(items).map(({ heading, items: group }) => [heading, group.map(({ text }) => text)])).toEqual([
      ['Sports', ['a', 'c']],
      ['Deaths', ['b']],
      ['Odds and ends', ['d']],
    ]);
  });

  it('begin with what stands under no heading', () => {
    expect(groups([item('a', { category: 'sports' }), item('b', {})]).map(({ heading }) => heading)).toEqual([
      '',
      'Sports',
    ]);
    expect(groups([])).toEqual([]);
  });
});
