import { setTimeout as sleep } from 'node:timers/promises';
import { alarmStore } from '@throughline/db';
import { jobs, type Operation } from '@throughline/pipeline';
import { openQueue, type Backend } from '@throughline/queue';
import type { Config, Log } from '@throughline/runtime';
import { addApi, addOps, type WebOptions } from '@throughline/web';
import { tellersOf, type WorkerOptions } from '@throughline/worker';
import type { Station } from './station.ts';

/** The programs' and the operator's part of the web service, and how to let go of it. */
export interface Dashboard {
  extend: NonNullable<WebOptions['extend']>;
  /** Open streams end: to be called before the web service closes. */
  end: () => void;
  close: () => Promise<void>;
}

const LOOPBACK = new Set(['127.0.0.1', '::1', 'localhost']);

/** Opens what the dashboard works with; the queue is asked and told, never worked. */
export async function openDashboard(station: Station, config: Config, log: Log, version: string): Promise<Dashboard> {
  const queue = await openQueue({ url: config.redisUrl ?? station.databaseUrl, jobs, log });
  const ending = new AbortController();
  const { operatorToken, viewerToken, operatorHeader } = config;
  const asking = {
    ending: ending.signal,
    loopback: LOOPBACK.has(config.host),
    ...(operatorToken !== undefined && { token: operatorToken }),
    ...(viewerToken !== undefined && { viewerToken }),
    ...(operatorHeader !== undefined && { header: operatorHeader }),
  };
  return {
    extend: (app, site) => {
      addApi(app, site, { db: station.db, queue, version, now: Date.now, ...asking });
      addOps(app, site, { operation: operationOf(station, config, queue), ...asking });
    },
    end: () => ending.abort(),
    close: async () => {
      ending.abort();
      await sleep(0);
      await queue.close();
    },
  };
}

/** What the lights are computed from. */
export const operationOf = ({ db }: Station, { contact, dataDirectory }: Config, queue: Backend): Operation => ({
  db,
  queue,
  live: contact !== undefined,
  dataDirectory,
  now: Date.now,
});

/** What a worker needs to keep alarms and to tell of them. */
export function watching(station: Station, config: Config, queue: Backend): WorkerOptions['watching'] {
  const { url, mail, smtp, quietHours } = config.alarms;
  const dashboard = `${config.publicUrl ?? `http://${config.host}:${config.port}`}/ops`.replace(/([^:])\/\//g, '$1/');
  const tellers = tellersOf({
    url,
    secret: config.webhookSecret,
    mail: mail !== undefined && smtp !== undefined ? { to: mail, server: smtp } : undefined,
    dashboard,
  });
  return { operation: operationOf(station, config, queue), alarms: alarmStore(station.db), tellers, quietHours };
}
