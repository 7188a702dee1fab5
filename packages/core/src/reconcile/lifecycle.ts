import type { Day } from '../day.ts';
import type { ParsedEvent } from '../event.ts';
import type { EventId } from '../ids.ts';
import { slugOf } from '../slug.ts';
import { changesOf, EVERYTHING, isSameText } from './changed.ts';
import { reconcile } from './reconcile.ts';
import type { ItemVerdict, MissingVerdict, Reconciliation } from './reconciliation.ts';
import {
  knownEvent,
  pathKey,
  SETTLE_MS,
  type EventRecord,
  type PageState,
  type RevisionFacts,
  type Step,
  type WordingSpan,
} from './record.ts';

/** A page under change: records are copied before they are written to, and only then. */
interface Draft {
  day: Day;
  before: ReadonlyMap<EventId, EventRecord>;
  written: Map<EventId, EventRecord>;
  taken: ReadonlyMap<string, EventId>;
  given: Set<string>;
  /** Slug → the suffix to try next, so that a thousand equal sentences are not tried a thousand times each. */
  suffixes: Map<string, number>;
  step: Step;
}

/**
 * One revision of a page, start to end: what has stood long enough settles,
 * the items are reconciled with what is known, and the verdicts are applied.
 * A page that was deleted is one without items. A revision older than
 * `state.seenAt` changes nothing; nor does the one applied last, a second time.
 */
export function readRevision(state: PageState, parsed: readonly ParsedEvent[], facts: RevisionFacts): Step {
  if (state.seenAt !== undefined && facts.at < state.seenAt) return emptyStep();
  const draft = draftOf(state);
  settleDraft(draft, facts.at, facts.settleMs ?? SETTLE_MS);
  const records = [...draft.before.keys()].map((id) => read(draft, id));
  const reconciliation = reconcile({
    day: state.day,
    known: records.filter(({ day }) => day === state.day).map(knownEvent),
    // What was merged into another event can be taken out of it again where it was, not on another day.
    neighbours: records.filter(({ day, mergedInto }) => day !== state.day && !mergedInto).map(knownEvent),
    parsed,
  });
  return apply(draft, reconciliation, parsed, facts);
}

/** Applies the verdicts on a page's revision. Use `readRevision`, unless the verdicts are wanted for themselves. */
export const applyRevision = (
  state: PageState,
  reconciliation: Reconciliation,
  parsed: readonly ParsedEvent[],
  facts: RevisionFacts,
): Step => apply(draftOf(state), reconciliation, parsed, facts);

/** Makes public, at `now` (milliseconds since the epoch), what has stood on the page for the settling time. */
export function settle(state: PageState, now: number, settleMs = SETTLE_MS): Step {
  const draft = draftOf(state);
  settleDraft(draft, now, settleMs);
  return finish(draft);
}

/** When the next event or wording of these settles if nothing is edited; undefined when all have. */
export function nextSettling(events: readonly EventRecord[], settleMs = SETTLE_MS): number | undefined {
  const due = events.flatMap((event) => dueAt(event, settleMs) ?? []);
  return due.length === 0 ? undefined : due.reduce((a, b) => Math.min(a, b));
}

const emptyStep = (): Step => ({ events: [], changes: [], touched: [] });

const draftOf = ({ day, events, paths }: PageState): Draft => ({
  day,
  before: new Map(events.map((event) => [event.id, event])),
  written: new Map(),
  taken: paths,
  given: new Set(),
  suffixes: new Map(),
  step: emptyStep(),
});

const finish = ({ step, written }: Draft): Step => ({ ...step, events: [...written.values()] });

function read(draft: Draft, id: EventId): EventRecord {
  const record = draft.written.get(id) ?? draft.before.get(id);
  if (!record) throw new Error(`no event ${id} in the state of ${draft.day}`);
  return record;
}

function write(draft: Draft, id: EventId): EventRecord {
  const found = read(draft, id);
  if (draft.written.has(id)) return found;
  const record = { ...found, paths: [...found.paths], wordings: found.wordings.map((wording) => ({ ...wording })) };
  draft.written.set(id, record);
  return record;
}

function announce(
  draft: Draft,
  kind: Step['changes'][number]['kind'],
  { id, day, slug }: EventRecord,
  at: number,
): void {
  if (slug !== undefined) draft.step.changes.push({ kind, id, at, day, slug });
}

// Settling

/** When this event, or its pending wording, will have stood for the settling time; undefined when nothing waits. */
function dueAt({ state, goneAt, pending, presentSince, wordings }: EventRecord, settleMs: number): number | undefined {
  if (goneAt !== undefined) return undefined;
  if (pending) return pending.since + settleMs;
  if (state !== 'unsettled') return undefined;
  return Math.max(presentSince, wordings.at(-1)?.seenAt ?? presentSince) + settleMs;
}

function settleDraft(draft: Draft, now: number, settleMs: number): void {
  const due = [...draft.before.values()]
    .filter(({ day }) => day === draft.day)
    .map((event) => ({ event, at: dueAt(event, settleMs) ?? Infinity }))
    .filter(({ at }) => at <= now)
    .sort(
      (a, b) =>
        a.at - b.at || a.event.reading.position - b.event.reading.position || (a.event.id < b.event.id ? -1 : 1),
    );
  for (const { event, at } of due) publish(draft, write(draft, event.id), at);
}

/** Shows readers what was seen last. */
function publish(draft: Draft, record: EventRecord, at: number): void {
  const first = record.state === 'unsettled';
  if (first) record.stableAt = at;
  record.state = 'stable';
  if (record.pending) record.reading = record.pending.reading;
  delete record.pending;
  giveSlug(draft, record);
  const wording = record.wordings.at(-1);
  if (wording && wording.publicAt === undefined) Object.assign(wording, { publicAt: at, slug: record.slug });
  announce(draft, first ? 'created' : 'updated', record, at);
}

/** The slug of the public wording on the event's day: one it had there before, or a free one. */
function giveSlug(draft: Draft, record: EventRecord): void {
  const base = slugOf(record.reading.text);
  const { day } = record;
  const own = record.paths.find((path) => path.day === day && (path.slug === base || isNumbered(path.slug, base)));
  const slug = own?.slug ?? freeSlug(draft, day, base);
  if (!own) record.paths.push({ day, slug });
  record.slug = slug;
}

const isNumbered = (slug: string, base: string): boolean =>
  slug.startsWith(`${base}-`) && /^\d+$/.test(slug.slice(base.length + 1));

function freeSlug({ taken, given, suffixes }: Draft, day: Day, base: string): string {
  const key = pathKey({ day, slug: base });
  for (let suffix = suffixes.get(key) ?? 1; ; suffix++) {
    const slug = suffix === 1 ? base : `${base}-${suffix}`;
    const path = pathKey({ day, slug });
    if (taken.has(path) || given.has(path)) continue;
    given.add(path);
    suffixes.set(key, suffix + 1);
    return slug;
  }
}

// Applying verdicts

function apply(
  draft: Draft,
  reconciliation: Reconciliation,
  parsed: readonly ParsedEvent[],
  facts: RevisionFacts,
): Step {
  for (const verdict of reconciliation.missing) leave(draft, verdict, facts);
  for (const verdict of reconciliation.items) {
    const item = parsed[verdict.item];
    if (item) arrive(draft, verdict, item, facts);
  }
  return finish(draft);
}

function arrive(draft: Draft, verdict: ItemVerdict, item: ParsedEvent, facts: RevisionFacts): void {
  if (verdict.kind === 'new' || verdict.kind === 'split') {
    const record = newRecord(draft.day, item, facts, verdict.kind === 'split' ? verdict.of : undefined);
    draft.written.set(record.id, record);
    draft.step.touched.push({ id: record.id, changed: EVERYTHING });
    return;
  }
  const { id, changed } = verdict;
  const isChanged = Object.values(changed).some(Boolean);
  if (!isChanged && read(draft, id).goneAt === undefined) return;
  if (isChanged) draft.step.touched.push({ id, changed });
  update(draft, write(draft, id), draft.day, item, facts);
}

function newRecord(
  day: Day,
  reading: ParsedEvent,
  { at, revision, newId }: RevisionFacts,
  splitFrom?: EventId,
): EventRecord {
  return {
    id: newId(),
    day,
    state: 'unsettled',
    reading,
    firstSeenAt: at,
    presentSince: at,
    paths: [],
    wordings: [wordingOf(reading.text, at, revision)],
    ...(splitFrom === undefined ? {} : { splitFrom }),
  };
}

const wordingOf = (text: string, seenAt: number, revision: number | undefined): WordingSpan => ({
  text,
  seenAt,
  ...(revision === undefined ? {} : { revision }),
});

/** Lets a record be the item that it is now, on the page of `day`. */
function update(draft: Draft, record: EventRecord, day: Day, item: ParsedEvent, { at, revision }: RevisionFacts): void {
  const before = { day: record.day, reading: record.reading };
  const returned = record.goneAt !== undefined;
  if (returned) record.presentSince = at;
  delete record.goneAt;
  delete record.mergedInto;
  record.day = day;
  see(record, item, at, revision);
  if (record.state === 'unsettled') return;

  record.state = 'stable';
  if (day !== before.day) giveSlug(draft, record);
  if (returned) return announce(draft, 'restored', record, at);
  const { position: _position, ...visible } = changesOf(before.day, before.reading, day, record.reading);
  if (Object.values(visible).some(Boolean)) announce(draft, 'updated', record, at);
}

/** Takes over what the page says now; a new sentence of a public event waits until it has settled. */
function see(record: EventRecord, item: ParsedEvent, at: number, revision: number | undefined): void {
  const last = record.wordings.at(-1);
  if (!last || !isSameText(last.text, item.text)) {
    if (last) last.until = at;
    record.wordings.push(wordingOf(item.text, at, revision));
  } else delete last.until;
  const shown = record.reading;
  if (record.state === 'unsettled' || isSameText(item.text, shown.text)) {
    record.reading = item;
    delete record.pending;
    return;
  }
  record.reading = { ...item, text: shown.text, links: shown.links };
  record.pending = { reading: item, since: Math.max(record.wordings.at(-1)?.seenAt ?? at, record.presentSince) };
}

function leave(draft: Draft, verdict: MissingVerdict, facts: RevisionFacts): void {
  const record = write(draft, verdict.id);
  if (verdict.kind === 'moved') return replaceTwin(draft, record, verdict.twin, facts);
  const wasPublic = record.state === 'stable';
  record.goneAt = facts.at;
  if (verdict.kind === 'merged') record.mergedInto = verdict.into;
  delete record.pending;
  const last = record.wordings.at(-1);
  if (last) last.until = facts.at;
  if (!wasPublic) return;
  record.state = 'withdrawn';
  announce(draft, verdict.kind, record, facts.at);
}

/** Puts an event where its copy stands on another page, and ends the copy, which was never an event of its own. */
function replaceTwin(draft: Draft, record: EventRecord, twinId: EventId, facts: RevisionFacts): void {
  const twin = write(draft, twinId);
  const item = twin.pending?.reading ?? twin.reading;
  const changed = changesOf(record.day, record.pending?.reading ?? record.reading, twin.day, item);
  draft.step.touched.push({ id: record.id, changed });
  record.paths.push(...twin.paths);
  twin.paths = [];
  const wasPublic = twin.state === 'stable';
  twin.goneAt = facts.at;
  twin.mergedInto = record.id;
  delete twin.pending;
  if (wasPublic) twin.state = 'withdrawn';
  update(draft, record, twin.day, item, facts);
  if (wasPublic) announce(draft, 'merged', twin, facts.at);
}
