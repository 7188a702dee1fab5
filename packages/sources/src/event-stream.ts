import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Day } from '@throughline/core';
import { retryAfterMs } from '@throughline/fetch';
import { dayOfTitle } from '@throughline/portal';
import axios from 'axios';
import { readServerSentEvents } from './server-sent-events.ts';
import { wikimediaUserAgent } from './user-agent.ts';
import { isRecord } from './wiki-api.ts';

export interface EventStreamOptions {
  contact: string | undefined;
  version: string;
  endpoint?: string;
  /** Where to go on: the `id` of the last edit that was seen. */
  lastEventId?: string;
  /** Where to begin without one: an ISO 8601 instant. The stream keeps a week or more. */
  since?: string;
  /** Without a byte for so long, the connection is taken for dead. */
  idleMs?: number;
  /** The first wait before connecting again; it doubles up to five minutes. */
  backoffMs?: number;
}

/** An edit of a day's page. */
export interface PortalEdit {
  day: Day;
  title: string;
  revision?: number;
  /** ISO 8601 instant. */
  at?: string;
  /** For `lastEventId`. */
  id: string;
}

const ENDPOINT = 'https://stream.wikimedia.org/v2/stream/recentchange';
const PORTAL_NAMESPACE = 100;
const LONGEST_WAIT_MS = 5 * 60_000;

/**
 * Edits of the portal's day pages as they happen, from Wikimedia's
 * EventStreams. It reconnects where it left off, and never ends before
 * `signal` aborts. Only an accelerator: its history is not guaranteed, so
 * polling goes on beside it. Throws without a contact, saying why.
 */
export async function* portalEdits(options: EventStreamOptions, signal: AbortSignal): AsyncGenerator<PortalEdit> {
  const userAgent = wikimediaUserAgent(options);
  const { backoffMs = 1_000 } = options;
  let last = options.lastEventId;
  let wait = backoffMs;
  while (!signal.aborted) {
    const pause = { ms: wait };
    for await (const { id, data } of connect({ ...options, userAgent, last, pause }, signal)) {
      wait = backoffMs;
      if (id !== '') last = id;
      const edit = editOf(data, last ?? '');
      if (edit) yield edit;
    }
    await sleep(Math.max(wait, pause.ms), undefined, { signal }).catch(() => undefined);
    wait = Math.min(wait * 2, LONGEST_WAIT_MS);
  }
}

interface Connection extends EventStreamOptions {
  userAgent: string;
  last: string | undefined;
  /** Set to what the server asks for. */
  pause: { ms: number };
}

/** One connection's events; ends without an error when it breaks. */
async function* connect(connection: Connection, signal: AbortSignal) {
  const { endpoint = ENDPOINT, idleMs = 60_000, last, since, userAgent, pause } = connection;
  try {
    const response = await axios.get<Readable>(endpoint, {
      ...(last === undefined && since !== undefined && { params: { since } }),
      headers: {
        'User-Agent': userAgent,
        Accept: 'text/event-stream',
        ...(last !== undefined && { 'Last-Event-ID': last }),
      },
      responseType: 'stream',
      timeout: idleMs,
      signal,
      validateStatus: () => true,
    });
    if (response.status === 200) yield* readServerSentEvents(response.data, { idleMs });
    else {
      response.data.destroy();
      const after: unknown = response.headers['retry-after'];
      pause.ms = Math.min(
        LONGEST_WAIT_MS,
        retryAfterMs(typeof after === 'string' ? after : undefined, Date.now()) ?? 60_000,
      );
    }
  } catch {
    // A broken connection is this reader's daily bread: it comes back where it was.
  }
}

/** The edit of a day's page that an event tells of; undefined for any other, and for the canaries that test the stream. */
function editOf(data: string, id: string): PortalEdit | undefined {
  const event = parse(data);
  const meta = isRecord(event?.['meta']) ? event['meta'] : {};
  if (!event || meta['domain'] === 'canary' || event['wiki'] !== 'enwiki' || event['namespace'] !== PORTAL_NAMESPACE)
    return undefined;
  const title = String(event['title']);
  const day = dayOfTitle(title);
  if (!day) return undefined;
  const revision = isRecord(event['revision']) ? event['revision']['new'] : undefined;
  return {
    day,
    title,
    ...(typeof revision === 'number' && { revision }),
    ...(typeof meta['dt'] === 'string' && { at: meta['dt'] }),
    id,
  };
}

function parse(data: string): Record<string, unknown> | undefined {
  try {
    const event: unknown = JSON.parse(data);
    return isRecord(event) ? event : undefined;
  } catch {
    return undefined;
  }
}
