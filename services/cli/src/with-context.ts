import type { Source } from '@throughline/sources';
import type { Context } from '@throughline/pipeline';
import { createLog, loadConfig, openTrace, type Config, type Log } from '@throughline/runtime';
import { openContext, type ContextOptions } from '@throughline/worker';
import { liveConcepts } from './live-sources.ts';
import { openStation, type Station } from './station.ts';
import type { Terminal } from './terminal.ts';

/** What a command works with. */
export interface Working {
  config: Config;
  log: Log;
  station: Station;
}

/** Opens database and context for one command, and lets go of them however it ends. */
export async function withContext(
  terminal: Terminal,
  work: (context: Context, working: Working) => Promise<void>,
  options: Pick<ContextOptions, 'replay'> & { sources?: (config: Config) => readonly Source[] } = {},
): Promise<void> {
  const config = loadConfig(terminal.env);
  const log = createLog({ level: config.logLevel });
  const station = await openStation(config, log);
  const context = contextOf(station, config, terminal.version, options.sources?.(config) ?? [], options.replay);
  try {
    await work(context, { config, log, station });
  } finally {
    context.fetcher.close();
    await station.close();
  }
}

export const contextOf = (
  { db }: Station,
  config: Config,
  version: string,
  sources: readonly Source[],
  replay?: ContextOptions['replay'],
): Context =>
  openContext({
    db,
    dataDirectory: config.dataDirectory,
    bucket: config.snapshots,
    settleHours: config.settleHours,
    contact: config.contact,
    sources,
    version,
    trace: openTrace(config.traces, version, {
      onError: (error) => createLog({ level: config.logLevel }).error({ err: error }, 'nothing is traced'),
    }),
    concepts: liveConcepts(config, version),
    ...(replay && { replay }),
  });
