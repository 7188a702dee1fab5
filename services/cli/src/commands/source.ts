import type { Command } from 'commander';
import { checkSubmittable } from '@throughline/core';
import { lookAtFeed, type Context, type FeedLook } from '@throughline/pipeline';
import { CommandError } from '../command-error.ts';
import type { Terminal } from '../terminal.ts';
import { withContext } from '../with-context.ts';

export function sourceCommand(root: Command, terminal: Terminal): void {
  const command = root.command('source').description('feeds and news sitemaps that are read for articles');
  command
    .command('add')
    .description('have a feed read: RSS, Atom, JSON Feed, a news sitemap, or the first feed that a page names')
    .argument('<url>', 'an http or https URL')
    .action((given: string) => withContext(terminal, (context) => add(given, context, terminal)));
  command
    .command('list')
    .description('all of them, and how the last reading ended')
    .action(() =>
      withContext(terminal, async ({ feeds }) => {
        for (const { id, url, title, form, items, readAt, failure } of await feeds.list()) {
          const facts = [form ?? 'never read', `${items} items`, ...(readAt ? [`read ${readAt.toISOString()}`] : [])];
          terminal.out(
            `${id}  ${url}  ${[...facts, ...(title ? [title] : []), ...(failure ? [failure] : [])].join(', ')}\n`,
          );
        }
      }),
    );
  command
    .command('remove')
    .description('read it no more; the articles that it brought stay')
    .argument('<url|id>', 'its URL, or its number in the list')
    .action((which: string) =>
      withContext(terminal, async ({ feeds }) => {
        if (!(await feeds.remove(which)))
          throw new CommandError(`there is no source ${which}: \`throughline source list\` shows all`);
      }),
    );
}

async function add(given: string, context: Context, terminal: Terminal): Promise<void> {
  const checked = checkSubmittable(given);
  if (!checked.ok) throw new CommandError(checked.problem);
  if (!context.reach.all && !context.replayed(new URL(checked.url).host)) {
    await keep(checked.url, {}, context, terminal);
    return terminal.error('it is read once THROUGHLINE_CONTACT says whom a site can write to\n');
  }
  const look = await lookAtFeed(checked.url, context, terminal.interrupted);
  const found =
    look.kind === 'page' && look.feeds[0] !== undefined
      ? await lookAtFeed(look.feeds[0], context, terminal.interrupted)
      : look;
  if (found.kind !== 'feed') throw new CommandError(problemOf(checked.url, look, found));
  await keep(found.url, found, context, terminal);
  if (look.kind === 'page')
    for (const other of look.feeds.slice(1)) terminal.error(`the page names another feed: ${other}\n`);
}

function problemOf(url: string, look: FeedLook, found: FeedLook): string {
  if (found.kind === 'failed')
    return `cannot read ${look.kind === 'page' ? (look.feeds[0] ?? url) : url}: ${found.reason}`;
  return `${url} is no feed and no sitemap, and names none`;
}

async function keep(
  url: string,
  { form, title }: Partial<Extract<FeedLook, { kind: 'feed' }>>,
  { feeds }: Context,
  terminal: Terminal,
): Promise<void> {
  const id = await feeds.add(url, { form, title });
  if (id === undefined) throw new CommandError(`${url} is read already`);
  terminal.out(`source ${id}: ${url}${form === undefined ? '' : ` (${[form, title].filter(Boolean).join(', ')})`}\n`);
}
