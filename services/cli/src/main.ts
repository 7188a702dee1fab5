import { readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { EXIT } from './command-error.ts';
import { run } from './program.ts';
import type { Terminal } from './terminal.ts';

// Left to itself V8 lets a heap grow up to fourfold between two full collections, most of all on a busy machine.
setFlagsFromString('--heap-growing-percent=100');

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};
const interruption = new AbortController();

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (interruption.signal.aborted) process.exit(EXIT.interrupted);
    interruption.abort(new Error(`stopped by ${signal}`));
  });
}
// `throughline … | head` ends the reader first: that is no fault of anything here.
process.stdout.on('error', (error: NodeJS.ErrnoException) =>
  process.exit(error.code === 'EPIPE' ? EXIT.ok : EXIT.failure),
);

const terminal: Terminal = {
  version,
  out: (text) => void process.stdout.write(text),
  error: (text) => void process.stderr.write(text),
  progress: process.stderr,
  interrupted: interruption.signal,
  exitCode: EXIT.ok,
};

process.exitCode = await run(process.argv.slice(2), terminal);
