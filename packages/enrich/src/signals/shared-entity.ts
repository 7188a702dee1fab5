import { countBetween, forEachShared } from '../pair.ts';
import { learntSignal } from './learnt.ts';

const columns = ['rarity', 'recent', 'apart', 'implied', 'heading', 'between'] as const;

/** Both are about the same entity: the rarer it is, the more that tells. */
export const sharedEntity = learntSignal({
  name: 'shared-entity',
  binds: true,
  columns,
  instances(pair, found) {
    const { query, slot, apartDays } = pair;
    const { fields } = query.index;
    const row = new Float32Array(columns.length);
    const namedThere = query.index.namedAt(slot);
    forEachShared(pair, 'entities', (id, { rarity, recent, before }, place, placeThere) => {
      row[0] = rarity;
      row[1] = Math.log1p(recent);
      row[2] = Math.log1p(apartDays);
      row[3] = (place >= query.named ? 1 : 0) + (placeThere >= namedThere ? 1 : 0);
      row[4] = pair.headingRarity > 0 ? 1 : 0;
      row[5] = Math.log1p(countBetween(pair, 'entities', id, before));
      found(row, () => fields.entities.valueOf(id));
    });
  },
});
