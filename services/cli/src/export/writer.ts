import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import type { EventPage } from '@throughline/core';
import type { NamedPlace } from '@throughline/db';
import { CommandError } from '../command-error.ts';

/** Takes the events of an export, a day at a time, so that no more than a day is ever held. */
export interface Writer {
  /** How many records it has written: lines, rows, features. */
  records: number;
  write(pages: readonly EventPage[], places: ReadonlyMap<string, readonly NamedPlace[]>): Promise<void>;
  end(): Promise<void>;
}

/** Where text goes; `write` resolves once there is room for more. */
export interface Sink {
  write(text: string): Promise<void>;
  end(): Promise<void>;
}

export const notWritten = (file: string, error: unknown): CommandError =>
  new CommandError(`cannot write ${file}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });

/** A file, or, without one, what `out` does with text. Rejects with a `CommandError` that names the file. */
export function sinkOf(file: string | undefined, out: (text: string) => void): Sink {
  if (file === undefined) return { write: async (text) => out(text), end: async () => {} };
  const stream = createWriteStream(file);
  const failed = finished(stream).catch((error: unknown) => Promise.reject(notWritten(file, error)));
  failed.catch(() => {}); // told where it is awaited
  return {
    async write(text) {
      if (!stream.write(text)) await Promise.race([once(stream, 'drain'), failed]);
    },
    async end() {
      stream.end();
      await failed;
    },
  };
}
