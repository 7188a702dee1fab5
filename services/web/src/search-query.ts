import { CATEGORIES, Day, EventId, slugOf, type Category, type SearchQuery } from '@throughline/core';
import { oneLine } from '@throughline/publish';

const MAX_TEXT = 300;
const MAX_NAME = 200;

/** A question as it was understood, and what of it was not, each said in a sentence. */
export interface AskedSearch {
  query: SearchQuery;
  notes: string[];
}

/** Reads the parameters of a search's address. Nothing that people can type is refused: what makes no sense is left out and said. */
export function searchQuery(parameters: URLSearchParams): AskedSearch {
  const notes: string[] = [];
  const given = (name: string): string => oneLine(parameters.get(name) ?? '');
  const [from, to] = inOrder(dayOf(given('from'), 'first', notes), dayOf(given('to'), 'last', notes), notes);
  const text = given('q');
  if (text.length > MAX_TEXT) notes.push(`Only the first ${MAX_TEXT} characters were searched for.`);
  const after = EventId.safeParse(given('after').toLowerCase());
  const facts = {
    text: text.slice(0, MAX_TEXT).replace(/\p{Cs}$/u, ''),
    entity: given('entity') && slugOf(given('entity').slice(0, MAX_NAME)),
    topic: topicOf(given('topic'), notes),
    category: categoryOf(given('category'), notes),
    from,
    to,
    outlet: given('outlet').slice(0, MAX_NAME),
    after: after.success ? after.data : undefined,
  };
  const known = Object.entries(facts).filter(([, value]) => value !== undefined && value !== '');
  return { query: { order: given('order') === 'oldest' ? 'oldest' : 'newest', ...Object.fromEntries(known) }, notes };
}

const MAX_SERIAL = 2_147_483_647;

function topicOf(given: string, notes: string[]): number | undefined {
  if (given === '') return undefined;
  const number = /^\d{1,10}$/.test(given) ? Number(given) : 0;
  if (number > 0 && number <= MAX_SERIAL) return number;
  notes.push(`“${given.slice(0, MAX_NAME)}” is no topic’s number; it was left out.`);
  return undefined;
}

function categoryOf(given: string, notes: string[]): Category | undefined {
  if (given === '') return undefined;
  const category = CATEGORIES.find((one) => one === slugOf(given));
  if (!category) notes.push(`“${given.slice(0, MAX_NAME)}” is no category; it was left out.`);
  return category;
}

/** A day, or the first or last of a month (`2017-01`) or year (`2017`). */
function dayOf(given: string, which: 'first' | 'last', notes: string[]): Day | undefined {
  if (given === '') return undefined;
  const whole = /^\d{4}$/.test(given) ? `${given}-${which === 'first' ? '01' : '12'}` : given;
  const candidates = /^\d{4}-\d{2}$/.test(whole)
    ? (which === 'first' ? ['01'] : ['31', '30', '29', '28']).map((day) => `${whole}-${day}`)
    : [whole];
  for (const candidate of candidates) {
    const day = Day.safeParse(candidate);
    if (day.success) return day.data;
  }
  notes.push(`“${given.slice(0, MAX_NAME)}” is no day; days are written as 2017-01-30. It was left out.`);
  return undefined;
}

function inOrder(from: Day | undefined, to: Day | undefined, notes: string[]): [Day | undefined, Day | undefined] {
  if (from === undefined || to === undefined || from <= to) return [from, to];
  notes.push('The first day came after the last, so they were exchanged.');
  return [to, from];
}
