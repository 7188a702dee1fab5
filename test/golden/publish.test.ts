import { feeds, formats, STYLE } from '@throughline/publish';
import { describe, expect, it } from 'vitest';
import { aRichDay, aRichEvent, aRichFront } from '../support/pages.ts';

const site = { name: 'Throughline', origin: 'https://news.example' };

/** One element a line, so that a change of a page is a change of few lines. */
const readable = (text: string): string =>
  text
    .replace(STYLE, '/* style */')
    .replace(/(<\/(?:li|p|dd|h\d|section|head|header|nav|div|script|link|meta)>|\/>)(?=<)/g, '$1\n');

describe.each(formats)('pages in $name', (format) => {
  const file = (page: string): string => `./publish/${page}.${format.name}`;
  const shown = (text: string): string => (format.name === 'html' ? readable(text) : text);

  it('are as they were last looked at', async () => {
    await expect(shown(format.event(aRichEvent(), site))).toMatchFileSnapshot(file('event'));
    await expect(shown(format.day(aRichDay(), site))).toMatchFileSnapshot(file('day'));
    await expect(shown(format.front(aRichFront(), site))).toMatchFileSnapshot(file('front'));
    await expect(shown(format.gone(aRichEvent(), '2017-02-01T10:00:00Z', site))).toMatchFileSnapshot(file('gone'));
  });
});

describe.each(feeds)('the feed $name', (feed) => {
  it('is as it was last looked at', async () => {
    const latest = { items: aRichDay().items, updatedAt: '2017-01-31T08:00:00.000Z' };
    const extension = feed.mediaType.endsWith('xml') ? 'xml' : 'json';
    await expect(feed.render(latest, site)).toMatchFileSnapshot(`./publish/${feed.name}.${extension}`);
  });
});
