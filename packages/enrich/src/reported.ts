import type { Day, EventId } from '@throughline/core';
import { dayNumber } from '@throughline/core';

/** What is known of an article that may report an event. */
export interface Report {
  title: string;
  description?: string | undefined;
  day: Day;
}

/** An event that it may report. */
export interface Reportable {
  id: EventId;
  day: Day;
  text: string;
}

/** The event that an article reports, and why, in a sentence for people. */
export interface Reported {
  event: EventId;
  why: string;
}

/** How many telling words have to be the same, and what share of the title's. */
const LEAST_WORDS = 4;
const LEAST_SHARE = 0.6;
/** By how much the best has to be better than the next. */
const LEAD = 1.25;

/**
 * The one event that an article reports: its title says in most of its telling
 * words what the event's sentence says, on a day close by, and no other event
 * is nearly as close. Rare words (of few of the candidates) count for more.
 * Undefined where there is none, or more than one: to join the wrong event is
 * worse than to be one of its own.
 */
export function reportedEvent(report: Report, candidates: readonly Reportable[]): Reported | undefined {
  const texts = candidates.map(({ text }) => new Set(tellingWords(text)));
  const title = [...new Set(tellingWords(report.title))];
  const others = new Set(tellingWords(report.description ?? ''));
  const weightOf = rarity(texts);
  const whole = title.reduce((sum, word) => sum + weightOf(word), 0);
  const ranked = candidates
    .map((candidate, at) => {
      const shared = title.filter((word) => texts[at]?.has(word));
      const beside = [...others].filter((word) => texts[at]?.has(word) && !shared.includes(word));
      const own = shared.reduce((sum, word) => sum + weightOf(word), 0);
      const more = beside.reduce((sum, word) => sum + weightOf(word), 0);
      return {
        candidate,
        shared,
        share: whole === 0 ? 0 : own / whole,
        score: own + more / 2,
        count: shared.length + beside.length,
      };
    })
    .sort((a, b) => b.score - a.score || apart(a.candidate, report) - apart(b.candidate, report));
  const [best, next] = ranked;
  if (!best || best.count < LEAST_WORDS || best.share < LEAST_SHARE) return undefined;
  if (next && best.score < next.score * LEAD) return undefined;
  const days = apart(best.candidate, report);
  const when = days === 0 ? 'of the same day' : days === 1 ? 'of the day beside' : `${days} days apart`;
  return {
    event: best.candidate.id,
    why: `it reports this event ${when}: ${best.shared.length} of the ${title.length} telling words of its title are the event's (${best.shared.slice(0, 8).join(', ')})`,
  };
}

const apart = ({ day }: Reportable, report: Report): number => Math.abs(dayNumber(day) - dayNumber(report.day));

/** ln of how few of the texts have a word: 1 for one that all have. */
function rarity(texts: readonly ReadonlySet<string>[]): (word: string) => number {
  const counts = new Map<string, number>();
  for (const text of texts) for (const word of text) counts.set(word, (counts.get(word) ?? 0) + 1);
  return (word) => 1 + Math.log((texts.length + 1) / ((counts.get(word) ?? 0) + 1));
}

const STOP = new Set(
  `about after again against also amid among announces announced been before being between could during first from have having
   into last latest least like more most news over people report reported reports said says should since some than that their
   them then there these they this those three through under until update video were what when where which while will with
   would your breaking live`.split(/\s+/),
);

/** Words of four letters or more that are no function words, and numbers, each without what it takes in plural or tense. */
function tellingWords(text: string): string[] {
  const words =
    text
      .normalize('NFKD')
      .replace(/\p{M}/gu, '')
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? [];
  return words
    .filter((word) => (word.length >= 4 || /^\d{2,}$/.test(word)) && !STOP.has(word))
    .map((word) => word.replace(/(?<=.{4})(?:ings?|ed|es|s)$/, ''));
}
