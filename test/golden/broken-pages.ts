import type { Day, ParsedDay, ParsedEvent } from '@throughline/core';
import { decodePage, parseDay } from '@throughline/portal';
import fc from 'fast-check';
import { expect } from 'vitest';
import { aDay, FRAMES, headingForms, HTML_LAYOUTS, wikitextBody } from './portal-days.ts';

const DAY = '2021-06-01' as Day;

const aFrame = fc.constantFrom(...Object.values(FRAMES));
const aBody = fc.tuple(aDay, fc.constantFrom(...headingForms)).map(([model, form]) => wikitextBody(model, form));
const anHtmlPage = fc.tuple(aDay, fc.constantFrom(...Object.values(HTML_LAYOUTS))).map(([model, render]) => render(model));

/** What breaks wikitext. */
const aSnag = fc.constantFrom(
  '[[', ']]', '[', ']', '{{', '}}', '|', "'''", "''", '<ref>', '</ref>', '<ref name="a"/>', '<ref name=a>', '<!--', '-->',
  '<nowiki>', '</nowiki>', '\n*', '\n**', '\n;', '\n:', '\n', '[http://x.example', '[[File:x|', '[[:Category:', '{{cite news|url=',
  '{{convert|5|km}}', '&amp;', '&#0;', '&#x110000;', '\u0000', '\uD800', '\u200B', '\u00A0', '[[n:', 'http://', '[//', '==', '<br', '(', ')',
  '{{Current events footer}}', '|}', '{|', '|content=', '<table>', '</li>', '<a href="', '[[#', '[[|', '{{|', '[[[', ']]]', '\r',
  '<div class="a">', '<span id="a">', '<li', '{{Current events', '|top=yes}}', '{{lang|fr|', '{{ill|', '{{cite web|title=', '[[Category:', '----', "'''''", '&#', '](', '>',
);

const aCut = fc.double({ min: 0, max: 1, noNaN: true });

/** A page with snags put into it, cut anywhere. */
const aBrokenPage = fc
  .record({
    page: fc.oneof({ weight: 4, arbitrary: fc.tuple(aFrame, aBody).map(([{ frame }, body]) => frame(DAY, body)) }, { weight: 1, arbitrary: anHtmlPage }),
    snags: fc.array(fc.tuple(aCut, aSnag), { maxLength: 8 }),
    cut: fc.option(aCut, { nil: 1 }),
  })
  .map(({ page, snags, cut }) => snags.reduce(insert, page).slice(0, Math.ceil(cut * page.length)));

const insert = (page: string, [where, snag]: [number, string]): string => {
  const at = Math.floor(where * page.length);
  return page.slice(0, at) + snag + page.slice(at);
};

/** Everything that a reading says. */
const said = ({ events, sections, leftovers }: ParsedDay): string => JSON.stringify([events, sections, leftovers]);

/** What must be true of any reading. A fault is looked for before it is expected not to be: pages have millions of parts. */
function expectSound({ events, leftovers }: ParsedDay): void {
  expect(events.find((event, index) => event.position !== index || !isSound(event))).toBeUndefined();
  expect(leftovers.find(({ text, reason }) => text.trim() === '' || reason === '')).toBeUndefined();
}

function isSound({ text, links, topics, sources }: ParsedEvent): boolean {
  const isShown = /[\p{L}\p{N}]/u.test(text) && text === text.trim().replace(/\s+/g, ' ') && text.isWellFormed();
  return (
    isShown &&
    links.every(({ start, end, surface, title }) => text.slice(start, end) === surface && surface !== '' && title.trim() !== '') &&
    topics.every((topic) => topic.text + topic.title !== '') &&
    sources.every(({ url }) => url !== '')
  );
}

/** Reads a page and holds what came of it against what must be true of any. */
export const expectSoundPage = (page: string): void => expectSound(parseDay(DAY, page));

const aWord = fc.nat(99_999).map((number) => ` zq${number}qz `);

/** Laws of `parseDay` for pages broken in any way, by the sentence that says them. */
export const fuzzLaws: Record<string, fc.IRawProperty<unknown>> = {
  'never throws, and what it gives is sound': fc.property(aBrokenPage, expectSoundPage),
  'reads any text': fc.property(fc.string({ unit: 'binary', maxLength: 300 }), expectSoundPage),
  'reads any bytes': fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => expectSoundPage(decodePage(bytes))),
  'loses no word of a page, however it is broken': fc.property(
    aFrame,
    aBody,
    aWord,
    fc.array(fc.tuple(aCut, aSnag), { maxLength: 4 }),
    aCut,
    ({ frame }, body, word, snags, where) => {
      const parsed = parseDay(DAY, frame(DAY, insert(snags.reduce(insert, body), [where, word])));
      expect(said(parsed).toLowerCase()).toContain(word.trim());
    },
  ),
  'gives the same for the same page': fc.property(aBrokenPage, (page) => said(parseDay(DAY, page)) === said(parseDay(DAY, page))),
};
