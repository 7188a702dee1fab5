import type { Traits } from './traits.ts';

/** A key that stands in more events than this tells little of which is which. */
const MAX_POSTING = 24;
/** The shared keys that are followed for one item, the rarest first. */
const MAX_VOTES = 256;
/** No item is weighed against more events than this, the likeliest. */
const MAX_CANDIDATES = 16;

/** How alike a known event and an item are; every share is 0..1. */
export interface Pair {
  /** Indexes into the two lists. */
  known: number;
  item: number;
  /** What the URLs that they share are worth: 1 for one that no other event or item cites, 1/n where n do; at most 1. */
  url: number;
  words: number;
  links: number;
  place: number;
  /** Words, links and place together, words counting most: 0..1.35. */
  likeness: number;
  strength: number;
}

/** A list that is compared, with how much its words and links weigh in all. */
interface Weighed {
  traits: readonly Traits[];
  words: readonly number[];
  links: readonly number[];
  cited: Counts;
}

type Counts = ReadonlyMap<string, number>;

/**
 * The pairs of `known` and `items` worth weighing, in no order: those that share
 * a URL, or links and words that are not everywhere. Time and space are linear
 * in the size of the lists, whatever they hold.
 */
export function pairsOf(known: readonly Traits[], items: readonly Traits[]): Pair[] {
  if (known.length === 0 || items.length === 0) return [];
  const all = [...known, ...items];
  const rarity = { words: rarityOf(all.map(({ words }) => words)), links: rarityOf(all.map(({ links }) => links)) };
  const [left, right] = [weigh(known, rarity), weigh(items, rarity)];
  const postings = postingsOf(known);
  return items.flatMap((item, j) => candidates(item, postings).map((i) => pairOf(left, i, right, j, rarity)));
}

/** Orders pairs by strength; equal ones by their place in the two lists. */
export const strongestFirst = (a: Pair, b: Pair): number =>
  b.strength - a.strength || a.known - b.known || a.item - b.item;

function pairOf(left: Weighed, i: number, right: Weighed, j: number, rarity: Record<'words' | 'links', Counts>): Pair {
  const [event, item] = [left.traits[i] as Traits, right.traits[j] as Traits];
  /** Dice's coefficient, weighted: 0 with nothing in common (or nothing at all), 1 when equal. */
  const alike = (name: 'words' | 'links') => {
    const total = (left[name][i] ?? 0) + (right[name][j] ?? 0);
    return total === 0 ? 0 : (2 * sumOf(shared(event[name], item[name]), rarity[name])) / total;
  };
  const uses = (url: string) => Math.max(left.cited.get(url) ?? 1, right.cited.get(url) ?? 1);
  const url = Math.min(
    1,
    shared(event.urls, item.urls).reduce((sum, key) => sum + 1 / uses(key), 0),
  );
  const [words, links, place] = [alike('words'), alike('links'), placeLikeness(event, item)];
  const likeness = words + 0.25 * links + 0.1 * place;
  return { known: i, item: j, url, words, links, place, likeness, strength: 1.5 * url + likeness };
}

function placeLikeness(a: Traits, b: Traits): number {
  const under = a.topics === b.topics ? 0.6 : a.section === b.section ? 0.3 : 0;
  return under + 0.4 * Math.max(0, 1 - Math.abs(a.position - b.position) / 10);
}

function weigh(traits: readonly Traits[], rarity: Record<'words' | 'links', Counts>): Weighed {
  return {
    traits,
    words: traits.map(({ words }) => sumOf(words, rarity.words)),
    links: traits.map(({ links }) => sumOf(links, rarity.links)),
    cited: countsOf(traits.map(({ urls }) => urls)),
  };
}

function countsOf(sets: readonly ReadonlySet<string>[]): Counts {
  const counts = new Map<string, number>();
  for (const set of sets) for (const key of set) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}

/** Key → its weight: the logarithm of how rare it is among the `sets`. */
const rarityOf = (sets: readonly ReadonlySet<string>[]): Counts =>
  new Map([...countsOf(sets)].map(([key, count]) => [key, Math.log(1 + sets.length / count)]));

function sumOf(keys: Iterable<string>, weights: Counts): number {
  let sum = 0;
  for (const key of keys) sum += weights.get(key) ?? 0;
  return sum;
}

function shared(a: ReadonlySet<string>, b: ReadonlySet<string>): string[] {
  const [few, many] = a.size <= b.size ? [a, b] : [b, a];
  return [...few].filter((key) => many.has(key));
}

const keysOf = ({ urls, links, words }: Traits): string[] => [
  ...[...urls].map((key) => `u ${key}`),
  ...[...links].map((key) => `l ${key}`),
  ...[...words].map((key) => `w ${key}`),
];

/** Key → the events it stands in; a list that is one too long is not complete. */
function postingsOf(known: readonly Traits[]): Map<string, number[]> {
  const postings = new Map<string, number[]>();
  known.forEach((event, i) => {
    for (const key of keysOf(event)) {
      const posting = postings.get(key);
      if (!posting) postings.set(key, [i]);
      else if (posting.length <= MAX_POSTING) posting.push(i);
    }
  });
  return postings;
}

/** Indexes of the events that share most with the item, rare keys and URLs counting for more. */
function candidates(item: Traits, postings: ReadonlyMap<string, number[]>): number[] {
  const votes = new Map<number, number>();
  let left = MAX_VOTES;
  for (const { posting, vote } of leads(item, postings)) {
    for (const i of posting) votes.set(i, (votes.get(i) ?? 0) + vote);
    left -= posting.length;
    if (left <= 0) break;
  }
  const ranked = [...votes].sort(([i, x], [j, y]) => y - x || i - j);
  return ranked.slice(0, MAX_CANDIDATES).map(([i]) => i);
}

function leads(item: Traits, postings: ReadonlyMap<string, number[]>): { posting: number[]; vote: number }[] {
  const found = keysOf(item).flatMap((key) => {
    const posting = postings.get(key);
    if (!posting || posting.length > MAX_POSTING) return [];
    return [{ posting, vote: (key.startsWith('u') ? 8 : 1) / posting.length }];
  });
  return found.sort((a, b) => b.vote - a.vote);
}
