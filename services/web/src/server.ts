import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { createSite, type AppOptions } from './app.ts';
import { keptFirst } from './kept-pages.ts';
import type { SiteReader } from './reader.ts';

export interface WebOptions extends Omit<AppOptions, 'publicUrl'> {
  reader: SiteReader;
  /** Address to listen on, as `127.0.0.1` or `::`. */
  host: string;
  /** 0 takes any free one. */
  port: number;
  /** Where readers find the site, if not at this address itself. */
  publicUrl?: string;
}

export interface Web {
  /** Where it answers: `http://127.0.0.1:3000`. */
  url: string;
  /** Takes no more connections, lets those in hand finish (at most `graceMs`), then cuts them. */
  close(graceMs?: number): Promise<void>;
}

/** A client that takes longer to say what it wants is cut off. */
const HEADERS_TIMEOUT_MS = 15_000;
const REQUEST_TIMEOUT_MS = 30_000;
const GRACE_MS = 5_000;

/** Listens and answers. Throws an error of one clear line where the address cannot be had. */
export async function startWeb({ reader, host, port, publicUrl, ...options }: WebOptions): Promise<Web> {
  let answer: RequestListener = (_request, response) => void response.writeHead(503).end();
  const server = createServer((request, response) => answer(request, response));
  server.headersTimeout = HEADERS_TIMEOUT_MS;
  server.requestTimeout = REQUEST_TIMEOUT_MS;
  await listen(server, host, port);
  const url = urlOf(host, (server.address() as AddressInfo).port);
  const { app, pages } = createSite(reader, { ...options, publicUrl: publicUrl ?? url });
  const make = getRequestListener((request) => app.fetch(request));
  answer = pages ? keptFirst(pages, make) : make;
  options.log?.info({ url }, 'the site is up');
  return { url, close: (graceMs = GRACE_MS) => close(server, graceMs) };
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (error: NodeJS.ErrnoException): void =>
      reject(new Error(explain(error, host, port), { cause: error }));
    server.once('error', fail);
    server.listen(port, host, () => {
      server.off('error', fail);
      resolve();
    });
  });
}

function explain(error: NodeJS.ErrnoException, host: string, port: number): string {
  switch (error.code) {
    case 'EADDRINUSE':
      return `Port ${port} of ${host} is taken by another program: stop that one, or set PORT to a free one.`;
    case 'EACCES':
      return `Port ${port} of ${host} needs rights that this user does not have: set PORT to 1024 or more.`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `${host} is no address of this machine: set HOST to one that is, as 127.0.0.1.`;
    default:
      return `Cannot listen on port ${port} of ${host}: ${error.message}`;
  }
}

function urlOf(host: string, port: number): string {
  const isEverywhere = host === '0.0.0.0' || host === '::' || host === '';
  const name = isEverywhere ? 'localhost' : host.includes(':') ? `[${host}]` : host;
  return `http://${name}:${port}`;
}

function close(server: Server, graceMs: number): Promise<void> {
  return new Promise((resolve) => {
    const cut = setTimeout(() => server.closeAllConnections(), graceMs);
    server.close(() => {
      clearTimeout(cut);
      resolve();
    });
  });
}
