import { forEachShared } from '../pair.ts';
import { learntSignal } from './learnt.ts';

const columns = ['rarity', 'recent', 'apart', 'implied', 'earlierPlace', 'laterPlace'] as const;

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
    forEachShared(pair, 'entities', (id, { rarity, recent }, place, placeThere) => {
      row[0] = rarity;
      row[1] = Math.log1p(recent);
      row[2] = Math.log1p(apartDays);
      row[3] = (place >= query.named ? 1 : 0) + (placeThere >= namedThere ? 1 : 0);
      row[4] = Math.min(place, placeThere);
      row[5] = Math.max(place, placeThere);
      found(row, () => fields.entities.valueOf(id));
    });
  },
});
