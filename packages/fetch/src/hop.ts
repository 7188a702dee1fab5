import axios from 'axios';
import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import type { Guard } from './guard.ts';

/**
 * Answers requests for `hosts` from one server instead of the network, over
 * real HTTP: it gets each request with its Host header and the whole original
 * URL in `x-replay-url`. Everything looks as if it came from the original URL.
 */
export interface Replay {
  /** As `http://127.0.0.1:4321`; the guard does not apply to it. */
  origin: string;
  /** Host names, as in a URL. */
  hosts: ReadonlySet<string> | ((host: string) => boolean);
}

/** An answer whose body is still to be read. */
export interface Answer {
  status: number;
  stream: IncomingMessage;
}

/** One request and its answer: no redirects followed, nothing judged. */
export interface Hops {
  /** Why a URL may not be asked for. */
  problem: (url: URL) => string | undefined;
  /** Rejects with the system's error, whose `code` tells it; aborting the signal ends the body too. */
  ask: (url: URL, headers: Readonly<Record<string, string>>, signal: AbortSignal) => Promise<Answer>;
  close: () => void;
}

/** Connections of hosts that are asked once a second are kept, those of the many others soon dropped. */
const AGENT = { keepAlive: true, maxFreeSockets: 2, timeout: 15_000, scheduling: 'lifo' } as const;

export function createHops(guard: Guard, replay: Replay | undefined): Hops {
  const agents = {
    http: new http.Agent({ ...AGENT, lookup: guard.lookup }),
    https: new https.Agent({ ...AGENT, lookup: guard.lookup }),
    replay: new http.Agent({ ...AGENT, maxFreeSockets: 64 }),
  };
  const client = axios.create({
    adapter: 'http',
    responseType: 'stream',
    decompress: false,
    maxRedirects: 0,
    proxy: false, // a proxy would connect for us, where the guard cannot look
    validateStatus: () => true,
    transformResponse: [],
    httpsAgent: agents.https,
  });
  const replayOf = (url: URL) => (replay && has(replay.hosts, url.hostname) ? replay : undefined);

  return {
    problem: (url) => (replayOf(url) ? undefined : guard.problem(url)),
    async ask(url, headers, signal) {
      const elsewhere = replayOf(url);
      const response = await client.request<IncomingMessage>({
        url: elsewhere ? new URL(url.pathname + url.search, elsewhere.origin).href : withoutHash(url),
        headers: elsewhere ? { ...headers, host: url.host, 'x-replay-url': withoutHash(url) } : headers,
        httpAgent: elsewhere ? agents.replay : agents.http,
        signal,
      });
      return { status: response.status, stream: response.data };
    },
    close() {
      for (const agent of Object.values(agents)) agent.destroy();
    },
  };
}

const has = (hosts: Replay['hosts'], host: string): boolean =>
  typeof hosts === 'function' ? hosts(host) : hosts.has(host);

export const withoutHash = ({ href, hash }: URL): string => (hash ? href.slice(0, -hash.length) : href);
