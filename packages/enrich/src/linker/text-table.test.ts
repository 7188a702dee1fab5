import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hashText } from './hash.ts';
import { createPrefixes } from './prefixes.ts';
import { fold } from './stretches.ts';
import { createTextTable } from './text-table.ts';

const texts = fc.array(fc.string({ unit: fc.constantFrom('a', 'b', 'É', ' ', '’'), maxLength: 6 }), { maxLength: 900 });

describe('createTextTable', () => {
  it('keeps what a map keeps, however many texts there are', () => {
    fc.assert(
      fc.property(texts, (keys) => {
        const table = createTextTable<number>();
        const map = new Map<string, number>();
        keys.forEach((key, at) => {
          table.set(key, at);
          map.set(key, at);
        });
        expect(table.size).toBe(map.size);
        for (const key of [...keys, 'never kept']) {
          expect(table.get(key)).toBe(map.get(key));
          const longer = `(${key})`;
          expect(table.within(longer, 1, longer.length - 1, hashText(key))).toBe(map.get(key));
        }
      }),
      { numRuns: 40 },
    );
  });

  it('tells texts apart that have one hash', () => {
    const table = createTextTable<string>();
    table.set('Chile', 'kept');
    expect(table.within('Ghana', 0, 5, hashText('Chile'))).toBeUndefined();
    expect(table.mayHave(hashText('Chile'))).toBe(true);
    expect(table.mayHave(hashText('Ghana'))).toBe(false);
  });
});

describe('createPrefixes', () => {
  it('says of two words how long a name may be that begins with them', () => {
    const prefixes = createPrefixes();
    const word = (text: string) => hashText(text);
    prefixes.add(word('New'), word('York'), 2);
    prefixes.add(word('New'), word('York'), 5);
    prefixes.add(word('Peru'), undefined, 1);
    for (let other = 0; other < 2000; other++) prefixes.add(word(`w${other}`), word('York'), 3);

    expect(prefixes.reach(word('New'), word('York'))).toBe(5);
    expect(prefixes.reach(word('New'), word('Delhi'))).toBe(0);
    expect(prefixes.reach(word('Peru'), word('votes'))).toBe(1);
    expect(prefixes.reach(word('w1999'), word('York'))).toBe(3);
  });
});

describe('fold', () => {
  it('leaves every letter where it was', () => {
    expect(fold('MIG-29 Über')).toBe('mig-29 über');
    expect(fold('İZMİR Rally')).toBe('İzmİr rally');
  });
});
