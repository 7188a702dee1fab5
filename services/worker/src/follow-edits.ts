import { setTimeout as sleep } from 'node:timers/promises';
import { discoverJob, type Context } from '@throughline/pipeline';
import { request, type Backend } from '@throughline/queue';
import { portalEdits, type EventStreamOptions } from '@throughline/sources';

const NAME = 'edits';
/** How soon a worker that does not follow looks whether the one that did has ended. */
const LOOK_AGAIN_MS = 30_000;

/**
 * Asks for a day of the portal as soon as its page is edited, until `signal`
 * aborts. Of all workers one follows; it goes on where the last one stopped.
 */
export async function followEdits(
  { runs, cursors }: Pick<Context, 'runs' | 'cursors'>,
  queue: Pick<Backend, 'enqueue'>,
  options: EventStreamOptions,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    await runs.hold(NAME, {}, null, async (run) => {
      const lastEventId = await cursors.get(NAME);
      let edits = 0;
      for await (const { day, id } of portalEdits(
        { ...options, ...(lastEventId !== undefined && { lastEventId }) },
        signal,
      )) {
        await queue.enqueue([request(discoverJob, { source: 'portal', days: [day] })]);
        await cursors.set(NAME, id);
        await runs.progress(run, { finished: ++edits });
      }
      await runs.end(run, 'stopped', { edits });
    });
    await sleep(LOOK_AGAIN_MS, undefined, { signal }).catch(() => {});
  }
}
