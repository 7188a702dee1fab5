/** What the person at the terminal can mend: shown as one line, without a stack. */
export class CommandError extends Error {
  /** See `EXIT`. */
  readonly exitCode: number;

  constructor(message: string, { exitCode = EXIT.failure, cause }: { exitCode?: number; cause?: unknown } = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.exitCode = exitCode;
  }
}

/** Exit codes, as docs/operating.md lists them. */
export const EXIT = {
  /** Done. */
  ok: 0,
  /** It could not be done; the message says why. */
  failure: 1,
  /** The command line is wrong: unknown command or option, missing or bad argument. */
  usage: 2,
  /** `doctor` found something that needs a person. */
  unhealthy: 3,
  /** Stopped by Ctrl-C or SIGTERM: what was in hand is finished, the rest waits. */
  interrupted: 130,
} as const;
