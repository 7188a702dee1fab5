import { CATEGORY_LABELS, type Evidence, type RelatedEvent } from '@throughline/core';
import { counted, oneLine } from './text.ts';

const SHOWN_LABELS = 4;

/** How a signal is said where it speaks for a relation. Empty: what is said already, or says little. */
const REASONS: Record<string, string> = {
  'shared-entity': '',
  'close-in-time': '',
  'same-section': '',
  'same-topic': 'same topic',
  'same-story': 'same story',
  'similar-text': 'similar wording',
  'near-duplicate': 'says the same',
  'same-source': 'cites the same source',
};

/** Related events as a reader wants them: what led here, what else happened that day, what came of it. */
export function byTime(related: readonly RelatedEvent[]): { title: string; note: string; events: RelatedEvent[] }[] {
  const parts = [
    { title: 'Background', note: 'earlier', when: 'earlier' },
    { title: 'The same day', note: '', when: 'same-day' },
    { title: 'Follow-ups', note: 'later', when: 'later' },
  ];
  return parts
    .map(({ title, note, when }) => ({ title, note, events: related.filter((event) => event.when === when) }))
    .filter(({ events }) => events.length > 0);
}

/** The labels of the context line; the reasons in words where no entity is shared, so it is never empty. */
export function contextOf(related: RelatedEvent): string[] {
  const labels = related.context.map(oneLine).filter(Boolean);
  if (labels.length > 0) return labels;
  const reasons = spokenReasons(related.evidence);
  return reasons.length > 0 ? reasons : ['similar event'];
}

/** Why an event is shown, in parts: `shares A, B`, `similar wording`. Empty where nothing is known. */
export function reasons(related: RelatedEvent): string[] {
  const labels = related.context.map(oneLine).filter(Boolean);
  return [...(labels.length > 0 ? [`shares ${shortened(labels)}`] : []), ...spokenReasons(related.evidence)];
}

/** What a piece of evidence is called in the list of weights: `shared entity: Syria`. */
export function evidenceName({ signal, about }: Evidence): string {
  const name = signal.replaceAll('-', ' ');
  if (!about) return oneLine(name);
  return oneLine(`${name}: ${(CATEGORY_LABELS as Record<string, string>)[about] ?? about}`);
}

function spokenReasons(evidence: readonly Evidence[]): string[] {
  const spoken = evidence
    .filter(({ weight }) => weight > 0)
    .map(
      ({ signal }) => (Object.hasOwn(REASONS, signal) ? REASONS[signal] : oneLine(signal.replaceAll('-', ' '))) ?? '',
    );
  return [...new Set(spoken)].filter(Boolean);
}

function shortened(labels: readonly string[]): string {
  const rest = labels.length - SHOWN_LABELS;
  const shown = labels.slice(0, SHOWN_LABELS).join(', ');
  return rest > 0 ? `${shown} and ${counted(rest, 'other')}` : shown;
}
