import { pino, stdTimeFunctions, type Logger } from 'pino';
import type { LogLevel } from './config.ts';

export type Log = Logger;

interface LogStream {
  isTTY?: boolean | undefined;
  write(text: string): unknown;
}

/**
 * A log on standard error, one JSON line an entry, so that standard output
 * stays the command's own. A person at a terminal gets short lines instead, and
 * only those from `warn` up unless `level` says otherwise.
 */
export function createLog({
  level,
  stream = process.stderr,
}: { level?: LogLevel | undefined; stream?: LogStream } = {}): Log {
  const forPeople = stream.isTTY === true;
  const destination = { write: (line: string) => void stream.write(forPeople ? readable(line) : line) };
  return pino(
    {
      level: level ?? (forPeople ? 'warn' : 'info'),
      base: null,
      timestamp: stdTimeFunctions.isoTime,
      serializers: { err: told },
    },
    destination,
  );
}

/** What is worth a line of an error: a driver's carries its whole client along, settings and all. */
function told(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { name, message, stack, cause } = error;
  const { code } = error as { code?: unknown };
  return {
    name,
    message,
    ...(code !== undefined && { code }),
    stack,
    ...(cause instanceof Error && { cause: `${cause.name}: ${cause.message}` }),
  };
}

const NAMES: Readonly<Record<number, string>> = {
  10: 'trace',
  20: 'debug',
  30: 'info',
  40: 'warn',
  50: 'error',
  60: 'fatal',
};

interface Entry {
  level: number;
  time: string;
  msg?: string;
  err?: { message?: string };
  [fact: string]: unknown;
}

/** `19:06:54 warn the message fact=value`; what others wrote cannot move the cursor or colour the screen. */
function readable(line: string): string {
  const { level, time, msg, err, ...facts } = JSON.parse(line) as Entry;
  const said = [time.slice(11, 19), NAMES[level] ?? String(level), msg, err?.message];
  const rest = Object.entries(facts).map(
    ([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  const words = [...said, ...rest].filter((part) => part !== undefined && part !== '');
  return `${words.join(' ').replace(/\p{Cc}+/gu, ' ')}\n`;
}
