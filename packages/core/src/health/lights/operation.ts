import { countOf, someOf, spanOf, type LightRule } from '../light.ts';

/** Runs write a heartbeat at every step; none takes this long. */
const SILENT_RUN_MS = 10 * 60_000;
const RECENT_MS = 24 * 3_600_000;
/** A schedule that is late by so many of its turns has stopped. */
const MISSED_TURNS = 4;
const LEAST_LATE_MS = 2 * 60_000;

export const runsLight: LightRule = ({ now, runs }) => {
  const light = { name: 'runs', path: '/ops/runs' };
  const dead = runs.find(({ state, heartbeatAt }) => state === 'running' && now - heartbeatAt > SILENT_RUN_MS);
  if (dead !== undefined) {
    const says = `${dead.kind} ${dead.id} has said nothing for ${spanOf(now - dead.heartbeatAt)}: its process died. Start it again: it goes on where it stopped.`;
    return { ...light, level: 'bad', says };
  }
  const failed = runs.find((run) => isFresh(run, now) && isLastOfKind(run, runs));
  if (failed !== undefined) {
    const says = `${failed.kind} ${failed.id} ${failed.state}: ${failed.failure ?? 'cut off'}. Start it again: it goes on where it stopped.`;
    return { ...light, level: 'bad', says };
  }
  const going = runs.filter(({ state }) => state === 'running').length;
  return { ...light, level: 'good', says: going > 0 ? `${countOf(going, 'run')} going.` : 'No run is cut off.' };
};

type AnyRun = Parameters<LightRule>[0]['runs'][number];

/** Failed, or stopped by something else than a person. */
const isFresh = ({ state, failure, endedAt }: AnyRun, now: number): boolean =>
  (state === 'failed' || (state === 'stopped' && failure !== null)) && now - (endedAt ?? 0) < RECENT_MS;

const isLastOfKind = (run: AnyRun, runs: readonly AnyRun[]): boolean =>
  !runs.some(({ kind, id }) => kind === run.kind && id > run.id);

export const schedulesLight: LightRule = ({ now, schedules }) => {
  const light = { name: 'schedules', path: '/ops/schedules' };
  const late = schedules.filter(
    ({ enabled, lastAt, everyMs }) =>
      enabled && lastAt !== null && now - lastAt > Math.max(MISSED_TURNS * everyMs, LEAST_LATE_MS),
  );
  const [first] = late;
  if (first !== undefined) {
    const says = `${someOf(late.map(({ name }) => name))} missed ${late.length === 1 ? 'its' : 'their'} turns: last ${spanOf(now - (first.lastAt ?? now))} ago.`;
    return { ...light, level: 'bad', says };
  }
  const off = schedules.filter(({ enabled, isOptional }) => !enabled && !isOptional).map(({ name }) => name);
  if (off.length > 0) return { ...light, level: 'watch', says: `Switched off: ${someOf(off)}.` };
  return { ...light, level: 'good', says: 'Schedules keep their time.' };
};

export const webhooksLight: LightRule = ({ subscriptions }) => {
  const light = { name: 'webhooks', path: '/ops/webhooks' };
  if (subscriptions.length === 0) return { ...light, level: 'off', says: 'Nobody subscribes.' };
  const buried = subscriptions.filter(({ deadLetters }) => deadLetters > 0);
  if (buried.length > 0) {
    const letters = buried.reduce((sum, { deadLetters }) => sum + deadLetters, 0);
    const says = `${countOf(letters, 'dead letter')} for ${someOf(buried.map(({ url }) => url))}: replay or drop.`;
    return { ...light, level: 'bad', says };
  }
  const failing = subscriptions.filter(({ attempts }) => attempts > 0);
  const [first] = failing;
  if (first !== undefined) {
    return { ...light, level: 'watch', says: `${first.url} does not take changes: ${first.failure ?? 'no answer'}.` };
  }
  return { ...light, level: 'good', says: `${countOf(subscriptions.length, 'subscriber')} up to date.` };
};
