import type { RecentEvents } from './recent-events.ts';
import { KINDS, type Kind, type Traits } from './story-event.ts';

/** An earlier event that an event may go on from, and what both have in common: one number a column. */
export interface Neighbour {
  slot: number;
  row: Float32Array;
}

export const LIKENESS_COLUMNS = [
  'apart',
  'same-day',
  'gap',
  'same-section',
  'named-sum',
  'named-rarest',
  'named-count',
  'named-cosine',
  'terms-sum',
  'terms-rarest',
  'terms-count',
  'terms-cosine',
  'url-words-cosine',
  'url-words-rarest',
  'first-named',
  'same-host',
  'same-source',
  'rank',
  'first-rarity',
  'entities-cosine',
  'entities-rarest',
  'entities-count',
  'everyday-count',
  'everyday-share',
  'everyday-rarest',
  'everyday-own',
  'everyday-other',
  'uncommon-own',
] as const;

/** How many earlier events are compared in full. */
const KEPT = 150;
/** Words and implied entities that more of the window has find no neighbours: they would find everybody. */
const MOST_SHARE = 0.08;
/** Where the order of the page tells, neighbours are compared whatever they share. */
const PAGE_NEIGHBOURS = 6;
const FADING_DAYS = 20;

interface Shared {
  sum: number;
  squares: number;
  rarest: number;
  count: number;
}
type Drawn = Record<Kind, Shared> & { slot: number; firstNamed: number; draw: number };

/** The earlier events most like it, best first by a rough measure, each compared in full. */
export function neighboursOf(recent: RecentEvents, event: Traits): Neighbour[] {
  const own = ownOf(recent, event);
  return drawn(recent, event)
    .slice(0, KEPT)
    .map((one, rank) => ({ slot: one.slot, row: rowOf(recent, event, own, one, rank) }));
}

function drawn(recent: RecentEvents, event: Traits): Drawn[] {
  const found = new Map<number, Drawn>();
  const at = (slot: number): Drawn => {
    const known = found.get(slot);
    if (known) return known;
    const fresh = { slot, firstNamed: 0, draw: 0, named: none(), terms: none(), urlWords: none(), entities: none() };
    found.set(slot, fresh);
    return fresh;
  };
  for (const kind of KINDS) {
    event[kind].forEach((value, place) => {
      const slots = recent.slots(kind, value);
      if (kind !== 'named' && slots.length >= recent.size * MOST_SHARE) return;
      const rarity = recent.rarity(kind, value);
      for (const slot of slots) {
        const one = at(slot);
        count(one[kind], rarity);
        if (kind === 'named' && place === 0) one.firstNamed = rarity;
      }
    });
  }
  for (const slot of event.place === undefined ? [] : pageNeighbours(recent, event.day)) at(slot);
  const all = [...found.values()];
  for (const one of all) {
    const worth = one.named.squares + 0.5 * one.terms.squares + 0.5 * one.entities.squares;
    one.draw = worth / Math.sqrt(1 + (event.day - recent.at(one.slot).day) / FADING_DAYS);
  }
  return all.sort((a, b) => b.draw - a.draw || b.slot - a.slot);
}

function pageNeighbours(recent: RecentEvents, day: number): number[] {
  const from = Math.max(recent.first, recent.end - PAGE_NEIGHBOURS);
  const last = Array.from({ length: recent.end - from }, (_, at) => from + at);
  return last.filter((slot) => recent.at(slot).day === day);
}

const none = (): Shared => ({ sum: 0, squares: 0, rarest: 0, count: 0 });

function count(shared: Shared, rarity: number): void {
  shared.sum += rarity;
  shared.squares += rarity * rarity;
  shared.rarest = Math.max(shared.rarest, rarity);
  shared.count++;
}

/** What is the same for all neighbours of an event. */
interface Own {
  norms: Record<Kind, number>;
  everyday: readonly string[];
}

const ownOf = (recent: RecentEvents, event: Traits): Own => ({
  norms: {
    named: recent.norm('named', event),
    terms: recent.norm('terms', event),
    urlWords: recent.norm('urlWords', event),
    entities: recent.norm('entities', event),
  },
  everyday: recent.everyday(event),
});

function rowOf(recent: RecentEvents, event: Traits, own: Own, one: Drawn, rank: number): Float32Array {
  const other = recent.at(one.slot);
  const apart = event.day - other.day;
  const cosine = (kind: Kind) => one[kind].squares / (own.norms[kind] * recent.norm(kind, other));
  const everyday = recent.everyday(other);
  const both = own.everyday.filter((title) => everyday.includes(title));
  const either = own.everyday.length + everyday.length - both.length;
  return Float32Array.of(
    Math.log1p(apart),
    apart === 0 ? 1 : 0,
    apart === 0 && event.place !== undefined && other.place !== undefined ? event.place - other.place : -1,
    other.section === event.section ? 1 : 0,
    one.named.sum,
    one.named.rarest,
    one.named.count,
    cosine('named'),
    one.terms.squares,
    one.terms.rarest,
    one.terms.count,
    cosine('terms'),
    cosine('urlWords'),
    one.urlWords.rarest,
    firstOf(event, other, one),
    meets(event.hosts, other.hosts) ? 1 : 0,
    meets(event.urls, other.urls) ? 1 : 0,
    rank,
    other.named[0] === undefined ? 0 : Math.max(0, recent.rarity('named', other.named[0])),
    cosine('entities'),
    one.entities.rarest,
    one.entities.count,
    both.length,
    either === 0 ? -1 : both.length / either,
    Math.max(0, ...both.map((title) => recent.rarity('entities', title))),
    own.everyday.length - both.length,
    everyday.length - both.length,
    event.entities.length - own.everyday.length,
  );
}

/** How rare the first entity of the sentence is where the other has it too, twice that where it is first there as well; -1 where either names nothing. */
function firstOf(event: Traits, other: Traits, { firstNamed }: Drawn): number {
  if (event.named.length === 0 || other.named.length === 0) return -1;
  return firstNamed * (event.named[0] === other.named[0] ? 2 : 1);
}

function meets(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  for (const one of a) if (b.has(one)) return true;
  return false;
}
