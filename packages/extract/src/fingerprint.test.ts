import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { distance, fingerprintOf } from './fingerprint.ts';

const WIRE = `The ferry company said on Tuesday that its boats would sail again after three days of storm. Two of the
  harbour's piers are still closed, and passengers for the northern islands have to change at the old quay. Repairs are
  to take until the end of the month, a spokeswoman said. Some four hundred people had spent the nights in a school.
  The islands' council asked for a second boat. Bread and fuel were brought by helicopter on Monday evening.`;
const OTHER = `A court in the capital has cleared five former ministers of taking money for road contracts. The judges
  found that the witnesses contradicted one another and that bank records did not bear out the sums named by the
  prosecution. The opposition called the verdict a disgrace; the government said that it respected it. An appeal is
  possible within thirty days. The trial had lasted for two years and filled forty volumes of transcripts.`;

describe('fingerprintOf', () => {
  it('is 16 hexadecimal digits, and empty without words', () => {
    expect(fingerprintOf(WIRE)).toMatch(/^[\da-f]{16}$/);
    expect(fingerprintOf(' … ')).toBe('');
  });

  it('does not mind case, punctuation and white space', () => {
    expect(fingerprintOf(WIRE.toUpperCase().replaceAll(/[,.]/g, ' '))).toBe(fingerprintOf(WIRE));
  });

  it('is near for a copy with a line more, and far for another text', () => {
    const copy = fingerprintOf(`${WIRE} (Reporting by our staff.)`);

    expect(distance(copy, fingerprintOf(WIRE))).toBeLessThan(12);
    expect(distance(fingerprintOf(WIRE), fingerprintOf(OTHER))).toBeGreaterThan(18);
  });

  it('stays what it was, as fingerprints are kept', () => {
    expect(fingerprintOf(WIRE)).toBe('cdeb15ee6940d678');
    expect(fingerprintOf('Ferry 12, 港口 e-mail \u{20000}x')).toBe('83203c2c89260985');
    expect(fingerprintOf(`${WIRE} ${OTHER} `.repeat(200))).toBe('cdeb14fea9449774'); // more words than count
  });

  it('is the same for the same text, and at no distance from itself', () => {
    fc.assert(
      fc.property(fc.lorem({ maxCount: 30 }), (text) => {
        expect(distance(fingerprintOf(text), fingerprintOf(text))).toBe(0);
      }),
    );
  });
});
