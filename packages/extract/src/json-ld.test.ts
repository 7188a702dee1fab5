import { describe, expect, it } from 'vitest';
import { parseLoosely, readLinkedData, stringsOf, typesOf } from './json-ld.ts';

describe('parseLoosely', () => {
  const whole = { headline: 'Ferries sail', tags: ['a', 'b'] };

  it.each([
    ['as it should be', '{"headline":"Ferries sail","tags":["a","b"]}'],
    ['with trailing commas', '{"headline":"Ferries sail","tags":["a","b",],}'],
    ['in CDATA marks', '//<![CDATA[\n{"headline":"Ferries sail","tags":["a","b"]}\n//]]>'],
    ['in a comment', '<!-- {"headline":"Ferries sail","tags":["a","b"]} -->'],
    ['with a semicolon at the end', '{"headline":"Ferries sail","tags":["a","b"]};'],
    [
      'escaped as HTML',
      '{&quot;headline&quot;:&quot;Ferries sail&quot;,&quot;tags&quot;:[&quot;a&quot;,&quot;b&quot;]}',
    ],
    ['cut short', '{"headline":"Ferries sail","tags":["a","b"'],
    ['followed by another closing bracket', '{"headline":"Ferries sail","tags":["a","b"]}}'],
  ])('reads an object %s', (_, script) => {
    expect(parseLoosely(script)).toEqual(whole);
  });

  it('reads strings with raw line breaks, tabs, bare quotes and odd escapes', () => {
    expect(parseLoosely('{"a":"one\n\ttwo","b":"the "big" one","c":"it\\\'s","d":"\\u00e9"}')).toEqual({
      a: 'one  two',
      b: 'the "big" one',
      c: "it's",
      d: 'é',
    });
  });

  it.each(['', 'nothing', '{{{{', '["a"', ']'.repeat(5_000), `{"a":"${'"'.repeat(50_000)}`])(
    'never throws: %#',
    (script) => {
      expect(() => parseLoosely(script)).not.toThrow();
    },
  );
});

describe('readLinkedData', () => {
  it('finds objects in arrays, in @graph and inside one another', () => {
    const { nodes } = readLinkedData([
      '[{"@type":"WebSite"},{"@type":"WebPage","mainEntity":{"@type":"schema:NewsArticle"}}]',
      '{"@context":"https://schema.org","@graph":[{"@type":["https://schema.org/Person","Thing"]}]}',
    ]);

    expect(nodes.map(typesOf)).toEqual([['WebSite'], ['WebPage'], ['NewsArticle'], ['Person', 'Thing']]);
  });

  it('follows an @id to the object that says more', () => {
    const data = readLinkedData([
      '{"@graph":[{"@type":"Article","author":{"@id":"#ana"}},{"@id":"#ana","@type":"Person","name":"Ana Duarte"}]}',
    ]);

    expect(stringsOf(data.nodes[0]?.['author'], data)).toEqual(['Ana Duarte']);
  });

  it('does not follow references in a circle', () => {
    const data = readLinkedData([
      '{"@graph":[{"@id":"a","@type":"X","name":{"@id":"b"}},{"@id":"b","@type":"X","name":{"@id":"a"}}]}',
    ]);

    expect(stringsOf(data.nodes[0], data)).toEqual([]);
  });

  it('takes what of a value is a string', () => {
    const data = readLinkedData([]);

    expect(stringsOf(['a', { name: 'b' }, { '@value': 'c' }, 4, null, ' ', { name: ['d'] }], data)).toEqual([
      'a',
      'b',
      'c',
      '4',
      'd',
    ]);
  });
});
