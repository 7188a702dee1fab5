import { forEachShared } from '../pair.ts';
import { learntSignal } from './learnt.ts';

/** Both stand under the same heading of their days: the rarer it is, the more that tells. */
export const sameSection = learntSignal({
  name: 'same-section',
  binds: false,
  columns: ['rarity', 'apart'],
  instances(pair, found) {
    const { sections } = pair.query.index.fields;
    forEachShared(pair, 'sections', (id, { rarity }) =>
      found(Float32Array.of(rarity, Math.log1p(pair.apartDays)), () => sections.valueOf(id)),
    );
  },
});
