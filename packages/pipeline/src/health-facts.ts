import type { HealthFacts, StageFacts } from '@throughline/core';
import { healthStore, type Database, type StageBacklog } from '@throughline/db';
import type { Backend } from '@throughline/queue';
import { roomOn } from '@throughline/runtime';

/** What the look at the system needs. */
export interface Operation {
  db: Database;
  queue: Pick<Backend, 'raw' | 'counts' | 'oldestWaitingAgeMs' | 'enqueue' | 'pause' | 'resume'>;
  /** Whether sources are read live here. */
  live: boolean;
  dataDirectory: string;
  now: () => number;
}

const TIMEOUT_MS = 3_000;

/** Everything the lights are computed from; what cannot be reached is a fact too. Never rejects. */
export async function healthFacts({ db, queue, live, dataDirectory, now }: Operation): Promise<HealthFacts> {
  const at = now();
  const [stored, queues, disk] = await Promise.all([
    orFailure(healthStore(db).facts(at)),
    orFailure(queueFacts(queue)),
    orFailure(roomOn(dataDirectory)),
  ]);
  return {
    now: at,
    live,
    disk,
    queue:
      'failure' in queues ? queues : { stages: mergeStages(queues.stages, 'failure' in stored ? [] : stored.stages) },
    ...('failure' in stored ? { ...NOTHING, database: stored } : { ...stored, database: { skewMs: stored.skewMs } }),
  };
}

const NOTHING = {
  sources: [],
  pages: { drifted: [], empty: [] },
  workers: [],
  hosts: { newlyFailing: [], closed: [] },
  runs: [],
  subscriptions: [],
  schedules: [],
  failures: { open: 0, lastHour: 0, commonest: null },
};

type Queued = Omit<StageFacts, keyof StageBacklog> & { stage: string };

async function queueFacts(queue: Operation['queue']): Promise<{ stages: Queued[] }> {
  const counts = await queue.counts();
  const stages = Object.entries(counts).map(async ([stage, { waiting, active, delayed, failed, paused }]) => ({
    stage,
    waiting,
    active,
    delayed,
    failed,
    paused,
    oldestWaitingAgeMs: await queue.oldestWaitingAgeMs(stage),
  }));
  return { stages: await Promise.all(stages) };
}

const mergeStages = (queues: readonly Queued[], backlogs: readonly StageBacklog[]): StageFacts[] =>
  queues.map((queued) => ({
    behind: 0,
    doneLastHour: 0,
    failedLastHour: 0,
    pausedAt: null,
    ...backlogs.find(({ stage }) => stage === queued.stage),
    ...queued,
  }));

/** What was asked for, or in one line why not; whatever hangs is given up after 3 s. */
async function orFailure<T extends object>(asked: Promise<T>): Promise<T | { failure: string }> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<{ failure: string }>((resolve) => {
    timer = setTimeout(() => resolve({ failure: `no answer within ${TIMEOUT_MS / 1_000} s` }), TIMEOUT_MS);
  });
  const failed = (error: unknown) => ({
    failure: (error instanceof Error ? error.message : String(error)).split('\n', 1)[0] ?? '',
  });
  try {
    return await Promise.race([asked.catch(failed), late]);
  } finally {
    clearTimeout(timer);
  }
}
