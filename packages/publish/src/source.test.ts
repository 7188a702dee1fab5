import { CAPTURE_STATES } from '@throughline/core';
import { describe, expect, it } from 'vitest';
import { anEventPage, aSource } from '../../../test/support/pages.ts';
import { captureStatement, descriptionOf, outletName, sourceName } from './source.ts';

describe('a source', () => {
  it('is called by its label, else by what else is known, and always something', () => {
    expect(sourceName(aSource({ label: 'AFP via The Guardian', outlet: 'The Guardian' }))).toBe('AFP via The Guardian');
    expect(outletName(aSource({ label: 'AFP via The Guardian', outlet: 'The Guardian' }))).toBe('The Guardian');
    expect(sourceName(aSource({ label: ' ', article: { siteName: 'Le Monde' } }))).toBe('Le Monde');
    expect(sourceName(aSource({ label: '', url: 'https://www.lemonde.fr/x' }))).toBe('lemonde.fr');
    expect(sourceName(aSource({ label: '', url: '' }))).toBe('Source');
  });

  it('says how its capture ended, whichever way it did', () => {
    const statements = CAPTURE_STATES.map((state) => captureStatement(aSource({ state, reason: 'because' })));
    expect(new Set(statements).size).toBe(CAPTURE_STATES.length);
    expect(captureStatement(aSource({ state: 'gone', reason: '410' }))).toBe('No longer there (410)');
  });

  it('gives the event its description, the first in the editors’ order', () => {
    const [none, blank, first, second] = [undefined, ' \n', 'One\n line', 'Two'].map((description) =>
      aSource({ article: { ...(description !== undefined && { description }) } }),
    );
    const sources = [none, blank, first, second].filter((source) => source !== undefined);
    expect(descriptionOf(anEventPage({ sources }))).toEqual({ text: 'One line', source: first });
    expect(descriptionOf(anEventPage())).toBeUndefined();
  });
});
