import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { CommandError } from './command-error.ts';

/** Writes a file piece by piece, beside its place until it is whole. Throws a `CommandError` where it cannot be written. */
export async function writeFileOf(file: string, pieces: AsyncIterable<Uint8Array>): Promise<void> {
  const draft = `${file}.part`;
  try {
    await pipeline(Readable.from(pieces, { objectMode: false }), createWriteStream(draft));
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true });
    const { code, message } = error as NodeJS.ErrnoException;
    if (code?.startsWith('E') !== true || code.startsWith('ERR')) throw error;
    throw new CommandError(`cannot write ${file}: ${message}`, { cause: error });
  }
}
