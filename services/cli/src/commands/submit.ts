import type { Command } from 'commander';
import { checkSubmittable } from '@throughline/core';
import { captureJob, readUrl } from '@throughline/pipeline';
import { request } from '@throughline/queue';
import { CommandError } from '../command-error.ts';
import type { Terminal } from '../terminal.ts';
import { withContext } from '../with-context.ts';
import { openJobQueue } from './start.ts';

export function submitCommand(root: Command, terminal: Terminal): void {
  root
    .command('submit')
    .description('hand an article to the workers; it joins the events that cite it, or becomes an event of its own')
    .argument('<url>', 'an http or https URL')
    .action(async (given: string) => {
      const checked = checkSubmittable(given);
      if (!checked.ok) throw new CommandError(checked.problem);
      const cited = readUrl(checked.url);
      if (!cited) throw new CommandError(`${JSON.stringify(given)} cannot be fetched: give an http or https URL`);
      await withContext(terminal, async (context, { config, log, station }) => {
        const article = await context.articles.submit(cited);
        const queue = await openJobQueue(station, config, log);
        try {
          if (article.state === 'waiting') await queue.enqueue([request(captureJob, { host: cited.host })]);
        } finally {
          await queue.close();
        }
        const cites = article.events.length;
        terminal.out(
          `article ${article.id}: ${article.state === 'waiting' ? 'queued; a running worker fetches it' : article.state}` +
            `${cites > 0 ? `, cited by ${cites} event${cites > 1 ? 's' : ''}: ${article.events.join(' ')}` : ''}\n`,
        );
      });
    });
}
