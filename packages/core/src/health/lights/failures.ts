import { countOf, type LightRule } from '../light.ts';

/** More in an hour than this is something that breaks, not a few odd pages. */
const MANY_AN_HOUR = 20;

export const failuresLight: LightRule = ({ failures: { open, lastHour, commonest } }) => {
  const light = { name: 'failures', path: '/ops/failures' };
  if (open === 0) return { ...light, level: 'good', says: 'No job waits for a person.' };
  const why = commonest === null ? '' : `; most of them: ${commonest}`;
  const says = `${countOf(open, 'job')} failed for good${lastHour > 0 ? `, ${lastHour} in the last hour` : ''}${why}.`;
  return { ...light, level: lastHour > MANY_AN_HOUR ? 'bad' : 'watch', says };
};
