import { request, type Schedule } from '@throughline/queue';
import { identifyJob, sweepJob } from './jobs.ts';

const SWEEP_EVERY_MS = 15_000;
const IDENTIFY_EVERY_MS = 3_600_000;

/** What happens by itself. The sweep asks for all that is due: days, hosts, events, deliveries; entities are looked into by the hour. */
export const schedules = (): (Schedule & { everyMs: number })[] => [
  { name: 'sweep', everyMs: SWEEP_EVERY_MS, request: request(sweepJob, {}) },
  { name: 'identify', everyMs: IDENTIFY_EVERY_MS, request: request(identifyJob, {}) },
];

/** Which job of which key each schedule asks for. */
export const scheduledJobs = (): { name: string; job: string; key: string; everyMs: number }[] =>
  schedules().map(({ name, everyMs, request: { job, key } }) => ({ name, job, key, everyMs }));
