import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { attribute } from './attributes.ts';
import type { HtmlNode } from './node.ts';
import { parseHtml } from './parse.ts';
import { rawTextOf, textOf } from './text.ts';

/** The tree as nested names: `p(b,#)`; texts as `#`. */
const shapeOf = (node: HtmlNode): string =>
  node.children
    .map((child) => (child.tag === '' ? '#' : child.tag + (child.children.length ? `(${shapeOf(child)})` : '')))
    .join(',');

const shape = (html: string) => shapeOf(parseHtml(html).root);

describe('parseHtml', () => {
  it.each([
    ['void elements hold nothing', '<p>a<br>b<img src=x>c</p>', 'p(#,br,#,img,#)'],
    ['a block ends an open paragraph', '<p>a<div>b</div>', 'p(#),div(#)'],
    ['a paragraph ends the one before it', '<p>a<p>b', 'p(#),p(#)'],
    [
      'list items end each other, but not those of an outer list',
      '<ul><li>a<li>b<ul><li>c</ul><li>d</ul>',
      'ul(li(#),li(#,ul(li(#))),li(#))',
    ],
    ['cells and rows end each other', '<table><tr><td>a<td>b<tr><td>c</table>', 'table(tr(td(#),td(#)),tr(td(#)))'],
    ['terms and their definitions end each other', '<dl><dt>a<dd>b<dt>c</dl>', 'dl(dt(#),dd(#),dt(#))'],
    ['a stray closing tag is nothing', '<div>a</span></p>b</div>c', 'div(#,#),#'],
    ['the end of an inline element does not end a block inside it', '<b><div>a</b>b</div>', 'b(div(#,#))'],
    [
      'a division does not end from inside a table cell',
      '<div><table><tr><td>a</div>b</table>c</div>',
      'div(table(tr(td(#,#))),#)',
    ],
    ['svg elements may close themselves', '<svg><path/><path/></svg>a', 'svg(path,path),#'],
    ['comments and declarations are nothing', '<!doctype html><!-- <p> --><?x y?>a', '#'],
    ['a lone bracket is text', 'a < b', '#'],
    ['an unclosed comment ends with the page', 'a<!-- b <p>', '#'],
  ])('%s', (_, html, expected) => {
    expect(shape(html)).toBe(expected);
  });

  it('takes what is in a script or style for text, up to its own closing tag', () => {
    const [script] = parseHtml('<script>if (a < b) "</p>"; "&amp;"</SCRIPT ><p>x').elements;

    expect(script && rawTextOf(script)).toBe('if (a < b) "</p>"; "&amp;"');
    expect(shape('<script>a</scripts></script>b')).toBe('script(#),#');
  });

  it('decodes entities in a title, and goes on where a title is never closed', () => {
    const [title] = parseHtml('<title>Bread &amp; <b>salt</title>').elements;

    expect(title && rawTextOf(title)).toBe('Bread & <b>salt');
    expect(shape('<title>a<p>b')).toBe('title,#,p(#)');
  });

  it('reads attributes in every manner of writing, the first of a name', () => {
    const [a] = parseHtml(`<a HREF = '/x?a=1&amp;b=2' title="a > b" data-n=3 hidden class=one class=two>`).elements;

    expect(a && ['href', 'title', 'data-n', 'hidden', 'class', 'id'].map((name) => attribute(a, name))).toEqual([
      '/x?a=1&b=2',
      'a > b',
      '3',
      '',
      'one',
      undefined,
    ]);
  });

  it('loses no more than one tag to a quote that is never closed', () => {
    expect(textOf(parseHtml('<p title="a>first</p><p>second</p>').root)).toContain('second');
  });

  it('puts what is nested too deep beside the deepest', () => {
    const { root } = parseHtml('<div>'.repeat(10_000) + 'deep');

    let depth = 0;
    for (let node: HtmlNode | undefined = root; node; node = node.children.find(({ tag }) => tag !== '')) depth++;
    expect(depth).toBeLessThan(300);
    expect(textOf(root)).toBe('deep');
  });

  it('keeps every letter outside tags, whatever the tags are', () => {
    const aPiece = fc.oneof(
      fc.stringMatching(/^[a-z ]{1,8}$/),
      fc.constantFrom(
        '<p>',
        '</p>',
        '<div class="a">',
        '</div>',
        '<b>',
        '</b>',
        '<li>',
        '<td>',
        '</table>',
        '<br>',
        '<a href=x>',
        '</a>',
        '<svg>',
        '</svg>',
      ),
    );
    fc.assert(
      fc.property(fc.array(aPiece, { maxLength: 40 }), (pieces) => {
        const letters = pieces
          .filter((piece) => !piece.startsWith('<'))
          .join('')
          .replaceAll(' ', '');
        const { root } = parseHtml(pieces.join(''));
        const collect = (node: HtmlNode): string =>
          node.children.map((child) => (child.tag === '' ? child.source : collect(child))).join('');
        expect(collect(root).replaceAll(' ', '')).toBe(letters);
      }),
    );
  });

  it('numbers the elements in document order, each after its parent', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('<p>', '<div>', '</div>', '<ul>', '<li>', '</ul>', 'x', '<b>', '</b>') }),
        (html) => {
          const { elements } = parseHtml(html);
          elements.forEach((element, index) => {
            expect(element.order).toBe(index);
            expect(element.parent!.order).toBeLessThan(index);
            expect(element.parent!.children).toContain(element);
          });
        },
      ),
    );
  });
});
