import { countOf, someOf, spanOf, type LightRule } from '../light.ts';

/** Workers write a heartbeat every 10 s. */
const LOST_MS = 60_000;
/** A job may take its time; so much more is a worker that hangs. */
const STUCK_FACTOR = 1.2;

export const workersLight: LightRule = ({ now, workers }) => {
  const light = { name: 'workers', path: '/ops/workers' };
  const alive = workers.filter(({ heartbeatAt }) => now - heartbeatAt <= LOST_MS);
  if (alive.length === 0) {
    return { ...light, level: 'bad', says: 'No worker is running: start one with `throughline worker`.' };
  }
  const stuck = alive.flatMap(({ worker, inHand }) =>
    inHand.filter(({ since, timeoutMs }) => now - since > timeoutMs * STUCK_FACTOR).map((job) => ({ worker, ...job })),
  )[0];
  if (stuck !== undefined) {
    const { worker, stage, key, since } = stuck;
    return {
      ...light,
      level: 'bad',
      says: `${worker} hangs in ${stage} ${key} for ${spanOf(now - since)}: restart it.`,
    };
  }
  const quiet = alive.filter((one) => one.quiet).map(({ worker }) => worker);
  if (quiet.length > 0) {
    const says = `${someOf(quiet)} ${quiet.length === 1 ? 'is' : 'are'} quiet: ${alive.length - quiet.length} of ${alive.length} take jobs. Wake them once you are done.`;
    return { ...light, level: quiet.length === alive.length ? 'bad' : 'watch', says };
  }
  return { ...light, level: 'good', says: `${countOf(alive.length, 'worker')} alive.` };
};
