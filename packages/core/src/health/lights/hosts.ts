import { countOf, someOf, type LightRule } from '../light.ts';

/** So many hosts failing at once is our network or our address, not theirs. */
const MANY = 25;

export const hostsLight: LightRule = ({ live, hosts: { newlyFailing, closed } }) => {
  const light = { name: 'hosts', path: '/ops/hosts' };
  if (!live && newlyFailing.length === 0) return { ...light, level: 'off', says: 'No host is asked.' };
  const [first] = newlyFailing;
  if (first !== undefined) {
    const many = newlyFailing.length > MANY ? ' So many at once point to this machine’s own network.' : '';
    const names = someOf(newlyFailing.map(({ host }) => host));
    const says = `${countOf(newlyFailing.length, 'host')} stopped answering as before: ${names} (${first.failure}).${many}`;
    return { ...light, level: newlyFailing.length > MANY ? 'bad' : 'watch', says };
  }
  const shut = closed.length > 0 ? ` ${countOf(closed.length, 'host')} closed to us by robots.txt.` : '';
  return { ...light, level: 'good', says: `Hosts answer as before.${shut}` };
};
