import type { LightRule } from '../light.ts';

/** Below so many times what is needed at least, a disk is worth a look. */
const ROOMY = 10;
/** Schedules, leases and turns are compared with the database's clock. */
const SKEW_MS = 30_000;

export const databaseLight: LightRule = ({ database }) => {
  const light = { name: 'database', path: '/ops' };
  if ('failure' in database)
    return { ...light, level: 'bad', says: `Postgres cannot be reached: ${database.failure}.` };
  const seconds = Math.round(database.skewMs / 1_000);
  if (Math.abs(database.skewMs) > SKEW_MS) {
    const way = seconds > 0 ? 'ahead of' : 'behind';
    const says = `The database’s clock is ${Math.abs(seconds)} s ${way} this machine’s: set both by NTP.`;
    return { ...light, level: 'bad', says };
  }
  return { ...light, level: 'good', says: 'Postgres answers.' };
};

export const diskLight: LightRule = ({ disk }) => {
  const light = { name: 'disk', path: '/ops' };
  if ('failure' in disk) return { ...light, level: 'bad', says: `The data directory cannot be used: ${disk.failure}.` };
  const { freeBytes, neededBytes } = disk;
  const free = `${(freeBytes / 2 ** 30).toFixed(1)} GB free for snapshots`;
  if (freeBytes < neededBytes) return { ...light, level: 'bad', says: `The disk is nearly full: ${free}.` };
  if (freeBytes < ROOMY * neededBytes) return { ...light, level: 'watch', says: `The disk fills up: ${free}.` };
  return { ...light, level: 'good', says: `${free}.` };
};
