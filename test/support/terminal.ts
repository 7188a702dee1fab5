import { PassThrough } from 'node:stream';
import { run } from '../../services/cli/src/program.ts';
import type { Terminal } from '../../services/cli/src/terminal.ts';

export interface Ran {
  code: number;
  out: string;
  error: string;
}

/** Runs one command line in this process, with nothing of this process's own settings. */
export async function runHere(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  {
    interrupted = new AbortController().signal,
    heard = () => {},
  }: { interrupted?: AbortSignal; heard?: (said: string) => void } = {},
): Promise<Ran> {
  const ran = { out: '', error: '' };
  const progress = new PassThrough();
  const said = (text: string) => {
    ran.error += text;
    heard(text);
  };
  progress.on('data', (text: Buffer) => said(text.toString()));
  const terminal: Terminal = {
    env: { LOG_LEVEL: 'silent', ...env },
    version: '0.0.0',
    out: (text) => void (ran.out += text),
    error: said,
    progress,
    interrupted,
    exitCode: 0,
  };
  return { code: await run(args, terminal), ...ran };
}
