import type { Day } from '../day.ts';
import type { ParsedEvent } from '../event.ts';
import { changesOf } from './changed.ts';
import {
  freeItems,
  matchAlike,
  matchEqual,
  matchingOf,
  sideOf,
  unmatched,
  type Candidate,
  type Matching,
  type Side,
} from './matching.ts';
import type { Pair } from './pairs.ts';
import { merges, splits } from './parts.ts';
import type {
  Changed,
  ItemVerdict,
  KnownEvent,
  MissingVerdict,
  Reconciliation,
  ReconcileInput,
} from './reconciliation.ts';
import { isTelling, textKey, traitsOf, wholeKey } from './traits.ts';

/**
 * Says of every item of a page which event it is, and of every event known
 * before what became of it. Evidence, strongest first: cited URLs, links, words,
 * place in the list. The same input gives the same answer, in whatever order the
 * known events come; time is linear in the size of the pages.
 */
export function reconcile({ day, known, neighbours, parsed }: ReconcileInput): Reconciliation {
  const here = known.toSorted(byPlace);
  const around = neighbours.toSorted(byPlace);
  const present = sideOf(here.filter(({ gone }) => !gone));
  const gone = sideOf(here.filter((event) => event.gone));
  const matching = matchingOf(parsed.map(traitsOf));

  matchEqual(matching, present, wholeKey);
  matchEqual(matching, present, textKey);
  // An old state of the page is back: so are its events, before those that stood in for them.
  matchEqual(matching, gone, (traits) => (isTelling(traits) ? textKey(traits) : undefined));
  matchAlike(matching, present, isSame);
  matchEqual(matching, gone, textKey);
  matchAlike(matching, gone, isBack);
  if (freeItems(matching).length > 0) matchAlike(matching, sideOf(around.filter((event) => event.gone)), isCopy);

  const parts = splits(matching, [present, gone]);
  return {
    items: parsed.map((item, j) => itemVerdict(day, item, j, matching.owner[j], parts.get(j))),
    missing: missingVerdicts(
      matching,
      present,
      gone,
      around.filter((event) => !event.gone),
    ),
    absent: gone.events.filter((event) => !matching.itemOf.has(event)).map(({ id }) => id),
  };
}

const byPlace = (a: KnownEvent, b: KnownEvent): number =>
  compare(a.day, b.day) || a.position - b.position || a.firstSeen - b.firstSeen || compare(a.id, b.id);

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/**
 * How alike an item and an event must be, by the URLs they share: one of their own, one that others cite too, none.
 * Measured in docs/identity.md.
 */
interface Thresholds {
  own: number;
  common: number;
  none: number;
}

/** On one page, for an event that is there. */
const SAME: Thresholds = { own: 0, common: 0.25, none: 0.45 };
/** On one page, for an event that had left it. */
const BACK: Thresholds = { own: 0.25, common: 0.8, none: 0.8 };
/** By words alone, from one day's page to another's: days in a row resemble one another. */
const COPY: Thresholds = { own: 0.7, common: 0.7, none: 0.95 };

const needed = ({ url }: Pair, { own, common, none }: Thresholds): number => (url >= 1 ? own : url > 0 ? common : none);

const isSame = (pair: Pair): boolean => pair.likeness >= needed(pair, SAME);
const isBack = (pair: Pair): boolean => pair.likeness >= needed(pair, BACK);
const isCopy = (pair: Candidate): boolean =>
  pair.words >= needed(pair, COPY) && (pair.url > 0 || isTelling(pair.traits));

function itemVerdict(day: Day, item: ParsedEvent, index: number, event?: KnownEvent, whole?: KnownEvent): ItemVerdict {
  if (event) {
    const changed = changesOf(event.day, event, day, item);
    return { kind: kindOf(event, changed), item: index, id: event.id, from: event.day, changed };
  }
  return whole ? { kind: 'split', item: index, of: whole.id } : { kind: 'new', item: index };
}

function kindOf({ gone }: KnownEvent, changed: Changed): 'same' | 'reworded' | 'moved' | 'restored' {
  if (changed.day) return 'moved';
  if (gone) return 'restored';
  if (changed.topics) return 'moved';
  return changed.text ? 'reworded' : 'same';
}

function missingVerdicts(
  matching: Matching,
  present: Side,
  gone: Side,
  around: readonly KnownEvent[],
): MissingVerdict[] {
  const missing = unmatched(matching, present);
  if (missing.events.length === 0) return [];
  const into = merges(matching, [present, gone], missing);
  const twins = twinsOf(missing, sideOf(around));
  return missing.events.map((event): MissingVerdict => {
    const twin = twins.get(event);
    const heir = into.get(event);
    if (twin) return { kind: 'moved', id: event.id, day: twin.day, twin: twin.id };
    return heir ? { kind: 'merged', id: event.id, into: heir.id } : { kind: 'withdrawn', id: event.id };
  });
}

/** Events that left this page while a younger copy of them stands on a neighbour's: event → that copy. */
function twinsOf(missing: Side, around: Side): Map<KnownEvent, KnownEvent> {
  const copies = matchingOf(around.traits);
  const isYounger = ({ event, item }: Candidate) => (around.events[item]?.firstSeen ?? -Infinity) >= event.firstSeen;
  matchAlike(copies, missing, (pair) => isCopy(pair) && isYounger(pair));
  return new Map(copies.owner.flatMap((event, j) => (event ? [[event, around.events[j] as KnownEvent]] : [])));
}
