import { randomUUID } from 'node:crypto';
import { chmod, mkdir, rm, stat, statfs, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';

const MIN_FREE_BYTES = 200 * 1024 * 1024;

/**
 * Makes sure that `directory` exists (mode 755 where it has to be made), can
 * be written to, and has room: 200 MB unless told otherwise. Throws an `Error`
 * with one clear line that says what to do. Returns the absolute path.
 */
export async function usableDirectory(directory: string, minFreeBytes = MIN_FREE_BYTES): Promise<string> {
  const path = resolve(directory);
  try {
    await makeDirectory(path);
    const probe = join(path, `.writable-${randomUUID()}`);
    await writeFile(probe, 'x');
    await rm(probe);
  } catch (error) {
    throw new Error(`cannot use the data directory ${path}: ${diskProblem(error)}`, { cause: error });
  }
  const { bavail, bsize } = await statfs(path);
  const free = bavail * bsize;
  if (free >= minFreeBytes) return path;
  throw new Error(
    `the disk is nearly full: ${megabytes(free)} free at ${path}, at least ${megabytes(minFreeBytes)} are needed. Free some space, or set THROUGHLINE_DATA to a directory on another disk`,
  );
}

/**
 * Like `mkdir -p`, but enterable by everybody whatever the umask: Postgres may
 * run as another user. (Node's own recursive one never ends below `/proc`.)
 */
export async function makeDirectory(path: string): Promise<void> {
  const error = await tryToMake(path);
  if (error?.code === 'EEXIST') {
    if (!(await stat(path)).isDirectory()) throw error;
  } else if (error?.code === 'ENOENT' && dirname(path) !== path) {
    await makeDirectory(dirname(path));
    const second = await tryToMake(path);
    if (second && second.code !== 'EEXIST') throw second;
  } else if (error) {
    throw error;
  }
}

async function tryToMake(path: string): Promise<NodeJS.ErrnoException | null> {
  try {
    await mkdir(path);
    await chmod(path, 0o755);
    return null;
  } catch (error) {
    return error as NodeJS.ErrnoException;
  }
}

const PROBLEMS: Record<string, string> = {
  ENOENT: 'it cannot be made there. Choose another with THROUGHLINE_DATA',
  EACCES: 'permission denied. Choose another with THROUGHLINE_DATA, or change its owner',
  EPERM: 'permission denied. Choose another with THROUGHLINE_DATA, or change its owner',
  EROFS: 'it is on a read-only file system. Choose another with THROUGHLINE_DATA',
  ENOSPC: 'the disk is full. Free some space, or choose another disk with THROUGHLINE_DATA',
  EDQUOT: 'your disk quota is used up. Free some space, or choose another disk with THROUGHLINE_DATA',
  ENOTDIR: 'a part of the path is a file, not a directory. Choose another with THROUGHLINE_DATA',
  EEXIST: 'it is a file, not a directory. Choose another with THROUGHLINE_DATA',
};

/** What went wrong with a file, in words a person can act on. */
export function diskProblem(error: unknown): string {
  const { code = '', message } = error as NodeJS.ErrnoException;
  return PROBLEMS[code] ?? message;
}

const megabytes = (bytes: number) => `${Math.floor(bytes / 1024 / 1024)} MB`;

/** How much room there is at a directory, and how much there has to be. */
export async function roomOn(directory: string): Promise<{ freeBytes: number; neededBytes: number }> {
  const { bavail, bsize } = await statfs(resolve(directory));
  return { freeBytes: bavail * bsize, neededBytes: MIN_FREE_BYTES };
}
