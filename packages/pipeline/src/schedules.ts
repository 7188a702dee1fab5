import { request, type Schedule } from '@throughline/queue';
import { sweepJob } from './jobs.ts';

const SWEEP_EVERY_MS = 15_000;

/** What happens by itself. The sweep asks for all that is due: days, hosts, events, deliveries. */
export const schedules = (): Schedule[] => [{ name: 'sweep', everyMs: SWEEP_EVERY_MS, request: request(sweepJob, {}) }];
