import { frequencyBefore, rarityOf } from './history.ts';
import type { Pair } from './pair.ts';

/** The sum of the squared rarities of the asked event's terms, by the day of the pair. Terms that no event has are as rare as can be. */
export function massOfAsked(pair: Pair): number {
  const { query, day } = pair;
  if (day === query.day) return (query.mass ??= freshMass(pair));
  return freshMass(pair);
}

function freshMass(pair: Pair): number {
  const { terms } = pair.query.asked;
  let sum = (pair.query.terms - terms.size) * rarityOf(0, pair.eventsBefore) ** 2;
  for (const id of terms.keys()) sum += rarityIn(pair, id) ** 2;
  return sum;
}

/** The same of the other event's. */
export function massOfOther(pair: Pair): number {
  const { terms } = pair.query.index.fields;
  const { ids } = terms;
  let sum = 0;
  for (let at = terms.start(pair.slot); at < terms.end(pair.slot); at++) sum += rarityIn(pair, ids[at] ?? 0) ** 2;
  return sum;
}

const rarityIn = ({ query, day }: Pair, id: number): number =>
  day === query.day ? query.termRarity(id) : frequencyBefore(query.index, 'terms', id, day).rarity;
