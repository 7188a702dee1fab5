import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

/** All metrics of this process. Labels are few and short: hosts, URLs and ids go to the log. */
export const metrics = new Registry();
collectDefaultMetrics({ register: metrics });

const jobSeconds = new Histogram({
  name: 'throughline_job_seconds',
  help: 'How long jobs took.',
  labelNames: ['stage', 'outcome'],
  buckets: [0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300],
  registers: [metrics],
});

const jobs = new Counter({
  name: 'throughline_jobs_total',
  help: 'Jobs that ended.',
  labelNames: ['stage', 'outcome'],
  registers: [metrics],
});

/** Counts one job that ended. */
export function observeJob(stage: string, outcome: string, durationMs: number): void {
  jobs.inc({ stage, outcome });
  jobSeconds.observe({ stage, outcome }, durationMs / 1_000);
}

/** What is to be shown of one job's queue; ages in ms, null when nothing waits. */
export interface QueueFigures {
  waiting: number;
  active: number;
  delayed: number;
  failed: number;
  oldestWaitingAgeMs: number | null;
}

const QUEUE_METRICS = ['throughline_queue_jobs', 'throughline_queue_oldest_seconds'];
const LIGHT_METRIC = 'throughline_light';
const STATES = ['waiting', 'active', 'delayed', 'failed'] as const;

/**
 * Shows the queues, by job, in place of those shown before. They are asked when
 * somebody reads the metrics; while they do not answer, their figures are missing.
 */
export function showQueues(read: () => Promise<Readonly<Record<string, QueueFigures>>>): void {
  for (const name of QUEUE_METRICS) metrics.removeSingleMetric(name);
  let reading: Promise<void> | undefined;
  const collect = () => (reading ??= refresh().finally(() => (reading = undefined))); // one question for both
  const jobsNow = new Gauge({
    name: 'throughline_queue_jobs',
    help: 'Jobs in the queue.',
    labelNames: ['job', 'state'],
    registers: [metrics],
    collect,
  });
  const oldest = new Gauge({
    name: 'throughline_queue_oldest_seconds',
    help: 'How long the next job in line has been ready.',
    labelNames: ['job'],
    registers: [metrics],
    collect,
  });
  async function refresh(): Promise<void> {
    const queues = await read().catch(() => ({}));
    jobsNow.reset();
    oldest.reset();
    for (const [job, figures] of Object.entries<QueueFigures>(queues)) {
      for (const state of STATES) jobsNow.set({ job, state }, figures[state]);
      oldest.set({ job }, (figures.oldestWaitingAgeMs ?? 0) / 1_000);
    }
  }
}

/** One light of the dashboard. */
export interface LightFigure {
  name: string;
  level: 'off' | 'good' | 'watch' | 'bad';
}

const LEVELS = ['off', 'good', 'watch', 'bad'] as const;

/** Shows the lights, in place of those shown before. While they cannot be computed they are missing. */
export function showLights(read: () => Promise<readonly LightFigure[]>): void {
  metrics.removeSingleMetric(LIGHT_METRIC);
  const lights = new Gauge({
    name: LIGHT_METRIC,
    help: 'The lights of the dashboard: 0 off, 1 good, 2 watch, 3 bad.',
    labelNames: ['light'],
    registers: [metrics],
    async collect() {
      const all = await read().catch(() => []);
      lights.reset();
      for (const { name, level } of all) lights.set({ light: name }, LEVELS.indexOf(level));
    },
  });
}
