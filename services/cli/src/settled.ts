import { setTimeout as sleep } from 'node:timers/promises';
import type { Context } from '@throughline/pipeline';
import type { Backend } from '@throughline/queue';
import { progress } from '@throughline/runtime';
import type { Terminal } from './terminal.ts';

const LOOK_EVERY_MS = 200;
/** One bundled sample takes seconds; a job that hangs must not keep the site from going live. */
const LONGEST_MS = 120_000;

/** Waits until nothing within reach is due, behind or queued; false when interrupted or too long. Draws progress. */
export async function waitUntilSettled(
  { articles, events, hosts, reach }: Context,
  queue: Backend,
  terminal: Terminal,
  report: (finished: number) => Promise<void>,
): Promise<boolean> {
  const deadline = Date.now() + LONGEST_MS;
  let bar: ReturnType<typeof progress> | undefined;
  let shown = 0;
  for (;;) {
    if (terminal.interrupted.aborted || Date.now() > deadline) return false;
    const states = await articles.states();
    const total = Object.values(states).reduce((sum, count) => sum + count, 0);
    const finished = total - (states.waiting ?? 0);
    if (total > 0) bar ??= progress({ label: 'sample', total, unit: 'articles', stream: terminal.progress });
    bar?.advance(finished - shown);
    shown = finished;
    await report(finished);
    if (total > 0 && (await isSettled({ events, hosts, reach }, queue))) {
      bar?.done();
      return true;
    }
    await sleep(LOOK_EVERY_MS);
  }
}

async function isSettled(
  { events, hosts, reach }: Pick<Context, 'events' | 'hosts' | 'reach'>,
  queue: Backend,
): Promise<boolean> {
  if ((await events.behindCount()) > 0 || (await hosts.due(1, reach)).length > 0) return false;
  const counts = Object.entries(await queue.counts());
  return counts.every(([job, { waiting, active }]) => job === 'sweep' || waiting + active === 0);
}
