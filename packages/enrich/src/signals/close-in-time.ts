import { learntSignal } from './learnt.ts';

/** Little time lies between the two, all the more where both stand under one heading. */
export const closeInTime = learntSignal({
  name: 'close-in-time',
  binds: false,
  columns: ['apart', 'heading'],
  instances({ apartDays, headingRarity }, found) {
    found(Float32Array.of(Math.log1p(apartDays), headingRarity));
  },
});
