import { searchPath } from '@throughline/publish';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { searchQuery } from './search-query.ts';

const asked = (parameters: string) => searchQuery(new URLSearchParams(parameters));

describe('the parameters of a search', () => {
  it('ask for nothing where there are none, or all are empty', () => {
    expect(asked('')).toEqual({ query: { order: 'newest' }, notes: [] });
    expect(asked('q=&entity=&category=&from=&to=&outlet=+&order=&after=&topic=')).toEqual({
      query: { order: 'newest' },
      notes: [],
    });
  });

  it('are read whole', () => {
    expect(
      asked(
        'q=air+strike&entity=Deir+ez-Zor&category=armed-conflicts&from=2015&to=2016-02&outlet=Reuters&order=oldest&topic=7',
      ).query,
    ).toEqual({
      text: 'air strike',
      entity: 'deir-ez-zor',
      category: 'armed-conflicts',
      from: '2015-01-01',
      to: '2016-02-29',
      outlet: 'Reuters',
      topic: 7,
      order: 'oldest',
    });
  });

  it.each([
    ['from=yesterday', 'is no day'],
    ['to=2017-02-30', 'is no day'],
    ['category=gossip', 'is no category'],
    ['topic=1;drop', 'is no topic’s number'],
    ['topic=99999999999', 'is no topic’s number'],
    [`q=${'a'.repeat(400)}`, 'first 300 characters'],
    ['from=2017-02-02&to=2017-01-01', 'exchanged'],
  ])('that make no sense are left out, and that is said: %s', (parameters, note) => {
    const { notes } = asked(parameters);
    expect(notes).toHaveLength(1);
    expect(notes[0]).toContain(note);
  });

  it('whatever they are, give a query whose own address means the same', () => {
    const names = fc.constantFrom('q', 'entity', 'category', 'from', 'to', 'outlet', 'order', 'topic', 'after', 'x');
    fc.assert(
      fc.property(fc.array(fc.tuple(names, fc.string({ unit: 'binary' })), { maxLength: 8 }), (pairs) => {
        const { query } = searchQuery(new URLSearchParams(pairs));
        const again = searchQuery(new URL(searchPath(query), 'https://news.example').searchParams);
        expect(again).toEqual({ query, notes: [] });
      }),
    );
  });
});
