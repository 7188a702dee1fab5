import { request, type JobRequest } from '@throughline/queue';
import { exportJob, identifyJob, sweepJob, type SweepPart } from './jobs.ts';

const SECOND_MS = 1_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

interface Timed {
  name: string;
  everyMs: number;
  request: JobRequest;
  /** Off until an operator switches it on. */
  isOptional?: true;
}

/** How often each part of the sweep is done, unless an operator says otherwise. */
const PARTS: readonly { part: SweepPart; everyMs: number; isOptional?: true }[] = [
  { part: 'sweep', everyMs: 15 * SECOND_MS },
  { part: 'discover', everyMs: 15 * SECOND_MS },
  { part: 'revisit', everyMs: 60 * SECOND_MS },
  { part: 'copies', everyMs: 15 * SECOND_MS },
  { part: 'retention', everyMs: DAY_MS },
  { part: 'recompute', everyMs: 30 * DAY_MS, isOptional: true },
];

/** What happens by itself: each part of the sweep at its own pace, and by the hour entities are looked into. */
export const schedules = (): Timed[] => [
  ...PARTS.map(({ part, ...rest }) => ({ name: part, ...rest, request: request(sweepJob, { part }) })),
  { name: 'identify', everyMs: HOUR_MS, request: request(identifyJob, {}) },
  { name: 'export', everyMs: DAY_MS, isOptional: true, request: request(exportJob, {}) },
];

/** The request that does a schedule's work at once, however lately that was done; undefined where there is none of that name. */
export function askedFor(name: string): JobRequest | undefined {
  const part = PARTS.find((one) => one.part === name)?.part;
  if (part) return request(sweepJob, { part, isAsked: true });
  return schedules().find((one) => one.name === name)?.request;
}

/** Which job of which key each schedule asks for. */
export const scheduledJobs = (): {
  name: string;
  job: string;
  key: string;
  everyMs: number;
  isOptional: boolean;
}[] =>
  schedules().map(({ name, everyMs, isOptional = false, request: { job, key } }) => ({
    name,
    job,
    key,
    everyMs,
    isOptional,
  }));
