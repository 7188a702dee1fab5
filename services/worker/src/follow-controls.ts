import { setTimeout as sleep } from 'node:timers/promises';
import type { Context } from '@throughline/pipeline';
import type { Backend } from '@throughline/queue';

const LOOK_MS = 2_000;

type Needs = Pick<Context, 'controls' | 'workers' | 'worker'>;

/**
 * Does of each stage as many jobs at once as operators have set, `usual` where
 * they have set nothing, and none while they have this worker be quiet. Looks
 * every 2 s until `signal` aborts.
 */
export async function followControls(
  context: Needs,
  queue: Pick<Backend, 'setConcurrency'>,
  usual: ReadonlyMap<string, number>,
  signal: AbortSignal,
  onError: (error: unknown) => void,
): Promise<void> {
  const applied = new Map(usual);
  while (!signal.aborted) {
    await sleep(LOOK_MS, undefined, { signal }).catch(() => {});
    if (signal.aborted) return;
    await apply(context, queue, usual, applied).catch(onError);
  }
}

async function apply(
  { controls, workers, worker }: Needs,
  queue: Pick<Backend, 'setConcurrency'>,
  usual: ReadonlyMap<string, number>,
  applied: Map<string, number>,
): Promise<void> {
  const [set, quiet] = await Promise.all([controls.concurrency(), workers.isQuiet(worker)]);
  for (const [stage, own] of usual) {
    const wanted = quiet ? 0 : (set.get(stage) ?? own);
    if (applied.get(stage) === wanted) continue;
    await queue.setConcurrency(stage, wanted);
    applied.set(stage, wanted);
  }
}
