import { randomUUID } from 'node:crypto';
import {
  emptyWorld,
  readIntoWorld,
  SETTLE_MS,
  settleWorld,
  type Day,
  type EventId,
  type EventRecord,
  type ParsedEvent,
  type Step,
  type World,
} from '@throughline/core';
import { parseDay } from '@throughline/portal';

/** One state of a day's page, as an archive of revisions has it. */
export interface Edit {
  /** ISO 8601 instant. */
  at: string;
  day: Day;
  wikitext?: string;
  deleted?: boolean;
}

/** An event after the replay, in the form that the identity scorer reads. */
export interface ReplayedEvent {
  id: EventId;
  day: Day;
  /** Its one public path, without an extension; empty where it never was public. */
  url: string;
  state: EventRecord['state'];
  /** Oldest first, those of events merged into it before its own; of a stable event the last one is what readers see. */
  wordings: { text: string }[];
}

export interface Replay {
  edits: AsyncIterable<Edit> | Iterable<Edit>;
  /** The portal's parser, unless another is to be measured. */
  parseDay?: (day: Day, wikitext: string) => { events: readonly ParsedEvent[] };
  settleMs?: number;
  /** Where the events are kept; a second replay into it must change nothing. */
  world?: World;
  newId?: () => EventId;
  /** Told of what each revision changed. */
  onStep?: (step: Step) => void;
}

/**
 * Reads revisions in order, in memory, as the discover stage reads them live,
 * and gives every event that was ever seen, in its last state: that of the last
 * revision's time. Throws for an edit whose `at` is no instant.
 */
export async function replayIdentity({
  edits,
  parseDay: parse = parseDay,
  settleMs = SETTLE_MS,
  world = emptyWorld(),
  newId = () => randomUUID() as EventId,
  onStep = () => undefined,
}: Replay): Promise<ReplayedEvent[]> {
  let last = -Infinity;
  for await (const { at, day, wikitext, deleted } of edits) {
    const instant = Date.parse(at);
    if (Number.isNaN(instant)) throw new Error(`${JSON.stringify(at)} is not an instant`);
    const parsed = deleted || wikitext === undefined ? [] : parse(day, wikitext).events;
    onStep(readIntoWorld(world, day, parsed, { at: instant, settleMs, newId }));
    last = Math.max(last, instant);
  }
  for (const step of settleWorld(world, last, settleMs)) onStep(step);
  return replayedEvents(world.events.values());
}

/**
 * Each event with its wordings, in the order of the records. One that was merged is none any more: its URLs lead to
 * another, which has its wordings.
 */
export function replayedEvents(records: Iterable<EventRecord>): ReplayedEvent[] {
  const events = new Map(Array.from(records, (record) => [record.id, record]));
  const parts = new Map<EventId, EventRecord[]>();
  for (const event of events.values()) {
    const heir = heirOf(events, event);
    if (heir !== event.id) parts.set(heir, [...(parts.get(heir) ?? []), event]);
  }
  const whole = [...events.values()].filter(({ mergedInto }) => mergedInto === undefined);
  return whole.map((event) => replayed(event, parts.get(event.id) ?? []));
}

/** The event that a merged one goes on in, which may have been merged in its turn; any other event is its own heir. */
function heirOf(events: ReadonlyMap<EventId, EventRecord>, { id, mergedInto }: EventRecord): EventId {
  let heir = id;
  for (let next = mergedInto; next !== undefined; next = events.get(next)?.mergedInto) heir = next;
  return heir;
}

function replayed(
  { id, day, slug, state, reading, wordings }: EventRecord,
  parts: readonly EventRecord[],
): ReplayedEvent {
  const [year, month, date] = day.split('-');
  const url = slug === undefined ? '' : `/news/${year}/${month}/${Number(date)}/${slug}`;
  const texts = [...parts.flatMap((part) => part.wordings), ...wordings].map(({ text }) => ({ text }));
  return { id, day, url, state, wordings: state === 'stable' ? [...texts, { text: reading.text }] : texts };
}
