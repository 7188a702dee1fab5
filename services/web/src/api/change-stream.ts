import type { ChangeStore } from '@throughline/db';
import type { Context } from 'hono';
import { streamSSE } from 'hono/streaming';

const LOOK_MS = 1_000;
const KEEP_ALIVE_MS = 15_000;
const CHANGES_A_LOOK = 500;

/**
 * Sends every change after `seq` as a server-sent event whose id is its number,
 * and goes on as they come until the reader goes or `ending` aborts. A reader
 * that was cut off sends the last id it saw and misses nothing.
 */
export function sendChanges(c: Context, seq: number, changes: ChangeStore, ending: AbortSignal): Response {
  c.header('X-Accel-Buffering', 'no'); // a proxy that gathers answers would hold the lines back
  c.header('Cache-Control', 'no-store');
  c.header('Access-Control-Allow-Origin', '*');
  return streamSSE(c, async (stream) => {
    let last = seq;
    let quietMs = 0;
    await stream.writeSSE({ event: 'hello', data: '', retry: LOOK_MS });
    while (!stream.aborted && !ending.aborted) {
      const found = await changes.after(last, CHANGES_A_LOOK);
      for (const change of found) {
        await stream.writeSSE({ id: String(change.seq), event: 'change', data: JSON.stringify(change) });
        last = change.seq;
      }
      if (found.length === CHANGES_A_LOOK) continue;
      quietMs = found.length > 0 ? 0 : quietMs + LOOK_MS;
      if (quietMs >= KEEP_ALIVE_MS) {
        await stream.writeSSE({ event: 'alive', data: '' });
        quietMs = 0;
      }
      await stream.sleep(LOOK_MS);
    }
  });
}
