import type { Memory } from './memory.ts';

/**
 * Titles that go without saying where one is named: what its own words name
 * (`Ministry of Foreign Affairs (Andorra)`: Andorra), and what editors nearly
 * always link beside it (a town: its country).
 */
export interface Companions {
  /** Counts titles that were linked in one sentence. */
  learn(titles: readonly string[]): void;
  of(memory: Memory, title: string): readonly string[];
  /** Takes out the titles that are not to be kept. */
  keep(isKept: (title: string) => boolean): void;
  /** The highest share of the sentences of one of `titles` that have `title` as well: 0..1. */
  share(titles: Iterable<string>, title: string): number;
}

/** Sentences with more links than this are lists; what stands in them need not belong together. */
const MAX_TITLES = 12;
/** A title needs this many sentences before its company tells anything, and a companion this share of them. */
const LEAST_SENTENCES = 3;
const LEAST_SHARE = 0.35;
/** Beyond this many different companions a title has no company of its own, and new ones are not kept. */
const MAX_COMPANIONS = 64;
/** A title within a title must itself be linked this often to be more than a word. */
const LEAST_LINKS = 10;
const MAX_PART_WORDS = 5;

export function createCompanions(): Companions {
  const sentences = new Map<string, number>();
  const beside = new Map<string, Map<string, number>>();

  function usual(title: string): string[] {
    const all = sentences.get(title) ?? 0;
    if (all < LEAST_SENTENCES) return [];
    const found: string[] = [];
    beside.get(title)?.forEach((times, other) => {
      if (times >= 2 && times / all >= LEAST_SHARE) found.push(other);
    });
    return found;
  }

  return {
    learn(titles) {
      const unique = [...new Set(titles)].slice(0, MAX_TITLES);
      for (const title of unique) {
        sentences.set(title, (sentences.get(title) ?? 0) + 1);
        const company = beside.get(title) ?? new Map<string, number>();
        beside.set(title, company);
        for (const other of unique) {
          if (other === title || (company.size >= MAX_COMPANIONS && !company.has(other))) continue;
          company.set(other, (company.get(other) ?? 0) + 1);
        }
      }
    },
    keep(isKept) {
      for (const title of sentences.keys()) {
        if (isKept(title)) continue;
        sentences.delete(title);
        beside.delete(title);
      }
    },
    share(titles, title) {
      let most = 0;
      for (const other of titles) {
        if (other === title) continue;
        const times = beside.get(other)?.get(title);
        if (times !== undefined) most = Math.max(most, times / ((sentences.get(other) ?? 0) + 1));
      }
      return most;
    },
    of: (memory, title) => [...new Set([...within(memory, title), ...usual(title)])],
  };
}

/** Titles that are names of their own within the words of a title. */
function within({ titles }: Memory, title: string): string[] {
  const words = title.replace(/[(),]/g, ' ').split(/\s+/, 14).filter(Boolean);
  const found: string[] = [];
  for (let from = 0; from < words.length; from++) {
    if (!/^\p{Lu}/u.test(words[from] ?? '')) continue;
    let part = '';
    for (let to = from; to < Math.min(words.length, from + MAX_PART_WORDS); to++) {
      part += to === from ? words[to] : ` ${words[to]}`;
      if (part === title || part.length < 4) continue;
      if ((titles.get(part)?.linked ?? 0) >= LEAST_LINKS) found.push(part);
    }
  }
  return found;
}
