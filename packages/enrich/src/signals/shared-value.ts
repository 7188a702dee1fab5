import type { FieldName } from '../event-index.ts';
import { rarityOf } from '../history.ts';
import { forEachShared } from '../pair.ts';
import type { Signal } from './signal.ts';

/**
 * A signal that weighs each value of a field that both have: `least`, and
 * `rarest` more where nothing but the two has it.
 */
export function sharedValue(name: string, field: FieldName, least: number, rarest: number): Signal {
  return {
    name,
    binds: true,
    weigh(pair, add) {
      const values = pair.query.index.fields[field];
      const most = rarityOf(0, pair.eventsBefore) || 1;
      forEachShared(pair, field, (id, { rarity }) =>
        add(least + rarest * (rarity / most) ** 2, () => values.valueOf(id)),
      );
    },
  };
}
