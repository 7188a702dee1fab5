export type {
  Backend,
  BackendKind,
  BackendOptions,
  FailedJob,
  JobCounts,
  QueueLog,
  Schedule,
  ScheduleState,
} from './backend.ts';
export { backends, openQueue } from './backends/index.ts';
export { defineJob, request, type Job, type JobPolicy, type JobRequest } from './job.ts';
export { done, reject, skip, snooze, type Facts, type Outcome } from './outcome.ts';
export { defineStage, runJob, type Delivery, type Finished, type Host, type Stage } from './stage.ts';
