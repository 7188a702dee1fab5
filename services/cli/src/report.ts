import type { Finished } from '@throughline/queue';
import { observeJob, type Log } from '@throughline/runtime';

/** One log line and one measurement for each job that ends. */
export const reporter =
  (log: Log) =>
  ({ stage, key, outcome, attempt, durationMs }: Finished): void => {
    observeJob(stage, outcome.kind, durationMs);
    const facts = { stage, key, outcome: outcome.kind, attempt, durationMs: Math.round(durationMs) };
    switch (outcome.kind) {
      case 'done':
        return log.info({ ...facts, ...outcome.facts }, 'job ended');
      case 'skipped':
        return log.debug({ ...facts, reason: outcome.reason }, 'job ended');
      case 'snoozed':
        return log.debug({ ...facts, ...outcome.facts, reason: outcome.reason, delayMs: outcome.delayMs }, 'job ended');
      case 'rejected':
        return log.warn({ ...facts, reason: outcome.reason }, 'job ended');
      case 'failed':
        return log.error({ ...facts, err: outcome.error, willRetry: outcome.willRetry }, 'job ended');
      case 'interrupted':
        return log.info(facts, 'job ended');
    }
  };
