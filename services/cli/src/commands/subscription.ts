import { InvalidArgumentError, type Command } from 'commander';
import { subscribe } from '@throughline/pipeline';
import type { ListedSubscription } from '@throughline/db';
import { CommandError } from '../command-error.ts';
import type { Terminal } from '../terminal.ts';
import { withContext } from '../with-context.ts';

export function subscriptionCommand(root: Command, terminal: Terminal): void {
  const command = root.command('subscription').description('who is told of changes by webhooks (Standard Webhooks)');
  command
    .command('add')
    .description('have a URL told of every change; prints the secret that its calls are signed with')
    .argument('<url>', 'an http or https URL')
    .option('--secret <secret>', '`whsec_` and the base64 of 24 to 64 bytes; made unless given')
    .option('--after <seq>', 'the change after which it begins; from now on unless given', parseNumber)
    .action(async (url: string, options: { secret?: string; after?: number }) => {
      await withContext(terminal, async ({ subscriptions }) => {
        const made = await subscribe({ url, ...options }, { subscriptions });
        if (!made.ok) throw new CommandError(made.problem);
        terminal.out(`subscription ${made.id}: ${made.url}\n${made.secret}\n`);
      });
    });
  command
    .command('list')
    .description('all of them, and how far each is')
    .action(() =>
      withContext(terminal, async ({ subscriptions }) => {
        for (const one of await subscriptions.list()) terminal.out(`${lineOf(one)}\n`);
      }),
    );
  command
    .command('remove')
    .description('have a URL told no more')
    .argument('<id>', 'its number', parseNumber)
    .action((id: number) =>
      withContext(terminal, async ({ subscriptions }) => {
        if (!(await subscriptions.remove(id))) throw new CommandError(`there is no subscription ${id}`);
      }),
    );
  command
    .command('dead-letters')
    .description('what it never took')
    .argument('<id>', 'its number', parseNumber)
    .action((id: number) =>
      withContext(terminal, async ({ subscriptions }) => {
        for (const { firstSeq, lastSeq, failure, at } of await subscriptions.deadLetters(id, MOST_LETTERS)) {
          terminal.out(`${at.toISOString()}  changes ${firstSeq} to ${lastSeq}  ${failure}\n`);
        }
      }),
    );
  command
    .command('replay')
    .description('tell it again of everything from its first dead letter on')
    .argument('<id>', 'its number', parseNumber)
    .action((id: number) =>
      withContext(terminal, async ({ subscriptions }) => {
        const letters = await subscriptions.replay(id);
        terminal.out(`${letters} dead letter${letters === 1 ? '' : 's'} will be delivered again\n`);
      }),
    );
}

const MOST_LETTERS = 10_000;

function parseNumber(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError(`${JSON.stringify(text)} is no number.`);
  return Number(text);
}

function lineOf({ id, url, afterSeq, waiting, deadLetters, failure }: ListedSubscription): string {
  const facts = [`after change ${afterSeq}`, `${waiting} waiting`, `${deadLetters} dead letters`];
  return `${id}  ${url}  ${facts.join(', ')}${failure === null ? '' : `; ${failure}`}`;
}
