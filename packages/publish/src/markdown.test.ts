import fc from 'fast-check';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { describe, expect, it } from 'vitest';
import { anyText } from '../../../test/support/any-pages.ts';
import { inline, link, listItem, paragraph } from './markdown.ts';
import { oneLine } from './text.ts';

describe('a text in Markdown', () => {
  it.each([
    ['a *b* _c_ `d` [e](f) <g>', '\\*b\\* \\_c\\_ \\`d\\` \\[e\\](f) \\<g\\>'],
    ['~~struck~~', '\\~\\~struck\\~\\~'],
    ['AT&T &amp; &#38;', 'AT&T \\&amp; \\&#38;'],
    ['#1 and C# #', '\\#1 and C# \\#'],
    ['back\\slash', 'back\\\\slash'],
    ['two\n\nlines', 'two lines'],
  ])('%j is escaped where it has to be', (text, escaped) => expect(inline(text)).toContain(escaped));

  it.each([
    ['1. May', '1\\. May'],
    ['24) x', '24\\) x'],
    ['- x', '\\- x'],
    ['+ x', '\\+ x'],
    ['=== x', '\\=== x'],
    ['--- x', '\\--- x'],
    ['2017 was', '2017 was'],
    ['1.5 m', '1.5 m'],
  ])('%j starts a paragraph and nothing else', (text, escaped) => {
    expect(paragraph(text)).toBe(escaped);
    expect(fromMarkdown(escaped).children.map(({ type }) => type)).toEqual(['paragraph']);
  });

  it('is one paragraph of one text for a CommonMark parser, the very one it was', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const [block, ...others] = fromMarkdown(paragraph(text)).children;
        const words =
          block?.type === 'paragraph'
            ? block.children.map((child) => ('value' in child ? child.value : child.type))
            : [];
        expect(others).toEqual([]);
        expect(words.join('')).toBe(oneLine(text));
      }),
    );
  });

  it('as one of several is told from the next', () => {
    expect(['Washington, D.C.', 'Syria'].map(listItem).join(', ')).toBe('Washington\\, D.C., Syria');
  });
});

describe('a link in Markdown', () => {
  it.each([
    ['https://a.example/b_(c)', '[x](https://a.example/b_(c))'],
    ['https://a.example/b)c', '[x](https://a.example/b\\)c)'],
    ['https://a.example/b c"<d>', '[x](https://a.example/b%20c%22%3Cd%3E)'],
    ['https://a.example/?a&copy;', '[x](https://a.example/?a\\&copy;)'],
    ['/news/2017/01/30/a.md', '[x](/news/2017/01/30/a.md)'],
    ['a-b.md', '[x](a-b.md)'],
    ['javascript:alert(1)', 'x'],
    ['javascript:a.md', 'x'],
    ['data:text/html,x', 'x'],
    [undefined, 'x'],
  ])('to %s is %s', (to, written) => expect(link('x', to)).toBe(written));
});
