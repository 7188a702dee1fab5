import { countOf, someOf, type LightRule } from '../light.ts';

/** A page that we no longer understand, and a day that fell silent, never look like a quiet day. */
export const layoutLight: LightRule = ({ pages: { drifted, empty } }) => {
  const light = { name: 'layout', path: '/ops/days' };
  const [first] = drifted;
  if (first !== undefined) {
    const says = `${countOf(drifted.length, 'page')} drifted: ${first.day}: ${first.alarm}.`;
    return { ...light, level: 'bad', says };
  }
  if (empty.length > 0) {
    return { ...light, level: 'bad', says: `No event at all on ${someOf(empty)}, though days around have some.` };
  }
  return { ...light, level: 'good', says: 'Every page read has a frame that we know, and events.' };
};
