import { missedTurns, nextTurnMs } from '@throughline/core';
import type { ScheduleRow } from '@throughline/db';
import type { Command } from 'commander';
import { askedFor } from '@throughline/pipeline';
import { CommandError } from '../command-error.ts';
import { writtenDuration } from '../duration.ts';
import type { Terminal } from '../terminal.ts';
import { withContext } from '../with-context.ts';
import { openJobQueue } from './start.ts';

export function schedulesCommand(root: Command, terminal: Terminal): void {
  const command = root
    .command('schedules')
    .description(
      'what workers do by themselves: how often, when it was last done and will be next, and turns that were missed',
    )
    .action(() =>
      withContext(terminal, async ({ controls }) => {
        const all = await controls.schedules();
        for (const schedule of all) terminal.out(`${written(schedule, Date.now())}\n`);
        if (all.length === 0) terminal.error('no worker has made its schedules known yet\n');
      }),
    );
  const set = (name: string, to: { everyMs?: number; enabled?: boolean }): Promise<void> =>
    withContext(terminal, async ({ controls }) => {
      if (!(await controls.setSchedule(name, to))) throw noSuch(name);
      terminal.out(`workers heed it within seconds\n`);
    });
  const named = (verb: string, description: string): Command =>
    command.command(verb).description(description).argument('<name>', 'its name in the list');
  named('on', 'have it done again').action((name: string) => set(name, { enabled: true }));
  named('off', 'have it done no more').action((name: string) => set(name, { enabled: false }));
  named('every', 'set how often it is done')
    .argument('<seconds>', `1 to ${MOST_SECONDS}`)
    .action((name: string, given: string) => {
      const seconds = Number(given);
      if (!Number.isInteger(seconds) || seconds < 1 || seconds > MOST_SECONDS)
        throw new CommandError(`“${given}” is no number of seconds from 1 to ${MOST_SECONDS}`);
      return set(name, { everyMs: seconds * 1_000 });
    });
  named('run', 'have it done now').action((name: string) =>
    withContext(terminal, async (_context, { config, log, station }) => {
      const asked = askedFor(name);
      if (!asked) throw noSuch(name);
      const queue = await openJobQueue(station, config, log);
      try {
        await queue.enqueue([asked]);
      } finally {
        await queue.close();
      }
      terminal.out(`a running worker does ${name} now\n`);
    }),
  );
}

function written({ name, everyMs: every, enabled, optional, lastAt }: ScheduleRow, now: number): string {
  const everyMs = every ?? 0;
  const last = lastAt ? `last ${lastAt.toISOString()}` : 'not done yet';
  const turns = `${name}  every ${writtenDuration(everyMs)}, ${last}`;
  if (!enabled) return `${turns}, ${optional ? 'off (optional)' : 'switched off'}`;
  const inMs = nextTurnMs(lastAt, everyMs, now) ?? 0;
  const missed = missedTurns(lastAt, everyMs, now);
  const next = inMs > 0 ? `next in ${writtenDuration(inMs)}` : 'next now';
  return `${turns}, ${next}${missed > 0 ? `, ${missed} missed` : ''}`;
}

/** Thirty days. */
const MOST_SECONDS = 2_592_000;

const noSuch = (name: string): CommandError =>
  new CommandError(`there is no schedule ${name}: \`throughline schedules\` lists them, once a worker has run`);
