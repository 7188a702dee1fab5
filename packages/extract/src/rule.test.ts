import { describe, expect, it } from 'vitest';
import { readPage } from './page.ts';
import { type FieldReader, readField, type Rule } from './rule.ts';

const page = readPage('<p>x', 'https://www.harbourpost.example/a');
const says = (name: string, read: Rule['read'], fallback = false): Rule => ({ name, confidence: 0.5, read, fallback });
const section = (...rules: Rule[]): FieldReader<'section'> => ({
  name: 'section',
  rules,
  clean: ([raw]) => raw || undefined,
  same: (one, other) => one.toLowerCase() === other.toLowerCase(),
});

describe('readField', () => {
  it('takes the first rule that finds something, and names it', () => {
    const { winner } = readField(
      section(
        says('a', () => []),
        says('b', () => ''),
        says('c', () => ['World', 'Sport']),
      ),
      page,
    );

    expect(winner).toEqual({ value: 'World', rule: 'c', confidence: 0.5 });
  });

  it('keeps as rivals what disagrees, each once', () => {
    const reader = section(
      says('a', () => 'World'),
      says('b', () => 'world'),
      says('c', () => 'Sport'),
      says('d', () => 'SPORT'),
    );

    expect(readField(reader, page).rivals.map(({ rule }) => rule)).toEqual(['c']);
  });

  it('lets a rule that throws cost that rule alone', () => {
    const broken = says('broken', () => {
      throw new Error('no such thing');
    });
    const { winner, faults } = readField(
      section(
        broken,
        says('b', () => 'World'),
      ),
      page,
    );

    expect(winner?.value).toBe('World');
    expect(faults).toEqual(['section:broken: no such thing']);
  });

  it('asks a fallback only where no rule before it found anything', () => {
    const asked: string[] = [];
    const last = says('last', () => (asked.push('last'), 'Sport'), true);

    expect(
      readField(
        section(
          says('a', () => 'World'),
          last,
        ),
        page,
      ).winner?.value,
    ).toBe('World');
    expect(asked).toEqual([]);
    expect(readField(section(last), page).winner?.value).toBe('Sport');
  });

  it('believes the rules of the page’s own site before any ranking', () => {
    const reader = { ...section(says('a', () => 'World')), rank: <T>(candidates: T[]) => candidates.toReversed() };

    expect(readField(reader, page, [says('own', () => 'Europe')]).winner?.rule).toBe('own');
  });
});
