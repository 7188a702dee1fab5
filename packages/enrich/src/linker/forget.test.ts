import { describe, expect, it } from 'vitest';
import { forget } from './forget.ts';
import { learnSentence } from './learn.ts';
import { createMemory } from './memory.ts';
import { readSentence } from './reading.ts';

const FIRST_DAY = 18_000;

/** A memory of so many days; each links a name of its own, and Norland. */
function taught(days: number) {
  const memory = createMemory();
  for (let n = 0; n < days; n++) {
    const name = `Ada Quist ${n}`;
    const text = `${name} visits Norland.`;
    const links = [
      { start: 0, end: name.length, surface: name, title: name },
      { start: text.length - 8, end: text.length - 1, surface: 'Norland', title: 'Norland' },
    ];
    learnSentence(memory, { text, day: FIRST_DAY + n, section: '' }, links, []);
  }
  return memory;
}

const found = (memory: ReturnType<typeof taught>, text: string) =>
  readSentence(memory, { text, day: FIRST_DAY + 500, section: '' }).known.map(({ surface }) => surface.key);

describe('a memory with too many names', () => {
  it('forgets the older half of those that were linked once, and keeps the rest', () => {
    const memory = taught(100);
    forget(memory, 60);
    expect(memory.titles.size).toBe(51);
    expect(memory.titles.get('Ada Quist 49')).toBeUndefined();
    expect(memory.titles.get('Ada Quist 50')?.linked).toBe(1);
    expect(memory.titles.get('Norland')?.linked).toBe(100);
    expect(found(memory, 'Ada Quist 49 leaves.')).toEqual([]);
    expect(found(memory, 'Ada Quist 99 meets Norland.')).toEqual(['Ada Quist 99', 'Norland']);
    expect(memory.titles.alike('ada quist 3')).toEqual([]);
    expect(memory.companions.share(['Ada Quist 3'], 'Norland')).toBe(0);
    expect(memory.companions.share(['Ada Quist 98'], 'Norland')).toBeGreaterThan(0);
  });

  it('learns on, and is not asked every day', () => {
    const memory = taught(100);
    forget(memory, 60);
    const { size } = memory.titles;
    learnSentence(
      memory,
      { text: 'Ada Quist 3 rests.', day: FIRST_DAY + 101, section: '' },
      [{ start: 0, end: 11, surface: 'Ada Quist 3', title: 'Ada Quist 3' }],
      [],
    );
    forget(memory, size);
    expect(memory.titles.size).toBe(size + 1);
    expect(found(memory, 'Ada Quist 3 leaves.')).toEqual(['Ada Quist 3']);
  });

  it('is left alone below that', () => {
    const memory = taught(20);
    forget(memory);
    expect(memory.titles.size).toBe(21);
  });
});
