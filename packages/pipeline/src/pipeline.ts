import { capture } from './stages/capture.ts';
import { deliver } from './stages/deliver.ts';
import { discover } from './stages/discover.ts';
import { enrich } from './stages/enrich.ts';
import { identify } from './stages/identify.ts';
import { submit } from './stages/submit.ts';
import { sweep } from './stages/sweep.ts';
import { thread } from './stages/thread.ts';

/** The stages in the order in which an event meets them, and the sweep that keeps them going. */
export const stages = [submit, discover, capture, enrich, thread, identify, deliver, sweep] as const;
