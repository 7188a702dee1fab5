import { countBetween, forEachShared } from '../pair.ts';
import { massOfAsked, massOfOther } from '../mass.ts';
import { learntSignal } from './learnt.ts';

const columns = ['likeness', 'sum', 'rarest', 'count', 'apart', 'heading', 'cosine', 'between'] as const;

/** Words rarer than this are worth counting: natural logarithm of how many events there are for each that has it. */
const LEAST_RARITY = 1;
/** So are words that no more earlier events have, however few there are in all. */
const FEW = 3;

/** Events that have this share of all their words in common say the same. */
const DUPLICATE = 0.6;
export const NEAR_DUPLICATE = 'near-duplicate';

/** Their sentences use the same uncommon words; where nearly all words are the same, the piece is called `near-duplicate`. */
export const similarText = learntSignal({
  name: 'similar-text',
  binds: true,
  columns,
  instances(pair, found) {
    const { query, slot, apartDays } = pair;
    const { terms } = query.index.fields;
    let [all, sum, rarest, count, squares, between] = [0, 0, 0, 0, 0, 0];
    forEachShared(pair, 'terms', (id, { rarity, before }) => {
      all++;
      squares += rarity * rarity;
      if (rarity < LEAST_RARITY && before > FEW) return;
      count++;
      sum += rarity;
      rarest = Math.max(rarest, rarity);
      between += rarity / (1 + countBetween(pair, 'terms', id, before));
    });
    if (count === 0) return;
    const termsThere = terms.end(slot) - terms.start(slot);
    const likeness = sum / Math.sqrt((query.terms + 1) * (termsThere + 1));
    const cosine = squares / Math.sqrt(massOfAsked(pair) * massOfOther(pair) + Number.EPSILON);
    const row = Float32Array.of(
      likeness,
      sum,
      rarest,
      count,
      Math.log1p(apartDays),
      pair.headingRarity > 0 ? 1 : 0,
      cosine,
      between,
    );
    const isDuplicate = all >= DUPLICATE * (query.terms + termsThere - all);
    found(row, undefined, isDuplicate ? NEAR_DUPLICATE : undefined);
  },
});
