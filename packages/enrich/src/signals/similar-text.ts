import { forEachShared } from '../pair.ts';
import { learntSignal } from './learnt.ts';

const columns = ['likeness', 'sum', 'rarest', 'count', 'apart'] as const;

/** Words rarer than this are worth counting: natural logarithm of how many events there are for each that has it. */
const LEAST_RARITY = 1;
/** So are words that no more earlier events have, however few there are in all. */
const FEW = 3;

/** Their sentences use the same uncommon words. */
export const similarText = learntSignal({
  name: 'similar-text',
  binds: true,
  columns,
  instances(pair, found) {
    const { query, slot, apartDays } = pair;
    const { terms } = query.index.fields;
    let [sum, rarest, count] = [0, 0, 0];
    forEachShared(pair, 'terms', (_, { rarity, before }) => {
      if (rarity < LEAST_RARITY && before > FEW) return;
      sum += rarity;
      rarest = Math.max(rarest, rarity);
      count++;
    });
    if (count === 0) return;
    const length = Math.sqrt((query.terms + 1) * (terms.end(slot) - terms.start(slot) + 1));
    found(Float32Array.of(sum / length, sum, rarest, count, Math.log1p(apartDays)));
  },
});
