import { setTimeout as sleep } from 'node:timers/promises';
import { openQueue } from '@throughline/queue';
import { jobs } from '@throughline/pipeline';
import type { Config, Log } from '@throughline/runtime';
import { addOps, type WebOptions } from '@throughline/web';
import type { Station } from './station.ts';

/** The operator's part of the web service, and how to let go of it. */
export interface Dashboard {
  extend: NonNullable<WebOptions['extend']>;
  /** Open streams end: to be called before the web service closes. */
  end: () => void;
  close: () => Promise<void>;
}

const LOOPBACK = new Set(['127.0.0.1', '::1', 'localhost']);

/** Opens what the dashboard works with; the queue is asked and told, never worked. */
export async function openDashboard(station: Station, config: Config, log: Log): Promise<Dashboard> {
  const queue = await openQueue({ url: config.redisUrl ?? station.databaseUrl, jobs, log });
  const ending = new AbortController();
  const { operatorToken, viewerToken, operatorHeader } = config;
  return {
    extend: (app, site) =>
      addOps(app, site, {
        operation: {
          db: station.db,
          queue,
          live: config.contact !== undefined,
          dataDirectory: config.dataDirectory,
          now: Date.now,
        },
        ending: ending.signal,
        loopback: LOOPBACK.has(config.host),
        ...(operatorToken !== undefined && { token: operatorToken }),
        ...(viewerToken !== undefined && { viewerToken }),
        ...(operatorHeader !== undefined && { header: operatorHeader }),
      }),
    end: () => ending.abort(),
    close: async () => {
      ending.abort();
      await sleep(0);
      await queue.close();
    },
  };
}
