import type { View } from '../view.ts';
import { days } from './days.tsx';
import { event } from './event.tsx';
import { failures } from './failures.tsx';
import { health } from './health.tsx';
import { hosts } from './hosts.tsx';
import { audit, extraction, sources, webhooks } from './lists.tsx';
import { queues } from './queues.tsx';
import { runs } from './runs.tsx';
import { schedules } from './schedules.tsx';
import { workers } from './workers.tsx';

/** All views. A new one is one file, one line here, and one in the navigation. */
export const views: readonly View[] = [
  health,
  days,
  event,
  failures,
  hosts,
  queues,
  workers,
  runs,
  schedules,
  sources,
  webhooks,
  extraction,
  audit,
];
