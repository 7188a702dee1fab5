import type { Command } from 'commander';
import { ARCHIVE_HOST } from '@throughline/core';
import { leastTimeMs } from '@throughline/fetch';
import { captureJob, FEWEST_TO_LIST, type Context } from '@throughline/pipeline';
import { request } from '@throughline/queue';
import { CommandError } from '../command-error.ts';
import { writtenDuration } from '../duration.ts';
import type { Terminal } from '../terminal.ts';
import { withContext } from '../with-context.ts';
import { openJobQueue } from './start.ts';

interface Options {
  again?: boolean;
  dryRun?: boolean;
}

export function copiesCommand(root: Command, terminal: Terminal): void {
  root
    .command('copies')
    .description('find archived copies of articles that are gone, near the day of their events')
    .option('--again', 'ask once more about those of which there was no copy')
    .option('--dry-run', 'say how many there are and how long it takes, and stop')
    .addHelpText(
      'after',
      `\nThe Internet Archive takes ${REQUESTS_A_MINUTE} requests a minute, so this goes on over hours and days, in the workers and\nby itself: what is found is kept at once, and a restart goes on where it was.`,
    )
    .action(async ({ again = false, dryRun = false }: Options) => {
      await withContext(terminal, async (context, { config, log, station }) => {
        if (!dryRun && config.contact === undefined) {
          throw new CommandError(
            'set THROUGHLINE_CONTACT to an e-mail address or URL where you can be reached: the archive is asked by nobody who does not say who they are',
          );
        }
        const asked = again && !dryRun ? await context.articles.missAgain() : 0;
        terminal.out(await report(context, again && dryRun));
        if (dryRun) return;
        const queue = await openJobQueue(station, config, log);
        try {
          await queue.enqueue([request(captureJob, { host: ARCHIVE_HOST })]);
        } finally {
          await queue.close();
        }
        terminal.out(`${asked > 0 ? `${asked} to be asked about once more; ` : ''}a running worker does it\n`);
      });
    });
}

const REQUESTS_A_MINUTE = Math.floor(60_000 / leastTimeMs(ARCHIVE_HOST, 2));

async function report({ articles }: Pick<Context, 'articles'>, again: boolean): Promise<string> {
  const counts = await articles.copies();
  const { located, found } = counts;
  const waiting = counts.waiting + (again ? counts.without : 0);
  const without = again ? 0 : counts.without;
  const least = waiting + located;
  const most = 2 * waiting + Math.floor(waiting / FEWEST_TO_LIST) + located;
  return (
    `${waiting + located} articles to be found, ${found} found, ${without} without a copy\n` +
    `${least === most ? least : `${least} to ${most}`} requests: ${writtenDuration(leastTimeMs(ARCHIVE_HOST, least))} to ${writtenDuration(leastTimeMs(ARCHIVE_HOST, most))} at least\n`
  );
}
