import type { RecentEvents } from './recent-events.ts';
import type { Traits } from './story-event.ts';

/** Events of the window that go on from one another. */
export interface Thread {
  readonly key: string;
  /** Ascending. */
  readonly slots: number[];
  readonly entities: Map<string, number>;
  readonly sections: Map<string, number>;
}

export const createThread = (key: string): Thread => ({ key, slots: [], entities: new Map(), sections: new Map() });

export function lengthen(thread: Thread, slot: number, traits: Traits): void {
  thread.slots.push(slot);
  change(thread, traits, 1);
}

/** Takes the oldest event off. */
export function shorten(thread: Thread, traits: Traits): void {
  thread.slots.shift();
  change(thread, traits, -1);
}

function change({ entities, sections }: Thread, traits: Traits, by: 1 | -1): void {
  for (const title of traits.entities) tally(entities, title, by);
  tally(sections, traits.section, by);
}

function tally(counts: Map<string, number>, key: string, by: number): void {
  const count = (counts.get(key) ?? 0) + by;
  if (count === 0) counts.delete(key);
  else counts.set(key, count);
}

/** An earlier event that was compared: how likely it is that both are of one thread, as log odds. */
export interface Likely {
  slot: number;
  score: number;
  /** Places on the page between them; 0 and below where they are not known or of other days. */
  gap: number;
}

export const THREAD_COLUMNS = [
  'best',
  'second',
  'third',
  'expected',
  'any',
  'compared',
  'size',
  'since-last',
  'since-first',
  'recent',
  'mean',
  'same-section',
  'stands-before',
  'margin',
  'of-the-day',
  'entity-share',
  'best-of-the-day',
  'nearness',
  'entity-most',
  'density',
  'rank',
  'since-best',
  'last-five',
  'before-it',
] as const;

export interface Candidate {
  thread: Thread;
  row: Float32Array;
}

/** How many threads are weighed for an event. */
const WEIGHED = 20;
/** What stands for a score that there is none of: what hardly any pair is below. */
const UNLIKE = -9;
const UNLIKE_LAST = -6;
const RECENT_DAYS = 10;
const LAST = 5;
const DENSE = 40;

/** The threads that an event may go on, the one with the most likely event first, each with what speaks for it. */
export function candidatesOf(
  recent: RecentEvents,
  event: Traits,
  likely: readonly Likely[],
  threadOf: (slot: number) => Thread | undefined,
): Candidate[] {
  const byThread = new Map<Thread, Likely[]>();
  for (const one of likely) {
    const thread = threadOf(one.slot);
    if (!thread) continue;
    const members = byThread.get(thread);
    if (members) members.push(one);
    else byThread.set(thread, [one]);
  }
  const found = [...byThread].map(([thread, members]) => ({ thread, members: members.sort(byScore) }));
  found.sort((a, b) => byScore(a.members[0], b.members[0]));
  const [best = UNLIKE, second = UNLIKE] = found.map(({ members }) => members[0]?.score);
  const before = likely.find(({ slot, gap }) => slot === recent.end - 1 && gap === 1);
  return found.slice(0, WEIGHED).map(({ thread, members }, rank) => ({
    thread,
    row: rowOf(recent, event, thread, members, { rank, rival: rank === 0 ? second : best, before }),
  }));
}

const byScore = (a: Likely | undefined, b: Likely | undefined): number =>
  (b?.score ?? UNLIKE) - (a?.score ?? UNLIKE) || (b?.slot ?? 0) - (a?.slot ?? 0);

interface Among {
  rank: number;
  /** The best score of the best other thread. */
  rival: number;
  /** The event that stands just before it on the page. */
  before: Likely | undefined;
}

function rowOf(
  recent: RecentEvents,
  event: Traits,
  thread: Thread,
  members: readonly Likely[],
  { rank, rival, before }: Among,
): Float32Array {
  const size = thread.slots.length;
  const [first = 0, last = 0] = [thread.slots[0], thread.slots.at(-1)];
  const sinceOf = (slot: number) => event.day - recent.at(slot).day;
  const scores = members.map(({ score }) => score);
  const [best = UNLIKE, second = UNLIKE, third = UNLIKE] = scores;
  const expected = scores.reduce((sum, score) => sum + 1 / (1 + Math.exp(-score)), 0);
  const shares = event.entities.map((title) => (thread.entities.get(title) ?? 0) / size);
  const sinceBest = sinceOf(members[0]?.slot ?? last);
  const standsBefore = before !== undefined && before.slot === last;
  const lately = recently(recent, event, thread);
  return Float32Array.of(
    best,
    second,
    third,
    expected,
    Math.log(scores.reduce((sum, score) => sum + Math.exp(score), 0)),
    members.length,
    Math.log1p(size),
    Math.log1p(sinceOf(last)),
    Math.log1p(sinceOf(first)),
    Math.log1p(lately.recent),
    scores.reduce((sum, score) => sum + score, 0) / members.length,
    (thread.sections.get(event.section) ?? 0) / size,
    standsBefore ? 1 : 0,
    best - rival,
    lately.today,
    shares.reduce((sum, share) => sum + share, 0) / (shares.length || 1),
    sinceBest === 0 ? 1 : 0,
    Math.max(0, ...members.map(({ gap }) => (gap > 0 ? 10 - gap : 0))),
    Math.max(0, ...shares),
    expected / Math.min(size, DENSE),
    rank,
    Math.log1p(sinceBest),
    lastFive(thread, members),
    standsBefore ? before.score : UNLIKE - 1,
  );
}

/** How many of the last days' events, and of the day's own, it has. */
function recently(recent: RecentEvents, event: Traits, { slots }: Thread): { recent: number; today: number } {
  const counts = { recent: 0, today: 0 };
  for (let at = slots.length - 1; at >= 0; at--) {
    const since = event.day - recent.at(slots[at] ?? 0).day;
    if (since > RECENT_DAYS) break;
    counts.recent++;
    if (since === 0) counts.today++;
  }
  return counts;
}

/** The mean score of its last events; what was not even compared counts as unlike. */
function lastFive({ slots }: Thread, members: readonly Likely[]): number {
  const last = new Set(slots.slice(-LAST));
  const compared = members.filter(({ slot }) => last.has(slot));
  const sum = compared.reduce((total, { score }) => total + Math.max(score, UNLIKE_LAST), 0);
  return (sum + UNLIKE_LAST * (last.size - compared.length)) / last.size;
}
