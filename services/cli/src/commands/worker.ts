import type { Command } from 'commander';
import { startWorker } from '@throughline/worker';
import { EXIT } from '../command-error.ts';
import { watching } from '../dashboard.ts';
import { exportStage } from '../export/export-stage.ts';
import { liveEdits, liveSources } from '../live-sources.ts';
import { reporter } from '../report.ts';
import { untilInterrupted, type Terminal } from '../terminal.ts';
import { ensureSubscribers } from '../subscribers.ts';
import { withContext } from '../with-context.ts';
import { openJobQueue } from './start.ts';

export function workerCommand(root: Command, terminal: Terminal): void {
  root
    .command('worker')
    .description('work the queue; as many of these as you like, beside one another')
    .action(async () => {
      await withContext(
        terminal,
        async (context, { config, log, station }) => {
          const queue = await openJobQueue(station, config, log);
          await ensureSubscribers(context, config);
          const worker = await startWorker({
            queue,
            context,
            report: reporter(log),
            concurrency: config.concurrency,
            besides: [exportStage(station, config, terminal)],
            edits: liveEdits(config, terminal.version),
            watching: watching(station, config, queue),
            onError: (error) => log.error({ err: error }, 'beside the work something failed; it is tried again'),
          });
          terminal.out(
            `working as ${context.worker}${config.contact === undefined ? '; live reading is off: THROUGHLINE_CONTACT is not set' : ''}\n`,
          );
          await untilInterrupted(terminal);
          await worker.close();
        },
        { sources: (config) => liveSources(config, terminal.version) },
      );
      terminal.exitCode = EXIT.ok;
    });
}
