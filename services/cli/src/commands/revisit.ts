import type { Command } from 'commander';
import { canonicalUrl, type Day } from '@throughline/core';
import { CommandError } from '../command-error.ts';
import { parseDayArgument } from '../day-argument.ts';
import type { Terminal } from '../terminal.ts';
import { withContext } from '../with-context.ts';

interface Options {
  host?: string;
  before?: Day;
}

export function revisitCommand(root: Command, terminal: Terminal): void {
  root
    .command('revisit')
    .description('ask again for articles that were captured or given up; what has not changed is not sent again')
    .argument('[url]', 'one article, by any spelling of its URL')
    .option('--host <name>', 'all articles of a host')
    .option('--before <day>', 'all that were not asked for since that day', parseDayArgument)
    .action(async (given: string | undefined, { host, before }: Options) => {
      if (given === undefined && host === undefined && before === undefined) {
        throw new CommandError('say which: a URL, --host or --before');
      }
      await withContext(terminal, async ({ articles }) => {
        const count = await articles.revisit(
          given === undefined
            ? { ...(host !== undefined && { host }), ...(before && { before: new Date(`${before}T00:00:00Z`) }) }
            : { id: await idOf(given, articles) },
        );
        terminal.out(`${count} articles to be asked for again; a running worker does it\n`);
      });
    });
}

async function idOf(given: string, articles: Parameters<Parameters<typeof withContext>[1]>[0]['articles']) {
  const url = canonicalUrl(given.trim());
  if (url === undefined) throw new CommandError(`${JSON.stringify(given)} is no http or https URL`);
  const article = await articles.find(url);
  if (!article) throw new CommandError(`no event cites ${url}`);
  return article.id;
}
