import type { Day } from '../day.ts';

/** What the lights are computed from. Ages and instants in ms; instants since the epoch. */
export interface HealthFacts {
  now: number;
  /** Whether sources are read live here at all: a contact is set. */
  live: boolean;
  /** A failure, or how far the database's clock is ahead of ours. */
  database: { failure: string } | { skewMs: number };
  queue: { failure: string } | { stages: readonly StageFacts[] };
  /** Empty while the database cannot be read. */
  sources: readonly SourceFacts[];
  pages: PageFacts;
  workers: readonly WorkerFacts[];
  hosts: HostFacts;
  runs: readonly RunFacts[];
  subscriptions: readonly SubscriptionFacts[];
  schedules: readonly ScheduleFacts[];
  failures: FailureFacts;
  disk: { failure: string } | { freeBytes: number; neededBytes: number };
}

export interface StageFacts {
  stage: string;
  waiting: number;
  active: number;
  delayed: number;
  failed: number;
  paused: boolean;
  /** Null while nothing waits. */
  oldestWaitingAgeMs: number | null;
  /** Units that Postgres says are not done yet, and how many were done in the last hour. */
  behind: number;
  doneLastHour: number;
  /** Deliveries that threw in the last hour. */
  failedLastHour: number;
  /** When it was paused. */
  pausedAt: number | null;
}

export interface SourceFacts {
  source: string;
  /** When its newest content was written, by its own clock. */
  newestContentAt: number | null;
  /** When it was last read with success, and last tried without. */
  readAt: number | null;
  failedAt: number | null;
  failure: string | null;
  newestDay: Day | null;
  /** How long it usually stays silent at most. */
  quietMs: number;
}

export interface PageFacts {
  /** Days whose page has a frame that we do not know, or far fewer events than before. */
  drifted: readonly { day: Day; alarm: string }[];
  /** Days that were read and have no event, between days that have some. */
  empty: readonly Day[];
}

export interface WorkerFacts {
  worker: string;
  /** Of the program that it runs. */
  version: string;
  heartbeatAt: number;
  /** What it has in hand, the oldest first. */
  inHand: readonly { stage: string; key: string; since: number; timeoutMs: number }[];
  /** Whether an operator has it take nothing new. */
  quiet: boolean;
}

export interface HostFacts {
  /** Hosts that answered well before and have failed since. */
  newlyFailing: readonly { host: string; failure: string; articles: number }[];
  /** Hosts whose robots.txt forbids everything that is asked of them. */
  closed: readonly { host: string; articles: number }[];
}

export interface RunFacts {
  id: number;
  kind: string;
  state: 'running' | 'done' | 'stopped' | 'failed';
  heartbeatAt: number;
  endedAt: number | null;
  failure: string | null;
}

export interface SubscriptionFacts {
  id: number;
  url: string;
  attempts: number;
  failure: string | null;
  /** Changes that it has not heard of. */
  lag: number;
  deadLetters: number;
}

export interface ScheduleFacts {
  name: string;
  everyMs: number;
  lastAt: number | null;
  enabled: boolean;
  /** Nobody misses it when it is off. */
  isOptional?: boolean;
}

export interface FailureFacts {
  /** Jobs that spent their attempts or were rejected, and wait for a person. */
  open: number;
  /** Of those, how many in the last hour. */
  lastHour: number;
  commonest: string | null;
}
