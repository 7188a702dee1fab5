import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The built command, as `npm start` runs it; `npm test` builds it first. */
const MAIN = fileURLToPath(new URL('../../services/cli/dist/main.js', import.meta.url));

type Environment = Record<string, string | undefined>;

export interface Ended {
  /** The exit code; null when a signal ended it. */
  code: number | null;
  out: string;
  error: string;
}

export interface Running {
  child: ChildProcess;
  /** What it has written so far. */
  out: () => string;
  error: () => string;
  /** Resolves with the first match on standard output or error; rejects when it ends before. */
  says: (pattern: RegExp) => Promise<RegExpExecArray>;
  ended: Promise<Ended>;
}

/** Starts `throughline` with nothing of this process's own settings. */
export function startCli(args: readonly string[], env: Environment = {}): Running {
  const { PATH, HOME } = process.env;
  const child = spawn(process.execPath, [MAIN, ...args], {
    env: { PATH, HOME, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let error = '';
  const heard = new Set<() => void>();
  child.stdout.on('data', (text: Buffer) => {
    out += text.toString();
    for (const look of heard) look();
  });
  child.stderr.on('data', (text: Buffer) => {
    error += text.toString();
    for (const look of heard) look();
  });
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, out, error }));
  const says = (pattern: RegExp) =>
    new Promise<RegExpExecArray>((resolve, reject) => {
      const look = () => {
        const match = pattern.exec(out) ?? pattern.exec(error);
        if (!match) return;
        heard.delete(look);
        resolve(match);
      };
      heard.add(look);
      look();
      void ended.then(({ code }) =>
        reject(new Error(`ended with ${code} before it said ${String(pattern)}:\n${out}\n${error}`)),
      );
    });
  return { child, out: () => out, error: () => error, says, ended };
}

/** Runs one `throughline` command to its end. */
export const cli = (args: readonly string[], env: Environment = {}): Promise<Ended> => startCli(args, env).ended;

/** A directory that Postgres's own account may enter, and its removal. */
export async function scratchDirectory(): Promise<{ path: string; remove: () => Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'throughline-cli-'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}
