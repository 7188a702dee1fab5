import { RENAMED } from './renamed.ts';

/** How editors use one title. */
export interface TitleUse {
  title: string;
  /** Events that name it. */
  events: number;
  /** How it is written, with how often. */
  surfaces: ReadonlyMap<string, number>;
  /** False for a provisional entity, which no editor has linked. */
  linked?: boolean;
}

/** Why two titles are taken for one concept. */
export type SameReason = 'spelling' | 'words' | 'name' | 'initials' | 'surface' | 'renamed';

/** Two titles that may be one concept: so they are if their companions are alike enough. */
export interface SamePair {
  title: string;
  /** The title that stays: the one that more events have. */
  into: string;
  reason: SameReason;
  /** How alike the entities named beside each must be at least: cosine, 0..1. */
  likeness: number;
}

/** Editors pipe a redirect's name to its page so many times as often as they link the redirect. */
const PIPED = 1.5;
/** The share of what a name leads to, besides the page of that name itself. */
const ELSEWHERE = 0.75;
const LEAST_PIPED = 3;
/** A title is linked as it stands in this share of its links when it is a redirect that somebody typed. */
const AS_IT_STANDS = 0.7;
const SURE_SURFACE = 0.5;
/** Editors write two titles the same from here on, and somewhat alike. */
const ALIKE = 0.9;
const SOMEWHAT_ALIKE = 0.25;
/** With fewer events than this, surfaces alone prove nothing. */
const ENOUGH_EVENTS = 5;

/**
 * Which titles may be other names of one concept, from how editors link them,
 * without asking the wiki. Set by hand on the archive's most used titles, and
 * meant to miss rather than to join what is different; docs/quality.md has how
 * it was checked.
 *
 * - `spelling`: the same words, but for case, accents, punctuation and articles.
 * - `words`: forms of the same words in another order, written alike: `Senate of the United States`.
 * - `name`: a redirect is linked under its own name, and the same name is far
 *   more often piped to one page: `[[ISIL]]`, `[[Islamic State …|ISIL]]`.
 * - `initials`: an abbreviation and what it abbreviates, linked to each other by surfaces.
 * - `surface`: two titles for which editors write the same, as a page has after it was moved.
 * - `renamed`: pages known to have been moved.
 */
export function samePairs(uses: readonly TitleUse[]): SamePair[] {
  const known = new Map(uses.map((use) => [use.title, folded(use)]));
  const leadsTo = leadsOf(known.values());
  const found = new Map<string, SamePair>();
  const add = (a: Use, b: Use) => {
    const pair = [judge(a, b, leadsTo), judge(b, a, leadsTo)]
      .filter((one) => one !== undefined)
      .sort((x, y) => x.likeness - y.likeness)[0];
    if (pair) found.set(`${pair.title}\t${pair.into}`, pair);
  };
  for (const titles of leadsTo.values()) forEachPair(titles.keys(), known, add);
  for (const titles of bySpelling(known.values()).values()) forEachPair(titles, known, add);
  for (const [old, now] of Object.entries(RENAMED)) {
    const [a, b] = [known.get(old), known.get(now)];
    if (a && b) found.set(`${old}\t${now}`, { title: old, into: now, reason: 'renamed', likeness: 0 });
  }
  return [...found.values()].sort((a, b) =>
    a.title < b.title ? -1 : a.title > b.title ? 1 : a.into < b.into ? -1 : 1,
  );
}

interface Use extends TitleUse {
  linked: boolean;
  links: number;
  words: readonly string[];
  /** The beginnings of its words, in one order. */
  stems: string;
}

/** Names that lead to more titles than this are no names, but words. */
const MOST_TITLES = 60;

function forEachPair(titles: Iterable<string>, known: ReadonlyMap<string, Use>, add: (a: Use, b: Use) => void): void {
  const all = [...titles].map((title) => known.get(title)).filter((use) => use !== undefined);
  if (all.length > MOST_TITLES) return;
  all.forEach((a, at) => {
    for (const b of all.slice(at + 1)) if (a.title !== b.title) add(a, b);
  });
}

const capital = (name: string): string => name.replace(/^./su, (letter) => letter.toUpperCase());

/** Counts surfaces that differ in their first letter's case as one, as the wiki does with titles. */
function folded({ title, events, surfaces, linked = true }: TitleUse): Use {
  const own = new Map<string, number>();
  let links = 0;
  for (const [surface, count] of surfaces) {
    own.set(capital(surface), (own.get(capital(surface)) ?? 0) + count);
    links += count;
  }
  return { title, linked, events, surfaces: own, links, words: wordsOf(title), stems: stemsOf(wordsOf(title)) };
}

/** Name → the titles that it leads to, with how often. */
function leadsOf(uses: Iterable<Use>): Map<string, Map<string, number>> {
  const leads = new Map<string, Map<string, number>>();
  for (const { title, surfaces } of uses) {
    for (const [surface, count] of surfaces) {
      const titles = leads.get(surface) ?? new Map<string, number>();
      titles.set(title, count);
      leads.set(surface, titles);
    }
  }
  return leads;
}

function bySpelling(uses: Iterable<Use>): Map<string, string[]> {
  const spelled = new Map<string, string[]>();
  for (const { title, words } of uses) {
    if (words.length === 0) continue;
    const key = words.join(' ');
    spelled.set(key, [...(spelled.get(key) ?? []), title]);
  }
  return spelled;
}

const ARTICLES = new Set(['of', 'in', 'the', 'and', 'at', 'for', 'on', 'to', 'a', 'an', 'de', 'la']);

const wordsOf = (title: string): string[] =>
  (
    title
      .normalize('NFKD')
      .replace(/\p{M}+/gu, '')
      .toLowerCase()
      .match(/[\p{L}\p{N}]+[+#]*/gu) ?? []
  ).filter((word) => !ARTICLES.has(word));

const STEM = 4;
/** Words that a title has or has not. */
const IDLE = new Set(['list', 'people', 's']);

const stemsOf = (words: readonly string[]): string =>
  [...new Set(words.filter((word) => !IDLE.has(word)).map((word) => word.slice(0, STEM)))].sort().join(' ');

/** Endings that make another thing of a word: a senator is no senate, Kurdistan no Kurd. */
const OTHER_THING = /(?:stan|ors?|ers?)$/;

/** Whether titles of the same stems have forms of the same words: a people is not its country. */
function isSameForm(a: Use, b: Use): boolean {
  const [mine, theirs] = [a, b].map(({ words }) => words.filter((word) => !IDLE.has(word))) as [string[], string[]];
  if (mine.some((word) => OTHER_THING.test(word)) !== theirs.some((word) => OTHER_THING.test(word))) return false;
  if (a.words.includes('people') === b.words.includes('people')) return true;
  const [whose] = a.words.includes('people') ? [theirs] : [mine];
  return mine.join() === theirs.join() || whose.every((word) => word.endsWith('s'));
}

/** Whether `a` is another name of `b`, as far as surfaces tell. */
function judge(a: Use, b: Use, leadsTo: ReadonlyMap<string, ReadonlyMap<string, number>>): SamePair | undefined {
  if (isOtherNumber(a.title, b.title)) return undefined;
  const pair = (reason: SameReason, likeness: number): SamePair => {
    const [less, more] = a.events < b.events || (a.events === b.events && a.title > b.title) ? [a, b] : [b, a];
    return { title: less.title, into: more.title, reason, likeness };
  };
  if (a.words.length > 0 && a.words.join(' ') === b.words.join(' ')) return pair('spelling', 0);
  if (a.stems === b.stems && a.stems !== '' && isSameForm(a, b) && alikeness(a.surfaces, b.surfaces) >= SOMEWHAT_ALIKE)
    return pair('words', 0.2);
  if (!a.linked && b.linked && isLinkedAs(a, b, leadsTo))
    return { title: a.title, into: b.title, reason: 'name', likeness: 0 };
  if (isAbbreviation(a, b, leadsTo)) return pair('initials', 0.1);
  if (isKindOf(a.words, b.words) || isBranch(a.title) !== isBranch(b.title)) return undefined;
  if (isRedirectByName(a, b, leadsTo)) return pair('name', 0.05);
  return isWrittenAs(a, b) ? pair('surface', 0.2) : undefined;
}

/** Numbers tell apart what has otherwise one name: two years' elections, two resolutions. */
function isOtherNumber(a: string, b: string): boolean {
  const [mine, theirs] = [a, b].map((title) => title.match(/\d+/g) ?? []);
  const isShort = (numbers: readonly string[] = []) => numbers.every((digits) => digits.length < 3);
  if (mine?.join() === theirs?.join()) return false;
  return !(
    (isShort(mine) || isShort(theirs)) &&
    mine?.length === theirs?.length &&
    mine?.[0]?.length !== theirs?.[0]?.length
  );
}

/** Words that make a title another thing of the same name: a city is not its prefecture. */
const KINDS =
  /^(?:prefecture|province|county|district|city|state|governorate|region|islands?|river|airport|university|club|team|war|attacks?|crisis|election|language|party|national)$/;

function isKindOf(a: readonly string[], b: readonly string[]): boolean {
  const [mine, theirs] = [a.filter((word) => !b.includes(word)), b.filter((word) => !a.includes(word))];
  const isOneMore = (less: readonly string[], more: readonly string[]) =>
    less.length === 0 && more.some((word) => KINDS.test(word));
  return isOneMore(mine, theirs) || isOneMore(theirs, mine);
}

/** `Kurds in Syria`: a part of something, in a place. */
const isBranch = (title: string): boolean => / in (?:the )?\p{Lu}/u.test(title);

function isRedirectByName(a: Use, b: Use, leadsTo: ReadonlyMap<string, ReadonlyMap<string, number>>): boolean {
  const own = a.surfaces.get(a.title) ?? 0;
  const { here, elsewhere } = leadOf(a.title, a, b, leadsTo);
  return (
    a.events < b.events &&
    own >= AS_IT_STANDS * a.links &&
    here >= LEAST_PIPED &&
    here >= PIPED * own &&
    here >= ELSEWHERE * elsewhere
  );
}

/** Whether a name that was provisional has been linked since, mostly to `b`. */
function isLinkedAs(a: Use, b: Use, leadsTo: ReadonlyMap<string, ReadonlyMap<string, number>>): boolean {
  const { here, elsewhere } = leadOf(a.title, a, b, leadsTo);
  return here > 0 && here >= ELSEWHERE * elsewhere;
}

/** How often a name leads to `b`, and how often to any title but `a`. */
function leadOf(name: string, a: Use, b: Use, leadsTo: ReadonlyMap<string, ReadonlyMap<string, number>>) {
  const titles = leadsTo.get(name);
  const all = [...(titles?.values() ?? [])].reduce((sum, count) => sum + count, 0);
  return { here: titles?.get(b.title) ?? 0, elsewhere: all - (titles?.get(a.title) ?? 0) };
}

const capitals = (title: string): string => (title.match(/\p{Lu}/gu) ?? []).join('');

function isAbbreviation(a: Use, b: Use, leadsTo: ReadonlyMap<string, ReadonlyMap<string, number>>): boolean {
  const short = a.title.replaceAll('.', '');
  if (!/^\p{Lu}{3,}$/u.test(short) || capitals(b.title) !== short) return false;
  const { here, elsewhere } = leadOf(a.title, a, b, leadsTo);
  if (here > 0 && here >= 0.6 * elsewhere) return true;
  // Or the long title holds the page, and the abbreviation is a concept that others are part of.
  return here >= 0.3 * b.links && here > 0;
}

/** For one of the titles editors mostly write the other, or nearly the same for both. */
function isWrittenAs(a: Use, b: Use): boolean {
  if (Math.min(a.events, b.events) < ENOUGH_EVENTS) return false;
  const isOther = a.events >= 2 * ENOUGH_EVENTS && (a.surfaces.get(b.title) ?? 0) >= SURE_SURFACE * a.links;
  return isOther || alikeness(a.surfaces, b.surfaces) >= ALIKE;
}

/** The cosine of two counts: 0..1. */
export function alikeness(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): number {
  let [both, mine, theirs] = [0, 0, 0];
  for (const [key, count] of a) {
    mine += count * count;
    both += count * (b.get(key) ?? 0);
  }
  for (const count of b.values()) theirs += count * count;
  return both === 0 ? 0 : both / Math.sqrt(mine * theirs);
}

/** The entities named beside one, each with in how many events. */
export type Companions = ReadonlyMap<string, number>;

/** Named together more often than this share of the rarer one's events, two titles are not one concept. */
const TOGETHER = 0.15;

/**
 * The pairs that hold against what is named beside each title: `companions`
 * and `rarity`, the natural logarithm of how many events there are for each
 * that names an entity. Each goes into one title only, and that one into none.
 */
export function sameEntities(
  pairs: readonly SamePair[],
  events: (title: string) => number,
  companions: (title: string) => Companions,
  rarity: (title: string) => number,
): SamePair[] {
  const weighted = new Map<string, Map<string, number>>();
  const contextOf = (title: string) => {
    const known = weighted.get(title);
    if (known) return known;
    const context = new Map([...companions(title)].map(([other, count]) => [other, Math.log1p(count) * rarity(other)]));
    weighted.set(title, context);
    return context;
  };
  const holds = ({ title, into, likeness }: SamePair) =>
    (companions(title).get(into) ?? 0) <= Math.max(1, TOGETHER * events(title)) &&
    (likeness === 0 || alikeness(contextOf(title), contextOf(into)) >= likeness);
  return rooted(pairs.filter(holds), events);
}

/** Follows each pair to the title that goes into no other; the most used one wins where there are several. */
function rooted(pairs: readonly SamePair[], events: (title: string) => number): SamePair[] {
  const next = new Map<string, SamePair>();
  const byUse = [...pairs].sort((a, b) => events(b.into) - events(a.into) || (a.into < b.into ? -1 : 1));
  for (const pair of byUse) if (!next.has(pair.title)) next.set(pair.title, pair);
  const rootOf = (title: string): string => {
    let root = title;
    for (let hops = 0; next.has(root) && hops <= next.size; hops++) root = next.get(root)?.into ?? root;
    return root;
  };
  return [...next.values()]
    .map((pair) => ({ ...pair, into: rootOf(pair.into) }))
    .filter(({ title, into }) => title !== into)
    .sort((a, b) => (a.title < b.title ? -1 : 1));
}
