import type { ParsedDay } from '@throughline/core';
import { parseDay } from '@throughline/portal';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  aDay,
  type DayModel,
  type ExpectedEvent,
  expectedEvents,
  FRAMES,
  type HeadingForm,
  headingForms,
  HTML_LAYOUTS,
  wikitextBody,
} from './portal-days.ts';

const DAYS = 200;

const shown = ({ events }: ParsedDay): ExpectedEvent[] =>
  events.map(({ text, section, topics, links, sources }) => ({
    text,
    section,
    topics,
    links: links.map(({ start, end, surface, title }) => ({ start, end, surface, title })),
    sources: sources.map(({ url, label }) => ({ url, label })),
  }));

interface Form {
  name: string;
  wrapper: string;
  headings: HeadingForm;
  write: (model: DayModel) => string;
}

const wikitextForms: Form[] = Object.entries(FRAMES).flatMap(([name, { frame, wrapper }]) =>
  headingForms.map((headings) => ({
    name: `${name}, headings: ${headings}`,
    wrapper,
    headings,
    write: (model) => frame(model.day, wikitextBody(model, headings)),
  })),
);

const htmlForms: Form[] = Object.entries(HTML_LAYOUTS).map(([name, write]) => ({
  name,
  wrapper: 'html',
  headings: 'semicolon',
  write,
}));

describe('parseDay', () => {
  it(`reads ${DAYS} days alike in every frame, with every form of heading, as wikitext and as HTML`, () => {
    fc.assert(
      fc.property(aDay, (model) => {
        for (const { name, wrapper, headings, write } of [...wikitextForms, ...htmlForms]) {
          const parsed = parseDay(model.day, write(model));
          const expected = expectedEvents(model, headings !== 'none');
          if (JSON.stringify(shown(parsed)) !== JSON.stringify(expected)) expect(shown(parsed), name).toEqual(expected);
          if (parsed.wrapper !== wrapper) expect(parsed.wrapper, name).toBe(wrapper);
        }
      }),
      { numRuns: DAYS },
    );
  });

  it('leaves nothing over of a page that it knows every part of', () => {
    fc.assert(
      fc.property(aDay, fc.constantFrom(...wikitextForms), (model, { name, write }) => {
        if (name.startsWith('W5')) return;
        expect(parseDay(model.day, write(model)).leftovers).toEqual([]);
      }),
    );
  });
});
