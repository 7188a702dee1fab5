import { describe, expect, it } from 'vitest';
import { aRelated } from '../../../test/support/pages.ts';
import { byTime, contextOf, evidenceName, reasons } from './related.ts';

const evidence = [
  { signal: 'shared-entity', about: 'Syria', weight: 0.5 },
  { signal: 'similar-text', weight: 0.4 },
  { signal: 'same-section', about: 'armed-conflicts', weight: 0.25 },
  { signal: 'far-apart', weight: -0.2 },
];

describe('the reasons of a relation', () => {
  it('are what is shared and what else speaks for it', () => {
    const related = aRelated('2015-12-08', 'A raid.', { context: ['Syria', 'Raqqa'], evidence });
    expect(reasons(related)).toEqual(['shares Syria, Raqqa', 'similar wording']);
  });

  it('name four labels at most, and count the rest', () => {
    const context = ['A', 'B', 'C', 'D', 'E', 'F'];
    expect(reasons(aRelated('2017-01-30', 'A raid.', { context }))).toEqual(['shares A, B, C, D and 2 others']);
  });

  it('are said in words for a signal nobody has worded yet, and never for what speaks against', () => {
    const related = aRelated('2017-02-01', 'A raid.', {
      context: [],
      evidence: [{ signal: 'same-place', weight: 1 }, ...evidence.slice(3)],
    });
    expect(reasons(related)).toEqual(['same place']);
  });

  it('make a context line that is never empty', () => {
    expect(contextOf(aRelated('2017-02-01', 'A raid.', { context: ['Syria'], evidence }))).toEqual(['Syria']);
    expect(contextOf(aRelated('2017-02-01', 'A raid.', { context: [' '], evidence }))).toEqual(['similar wording']);
    expect(contextOf(aRelated('2017-02-01', 'A raid.', { context: [], evidence: [] }))).toEqual(['similar event']);
  });

  it('are listed with their object, a category by its label', () => {
    expect(evidence.map(evidenceName)).toEqual([
      'shared entity: Syria',
      'similar text',
      'same section: Armed conflicts and attacks',
      'far apart',
    ]);
  });
});

describe('related events', () => {
  it('stand in the parts that have any, in the order they were ranked', () => {
    const later = aRelated('2017-02-01', 'Later.', { when: 'later' });
    const [first, second] = [aRelated('2015-01-01', 'First.'), aRelated('2016-01-01', 'Second.')];
    const parts = byTime([second, later, first]);
    expect(parts.map(({ title, events }) => [title, events])).toEqual([
      ['Background', [second, first]],
      ['Follow-ups', [later]],
    ]);
  });
});
