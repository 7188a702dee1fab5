/** What an interrupted process exits with, as shells have it for Ctrl-C (128 + SIGINT). */
const INTERRUPTED = 130;
const FAILED = 1;

/** The part of the process that this needs, so that a test can send it signals. */
export interface ProcessLike {
  on(event: string, listener: (detail: unknown) => void): unknown;
  exit(code: number): void;
}

export interface LifecycleOptions {
  log: { fatal(facts: object, message: string): void };
  process?: ProcessLike;
}

/**
 * Listens for the end of the process. The signal it returns aborts at the
 * first Ctrl-C, SIGTERM, or closing of the terminal: finish what is in hand,
 * then end. A second one exits at once, with 130. What was thrown and caught
 * by nobody is logged, and ends the process with 1: its state is unknown, and
 * the queue hands its jobs out again.
 */
export function onShutdown({ log, process: host = process }: LifecycleOptions): AbortSignal {
  const shutdown = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    host.on(name, () => {
      if (shutdown.signal.aborted) host.exit(INTERRUPTED);
      else shutdown.abort(new Error(`stopped by ${name}`));
    });
  }
  for (const name of ['uncaughtException', 'unhandledRejection']) {
    host.on(name, (error) => {
      log.fatal({ err: error }, 'an error that nobody expected ends the process');
      host.exit(FAILED);
    });
  }
  return shutdown.signal;
}
