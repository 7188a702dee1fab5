import type { StageFacts } from '../facts.ts';
import { countOf, spanOf, type Light, type LightRule } from '../light.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** A job that is ready waits seconds where a stage keeps up. Capture is paced by its hosts, so its jobs are ready only when their turn has come. */
const WATCH_MS = 10 * MINUTE_MS;
const BAD_MS = HOUR_MS;
/** A pause longer than this was forgotten. */
const FORGOTTEN_MS = 2 * HOUR_MS;

export const stagesLight: LightRule = ({ now, queue }) => {
  const light = { name: 'stages', path: '/ops/queues' };
  if ('failure' in queue) return { ...light, level: 'bad', says: `The queue cannot be reached: ${queue.failure}.` };
  const found = queue.stages.map((stage) => lightOf(stage, now)).sort((a, b) => rank(b) - rank(a))[0];
  if (found === undefined || found.level === 'good') return { ...light, level: 'good', says: 'Every stage keeps up.' };
  return { ...light, ...found };
};

const rank = ({ level }: Pick<Light, 'level'>): number => ['off', 'good', 'watch', 'bad'].indexOf(level);

function lightOf(facts: StageFacts, now: number): Pick<Light, 'level' | 'says'> {
  const { stage, paused, pausedAt, waiting, behind, oldestWaitingAgeMs, doneLastHour } = facts;
  if (paused) {
    const ms = now - (pausedAt ?? now);
    const waits = `${countOf(waiting, 'job')} ${waiting === 1 ? 'waits' : 'wait'}`;
    const level = ms > FORGOTTEN_MS ? 'bad' : 'watch';
    return { level, says: `${stage} is paused since ${spanOf(ms)}; ${waits}. Resume it.` };
  }
  const age = oldestWaitingAgeMs ?? 0;
  if (age <= WATCH_MS) return { level: 'good', says: '' };
  const eta =
    doneLastHour > 0 ? `; at its pace ${spanOf((behind / doneLastHour) * HOUR_MS)} to go` : '; none done in an hour';
  const says = `${stage} falls behind: its next job has been ready for ${spanOf(age)}${eta}.`;
  return { level: age > BAD_MS || doneLastHour === 0 ? 'bad' : 'watch', says };
}
