import type { Command } from 'commander';
import { withRun } from '../run.ts';
import type { Terminal } from '../terminal.ts';
import { withContext } from '../with-context.ts';
import { enrichAll } from './import.ts';

export function enrichCommand(root: Command, terminal: Terminal): void {
  root
    .command('enrich')
    .description('compute entities and related events of whatever is behind, or of the whole archive')
    .option('--all', 'begin anew with every event')
    .action(async ({ all }: { all?: boolean }) => {
      await withContext(terminal, (context) =>
        withRun(context, terminal, 'enrich', { all: all ?? false }, null, async () => {
          if (all) await context.events.outdateAll();
          const related = await enrichAll(context, terminal);
          terminal.out(`${related} events related\n`);
          return { related };
        }),
      );
    });
}
