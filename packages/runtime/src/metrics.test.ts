import { expect, it } from 'vitest';
import { metrics, observeJob, showQueues } from './metrics.ts';

it('counts jobs and their time by stage and outcome', async () => {
  observeJob('capture', 'done', 250);
  observeJob('capture', 'done', 20_000);
  observeJob('capture', 'failed', 1);
  const text = await metrics.metrics();
  expect(text).toContain('throughline_jobs_total{stage="capture",outcome="done"} 2');
  expect(text).toContain('throughline_job_seconds_sum{stage="capture",outcome="done"} 20.25');
  expect(text).toContain('throughline_job_seconds_bucket{le="0.5",stage="capture",outcome="done"} 1');
});

it('asks the queues once when the metrics are read, and does without their answer', async () => {
  let asked = 0;
  showQueues(async () => {
    asked += 1;
    if (asked > 1) throw new Error('the queue does not answer');
    return { capture: { waiting: 3, active: 1, delayed: 0, failed: 2, oldestWaitingAgeMs: 1_500 } };
  });
  expect(asked).toBe(0);
  const text = await metrics.metrics();
  expect(asked).toBe(1);
  expect(text).toContain('throughline_queue_jobs{job="capture",state="waiting"} 3');
  expect(text).toContain('throughline_queue_oldest_seconds{job="capture"} 1.5');
  const later = await metrics.metrics();
  expect(later).not.toContain('throughline_queue_jobs{');
  expect(later).toContain('throughline_jobs_total{');
});
