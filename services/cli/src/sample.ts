import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { Day } from '@throughline/core';

/** One answer of the sample's hosts, as `examples/sample/manifest.json` lists them. */
export interface RecordedAnswer {
  /** Absolute http(s) URL, as the day pages cite it. */
  url: string;
  status: number;
  /** Lower-case names. */
  headers: Record<string, string>;
  /** The body's file under `pages/`; absent where the answer has none. */
  file?: string;
  /** Where a redirect leads: absolute or relative to `url`. */
  location?: string;
  /** How the body is compressed when it is sent. It is kept plain on disk. */
  encoding?: 'gzip';
}

export interface ReplayServer {
  /** `http://127.0.0.1:<port>` */
  origin: string;
  /** Host names that this server speaks for. */
  hosts: ReadonlySet<string>;
  close(): Promise<void>;
}

export interface SampleDay {
  day: Day;
  /** Absolute path of the day's wikitext. */
  file: string;
}

const ALLOW_ALL = 'User-agent: *\nAllow: /\n';
const compress = promisify(gzip);

/** The directory of the bundled sample. `src` and `dist` lie equally deep, so it is the same for both. */
export const locateSample = (): string => fileURLToPath(new URL('../../../examples/sample', import.meta.url));

/** The sample's day pages, oldest first. Throws where there is no sample. */
export function sampleDays(sampleDirectory: string): SampleDay[] {
  const directory = join(sampleDirectory, 'days');
  return readdirSync(directory)
    .filter((name) => name.endsWith('.wiki'))
    .toSorted()
    .map((name) => ({ day: Day.parse(name.slice(0, -'.wiki'.length)), file: join(directory, name) }));
}

/** What `manifest.json` lists. Throws where there is none. */
export const recordedAnswers = (sampleDirectory: string): RecordedAnswer[] =>
  JSON.parse(readFileSync(join(sampleDirectory, 'manifest.json'), 'utf8')) as RecordedAnswer[];

/**
 * Starts a server on a free loopback port that answers in the place of the
 * sample's hosts. Which URL is meant is said by the request's `x-replay-url`
 * header; without a usable one the answer is 400, for an unknown URL 404. A
 * sample host without recorded robots.txt allows everything.
 */
export async function startReplayServer(sampleDirectory: string): Promise<ReplayServer> {
  const answers = recordedAnswers(sampleDirectory);
  const hosts = new Set(answers.map(({ url }) => new URL(url).hostname));
  const find = answerFinder(answers);
  const server = createServer((request, response) => {
    const url = replayedUrl(request);
    if (!url) return void response.writeHead(400).end('no usable x-replay-url\n');
    const answer = find(url);
    if (!answer) return answerUnknown(url, hosts, response);
    replay(answer, sampleDirectory, request, response).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else response.writeHead(500).end(`the sample is broken: ${String(error)}\n`);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = async () => {
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  };
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, hosts, close };
}

/** Finds by the exact URL first, so that a host may redirect from http to https, then by all but the scheme. */
function answerFinder(answers: readonly RecordedAnswer[]): (url: URL) => RecordedAnswer | undefined {
  const exact = new Map(answers.map((answer) => [withoutFragment(new URL(answer.url)), answer]));
  const bare = new Map(answers.map((answer) => [withoutScheme(new URL(answer.url)), answer]));
  return (url) => exact.get(withoutFragment(url)) ?? bare.get(withoutScheme(url));
}

const withoutFragment = (url: URL): string => url.protocol + withoutScheme(url);
const withoutScheme = ({ host, pathname, search }: URL): string => `//${host}${pathname}${search}`;

function replayedUrl({ headers }: IncomingMessage): URL | undefined {
  const header = headers['x-replay-url'];
  return typeof header === 'string' && URL.canParse(header) ? new URL(header) : undefined;
}

function answerUnknown(url: URL, hosts: ReadonlySet<string>, response: ServerResponse): void {
  if (url.pathname === '/robots.txt' && hosts.has(url.hostname)) {
    response.writeHead(200, { 'content-type': 'text/plain' }).end(ALLOW_ALL);
  } else {
    response.writeHead(404, { 'content-type': 'text/plain' }).end('not in the sample\n');
  }
}

async function replay(
  { status, headers, file, location, encoding }: RecordedAnswer,
  sampleDirectory: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (headers.etag !== undefined && headers.etag === request.headers['if-none-match']) {
    return void response.writeHead(304, headers).end();
  }
  const plain = file === undefined ? Buffer.alloc(0) : await readFile(join(sampleDirectory, 'pages', file));
  const body = encoding === 'gzip' ? await compress(plain) : plain;
  response.writeHead(status, {
    ...headers,
    ...(location !== undefined && { location }),
    ...(encoding !== undefined && { 'content-encoding': encoding }),
    'content-length': body.length,
  });
  response.end(body);
}
