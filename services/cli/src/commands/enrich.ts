import { beginAnew, type Context } from '@throughline/pipeline';
import type { Run } from '@throughline/db';
import type { Command } from 'commander';
import { writtenDuration } from '../duration.ts';
import { withRun } from '../run.ts';
import type { Terminal } from '../terminal.ts';
import { withContext } from '../with-context.ts';
import { enrichAll } from './import.ts';

export function enrichCommand(root: Command, terminal: Terminal): void {
  root
    .command('enrich')
    .description('compute entities, related events and stories of whatever is behind, or of the whole archive')
    .option('--all', 'begin anew with every event; goes on where an earlier call was stopped')
    .option('--dry-run', 'say how many events that is and how long it may take, and stop')
    .action(async ({ all, dryRun }: { all?: boolean; dryRun?: boolean }) => {
      await withContext(terminal, (context) =>
        dryRun
          ? tellPlan(context, terminal, all ?? false)
          : withRun(context, terminal, 'enrich', { all: all ?? false }, null, async (run) => {
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

async function tellPlan({ events, cursors, runs }: Context, terminal: Terminal, all: boolean): Promise<void> {
  const isGoneOnWith = all && Boolean(await cursors.get(ANEW));
  const count = all && !isGoneOnWith ? (await events.counts()).stable : await events.behindCount();
  const rate = rateOf(await runs.lastOf('enrich'));
  terminal.out(
    `${count} events${isGoneOnWith ? ' left of an earlier call' : ''}: each is tagged, put into its story and related${
      rate > 0 && count > 0
        ? `, in some ${writtenDuration((count / rate) * 1_000)} at the pace of the last such run`
        : ''
    }\n`,
  );
}

/** Events a second; 0 where there is nothing to tell it by. */
function rateOf(run: Run | undefined): number {
  const seconds = run?.endedAt ? (run.endedAt.getTime() - run.startedAt.getTime()) / 1_000 : 0;
  return run?.state === 'done' && seconds > 0 ? run.finished / seconds : 0;
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
