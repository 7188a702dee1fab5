import fc from 'fast-check';
import { html } from 'hono/html';
import { jsx as node } from 'hono/jsx';
import { describe, expect, it } from 'vitest';
import { Fragment, jsx, raw } from './jsx-runtime.ts';

const text = (made: unknown): string => String(made);

describe('an element', () => {
  it('is written with its attributes and children, escaped once', () => {
    const made = jsx('a', {
      href: '/?a=1&b="2"',
      children: ['<b>', jsx('i', { children: "it's" }), 3, null, false, undefined],
    });
    expect(text(made)).toBe('<a href="/?a=1&amp;b=&quot;2&quot;">&lt;b&gt;<i>it&#39;s</i>3</a>');
  });

  it('leaves out what is not there, and says what is true or false', () => {
    expect(text(jsx('input', { value: undefined, id: null, checked: true, disabled: false }))).toBe(
      '<input checked=""/>',
    );
    expect(text(jsx('p', { 'aria-hidden': true, tabindex: -1 }))).toBe('<p aria-hidden="true" tabindex="-1"></p>');
  });

  it('takes what is written already as it is: its own, and that of others', () => {
    expect(text(Fragment({ children: [raw('<b>'), html`<i>${'<'}</i>`, node('u', {}, '<')] }))).toBe(
      '<b><i>&lt;</i><u>&lt;</u>',
    );
  });

  it('writes what a tree of nodes writes, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (title, child) => {
        expect(text(jsx('p', { title, children: ['x', child] }))).toBe(text(node('p', { title }, 'x', child)));
      }),
    );
  });
});
