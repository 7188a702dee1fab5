import { learntSignal } from './learnt.ts';

/** Little time lies between the two. */
export const closeInTime = learntSignal({
  name: 'close-in-time',
  binds: false,
  columns: ['apart'],
  instances({ apartDays }, found) {
    found(Float32Array.of(Math.log1p(apartDays)));
  },
});
