import type { Context } from '@throughline/pipeline';
import { CommandError, EXIT } from './command-error.ts';
import type { Terminal } from './terminal.ts';

/** Says how far a run is. */
export type RunReport = (finished: number) => Promise<void>;

/**
 * Does long work under a row of the `run` table: one at a time of its kind,
 * seen on the dashboard, and closed as done, stopped or failed however it ends.
 */
export async function withRun(
  { runs }: Pick<Context, 'runs'>,
  terminal: Terminal,
  kind: string,
  args: unknown,
  total: number | null,
  work: (report: RunReport) => Promise<Record<string, unknown>>,
): Promise<void> {
  const held = await runs.hold(kind, args, total, (id) => supervise(runs, id, terminal, work));
  if (!held) throw new CommandError(`another ${kind} is running on this database: let it finish, or stop it first`);
}

async function supervise(
  runs: Context['runs'],
  id: number,
  terminal: Terminal,
  work: (report: RunReport) => Promise<Record<string, unknown>>,
): Promise<void> {
  try {
    const facts = await work((finished) => runs.progress(id, finished));
    const { aborted } = terminal.interrupted;
    await runs.end(id, aborted ? 'stopped' : 'done', facts);
    if (aborted) terminal.exitCode = EXIT.interrupted;
  } catch (error) {
    await runs.end(id, 'failed', {}, error instanceof Error ? error.message : String(error)).catch(() => {});
    throw error;
  }
}
