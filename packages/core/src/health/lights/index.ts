import type { LightRule } from '../light.ts';
import { failuresLight } from './failures.ts';
import { hostsLight } from './hosts.ts';
import { layoutLight } from './layout.ts';
import { runsLight, schedulesLight, webhooksLight } from './operation.ts';
import { sourcesLight } from './sources.ts';
import { stagesLight } from './stages.ts';
import { databaseLight, diskLight } from './storage.ts';
import { workersLight } from './workers.ts';

/** All lights, in the order in which an operator looks. A new one is one rule and one line here. */
export const lightRules: readonly LightRule[] = [
  sourcesLight,
  layoutLight,
  stagesLight,
  workersLight,
  failuresLight,
  hostsLight,
  runsLight,
  schedulesLight,
  webhooksLight,
  databaseLight,
  diskLight,
];
