import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** A place where bytes are kept under names as `ab/cd/x.gz`, written once and never changed. */
export interface Blobs {
  /** Undefined where there are none of this name. */
  get: (name: string) => Promise<Buffer | undefined>;
  put: (name: string, bytes: Uint8Array) => Promise<void>;
  /** Where it is and why it cannot be used, for a person. */
  explain: (error: unknown) => string;
}

/** Files under a directory, which is made when first needed. */
export const directoryBlobs = (directory: string): Blobs => ({
  get: (name) => readFile(path.join(directory, name)).catch(unlessMissing),
  put: (name, bytes) => writeWhole(path.join(directory, name), bytes),
  explain(error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    return `${directory}: ${CAUSES[code] ?? message}`;
  },
});

/** Writes beside the target and renames, so that a file is whole or not there. */
async function writeWhole(file: string, bytes: Uint8Array): Promise<void> {
  const folder = path.dirname(file);
  const draft = path.join(folder, `.${randomUUID()}.tmp`);
  await mkdir(folder, { recursive: true });
  try {
    await writeFile(draft, bytes, { flush: true });
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

function unlessMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}

const CAUSES: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full: free some space, and the work goes on',
  EDQUOT: 'the disk quota is used up: free some space, and the work goes on',
  EROFS: 'the disk is read-only',
  EACCES: 'no permission to write there',
  ENOTDIR: 'it is not a directory',
  EEXIST: 'it is not a directory',
  ENAMETOOLONG: 'its path is too long',
};
