import type { Context } from 'hono';
import { streamSSE } from 'hono/streaming';

/** How soon a change is seen, and how often a quiet line is kept open. */
const LOOK_MS = 500;
const KEEP_ALIVE_MS = 15_000;

/**
 * Sends a view's content each time it differs from what was sent last, within
 * 2 s, until the reader goes or `ending` aborts. After a cut the reader gets
 * the state as it is then, whatever it missed.
 */
export function sendLive(c: Context, content: () => Promise<string>, ending: AbortSignal): Response {
  c.header('X-Accel-Buffering', 'no'); // a proxy that gathers answers would hold the lines back
  return streamSSE(c, async (stream) => {
    let last: string | undefined;
    let quietMs = 0;
    await stream.writeSSE({ data: '', event: 'hello', retry: LOOK_MS });
    while (!stream.aborted && !ending.aborted) {
      const now = await content().catch(() => undefined);
      if (now !== undefined && now !== last) {
        await stream.writeSSE({ event: 'content', data: now });
        last = now;
        quietMs = 0;
      } else if (quietMs >= KEEP_ALIVE_MS) {
        await stream.writeSSE({ event: 'alive', data: '' });
        quietMs = 0;
      }
      await stream.sleep(LOOK_MS);
      quietMs += LOOK_MS;
    }
  });
}

/**
 * What a browser runs: puts new content in place and keeps the focus where it was. While it cannot, the page says so.
 * A page that nobody sees lets go of its stream: a browser keeps no more than six to one server.
 */
export const LIVE_SCRIPT = `const RETRY_MS = 2_000;
const place = document.getElementById('live');
const path = place && place.dataset.live;
const cut = document.getElementById('cut');
let source, retry;

function show({ data }) {
  const focused = document.activeElement;
  const key = focused && place.contains(focused) ? [...place.querySelectorAll('a,button,input,summary')].indexOf(focused) : -1;
  const open = [...place.querySelectorAll('details')].map((one) => one.open);
  place.innerHTML = data;
  place.querySelectorAll('details').forEach((one, at) => (one.open = open[at] || false));
  if (key >= 0) place.querySelectorAll('a,button,input,summary')[key]?.focus();
}

function rest() {
  clearTimeout(retry);
  source?.close();
}

function listen() {
  rest();
  source = new EventSource('/ops/live?path=' + encodeURIComponent(path + location.search));
  source.addEventListener('hello', () => (cut.hidden = true));
  source.addEventListener('content', show);
  source.addEventListener('error', () => {
    cut.hidden = false;
    // An answer that is no stream, as a proxy gives while the server restarts, ends an EventSource for good.
    if (source.readyState === EventSource.CLOSED) retry = setTimeout(listen, RETRY_MS);
  });
}

if (path) {
  if (!document.hidden) listen();
  document.addEventListener('visibilitychange', () => (document.hidden ? rest() : listen()));
  addEventListener('pagehide', rest);
  addEventListener('pageshow', ({ persisted }) => persisted && listen());
}
`;
