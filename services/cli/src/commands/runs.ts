import type { Command } from 'commander';
import type { Run, RunWish } from '@throughline/db';
import { CommandError } from '../command-error.ts';
import { writtenDuration } from '../duration.ts';
import type { Terminal } from '../terminal.ts';
import { withContext } from '../with-context.ts';

const LISTED = 20;

export function runsCommand(root: Command, terminal: Terminal): void {
  const command = root
    .command('runs')
    .description('imports, backfills and other long work: the latest runs, how far they are, who started them')
    .action(() =>
      withContext(terminal, async ({ runs }) => {
        const latest = await runs.recent(LISTED);
        if (latest.length === 0) return terminal.out('no run yet\n');
        for (const run of latest) terminal.out(`${lineOf(run)}\n`);
      }),
    );
  const wishes: [name: string, wish: RunWish, description: string, did: string][] = [
    ['pause', 'pause', 'have a run wait; its process stays and holds its place', 'pauses'],
    ['resume', null, 'let a paused run go on', 'goes on'],
    ['stop', 'stop', 'have a run finish what is in hand and end; started again, it goes on where it was', 'stops'],
  ];
  for (const [name, wish, description, did] of wishes) {
    command
      .command(name)
      .description(description)
      .argument('<id>', 'its number in the list')
      .action((id: string) =>
        withContext(terminal, async ({ runs }) => {
          const isThere = /^\d{1,9}$/.test(id) && (await runs.ask(Number(id), wish, 'the command line'));
          if (!isThere) throw new CommandError(`no run ${id} is under way: \`throughline runs\` lists them`);
          terminal.out(`run ${id} ${did} within seconds\n`);
        }),
      );
  }
}

function lineOf({
  id,
  kind,
  state,
  asked,
  finished,
  total,
  requests,
  startedAt,
  startedBy,
  failure,
  ...run
}: Run): string {
  const now = state === 'running' && asked ? (asked === 'pause' ? 'paused' : 'stopping') : state;
  const ms = (run.endedAt ?? run.heartbeatAt).getTime() - startedAt.getTime();
  const facts = [
    `${finished}${total === null ? '' : ` of ${total}`}`,
    requests > 0 && `${requests} requests`,
    `began ${startedAt.toISOString()}`,
    `took ${writtenDuration(ms)}`,
    startedBy && `by ${startedBy}`,
    failure,
  ];
  return `${id}  ${kind}  ${now}  ${facts.filter(Boolean).join(', ')}`;
}
