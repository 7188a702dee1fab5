import { beginAnew, type Context } from '@throughline/pipeline';
import type { Command } from 'commander';
import { withRun } from '../run.ts';
import type { Terminal } from '../terminal.ts';
import { withContext } from '../with-context.ts';
import { enrichAll } from './import.ts';

export function enrichCommand(root: Command, terminal: Terminal): void {
  root
    .command('enrich')
    .description('compute entities, related events and stories of whatever is behind, or of the whole archive')
    .option('--all', 'begin anew with every event; goes on where an earlier call was stopped')
    .action(async ({ all }: { all?: boolean }) => {
      await withContext(terminal, (context) =>
        withRun(context, terminal, 'enrich', { all: all ?? false }, null, async (run) => {
          if (all) await goOnOrBegin(context, terminal);
          const related = await enrichAll(context, terminal, run, ({ finished, total }) =>
            run.report({ finished, total }),
          );
          if (!run.signal.aborted) await context.cursors.set(ANEW, '');
          terminal.out(`${related} events related\n`);
          return { related };
        }),
      );
    });
}

/** Set while everything is computed anew: a call that was stopped is gone on with, not begun again. */
const ANEW = 'enrich-all';

async function goOnOrBegin(context: Context, terminal: Terminal): Promise<void> {
  const { cursors, events } = context;
  if (await cursors.get(ANEW)) {
    terminal.error(`going on where the last call was stopped: ${await events.behindCount()} events left\n`);
    return;
  }
  await beginAnew(context);
  await cursors.set(ANEW, 'under way');
}
