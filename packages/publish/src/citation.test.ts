import { describe, expect, it } from 'vitest';
import { aHostileEvent, anEventPage, aRichEvent } from '../../../test/support/pages.ts';
import { bibTex, citationText } from './citation.ts';

const site = { name: 'Throughline', origin: 'https://news.example' };

describe('a citation', () => {
  it('has sentence, day, an address that stays, and the revision of the text', () => {
    expect(citationText(aRichEvent(), site)).toMatch(
      /^“Six Russian .* says\.” Throughline, 30 January 2017\. https:\/\/news\.example\/events\/[\da-f-]{36}\. Text: Portal:Current events\/2017 January 30, revision 762801007, CC BY-SA 4\.0\.$/,
    );
  });

  it('of a long event is cut', () => {
    expect(citationText(anEventPage({ text: 'word '.repeat(10_000) }), site).length).toBeLessThan(700);
  });

  it('for BibTeX has balanced braces and no command of TeX, whatever the text', () => {
    const text = bibTex({ ...aHostileEvent(), text: '} \\input{/etc/passwd} 100% $x_1$ #1 & {' }, site);
    expect(text.match(/\{/g)?.length).toBe(text.match(/\}/g)?.length);
    expect(text).not.toMatch(/\\[a-z]/i);
    expect(text).toContain('100\\% \\$x\\_1\\$ \\#1 \\&');
  });
});
