import type { Command } from 'commander';
import { openQueue, request, type Backend } from '@throughline/queue';
import { batches, DAYS_A_JOB, discoverJob, enrichBehind, jobs, type Context } from '@throughline/pipeline';
import { createLog, loadConfig, type Config, type Log } from '@throughline/runtime';
import { fileSource } from '@throughline/sources';
import { startWeb } from '@throughline/web';
import { startWorker, type Worker } from '@throughline/worker';
import { EXIT } from '../command-error.ts';
import { openDashboard, watching } from '../dashboard.ts';
import { exportStage } from '../export/export-stage.ts';
import { liveEdits, liveSources } from '../live-sources.ts';
import { reporter } from '../report.ts';
import { locateSample, sampleDays, startReplayServer } from '../sample.ts';
import { waitUntilSettled } from '../settled.ts';
import { siteReader } from '../site-reader.ts';
import { ensureSubscribers } from '../subscribers.ts';
import { openStation, type Station } from '../station.ts';
import { untilInterrupted, type Terminal } from '../terminal.ts';
import { contextOf } from '../with-context.ts';

export function startCommand(root: Command, terminal: Terminal): void {
  root
    .command('start')
    .description('run everything in one process: database, workers, schedules and site')
    .option('--no-sample', 'leave an empty database empty')
    .addHelpText(
      'after',
      '\nOn an empty database the bundled sample is read first. Live reading of the portal and its sources starts\nwhen THROUGHLINE_CONTACT says whom a site can write to.',
    )
    .action(async ({ sample }: { sample: boolean }) => {
      const config = loadConfig(terminal.env);
      const log = createLog({ level: config.logLevel });
      const station = await openStation(config, log);
      try {
        await serve(station, config, log, sample, terminal);
      } finally {
        await station.close();
      }
      terminal.exitCode = EXIT.ok;
    });
}

async function serve(station: Station, config: Config, log: Log, sample: boolean, terminal: Terminal): Promise<void> {
  const { host, port, publicUrl, hub } = config;
  const where = { host, port, ...(publicUrl !== undefined && { publicUrl }), ...(hub !== undefined && { hub }) };
  const dashboard = await openDashboard(station, config, log, terminal.version);
  const { extend } = dashboard;
  const web = await startWeb({ reader: siteReader(station.db), log, extend, ...where }).catch(
    async (error: unknown) => {
      await dashboard.close();
      throw error;
    },
  );
  try {
    if (sample) await readSample(station, config, log, terminal);
    if (terminal.interrupted.aborted) return;
    const worker = await work(station, config, log, terminal);
    terminal.out(await greeting(station, config, web.url, terminal));
    await untilInterrupted(terminal);
    terminal.error('\nstopping: what is in hand is finished first (Ctrl-C again stops at once)\n');
    await worker.close();
  } finally {
    dashboard.end();
    await web.close();
    await dashboard.close();
  }
}

async function work(station: Station, config: Config, log: Log, terminal: Terminal): Promise<Worker> {
  const queue = await openJobQueue(station, config, log);
  const context = contextOf(station, config, terminal.version, liveSources(config, terminal.version));
  await ensureSubscribers(context, config);
  return startWorker({
    queue,
    context,
    report: reporter(log),
    concurrency: config.concurrency,
    besides: [exportStage(station, config, terminal)],
    edits: liveEdits(config, terminal.version),
    watching: watching(station, config, queue),
    onError: (error) => log.error({ err: error }, 'beside the work something failed; it is tried again'),
  });
}

/** The queue: in Redis where `REDIS_URL` says so, else in the same Postgres. */
export const openJobQueue = (station: Station, config: Config, log: Log): Promise<Backend> =>
  openQueue({ url: config.redisUrl ?? station.databaseUrl, jobs, log });

const SAMPLE_RUN = 'sample';

/**
 * Takes the bundled sample through the very pipeline that live material takes,
 * on a database where nothing was read yet or where that was cut off. Its hosts
 * are answered by a replay server for as long as this takes, and no longer.
 */
async function readSample(station: Station, config: Config, log: Log, terminal: Terminal): Promise<void> {
  const files = new Map(sampleDays(locateSample()).map(({ day, file }) => [day, file]));
  const replay = await startReplayServer(locateSample());
  const context = contextOf(station, config, terminal.version, [fileSource('portal', files)], replay);
  const queue = await openJobQueue(station, config, log);
  let worker: Worker | undefined;
  try {
    if (!(await isWanted(context))) return;
    await context.runs.hold(SAMPLE_RUN, {}, files.size, async (run) => {
      terminal.error('reading the bundled sample (first start; --no-sample leaves it out)\n');
      worker = await startWorker({ queue, context, report: reporter(log), concurrency: config.concurrency });
      const days = batches([...files.keys()], DAYS_A_JOB);
      await queue.enqueue(days.map((batch) => request(discoverJob, { source: 'portal', days: batch })));
      const settled = await waitUntilSettled(context, queue, terminal, async (finished) => {
        await context.runs.progress(run, { finished });
      });
      if (settled) await relateAnew(context);
      await context.runs.end(run, settled ? 'done' : 'stopped', {});
    });
  } finally {
    await (worker ?? queue).close();
    context.fetcher.close();
    await replay.close();
  }
}

/** The first events were related when little else was known, so once more with all of them. */
async function relateAnew(context: Context): Promise<void> {
  await context.events.outdateAll();
  await enrichBehind(context);
}

async function isWanted({ pages, runs }: Context): Promise<boolean> {
  if (!(await pages.any())) return true;
  const last = await runs.lastOf(SAMPLE_RUN);
  return last !== undefined && last.state !== 'done';
}

async function greeting(
  { db, embedded }: Station,
  config: Config,
  url: string,
  { version }: Terminal,
): Promise<string> {
  const { stable } = await siteReader(db).counts();
  const lines = [
    `Throughline ${version}`,
    `  site      ${url}/`,
    `  operation ${url}/ops`,
    `  database  ${embedded ? `embedded Postgres in ${config.dataDirectory}` : 'DATABASE_URL'}; queue in ${config.redisUrl ? 'Redis' : 'Postgres'}`,
    `  events    ${stable}`,
    config.contact === undefined
      ? '  live      off: set THROUGHLINE_CONTACT to an e-mail address or URL where you can be reached. Wikipedia and\n            the sites cited there ask that of every program that reads them. Then start again.'
      : `  live      reading the portal as ${config.contact}`,
    'Ctrl-C stops it; nothing is lost.',
  ];
  return `${lines.join('\n')}\n`;
}
