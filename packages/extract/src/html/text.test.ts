import { describe, expect, it } from 'vitest';
import { parseHtml } from './parse.ts';
import { foldSpace, shortTextOf, startOfText, textOf } from './text.ts';

const text = (html: string) => textOf(parseHtml(html).root);

describe('textOf', () => {
  it('sets blocks and line breaks apart, and leaves inline elements joined', () => {
    expect(text('<p>one</p><p>two<br>three</p>fo<b>ur</b>')).toBe('one two three four');
  });

  it('leaves out what no reader sees', () => {
    expect(
      text(
        'a<script>b</script><style>c</style><noscript>d</noscript><svg><text>e</text></svg><select><option>f</select>g',
      ),
    ).toBe('ag');
  });

  it('decodes entities exactly once', () => {
    expect(text('&amp;amp; &#x20;&#8217;&eacute;')).toBe('&amp; ’é');
  });

  it.each([
    ['  a \n\t b ', 'a b'],
    ['a\u00A0b\u3000c', 'a b c'],
    ['so\u00ADft\u200B', 'soft'],
    ['already folded', 'already folded'],
    [' ', ''],
    ['', ''],
  ])('folds white space: %j', (written, folded) => {
    expect(foldSpace(written)).toBe(folded);
  });
});

describe('startOfText', () => {
  it('is how a text begins, however much follows', () => {
    for (const html of ['<p>one</p> <p>t&amp;wo</p>', '<p>a<script>b</script></p>'.repeat(300), ' \n <b> </b>', '']) {
      const whole = text(html);
      for (const length of [0, 1, 3, 50, 10_000])
        expect(startOfText(parseHtml(html).root, length)).toBe(whole.slice(0, length));
    }
  });
});

describe('shortTextOf', () => {
  it('gives a text up to its limit, and none beyond', () => {
    const { root } = parseHtml(`<p>${'a'.repeat(50)}</p>`);

    expect(shortTextOf(root, 50)).toHaveLength(50);
    expect(shortTextOf(root, 49)).toBeUndefined();
    expect(shortTextOf(parseHtml('<p>a</p>'.repeat(10_000)).root, 50)).toBeUndefined();
  });
});
