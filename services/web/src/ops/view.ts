import type { HealthFacts, Light } from '@throughline/core';
import type {
  AlarmStore,
  AuditStore,
  ControlStore,
  FailureStore,
  OperationStore,
  JobCount,
  Rollup,
  RunStore,
} from '@throughline/db';
import type { HtmlEscapedString } from 'hono/utils/html';

/** What a view may read; the looks are shared by everybody who looks. */
export interface Look {
  now: number;
  facts: () => Promise<HealthFacts>;
  lights: () => Promise<Light[]>;
  /** Of the last 24 hours, in steps of 30 minutes. */
  throughput: () => Promise<Rollup[]>;
  /** Of the last 30 days, in steps of half a day. */
  throughputOfMonth: () => Promise<JobCount[]>;
  operation: OperationStore;
  failures: FailureStore;
  alarms: AlarmStore;
  audit: AuditStore;
  controls: ControlStore;
  runs: RunStore;
  /** Whether whoever looks may act. */
  mayAct: boolean;
  /** Of the page's address. */
  query: URLSearchParams;
  /** The part of the path behind the view's own, percent-decoded: a host, a day, an event. */
  rest: string;
}

/** One page of the dashboard. */
export interface View {
  /** The first part of its path. */
  path: string;
  title: (look: Pick<Look, 'rest'>) => string;
  /** Whether it is renewed while it is looked at. */
  live: boolean;
  /** Undefined where there is no such thing. */
  render: (look: Look) => Promise<HtmlEscapedString | undefined>;
}
