import type { ProgressStream } from '@throughline/runtime';

/** What a command may touch of the process it runs in. */
export interface Terminal {
  /** The process's own environment unless given. */
  env?: Readonly<Record<string, string | undefined>> | undefined;
  version: string;
  /** Writes to standard output, as is. */
  out: (text: string) => void;
  /** Writes to standard error, as is. */
  error: (text: string) => void;
  /** Where progress is drawn. */
  progress: ProgressStream;
  /** Aborts at the first Ctrl-C or SIGTERM: finish what is in hand. A second one ends the process at once. */
  interrupted: AbortSignal;
  /** What the process will exit with. */
  exitCode: number;
}

/** Resolves at the first Ctrl-C or SIGTERM. */
export function untilInterrupted({ interrupted }: Pick<Terminal, 'interrupted'>): Promise<void> {
  if (interrupted.aborted) return Promise.resolve();
  return new Promise((resolve) => interrupted.addEventListener('abort', () => resolve(), { once: true }));
}
