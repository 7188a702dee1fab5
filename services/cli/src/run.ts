import { hostname, userInfo } from 'node:os';
import type { RunProgress } from '@throughline/db';
import type { Context } from '@throughline/pipeline';
import { CommandError, EXIT } from './command-error.ts';
import type { Terminal } from './terminal.ts';

/** A run as the work in it sees it. */
export interface LiveRun {
  /** Aborts when it is to finish what is in hand and end: at Ctrl-C, or where an operator says so. */
  signal: AbortSignal;
  /**
   * Says how far it is. Resolves at once; where an operator has paused the run,
   * once it may go on or is to end.
   */
  report: (progress?: RunProgress) => Promise<void>;
}

/** How often a run that gets on says how far it is and hears what is asked of it, and how often one that is at a long step does. */
const STEP_MS = 300;
const BEAT_MS = 2_000;

/**
 * Does long work under a row of the `run` table: one at a time of its kind,
 * seen, paused and stopped on the dashboard, and closed as done, stopped or
 * failed however it ends.
 */
export async function withRun(
  { runs }: Pick<Context, 'runs'>,
  terminal: Terminal,
  kind: string,
  args: unknown,
  total: number | null,
  work: (run: LiveRun) => Promise<Record<string, unknown>>,
): Promise<void> {
  const held = await runs.hold(kind, args, total, (id) => supervise(runs, id, terminal, work), whoWeAre());
  if (!held) throw new CommandError(`another ${kind} is running on this database: let it finish, or stop it first`);
}

const whoWeAre = (): string => `${userInfo().username}@${hostname()}`;

async function supervise(
  runs: Context['runs'],
  id: number,
  terminal: Terminal,
  work: (run: LiveRun) => Promise<Record<string, unknown>>,
): Promise<void> {
  const live = follow(runs, id, terminal);
  try {
    const facts = await work(live.run);
    const { aborted } = live.run.signal;
    await live.end();
    await runs.end(id, aborted ? 'stopped' : 'done', facts);
    if (aborted) terminal.exitCode = EXIT.interrupted;
  } catch (error) {
    await live.end().catch(() => {});
    await runs.end(id, 'failed', {}, error instanceof Error ? error.message : String(error)).catch(() => {});
    throw error;
  }
}

/** Keeps a run's row in step until `end`, and passes on what an operator asks. */
function follow(runs: Context['runs'], id: number, terminal: Terminal): { run: LiveRun; end: () => Promise<void> } {
  const stopping = new AbortController();
  const signal = AbortSignal.any([terminal.interrupted, stopping.signal]);
  let progress: RunProgress = { finished: 0 };
  let paused: PromiseWithResolver | undefined;

  const goOn = (): void => {
    paused?.resolve();
    paused = undefined;
  };
  let saidAt = 0;
  const beat = async (): Promise<void> => {
    saidAt = performance.now();
    const asked = await runs.progress(id, progress);
    if (asked === 'pause' && !paused && !signal.aborted) {
      terminal.error(`run ${id} is paused: \`throughline runs resume ${id}\`, or the dashboard, lets it go on\n`);
      paused = promiseWithResolver();
    }
    if (asked !== 'pause') goOn();
    if (asked === 'stop') stopping.abort();
  };
  signal.addEventListener('abort', goOn, { once: true });
  // A beat that is lost is made up for by the next one.
  const beating = setInterval(() => void beat().catch(() => {}), BEAT_MS);
  return {
    run: {
      signal,
      report: async (now) => {
        progress = { ...progress, ...now };
        if (performance.now() - saidAt > STEP_MS) await beat();
        await paused?.promise;
      },
    },
    end: async () => {
      clearInterval(beating);
      await runs.progress(id, progress);
    },
  };
}

interface PromiseWithResolver {
  promise: Promise<void>;
  resolve: () => void;
}

function promiseWithResolver(): PromiseWithResolver {
  let resolve = (): void => {};
  const promise = new Promise<void>((done) => (resolve = done));
  return { promise, resolve };
}
